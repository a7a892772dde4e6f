package isolate

import (
	"errors"
	"os"
	"os/signal"
	"syscall"

	"modelweir.dev/e2e/cluster/internal/config"
)

// Hidden commands of the program: the first process in the namespaces, and the supervisor it starts.
const (
	FirstProcess = "first-process"
	Supervisor   = "supervisor"
)

// First is process 1 of the namespaces. It sets them up, starts the supervisor, buries orphans such as the
// containers' shims, and ends with the supervisor: the kernel then kills whatever is left.
func First(specFile string) error {
	if n, err := os.NewFile(3, "gate").Read(make([]byte, 1)); n != 1 {
		return errors.Join(errors.New("the starting command ended before the network link was there"), err)
	}
	spec, err := config.Load(specFile)
	if err != nil {
		return err
	}
	if err := mount(spec.Cluster); err != nil {
		return err
	}
	if err := spec.Subnet.SetUp(); err != nil {
		return err
	}
	ends := make(chan os.Signal, 1)
	signal.Notify(ends, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-ends
		os.Exit(0)
	}()

	program, err := os.Executable()
	if err != nil {
		return err
	}
	child, err := os.StartProcess(program, []string{program, Supervisor, specFile},
		&os.ProcAttr{Dir: "/", Env: os.Environ(), Files: []*os.File{nil, os.Stdout, os.Stderr}})
	if err != nil {
		return err
	}
	for {
		var status syscall.WaitStatus
		pid, err := syscall.Wait4(-1, &status, 0, nil)
		if err != nil && err != syscall.EINTR {
			return err
		}
		if pid == child.Pid {
			return errors.New("the supervisor ended")
		}
	}
}
