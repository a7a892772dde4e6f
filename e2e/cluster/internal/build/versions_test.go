package build

import (
	"os"
	"strings"
	"testing"
)

func TestModulesPinTheVersionsTheyTell(t *testing.T) {
	for file, pinned := range map[string]string{
		"../../node/go.mod":      "k8s.io/kubernetes " + KubernetesVersion,
		"../../dradriver/go.mod": "sigs.k8s.io/dra-example-driver " + DRADriverVersion,
	} {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(content), pinned+"\n") && !strings.Contains(string(content), pinned+" // indirect\n") {
			t.Errorf("%s does not require %s", file, pinned)
		}
	}
}
