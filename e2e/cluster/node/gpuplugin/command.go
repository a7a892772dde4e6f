// Package gpuplugin advertises GPUs that do not exist through the kubelet's real device plugin API, so that
// scheduling, quotas and allocation behave as on a GPU node.
package gpuplugin

import (
	"context"
	"errors"
	"os"
	"time"

	"github.com/spf13/cobra"
	"k8s.io/klog/v2"
	api "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

const resource = "nvidia.com/gpu"

// Command serves the plugin until it is killed, and registers again whenever the kubelet starts anew.
func Command() *cobra.Command {
	var count int
	command := &cobra.Command{
		Use:   "gpu-device-plugin",
		Short: "Advertise fake " + resource + " devices to the kubelet",
		RunE: func(command *cobra.Command, _ []string) error {
			if count < 1 {
				return errors.New("--count must be 1 or more")
			}
			return run(command.Context(), newPlugin(count))
		},
	}
	command.Flags().IntVar(&count, "count", 1, "number of GPUs")
	return command
}

// run serves one kubelet after the other: a restarted kubelet removes all plugin sockets and makes its own again.
func run(ctx context.Context, plugin *plugin) error {
	var served os.FileInfo
	for ctx.Err() == nil {
		kubelet, err := os.Stat(api.KubeletSocket)
		if err == nil && !sameStart(served, kubelet) {
			if err = plugin.serve(ctx); err == nil {
				served = kubelet
			}
		}
		if err != nil {
			klog.InfoS("Waiting for the kubelet", "reason", err)
		}
		time.Sleep(500 * time.Millisecond)
	}
	return nil
}

func sameStart(a, b os.FileInfo) bool {
	return a != nil && os.SameFile(a, b) && a.ModTime().Equal(b.ModTime())
}
