// Package addon is what the programs have in common that run in pods of the cluster when they are asked for.
package addon

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/images"
)

// Patience bounds each wait of kubectl.
const Patience = "--timeout=120s"

// Addon comes into a running cluster and leaves it again.
type Addon interface {
	// Install starts it and returns when it works. What is there already is updated.
	Install(ctx context.Context) error
	// Remove takes it away again, with all that it made.
	Remove(ctx context.Context) error
}

// LoadProgram makes the image of one static program known to the cluster.
func LoadProgram(ctx context.Context, spec config.Spec, image, program string) error {
	loader := images.Loader{CTR: filepath.Join(spec.Programs.Containerd, "ctr"), Socket: spec.Cluster.Containerd()}
	return loader.LoadProgram(ctx, image, program, spec.Cluster.Data(filepath.Base(program)+".tar"))
}

// Kubectl runs kubectl as the administrator and returns what it prints.
func Kubectl(ctx context.Context, spec config.Spec, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, filepath.Join(spec.Programs.Node, "kubectl"),
		append([]string{"--kubeconfig", spec.Cluster.Kubeconfig()}, args...)...)
	output, err := cmd.CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("kubectl %s: %w: %s", args[0], err, output)
	}
	return string(output), nil
}
