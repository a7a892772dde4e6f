package cli

import (
	"context"
	"flag"
	"fmt"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/layout"
)

func kubeconfigCommand() command {
	return command{
		name: "kubeconfig", summary: "Print the path of the administrator's kubeconfig",
		detail: "Use it as: export KUBECONFIG=$(e2e/cluster/cluster kubeconfig)",
		run: func(_ context.Context, c layout.Cluster, _ *flag.FlagSet) error {
			return printRunning(c, func(config.Spec) string { return c.Kubeconfig() })
		},
	}
}

func auditCommand() command {
	return command{
		name: "audit", summary: "Print the path of the audit log",
		detail: "It has one line of JSON per API call (audit.k8s.io/v1, level Metadata).",
		run: func(_ context.Context, c layout.Cluster, _ *flag.FlagSet) error {
			return printRunning(c, func(config.Spec) string { return c.Audit() })
		},
	}
}

func registryCommand() command {
	var private bool
	return command{
		name: "registry", args: "[--private]", summary: "Print HOST:PORT of the local registry (plain http)",
		detail: "The address is the same on this machine and in the cluster, where registry.local means it too.",
		flags: func(f *flag.FlagSet) {
			f.BoolVar(&private, "private", false, "print HOST:PORT, user and password of the registry that asks for them")
		},
		run: func(_ context.Context, c layout.Cluster, _ *flag.FlagSet) error {
			return printRunning(c, func(s config.Spec) string {
				if private {
					return s.PrivateRegistry() + " " + config.RegistryUser + " " + config.RegistryPassword
				}
				return s.Registry()
			})
		},
	}
}

func printRunning(c layout.Cluster, what func(config.Spec) string) error {
	spec, _, err := running(c)
	if err != nil {
		return err
	}
	fmt.Println(what(spec))
	return nil
}
