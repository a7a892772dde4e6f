// Package cli is the command line of the cluster.
package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"modelweir.dev/e2e/cluster/internal/isolate"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/supervise"
)

// command is one word of the command line.
type command struct {
	name     string
	args     string
	summary  string
	detail   string
	verbatim bool // arguments belong to another program, options and --help included
	run      func(ctx context.Context, c layout.Cluster, flags *flag.FlagSet) error
	flags    func(*flag.FlagSet)
}

func commands() []command {
	return []command{
		upCommand(), downCommand(), statusCommand(), loadCommand(), kubeconfigCommand(), logsCommand(), execCommand(),
		kubectlCommand(), helmCommand(), kueueCommand(), draCommand(),
		registryCommand(), auditCommand(), stopCommand(), startCommand(), buildCommand(),
	}
}

// Main runs one command and returns the exit code of the process.
func Main(args []string) int {
	if len(args) == 2 && (args[0] == isolate.FirstProcess || args[0] == isolate.Supervisor) {
		return report(map[string]func(string) error{
			isolate.FirstProcess: isolate.First, isolate.Supervisor: supervise.Run}[args[0]](args[1]))
	}
	if len(args) == 0 || args[0] == "--help" || args[0] == "-h" || args[0] == "help" {
		usage(os.Stdout)
		return 0
	}
	for _, cmd := range commands() {
		if cmd.name == args[0] {
			return report(cmd.execute(args[1:]))
		}
	}
	fmt.Fprintf(os.Stderr, "cluster: there is no command %q\n\n", args[0])
	usage(os.Stderr)
	return 2
}

func (cmd command) execute(args []string) error {
	flags := flag.NewFlagSet(cmd.name, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	if cmd.flags != nil {
		cmd.flags(flags)
	}
	if cmd.verbatim {
		args = append([]string{"--"}, args...)
	}
	if err := flags.Parse(args); errors.Is(err, flag.ErrHelp) {
		cmd.help(flags)
		return nil
	} else if err != nil {
		return fmt.Errorf("%w; see `cluster %s --help`", err, cmd.name)
	}
	c, err := layout.Of()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()
	return cmd.run(ctx, c, flags)
}

func (cmd command) help(flags *flag.FlagSet) {
	fmt.Println(strings.TrimSpace("Usage: cluster " + cmd.name + " " + cmd.args))
	fmt.Println("\n" + cmd.summary + ".")
	if cmd.detail != "" {
		fmt.Println(cmd.detail)
	}
	first := true
	flags.VisitAll(func(f *flag.Flag) {
		if first {
			fmt.Println("\nOptions:")
			first = false
		}
		kind, text := flag.UnquoteUsage(f)
		dashes := "--"
		if len(f.Name) == 1 {
			dashes = "-"
		}
		fmt.Printf("  %-20s %s\n", strings.TrimSpace(dashes+f.Name+" "+kind), text)
	})
}

func usage(out io.Writer) {
	fmt.Fprint(out, "A real Kubernetes on this machine, without Docker.\n\nUsage: cluster COMMAND\n\n")
	for _, cmd := range commands() {
		fmt.Fprintf(out, "  %-34s %s\n", strings.TrimSpace(cmd.name+" "+cmd.args), cmd.summary)
	}
	fmt.Fprint(out, "\n`cluster COMMAND --help` tells more about one.\n")
}

// report prints an error and turns it into an exit code; that of another program is passed on as it is.
func report(err error) int {
	var code exitCode
	switch {
	case err == nil:
		return 0
	case errors.As(err, &code):
		return int(code)
	default:
		fmt.Fprintf(os.Stderr, "cluster: %v\n", err)
		return 1
	}
}

type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit code %d", int(c)) }
