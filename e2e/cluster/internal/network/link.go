package network

import (
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
)

// Connect makes the link from the machine into the network namespace of a process. The kernel removes it
// together with that namespace.
func (s Subnet) Connect(link string, pid int) error {
	return ip(
		[]string{"link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", strconv.Itoa(pid)},
		[]string{"address", "add", s.Machine() + "/24", "dev", link},
		[]string{"link", "set", link, "up"},
	)
}

// SetUp finishes the link from inside the namespace. There is no default route: the cluster reaches this
// machine and nothing else, and a look-up of anything else fails at once instead of timing out.
func (s Subnet) SetUp() error {
	err := ip(
		[]string{"link", "set", "lo", "up"},
		[]string{"address", "add", s.Node() + "/24", "dev", "eth0"},
		[]string{"link", "set", "eth0", "up"},
		// Only makes the kernel look at service addresses at all; kube-proxy rewrites them.
		[]string{"route", "add", ServiceRange, "via", s.Machine()},
	)
	if err != nil {
		return err
	}
	return os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0o644)
}

func ip(commands ...[]string) error {
	for _, args := range commands {
		if output, err := exec.Command("ip", args...).CombinedOutput(); err != nil {
			return fmt.Errorf("ip %s: %w: %s", strings.Join(args, " "), err, strings.TrimSpace(string(output)))
		}
	}
	return nil
}
