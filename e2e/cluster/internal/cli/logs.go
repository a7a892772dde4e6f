package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"modelweir.dev/e2e/cluster/internal/layout"
)

func logsCommand() command {
	var lines int
	var keep bool
	return command{
		name: "logs", args: "[options] COMPONENT", summary: "Print the log of a component",
		flags: func(f *flag.FlagSet) {
			f.IntVar(&lines, "tail", -1, "only the last `N` lines")
			f.BoolVar(&keep, "f", false, "go on with new lines")
		},
		run: func(_ context.Context, c layout.Cluster, f *flag.FlagSet) error {
			if f.NArg() != 1 {
				return errors.New("name one component: " + strings.Join(logNames(c), ", "))
			}
			file := c.Log(f.Arg(0))
			if _, err := os.Stat(file); err != nil {
				return fmt.Errorf("there is no log of %q, but of %s", f.Arg(0), strings.Join(logNames(c), ", "))
			}
			from := "+1"
			if lines >= 0 {
				from = fmt.Sprint(lines)
			}
			args := []string{"-n", from, file}
			if keep {
				args = append([]string{"-f"}, args...)
			}
			return passOn(exec.Command("tail", args...))
		},
	}
}

func logNames(c layout.Cluster) []string {
	files, _ := filepath.Glob(c.Log("*"))
	var names []string
	for _, file := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(file), ".log"))
	}
	if names == nil {
		return []string{"none, as no cluster was started"}
	}
	return names
}

// passOn runs another program in place of this one.
func passOn(cmd *exec.Cmd) error {
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	err := cmd.Run()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exitCode(max(exit.ExitCode(), 1))
	}
	return err
}
