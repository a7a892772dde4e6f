package dra

import (
	"os"
	"strings"
	"testing"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/layout"
)

// What is left out of the manifests shows only when they are applied.
func TestManifestsAreComplete(t *testing.T) {
	cluster := layout.Cluster{State: t.TempDir()}
	if err := os.MkdirAll(cluster.Config(""), 0o755); err != nil {
		t.Fatal(err)
	}
	file, err := Driver{Spec: config.Spec{Cluster: cluster}}.write()
	if err != nil {
		t.Fatal(err)
	}
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	for _, wanted := range []string{
		"image: " + image + "\n", "--num-devices=4,", `path: "` + cluster.CDI() + `"`,
		"device.driver == '" + driver + "'",
	} {
		if !strings.Contains(string(content), wanted) {
			t.Errorf("there is no %q in:\n%s", wanted, content)
		}
	}
	if strings.Contains(string(content), "%!") {
		t.Errorf("not complete:\n%s", content)
	}
}
