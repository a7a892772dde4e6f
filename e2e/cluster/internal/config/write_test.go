package config

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/network"
	"modelweir.dev/e2e/cluster/internal/pki"
)

func written(t *testing.T, options Options) Spec {
	t.Helper()
	spec := Spec{
		Cluster: layout.Cluster{ID: "abc", State: t.TempDir(), Run: "/run/modelweir/abc"},
		Subnet:  network.Subnet{Index: 7}, Options: options,
	}
	if err := pki.Write(spec.Cluster, spec.Subnet.Node()); err != nil {
		t.Fatal(err)
	}
	if err := Write(spec); err != nil {
		t.Fatal(err)
	}
	return spec
}

func TestEveryFileIsComplete(t *testing.T) {
	spec := written(t, Options{})
	err := filepath.WalkDir(spec.Cluster.State, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Base(path) == "kwok.yaml" {
			return err
		}
		content, err := os.ReadFile(path)
		if strings.Contains(string(content), "<no value>") || strings.Contains(string(content), "{{") || len(content) == 0 {
			t.Errorf("%s is not complete:\n%s", path, content)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Every file that a command line names must have been written.
func TestComponentsFindTheirFiles(t *testing.T) {
	spec := written(t, Options{GPUs: 2, KwokNodes: 3})
	for _, component := range append(spec.Foundation(), spec.Rest()...) {
		for _, arg := range component.Command[1:] {
			_, value, _ := strings.Cut(arg, "=")
			for _, path := range []string{arg, value} {
				if strings.HasPrefix(path, spec.Cluster.Config("")) || strings.HasPrefix(path, spec.Cluster.PKI("")) {
					if _, err := os.Stat(path); err != nil {
						t.Errorf("%s: %v", component.Name, err)
					}
				}
			}
		}
	}
}

func TestSimulatedNodes(t *testing.T) {
	for _, count := range []int{0, 3} {
		spec := written(t, Options{KwokNodes: count})
		content, err := os.ReadFile(spec.Cluster.Config("bootstrap.yaml"))
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Count(string(content), "kind: Node\n"); got != count {
			t.Errorf("%d simulated nodes, want %d", got, count)
		}
	}
}

func TestOptionalComponents(t *testing.T) {
	names := func(o Options) string {
		var all []string
		for _, c := range (Spec{Options: o}).Rest() {
			all = append(all, c.Name)
		}
		return strings.Join(all, " ")
	}
	if got := names(Options{}); strings.Contains(got, "gpu") || strings.Contains(got, "kwok") {
		t.Errorf("without options: %s", got)
	}
	if got := names(Options{GPUs: 1, KwokNodes: 1}); !strings.HasSuffix(got, "gpu-device-plugin kwok") {
		t.Errorf("with options: %s", got)
	}
	if labels := (Options{GPUs: 4}).gpuLabels(); !strings.Contains(labels, "nvidia.com/gpu.count=4") {
		t.Errorf("labels %s", labels)
	}
}

func TestSpecSurvivesItsFile(t *testing.T) {
	spec := written(t, Options{GPUs: 2})
	if err := spec.Save(); err != nil {
		t.Fatal(err)
	}
	loaded, err := Load(spec.Cluster.Spec())
	if err != nil || loaded != spec {
		t.Errorf("loaded %+v, %v; want %+v", loaded, err, spec)
	}
}
