package cli

import (
	"context"
	"flag"
	"fmt"
	"os"

	"modelweir.dev/e2e/cluster/internal/isolate"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/preflight"
)

func downCommand() command {
	return command{
		name: "down", summary: "End the cluster and remove everything but the built programs",
		run: func(_ context.Context, c layout.Cluster, _ *flag.FlagSet) error {
			if err := preflight.System(); err != nil {
				return err
			}
			unlock, err := layout.Lock(c.Lock, func() {
				fmt.Fprintln(os.Stderr, "Another command is changing this cluster, waiting for it.")
			})
			if err != nil {
				return err
			}
			defer unlock()
			_, alive := isolate.Running(c)
			if err := isolate.Remove(c); err != nil {
				return err
			}
			if alive {
				fmt.Fprintln(os.Stderr, "The cluster is gone.")
			} else {
				fmt.Fprintln(os.Stderr, "No cluster was running.")
			}
			return nil
		},
	}
}
