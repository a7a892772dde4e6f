package isolate

import (
	"errors"
	"net"
	"os"
	"os/exec"

	"modelweir.dev/e2e/cluster/internal/cgroups"
	"modelweir.dev/e2e/cluster/internal/layout"
)

// Remove ends a cluster if it runs and removes all it left on the machine. Builds stay.
func Remove(c layout.Cluster) error {
	if process, alive := Running(c); alive {
		if err := process.End(); err != nil {
			return err
		}
	}
	unlock, err := layout.Lock(layout.RunLock, func() {})
	if err != nil {
		return err
	}
	defer unlock()
	err = errors.Join(removeLink(c.Link()), cgroups.Remove(c.Cgroup()), os.RemoveAll(c.State), os.RemoveAll(c.Run))
	removeMountPoints()
	return err
}

// removeLink removes the network link in case the kernel has not yet done so after the last process ended.
func removeLink(name string) error {
	if _, err := net.InterfaceByName(name); err != nil {
		return nil
	}
	if output, err := exec.Command("ip", "link", "delete", name).CombinedOutput(); err != nil {
		if _, stillThere := net.InterfaceByName(name); stillThere == nil {
			return errors.New("remove the network link " + name + ": " + string(output))
		}
	}
	return nil
}
