package preflight

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
)

// System checks what no package can bring: Linux, root, and the kernel's features.
func System() error {
	if runtime.GOOS != "linux" {
		return errors.New("the cluster needs Linux; on another system point KUBECONFIG at any cluster instead")
	}
	if os.Geteuid() != 0 {
		return errors.New("the cluster needs root (namespaces, mounts, network links): run it with sudo -E, or point KUBECONFIG at any cluster instead")
	}
	return nil
}

// Kernel checks for overlayfs, nftables and cgroups. It needs the packages.
func Kernel() error {
	if !filesystem("overlay") {
		// Usually a module that nobody has loaded yet.
		_ = exec.Command("modprobe", "overlay").Run()
		if !filesystem("overlay") {
			return errors.New("this kernel has no overlayfs, which the containers need: load the module `overlay`")
		}
	}
	if output, err := exec.Command("nft", "list", "tables").CombinedOutput(); err != nil {
		return fmt.Errorf("this kernel does not serve nftables (CONFIG_NF_TABLES), which kube-proxy needs: %s", output)
	}
	groups, err := os.ReadFile("/proc/cgroups")
	if err != nil {
		return fmt.Errorf("this kernel has no cgroups: %w", err)
	}
	if absent := absentControllers(string(groups)); len(absent) > 0 {
		return fmt.Errorf("this kernel lacks the cgroup controllers %s, which the kubelet needs", strings.Join(absent, ", "))
	}
	return nil
}

func filesystem(name string) bool {
	known, err := os.ReadFile("/proc/filesystems")
	return err == nil && strings.Contains("\n"+string(known), "\t"+name+"\n")
}

// absentControllers reads the table of /proc/cgroups.
func absentControllers(table string) []string {
	enabled := map[string]bool{}
	for line := range strings.Lines(table) {
		if fields := strings.Fields(line); len(fields) == 4 && fields[3] == "1" {
			enabled[fields[0]] = true
		}
	}
	var absent []string
	for _, name := range []string{"cpu", "cpuset", "memory", "pids"} {
		if !enabled[name] {
			absent = append(absent, name)
		}
	}
	return absent
}
