// Package kueue runs Kueue in the cluster as its project means it: in a pod, with its own manifests.
package kueue

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"modelweir.dev/e2e/cluster/internal/addon"
	"modelweir.dev/e2e/cluster/internal/config"
)

const (
	image     = "registry.modelweir.dev/cluster/kueue:1"
	namespace = "kueue-system"

	webhookPatience = 2 * time.Minute
	probe           = `{"apiVersion":"kueue.x-k8s.io/v1beta2","kind":"ResourceFlavor","metadata":{"generateName":"probe-"}}`
)

// overlay sets what the manifests cannot know here; its verbs are the folder of the manifests, and the image.
//
//go:embed kustomization.yaml
var overlay string

// Kueue is one build of it for one cluster.
type Kueue struct {
	Spec  config.Spec
	Build string // folder with the program, and its manifests below config
}

// Install starts it and returns when it decides on Jobs and answers who waits. What is there already is updated.
func (k Kueue) Install(ctx context.Context) error {
	if err := addon.LoadProgram(ctx, k.Spec, image, filepath.Join(k.Build, "kueue")); err != nil {
		return err
	}
	folder, err := k.writeOverlay()
	if err != nil {
		return err
	}
	if err := k.kubectl(ctx, "apply", "--server-side", "-k", folder); err != nil {
		return err
	}
	if err := k.kubectl(ctx, "wait", "-n", namespace, "deployment", "--all", "--for=condition=Available", addon.Patience); err != nil {
		return err
	}
	if err := k.kubectl(ctx, "wait", "apiservice", "-l", "app.kubernetes.io/name=kueue", "--for=condition=Available", addon.Patience); err != nil {
		return err
	}
	return k.awaitWebhooks(ctx)
}

// awaitWebhooks asks for what Kueue must have looked at. The pod is Available before it listens for the API server,
// and later before kube-proxy has opened the way.
func (k Kueue) awaitWebhooks(ctx context.Context) error {
	flavor := filepath.Join(k.Spec.Cluster.Config("kueue"), "probe.json")
	if err := os.WriteFile(flavor, []byte(probe), 0o644); err != nil {
		return err
	}
	for deadline := time.Now().Add(webhookPatience); ; {
		err := k.kubectl(ctx, "create", "--dry-run=server", "-f", flavor)
		if err == nil || time.Now().After(deadline) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(time.Second):
		}
	}
}

// Remove takes it away again, with all its objects. The queues go first: it holds them until nobody uses them.
func (k Kueue) Remove(ctx context.Context) error {
	folder, err := k.writeOverlay()
	if err != nil {
		return err
	}
	for _, kind := range []string{"clusterqueues", "localqueues", "resourceflavors"} {
		if err := k.kubectl(ctx, "delete", kind+".kueue.x-k8s.io", "--all", "--all-namespaces", addon.Patience); err != nil {
			return err
		}
	}
	return k.kubectl(ctx, "delete", "--ignore-not-found", "-k", folder, addon.Patience)
}

// writeOverlay returns the folder that is to be applied. kustomize takes only relative paths.
func (k Kueue) writeOverlay() (string, error) {
	folder := k.Spec.Cluster.Config("kueue")
	manifests, err := filepath.Rel(folder, filepath.Join(k.Build, "config", "default"))
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return "", err
	}
	text := fmt.Sprintf(overlay, manifests, image)
	return folder, os.WriteFile(filepath.Join(folder, "kustomization.yaml"), []byte(text), 0o644)
}

func (k Kueue) kubectl(ctx context.Context, args ...string) error {
	_, err := addon.Kubectl(ctx, k.Spec, args...)
	return err
}
