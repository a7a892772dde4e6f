package kueue

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/layout"
)

// kustomize refuses absolute paths, and a path that leads nowhere shows only when Kueue is applied.
func TestOverlayLeadsToTheManifests(t *testing.T) {
	cache := t.TempDir()
	build := filepath.Join(cache, "builds", "kueue-v1")
	if err := os.MkdirAll(filepath.Join(build, "config", "default"), 0o755); err != nil {
		t.Fatal(err)
	}
	cluster := layout.Cluster{State: filepath.Join(cache, "clusters", "abc")}
	folder, err := Kueue{Spec: config.Spec{Cluster: cluster}, Build: build}.writeOverlay()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(filepath.Join(folder, "kustomization.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	_, after, _ := strings.Cut(string(content), `resources: ["`)
	manifests, _, _ := strings.Cut(after, `"`)
	if filepath.IsAbs(manifests) || manifests == "" {
		t.Errorf("the manifests are at %q", manifests)
	}
	if _, err := os.Stat(filepath.Join(folder, manifests)); err != nil {
		t.Error(err)
	}
	if !strings.Contains(string(content), `value: "`+image+`"`) || strings.Contains(string(content), "%!") {
		t.Errorf("not complete:\n%s", content)
	}
}
