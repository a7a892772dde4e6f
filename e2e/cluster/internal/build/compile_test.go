package build

import (
	"io"
	"strings"
	"testing"

	"modelweir.dev/e2e/cluster/internal/progress"
)

func TestFollowKeepsOnlyErrors(t *testing.T) {
	output := `go: downloading example.org/x v1.0.0
example.org/x/y
runtime
# example.org/broken
main.go:3:1: syntax error
`
	tail := follow(strings.NewReader(output), progress.New(io.Discard))
	if got := strings.Join(tail, "|"); got != "# example.org/broken|main.go:3:1: syntax error" {
		t.Errorf("kept %q", got)
	}
}

func TestFollowLimitsErrors(t *testing.T) {
	tail := follow(strings.NewReader(strings.Repeat("x.go:1: wrong\n", 100)), progress.New(io.Discard))
	if len(tail) != 20 {
		t.Errorf("kept %d lines", len(tail))
	}
}
