// Package dra runs the example driver of dynamic resource allocation in the cluster. Its GPUs do not exist, but it
// publishes, allocates and prepares them by the real interfaces.
package dra

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"modelweir.dev/e2e/cluster/internal/addon"
	"modelweir.dev/e2e/cluster/internal/config"
)

const (
	image     = "registry.modelweir.dev/cluster/dra-example-driver:1"
	driver    = "gpu.example.com"
	devices   = 4
	pollEvery = 200 * time.Millisecond
	published = time.Minute
)

// manifests are those of the driver's chart, without its webhook; the verbs are the image, the number of devices,
// and the folder in which containerd looks for them.
//
//go:embed manifests.yaml
var manifests string

// Driver is one build of it for one cluster.
type Driver struct {
	Spec  config.Spec
	Build string // folder with the program
}

// Install starts it and returns when the kubelet knows it and the scheduler can see its devices.
func (d Driver) Install(ctx context.Context) error {
	if err := addon.LoadProgram(ctx, d.Spec, image, filepath.Join(d.Build, "dra-driver")); err != nil {
		return err
	}
	file, err := d.write()
	if err != nil {
		return err
	}
	if _, err := addon.Kubectl(ctx, d.Spec, "apply", "--server-side", "-f", file); err != nil {
		return err
	}
	if _, err := addon.Kubectl(ctx, d.Spec, "rollout", "status", "-n", "dra-example-driver", "daemonset/driver", addon.Patience); err != nil {
		return err
	}
	return d.awaitDevices(ctx)
}

// Remove takes it away again, with its devices.
func (d Driver) Remove(ctx context.Context) error {
	file, err := d.write()
	if err != nil {
		return err
	}
	if _, err := addon.Kubectl(ctx, d.Spec, "delete", "--ignore-not-found", "-f", file, addon.Patience); err != nil {
		return err
	}
	// The kubelet would remove them half a minute later.
	_, err = addon.Kubectl(ctx, d.Spec, "delete", "resourceslices", "--field-selector=spec.driver="+driver, addon.Patience)
	return err
}

func (d Driver) awaitDevices(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, published)
	defer cancel()
	for {
		slices, err := addon.Kubectl(ctx, d.Spec, "get", "resourceslices", "--field-selector=spec.driver="+driver, "-o", "name")
		if err != nil {
			return err
		}
		if strings.HasPrefix(slices, "resourceslice") {
			return nil
		}
		select {
		case <-ctx.Done():
			return errors.New("the driver runs and has published no devices; see its log in namespace dra-example-driver")
		case <-time.After(pollEvery):
		}
	}
}

func (d Driver) write() (string, error) {
	c := d.Spec.Cluster
	text := fmt.Sprintf(manifests, image, devices, c.CDI())
	file := c.Config("dra.yaml")
	return file, os.WriteFile(file, []byte(text), 0o644)
}
