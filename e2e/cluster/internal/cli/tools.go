package cli

import (
	"context"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"

	"modelweir.dev/e2e/cluster/internal/build"
	"modelweir.dev/e2e/cluster/internal/isolate"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/progress"
)

func kubectlCommand() command {
	return command{
		name: "kubectl", args: "ARGUMENTS", summary: "Run kubectl on the cluster", verbatim: true,
		run: func(ctx context.Context, c layout.Cluster, f *flag.FlagSet) error {
			if _, _, err := running(c); err != nil && !slices.Contains(f.Args(), "--help") {
				return err
			}
			return tool(ctx, c, build.Node(c), "kubectl", f.Args())
		},
	}
}

func helmCommand() command {
	return command{
		name: "helm", args: "ARGUMENTS", summary: "Run Helm 4 on the cluster", verbatim: true,
		run: func(ctx context.Context, c layout.Cluster, f *flag.FlagSet) error {
			return tool(ctx, c, build.Helm(), "helm", f.Args())
		},
	}
}

// tool becomes another program. It needs no running cluster, as `helm lint` needs none.
func tool(ctx context.Context, c layout.Cluster, recipe build.Recipe, name string, args []string) error {
	folder, err := build.Store{Cluster: c, Steps: progress.New(os.Stderr)}.Ensure(ctx, recipe)
	if err != nil {
		return err
	}
	program := filepath.Join(folder, name)
	return syscall.Exec(program, append([]string{program}, args...), toolEnv(c))
}

// toolEnv points programs at the cluster. Without one they shall not find another that is not meant.
func toolEnv(c layout.Cluster, more ...string) []string {
	var env []string
	for _, pair := range os.Environ() {
		if !strings.HasPrefix(pair, "KUBECONFIG=") {
			env = append(env, pair)
		}
	}
	return append(append(env, "KUBECONFIG="+c.Kubeconfig()), more...)
}

func execCommand() command {
	return command{
		name: "exec", args: "-- COMMAND", summary: "Run a command in the cluster's network",
		detail: "Service addresses and names work there, and KUBECONFIG, kubectl and ctr are set up. Files are this machine's.",
		run: func(_ context.Context, c layout.Cluster, f *flag.FlagSet) error {
			if f.NArg() == 0 {
				return errors.New("say what to run, as in `cluster exec -- curl http://SERVICE.NAMESPACE.svc.cluster.local`")
			}
			spec, process, err := running(c)
			if err != nil {
				return err
			}
			env := toolEnv(c, "CONTAINERD_ADDRESS="+c.Containerd(), "CONTAINERD_NAMESPACE=k8s.io",
				"PATH="+spec.Programs.Node+":"+spec.Programs.Containerd+":"+os.Getenv("PATH"))
			return isolate.Exec(process, c.Config("resolv.conf"), f.Args(), env)
		},
	}
}

func buildCommand() command {
	return command{
		name: "build", summary: "Build all programs, optional ones too, without starting anything",
		run: func(ctx context.Context, c layout.Cluster, _ *flag.FlagSet) error {
			store := build.Store{Cluster: c, Steps: progress.New(os.Stderr)}
			if _, err := store.Programs(ctx, true); err != nil {
				return err
			}
			for _, recipe := range []build.Recipe{build.Helm(), build.Kueue(), build.DRADriver(c)} {
				if _, err := store.Ensure(ctx, recipe); err != nil {
					return err
				}
			}
			return nil
		},
	}
}
