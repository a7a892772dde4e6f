//go:build real

package realtest

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// pushed moves an image of its own content to a registry: a name that containerd knows would need no pull.
func pushed(t *testing.T, image, content string, credentials ...string) {
	t.Helper()
	folder := t.TempDir()
	file := filepath.Join(folder, "file")
	if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := load(folder, image, file); err != nil {
		t.Fatal(err)
	}
	run(t, append(append([]string{"exec", "--", "ctr", "images", "push", "--plain-http"}, credentials...), image)...)
	run(t, "exec", "--", "ctr", "images", "rm", image)
}

func TestImageVolumesFromTheRegistry(t *testing.T) {
	address := strings.TrimSpace(run(t, "registry"))
	pushed(t, address+"/models/open:1", "an open model")
	apply(t, reader("open", address+"/models/open:1", ""))
	apply(t, reader("alias", "registry.local/models/open:1", ""))
	expect(t, "an open model", "kubectl", "logs", "open")
	expect(t, "an open model", "kubectl", "logs", "alias")
}

func TestPrivateRegistry(t *testing.T) {
	access := strings.Fields(run(t, "registry", "--private"))
	address, user, password := access[0], access[1], access[2]
	pushed(t, address+"/models/secret:1", "a secret model", "--user", user+":"+password)
	kubectl(t, "create", "secret", "docker-registry", "access",
		"--docker-server="+address, "--docker-username="+user, "--docker-password="+password)
	apply(t, reader("denied", address+"/models/secret:1", ""))
	expect(t, "no basic auth credentials", "kubectl", "get", "events", "--field-selector=involvedObject.name=denied")
	apply(t, reader("allowed", address+"/models/secret:1", "access"))
	expect(t, "a secret model", "kubectl", "logs", "allowed")
}

func TestUnknownImageFailsAtOnce(t *testing.T) {
	kubectl(t, "run", "unknown", "--image=registry.example.com/no/such:1")
	expect(t, "no such host", "kubectl", "get", "events", "--field-selector=involvedObject.name=unknown")
}

func reader(name, volume, secret string) string {
	return fmt.Sprintf(`
apiVersion: v1
kind: Pod
metadata: {name: %s}
spec:
  restartPolicy: Never
  imagePullSecrets: [{name: "%s"}]
  containers: [{name: main, image: "%s", args: [cat, /data/entrypoint], volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, image: {reference: "%s"}}]
`, name, secret, probe, volume)
}
