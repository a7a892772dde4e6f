// Package progress prints what a long command is doing, one line per step with the seconds since its start.
package progress

import (
	"fmt"
	"io"
	"time"
)

// Steps prints to one writer. Every line stands alone, so the output also reads well in a CI log.
type Steps struct {
	out   io.Writer
	start time.Time
}

func New(out io.Writer) *Steps { return &Steps{out: out, start: time.Now()} }

// Step prints one line.
func (s *Steps) Step(format string, args ...any) {
	fmt.Fprintf(s.out, "[%6.1f s] %s\n", s.Elapsed().Seconds(), fmt.Sprintf(format, args...))
}

func (s *Steps) Elapsed() time.Duration { return time.Since(s.start) }
