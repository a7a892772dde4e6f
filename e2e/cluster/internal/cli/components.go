package cli

import (
	"context"
	"errors"
	"flag"

	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/supervise"
)

func stopCommand() command {
	return componentCommand("stop-component", "Stop a component, for tests of failures", (*supervise.Client).Stop)
}

func startCommand() command {
	return componentCommand("start-component", "Start a stopped component again", (*supervise.Client).Start)
}

func componentCommand(name, summary string, act func(*supervise.Client, string) error) command {
	return command{
		name: name, args: "COMPONENT", summary: summary, detail: "`cluster status` lists the components.",
		run: func(_ context.Context, c layout.Cluster, f *flag.FlagSet) error {
			if f.NArg() != 1 {
				return errors.New("name one component; `cluster status` lists them")
			}
			if _, _, err := running(c); err != nil {
				return err
			}
			return act(supervise.NewClient(c), f.Arg(0))
		},
	}
}
