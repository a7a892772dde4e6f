package build

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"

	"modelweir.dev/e2e/cluster/internal/progress"
)

// reportEvery is the time between two lines of a long build.
const reportEvery = 15 * time.Second

func (s Store) compile(ctx context.Context, recipe Recipe, into string) error {
	cmd := exec.CommandContext(ctx, "go", recipe.command(into)...)
	cmd.Dir = into
	if recipe.Module != "" {
		cmd.Dir = recipe.Module
	}
	cmd.Env = append(os.Environ(), "CGO_ENABLED=0", "GOFLAGS=-buildvcs=false", "GOWORK=off", "GOBIN="+into)
	output, err := cmd.StderrPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	tail := follow(output, s.Steps)
	if err := cmd.Wait(); err != nil {
		if ctx.Err() != nil {
			return errors.New("interrupted; the next run continues where this one stopped")
		}
		return fmt.Errorf("go %s: %w\n%s", recipe.command(into)[0], err, strings.Join(tail, "\n"))
	}
	return nil
}

// follow counts the lines of `go build -v` until it ends, reports now and then, and returns what looks like an error.
func follow(output io.Reader, steps *progress.Steps) []string {
	var downloaded, compiled int
	var tail []string
	next := steps.Elapsed() + reportEvery
	for lines := bufio.NewScanner(output); lines.Scan(); {
		line := lines.Text()
		switch {
		case strings.HasPrefix(line, "go: downloading "):
			downloaded++
		case isPackage(line):
			compiled++
		default:
			tail = append(tail, line)
		}
		if steps.Elapsed() >= next {
			steps.Step("  %d modules downloaded, %d packages compiled", downloaded, compiled)
			next = steps.Elapsed() + reportEvery
		}
	}
	return tail[max(0, len(tail)-20):]
}

// isPackage tells the import path of a compiled package from a message.
func isPackage(line string) bool {
	return line != "" && !strings.ContainsAny(line, " \t:#")
}
