package isolate

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"syscall"

	"modelweir.dev/e2e/cluster/internal/cgroups"
	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/network"
)

// Start chooses a subnet, writes the configuration by means of prepare, and starts the first process.
// That process outlives this one and its terminal.
func Start(spec config.Spec, prepare func(config.Spec) error) error {
	unlock, err := layout.Lock(layout.RunLock, func() {})
	if err != nil {
		return err
	}
	defer unlock()
	used, err := network.Used()
	if err != nil {
		return err
	}
	if spec.Subnet, err = network.Choose(spec.Cluster.ID, used); err != nil {
		return err
	}
	if err := prepare(spec); err != nil {
		return err
	}
	if err := cgroups.Create(spec.Cluster.Cgroup()); err != nil {
		return err
	}
	if err := createMountPoints(spec.Cluster); err != nil {
		return err
	}
	return launch(spec)
}

// launch starts the process, which waits until its network link is there and ends if this process dies before.
func launch(spec config.Spec) error {
	c := spec.Cluster
	program, err := os.Executable()
	if err != nil {
		return err
	}
	log, err := os.Create(c.Log("supervisor"))
	if err != nil {
		return err
	}
	defer log.Close()
	gate, open, err := os.Pipe()
	if err != nil {
		return err
	}
	defer open.Close()

	cmd := exec.Command(program, FirstProcess, c.Spec())
	cmd.Dir = "/"
	cmd.Stdout, cmd.Stderr, cmd.ExtraFiles = log, log, []*os.File{gate}
	cmd.SysProcAttr = &syscall.SysProcAttr{
		Setsid: true, Cloneflags: syscall.CLONE_NEWNS | syscall.CLONE_NEWPID | syscall.CLONE_NEWNET}
	err = cmd.Start()
	gate.Close()
	if err != nil {
		return fmt.Errorf("start a process in new mount, PID and network namespaces (does this root lack CAP_SYS_ADMIN?): %w", err)
	}
	process := Process{PID: cmd.Process.Pid, Start: startTime(cmd.Process.Pid)}
	encoded, err := json.Marshal(process)
	if err == nil {
		err = os.WriteFile(c.Process(), encoded, 0o644)
	}
	if err == nil {
		err = spec.Subnet.Connect(c.Link(), process.PID)
	}
	if err == nil {
		_, err = open.Write([]byte{1})
	}
	if err != nil {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		return err
	}
	return cmd.Process.Release()
}
