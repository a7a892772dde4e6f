//go:build real

package realtest

import (
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
)

func TestAPIServerStopsAndComesBack(t *testing.T) {
	run(t, "stop-component", "kube-apiserver")
	if output, err := cluster("kubectl", "get", "nodes", "--request-timeout=2s"); err == nil {
		t.Errorf("a stopped API server answers: %s", output)
	}
	run(t, "start-component", "kube-apiserver")
	expect(t, "ok", "kubectl", "get", "--raw", "/readyz")
}

func TestAuditLogHoldsEveryCall(t *testing.T) {
	kubectl(t, "get", "configmaps", "-n", "kube-public")
	log, err := os.ReadFile(strings.TrimSpace(run(t, "audit")))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(log), `"requestURI":"/api/v1/namespaces/kube-public/configmaps?limit=500"`) {
		t.Error("the audit log lacks the call")
	}
	if strings.Contains(string(log), `"stage":"RequestReceived"`) {
		t.Error("the audit log tells every call twice")
	}
}

func TestRBACRefuses(t *testing.T) {
	output, err := cluster("kubectl", "get", "secrets", "--as=system:serviceaccount:default:default")
	if err == nil || !strings.Contains(output, "forbidden") {
		t.Errorf("a service account without role reads secrets: %v\n%s", err, output)
	}
}

// A second cluster beside the first, for which nothing changes.
func TestKilledClusterLeavesNothing(t *testing.T) {
	before := run(t, "kubeconfig")
	t.Run("killed", killAndRemove)
	if after := run(t, "kubeconfig"); after != before {
		t.Errorf("the first cluster changed from %s to %s", before, after)
	}
	kubectl(t, "get", "--raw", "/readyz")
}

func killAndRemove(t *testing.T) {
	t.Setenv("MODELWEIR_CLUSTER", "realtest-killed")
	run(t, "up")
	status := run(t, "status")
	pid, err := strconv.Atoi(regexp.MustCompile(`process (\d+)`).FindStringSubmatch(status)[1])
	if err != nil {
		t.Fatal(err)
	}
	id := regexp.MustCompile(`clusters/(\w+)/kubeconfig`).FindStringSubmatch(status)[1]
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	run(t, "up")
	kubectl(t, "get", "nodes")
	run(t, "down")

	if _, err := net.InterfaceByName("mw" + id); err == nil {
		t.Error("the network link is still there")
	}
	if processes, _ := exec.Command("pgrep", "-f", id).Output(); len(processes) > 0 {
		t.Errorf("processes are still there: %s", processes)
	}
	mounts, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil || strings.Contains(string(mounts), id) {
		t.Errorf("mounts are still there: %v", err)
	}
	for _, pattern := range []string{"/sys/fs/cgroup/*/modelweir-" + id, "/sys/fs/cgroup/modelweir-" + id, "/run/modelweir/" + id} {
		if left, _ := filepath.Glob(pattern); len(left) > 0 {
			t.Errorf("left: %v", left)
		}
	}
}
