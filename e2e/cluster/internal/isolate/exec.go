package isolate

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Exec becomes another program in the network of the cluster, with the given name resolution (a resolv.conf). All else is the machine's.
func Exec(p Process, names string, args, env []string) error {
	program, err := lookPath(args[0], env)
	if err != nil {
		return err
	}
	netns, err := os.Open(fmt.Sprintf("/proc/%d/ns/net", p.PID))
	if err != nil {
		return err
	}
	// Namespaces belong to a thread; the program it becomes keeps them.
	runtime.LockOSThread()
	if err := unix.Setns(int(netns.Fd()), unix.CLONE_NEWNET); err != nil {
		return fmt.Errorf("enter the cluster's network: %w", err)
	}
	if err := unix.Unshare(unix.CLONE_NEWNS); err != nil {
		return err
	}
	if err := unix.Mount("", "/", "", unix.MS_REC|unix.MS_PRIVATE, ""); err != nil {
		return err
	}
	if err := unix.Mount(names, resolvConf, "", unix.MS_BIND, ""); err != nil {
		return fmt.Errorf("use the cluster's name resolution: %w", err)
	}
	return syscall.Exec(program, args, env)
}

// lookPath searches the PATH of the new environment, which has more in it than our own.
func lookPath(name string, env []string) (string, error) {
	for _, pair := range env {
		if value, isPath := strings.CutPrefix(pair, "PATH="); isPath {
			if err := os.Setenv("PATH", value); err != nil {
				return "", err
			}
		}
	}
	return exec.LookPath(name)
}
