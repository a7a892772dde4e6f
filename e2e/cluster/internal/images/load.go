package images

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"

	"modelweir.dev/e2e/cluster/internal/ociimage"
)

// Loader talks to one containerd, with its ctr program.
type Loader struct{ CTR, Socket string }

// Load imports an OCI or Docker archive and returns the names of its images.
func (l Loader) Load(ctx context.Context, file string) ([]string, error) {
	if _, err := os.Stat(file); err != nil {
		return nil, fmt.Errorf("there is no image archive %s: build it first", file)
	}
	// The newer way, without --local, cuts the names it prints after 40 characters.
	output, err := l.run(ctx, "import", "--local", file)
	if err != nil {
		return nil, fmt.Errorf("load %s: %w", file, err)
	}
	names := importedNames(output)
	if len(names) == 0 {
		return nil, fmt.Errorf("%s holds no named image: give it a name such as registry.local/app:1 when building it", file)
	}
	for i, name := range names {
		names[i] = Canonical(name)
		if names[i] == name {
			continue
		}
		if _, err := l.run(ctx, "tag", "--force", name, names[i]); err != nil {
			return nil, fmt.Errorf("name %s as %s: %w", name, names[i], err)
		}
	}
	return names, nil
}

// LoadProgram makes an image of one static program, leaves its archive in a file, and imports it.
func (l Loader) LoadProgram(ctx context.Context, image, program, file string) error {
	archive, err := ociimage.FromProgram(image, program)
	if err != nil {
		return err
	}
	if err := os.WriteFile(file, archive, 0o644); err != nil {
		return err
	}
	_, err = l.Load(ctx, file)
	return err
}

func (l Loader) run(ctx context.Context, args ...string) (string, error) {
	args = append([]string{"--address", l.Socket, "--namespace", "k8s.io", "images"}, args...)
	cmd := exec.CommandContext(ctx, l.CTR, args...)
	var out, problems bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, lastLine(problems.String()))
	}
	return out.String(), nil
}

// lastLine leaves out the warnings that ctr prints before the error.
func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return lines[len(lines)-1]
}
