package cli

import (
	"context"
	"flag"
	"os"

	"modelweir.dev/e2e/cluster/internal/build"
	"modelweir.dev/e2e/cluster/internal/kueue"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/progress"
)

func kueueCommand() command {
	var remove bool
	return command{
		name: "kueue", args: "[--remove]", summary: "Run Kueue in the cluster and wait until it is ready",
		detail: "It is built from source at first use, which takes minutes. Its queues are up to you.",
		flags: func(f *flag.FlagSet) {
			f.BoolVar(&remove, "remove", false, "take it away again, with all its queues")
		},
		run: func(ctx context.Context, c layout.Cluster, _ *flag.FlagSet) error {
			spec, _, err := running(c)
			if err != nil {
				return err
			}
			folder, err := build.Store{Cluster: c, Steps: progress.New(os.Stderr)}.Ensure(ctx, build.Kueue())
			if err != nil {
				return err
			}
			k := kueue.Kueue{Spec: spec, Build: folder}
			if remove {
				return k.Remove(ctx)
			}
			return k.Install(ctx)
		},
	}
}
