// Package preflight finds out what the machine lacks, before anything is started.
package preflight

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
)

// requirement is a program and the Debian package that brings it.
type requirement struct{ program, pkg string }

var requirements = []requirement{
	{"runc", "runc"},
	{"iptables", "iptables"},
	{"nft", "nftables"},
	{"conntrack", "conntrack"},
	{"ip", "iproute2"},
	{"mount", "mount"},
	{"nsenter", "util-linux"},
}

// CNIFolders are the places where distributions put the CNI plugins.
var CNIFolders = []string{"/usr/lib/cni", "/opt/cni/bin", "/usr/libexec/cni"}

// MissingPackages names the Debian packages whose programs are not on this machine.
func MissingPackages() []string {
	return missing(func(program string) bool {
		_, err := exec.LookPath(program)
		return err == nil
	}, func(plugin string) bool {
		return slices.ContainsFunc(CNIFolders, func(folder string) bool {
			_, err := os.Stat(filepath.Join(folder, plugin))
			return err == nil
		})
	})
}

func missing(hasProgram, hasPlugin func(string) bool) []string {
	var pkgs []string
	for _, r := range requirements {
		if !hasProgram(r.program) {
			pkgs = append(pkgs, r.pkg)
		}
	}
	if !hasPlugin("bridge") || !hasPlugin("host-local") || !hasPlugin("portmap") || !hasPlugin("loopback") {
		pkgs = append(pkgs, "containernetworking-plugins")
	}
	return pkgs
}

// Install installs Debian packages.
func Install(ctx context.Context, pkgs []string) error {
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("--install needs apt-get; on this system install the equivalents of %s yourself", strings.Join(pkgs, " "))
	}
	for _, args := range [][]string{{"update", "-qq"}, append([]string{"install", "-y", "-qq"}, pkgs...)} {
		cmd := exec.CommandContext(ctx, "apt-get", args...)
		cmd.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
		if output, err := cmd.CombinedOutput(); err != nil {
			return fmt.Errorf("apt-get %s: %w\n%s", args[0], err, output)
		}
	}
	return nil
}

// Packages checks the programs the cluster runs, and installs their packages when allowed.
func Packages(ctx context.Context, install bool, report func(string)) error {
	pkgs := MissingPackages()
	if len(pkgs) == 0 {
		return nil
	}
	list := strings.Join(pkgs, " ")
	if !install {
		return errors.New("missing Debian packages: " + list + ". Install them with `apt-get install " + list +
			"`, or repeat the command with --install")
	}
	report("installing " + list)
	if err := Install(ctx, pkgs); err != nil {
		return err
	}
	if still := MissingPackages(); len(still) > 0 {
		return errors.New("still missing after the installation: " + strings.Join(still, " "))
	}
	return nil
}
