package cli

import (
	"context"
	"flag"
	"os"

	"modelweir.dev/e2e/cluster/internal/addon"
	"modelweir.dev/e2e/cluster/internal/build"
	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/dra"
	"modelweir.dev/e2e/cluster/internal/kueue"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/progress"
)

func kueueCommand() command {
	return addonCommand(
		command{
			name: "kueue", summary: "Run Kueue in the cluster and wait until it is ready",
			detail: "It is built from source at first use, which takes minutes. Its queues are up to you.",
		},
		"take it away again, with all its queues", func(layout.Cluster) build.Recipe { return build.Kueue() },
		func(spec config.Spec, folder string) addon.Addon { return kueue.Kueue{Spec: spec, Build: folder} })
}

func draCommand() command {
	return addonCommand(
		command{
			name: "dra", summary: "Run a DRA driver with simulated GPUs and wait until they are there",
			detail: "It is built from source at first use, which takes minutes. Its DeviceClass is gpu.example.com.",
		},
		"take it away again, with its devices", build.DRADriver,
		func(spec config.Spec, folder string) addon.Addon { return dra.Driver{Spec: spec, Build: folder} })
}

// addonCommand brings something into the running cluster, or takes it away.
func addonCommand(
	cmd command, removal string, recipe func(layout.Cluster) build.Recipe,
	in func(spec config.Spec, folder string) addon.Addon) command {
	var remove bool
	cmd.args = "[--remove]"
	cmd.flags = func(f *flag.FlagSet) { f.BoolVar(&remove, "remove", false, removal) }
	cmd.run = func(ctx context.Context, c layout.Cluster, _ *flag.FlagSet) error {
		spec, _, err := running(c)
		if err != nil {
			return err
		}
		folder, err := build.Store{Cluster: c, Steps: progress.New(os.Stderr)}.Ensure(ctx, recipe(c))
		if err != nil {
			return err
		}
		if remove {
			return in(spec, folder).Remove(ctx)
		}
		return in(spec, folder).Install(ctx)
	}
	return cmd
}
