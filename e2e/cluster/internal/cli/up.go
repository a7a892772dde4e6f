package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"

	"modelweir.dev/e2e/cluster/internal/build"
	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/isolate"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/preflight"
	"modelweir.dev/e2e/cluster/internal/progress"
	"modelweir.dev/e2e/cluster/internal/supervise"
)

func upCommand() command {
	var options config.Options
	var install bool
	return command{
		name: "up", args: "[options]", summary: "Start the cluster and wait until it is ready",
		detail: "The first start builds Kubernetes from source, which takes minutes; later starts take seconds.\n" +
			"A cluster that already runs is left as it is.",
		flags: func(f *flag.FlagSet) {
			f.IntVar(&options.GPUs, "gpus", 0, "let the node have `N` simulated NVIDIA GPUs")
			f.IntVar(&options.KwokNodes, "kwok-nodes", 0, "add `N` simulated nodes")
			f.BoolVar(&install, "install", false, "install missing Debian packages")
		},
		run: func(ctx context.Context, c layout.Cluster, f *flag.FlagSet) error {
			if f.NArg() > 0 || options.GPUs < 0 || options.KwokNodes < 0 {
				return errors.New("`up` takes no arguments, and no negative numbers; see `cluster up --help`")
			}
			return up(ctx, c, options, install)
		},
	}
}

func up(ctx context.Context, c layout.Cluster, options config.Options, install bool) error {
	steps := progress.New(os.Stderr)
	if err := preflight.System(); err != nil {
		return err
	}
	unlock, err := layout.Lock(c.Lock, func() { steps.Step("another command is changing this cluster, waiting for it") })
	if err != nil {
		return err
	}
	defer unlock()
	if spec, _, err := running(c); err == nil {
		if phase := phaseOf(c); phase != "" {
			return alreadyUp(ctx, c, phase, spec.Options, options, steps)
		}
	}
	if err := preflight.Packages(ctx, install, func(what string) { steps.Step("%s", what) }); err != nil {
		return err
	}
	if err := errors.Join(preflight.Kernel(), preflight.Disk(c.State)); err != nil {
		return err
	}
	programs, err := build.Store{Cluster: c, Steps: steps}.Programs(ctx, options.KwokNodes > 0)
	if err != nil {
		return err
	}
	if err := isolate.Remove(c); err != nil {
		return fmt.Errorf("clean up after an earlier run: %w", err)
	}
	if err := isolate.Start(config.Spec{Cluster: c, Options: options, Programs: programs}, prepare); err != nil {
		return errors.Join(err, isolate.Remove(c))
	}
	steps.Step("started in its own namespaces")
	if err := follow(ctx, c, steps); err != nil {
		return err
	}
	return printStatus(c)
}

// alreadyUp leaves a running cluster alone, and waits for one whose starting command was killed.
func alreadyUp(ctx context.Context, c layout.Cluster, phase supervise.Phase, has, wanted config.Options, steps *progress.Steps) error {
	if has != wanted && wanted != (config.Options{}) {
		return fmt.Errorf("the cluster is already up with --gpus %d --kwok-nodes %d; run `cluster down` first to change that",
			has.GPUs, has.KwokNodes)
	}
	fmt.Fprintln(os.Stderr, "The cluster is already up.")
	if phase != supervise.Ready {
		if err := follow(ctx, c, steps); err != nil {
			return err
		}
	}
	return printStatus(c)
}
