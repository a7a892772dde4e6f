package isolate

import (
	"fmt"
	"os"
	"path/filepath"

	"golang.org/x/sys/unix"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/layout"
)

// private are the folders that Kubernetes, containerd and the CNI plugins use by fixed names. Each cluster
// sees its own: a folder of its data, or memory where the name is empty.
var private = map[string]string{
	"/var/lib/kubelet":    "kubelet",
	"/var/lib/cni":        "cni",
	"/var/log/containers": "container-logs",
	"/run/containerd":     "",
	"/run/netns":          "",
}

const resolvConf = "/etc/resolv.conf"

func createMountPoints(c layout.Cluster) error {
	for point, data := range private {
		if err := os.MkdirAll(point, 0o755); err != nil {
			return err
		}
		if data != "" {
			if err := os.MkdirAll(c.Data(data), 0o755); err != nil {
				return err
			}
		}
	}
	return nil
}

// removeMountPoints removes those that are empty, thus of nobody else's. To remove one that another cluster
// has mounted something on would take that mount away.
func removeMountPoints() {
	if othersRun() {
		return
	}
	for point := range private {
		_ = os.Remove(point)
	}
	_ = os.Remove(layout.RunRoot)
}

// mount gives the process a view of the files that is the machine's, except for the private folders.
func mount(c layout.Cluster) error {
	type step struct {
		source, target, kind string
		flags                uintptr
	}
	steps := []step{
		{"", "/", "", unix.MS_REC | unix.MS_PRIVATE},
		// Shared again, but only among the processes of this cluster: volumes may propagate into containers.
		{"", "/", "", unix.MS_REC | unix.MS_SHARED},
		{"proc", "/proc", "proc", unix.MS_NOSUID | unix.MS_NODEV | unix.MS_NOEXEC},
	}
	for point, data := range private {
		if data == "" {
			steps = append(steps, step{"tmpfs", point, "tmpfs", unix.MS_NOSUID | unix.MS_NODEV})
		} else {
			steps = append(steps, step{c.Data(data), point, "", unix.MS_BIND})
		}
	}
	for name := range config.Tunables {
		target := filepath.Join("/proc/sys", name)
		if _, err := os.Stat(target); err == nil {
			steps = append(steps, step{c.Config("tunables/" + name), target, "", unix.MS_BIND})
		}
	}
	if _, err := os.Stat(resolvConf); err == nil {
		steps = append(steps, step{c.Config("resolv.conf"), resolvConf, "", unix.MS_BIND})
	}
	for _, s := range steps {
		if err := unix.Mount(s.source, s.target, s.kind, s.flags, ""); err != nil {
			return fmt.Errorf("mount %s at %s: %w", s.source, s.target, err)
		}
	}
	return nil
}
