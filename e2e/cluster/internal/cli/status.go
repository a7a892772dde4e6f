package cli

import (
	"context"
	"flag"
	"fmt"
	"os"
	"text/tabwriter"
	"time"

	"modelweir.dev/e2e/cluster/internal/build"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/supervise"
)

func statusCommand() command {
	return command{
		name: "status", summary: "Show components, addresses and folders",
		run: func(_ context.Context, c layout.Cluster, _ *flag.FlagSet) error { return printStatus(c) },
	}
}

func printStatus(c layout.Cluster) error {
	spec, process, err := running(c)
	if err != nil {
		return err
	}
	status, err := supervise.NewClient(c).Status()
	if err != nil {
		return err
	}
	out := tabwriter.NewWriter(os.Stdout, 0, 0, 2, ' ', 0)
	line := func(name, format string, args ...any) {
		fmt.Fprintf(out, "%s\t%s\n", name, fmt.Sprintf(format, args...))
	}
	line("Cluster", "%s, Kubernetes %s, process %d", status.Phase, build.KubernetesVersion, process.PID)
	line("Kubeconfig", "%s", c.Kubeconfig())
	line("API server", "%s", spec.API())
	line("Registry", "%s, in pods also registry.local", spec.Registry())
	line("This machine", "%s for pods, also machine.local", spec.Subnet.Machine())
	line("hostPath folder", "%s", c.Volumes())
	line("Audit log", "%s", c.Audit())
	line("Simulated", "%d GPUs, %d nodes", spec.Options.GPUs, spec.Options.KwokNodes)
	fmt.Fprintln(out, "\nCOMPONENT\tSTATE\tRESTARTS\tSINCE")
	for _, component := range status.Components {
		fmt.Fprintf(out, "%s\t%s\t%d\t%s\n", component.Name, component.State, component.Restarts,
			time.Since(component.Since).Round(time.Second))
	}
	return out.Flush()
}
