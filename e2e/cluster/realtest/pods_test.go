//go:build real

package realtest

import (
	"bufio"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

const inWeb = "-n=strict"

func TestRestrictedPod(t *testing.T) {
	kubectl(t, "wait", inWeb, "pod/web", "--for=condition=Ready", "--timeout=60s")
	expect(t, "serving", "kubectl", "logs", inWeb, "web")
	expect(t, "hello", "kubectl", "exec", inWeb, "web", "--", "/entrypoint", "get", "http://web.strict.svc.cluster.local")
	expect(t, "hello", "exec", "--", "curl", "-sS", "http://web.strict.svc.cluster.local")
	expect(t, "weights of a model", "kubectl", "exec", inWeb, "web", "--", "/entrypoint", "cat", "/model/entrypoint")
}

func TestPodSecurity(t *testing.T) {
	output, err := cluster("kubectl", "run", inWeb, "loose", "--image="+probe)
	if err == nil || !strings.Contains(output, "violates PodSecurity \"restricted") {
		t.Errorf("a loose pod in a strict namespace: %v\n%s", err, output)
	}
}

func TestPortForward(t *testing.T) {
	kubectl(t, "wait", inWeb, "pod/web", "--for=condition=Ready", "--timeout=60s")
	cmd := exec.Command("../cluster", "kubectl", "port-forward", inWeb, "pod/web", ":8080")
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	defer cmd.Process.Kill()
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	var port int
	if _, err := fmt.Sscanf(line, "Forwarding from 127.0.0.1:%d", &port); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	response, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/", port))
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		t.Error(response.Status)
	}
}

func TestGPUs(t *testing.T) {
	expect(t, "Succeeded", "kubectl", "get", "pod", "both-gpus", "-o", "jsonpath={.status.phase}")
	if ids := kubectl(t, "logs", "both-gpus"); strings.Count(ids, "GPU-") != 2 {
		t.Errorf("devices: %s", ids)
	}
	expect(t, "Insufficient nvidia.com/gpu", "kubectl", "get", "pod", "three-gpus", "-o", "jsonpath={.status.conditions}")
	if nodes := kubectl(t, "get", "nodes", "-l", "nvidia.com/gpu.count=2,nvidia.com/gpu.present=true", "-o", "name"); nodes != "node/modelweir\n" {
		t.Errorf("labelled nodes: %q", nodes)
	}
}

func TestSimulatedNodes(t *testing.T) {
	kubectl(t, "wait", "node", "-l", "type=kwok", "--for=condition=Ready", "--timeout=60s")
	kubectl(t, "wait", "pod/simulated", "--for=condition=Ready", "--timeout=60s")
}

func TestFullDiskEvicts(t *testing.T) {
	expect(t, "exceeds the limit", "kubectl", "get", "events", "--field-selector=reason=Evicted")
}

func TestHostPathVolume(t *testing.T) {
	var folder string
	for line := range strings.Lines(run(t, "status")) {
		if path, found := strings.CutPrefix(line, "hostPath folder"); found {
			folder = strings.TrimSpace(path)
		}
	}
	if err := os.WriteFile(filepath.Join(folder, "file"), []byte("from the machine"), 0o644); err != nil {
		t.Fatal(err)
	}
	apply(t, fmt.Sprintf(`
apiVersion: v1
kind: PersistentVolume
metadata: {name: local}
spec: {capacity: {storage: 1Gi}, accessModes: [ReadOnlyMany], hostPath: {path: %s}, claimRef: {name: local, namespace: default}}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: local}
spec: {storageClassName: "", volumeName: local, accessModes: [ReadOnlyMany], resources: {requests: {storage: 1Gi}}}
---
apiVersion: v1
kind: Pod
metadata: {name: reader}
spec:
  restartPolicy: Never
  containers: [{name: main, image: "%s", args: [cat, /data/file], volumeMounts: [{name: data, mountPath: /data}]}]
  volumes: [{name: data, persistentVolumeClaim: {claimName: local}}]
`, folder, probe))
	expect(t, "from the machine", "kubectl", "logs", "reader")
}
