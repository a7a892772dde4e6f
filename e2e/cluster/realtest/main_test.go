//go:build real

// Package realtest starts a real cluster and uses it. It needs root and takes a minute once everything is built:
//
//	go test -tags real ./realtest
package realtest

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"modelweir.dev/e2e/cluster/internal/ociimage"
)

const (
	probe = "registry.modelweir.dev/realtest/probe:1.0.0-with-a-long-tag"
	model = "registry.modelweir.dev/realtest/model:1"
)

// The cluster has a name of its own, so the one a developer has running stays as it is.
func TestMain(m *testing.M) {
	os.Setenv("MODELWEIR_CLUSTER", "realtest")
	code := 1
	if err := setUp(); err != nil {
		fmt.Println(err)
	} else {
		code = m.Run()
	}
	if output, err := cluster("down"); err != nil {
		fmt.Println(output, err)
		code = 1
	}
	os.Exit(code)
}

func setUp() error {
	if output, err := cluster("down"); err != nil {
		return fmt.Errorf("down: %w\n%s", err, output)
	}
	if output, err := cluster("up", "--gpus", "2", "--kwok-nodes", "3"); err != nil {
		return fmt.Errorf("up: %w\n%s", err, output)
	}
	folder, err := os.MkdirTemp("", "realtest")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	program := filepath.Join(folder, "probe")
	build := exec.Command("go", "build", "-o", program, "./probe")
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if output, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build the probe: %w\n%s", err, output)
	}
	weights := filepath.Join(folder, "weights")
	if err := os.WriteFile(weights, []byte("weights of a model"), 0o644); err != nil {
		return err
	}
	for image, file := range map[string]string{probe: program, model: weights} {
		if err := load(folder, image, file); err != nil {
			return err
		}
	}
	_, err = cluster("kubectl", "apply", "-f", "testdata/pods.yaml")
	return err
}

func load(folder, image, file string) error {
	archive, err := ociimage.FromProgram(image, file)
	if err != nil {
		return err
	}
	path := filepath.Join(folder, "image.tar")
	if err := os.WriteFile(path, archive, 0o644); err != nil {
		return err
	}
	if output, err := cluster("load", path); err != nil || output != image+"\n" {
		return fmt.Errorf("load %s: %w\n%s", image, err, output)
	}
	return nil
}

// cluster runs the command as a user does and returns all it prints.
func cluster(args ...string) (string, error) {
	output, err := exec.Command("../cluster", args...).CombinedOutput()
	return string(output), err
}

func run(t *testing.T, args ...string) string {
	t.Helper()
	output, err := cluster(args...)
	if err != nil {
		t.Fatalf("cluster %s: %v\n%s", strings.Join(args, " "), err, output)
	}
	return output
}

func kubectl(t *testing.T, args ...string) string {
	t.Helper()
	return run(t, append([]string{"kubectl"}, args...)...)
}

// apply applies YAML.
func apply(t *testing.T, yaml string) {
	t.Helper()
	cmd := exec.Command("../cluster", "kubectl", "apply", "-f", "-")
	cmd.Stdin = bytes.NewBufferString(yaml)
	if output, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("apply: %v\n%s", err, output)
	}
}

// expect repeats a command until its output has the text.
func expect(t *testing.T, text string, args ...string) {
	t.Helper()
	var output string
	for deadline := time.Now().Add(90 * time.Second); time.Now().Before(deadline); time.Sleep(300 * time.Millisecond) {
		if output, _ = cluster(args...); strings.Contains(output, text) {
			return
		}
	}
	t.Fatalf("cluster %s never printed %q, at last:\n%s", strings.Join(args, " "), text, output)
}
