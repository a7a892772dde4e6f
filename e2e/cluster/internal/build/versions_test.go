package build

import (
	"os"
	"strings"
	"testing"
)

func TestNodePinsTheVersionItTells(t *testing.T) {
	content, err := os.ReadFile("../../node/go.mod")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(content), "k8s.io/kubernetes "+KubernetesVersion+"\n") {
		t.Errorf("node/go.mod does not require k8s.io/kubernetes %s", KubernetesVersion)
	}
}
