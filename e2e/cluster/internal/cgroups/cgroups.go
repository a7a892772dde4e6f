// Package cgroups gives a cluster a place of its own in every cgroup hierarchy.
package cgroups

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Create makes the group in every hierarchy that has controllers.
func Create(name string) error {
	roots, err := roots()
	if err != nil {
		return err
	}
	for _, root := range withControllers(roots) {
		group := filepath.Join(root.path, name)
		if root.unified {
			// Children only get the controllers that their parent hands down.
			for _, controller := range []string{"cpu", "cpuset", "memory", "pids"} {
				_ = os.WriteFile(filepath.Join(root.path, "cgroup.subtree_control"), []byte("+"+controller), 0o644)
			}
		}
		if err := os.MkdirAll(group, 0o755); err != nil {
			return fmt.Errorf("create the cgroup %s: %w", group, err)
		}
		// A version 1 cpuset starts without CPUs and takes no process before it has some.
		for _, file := range []string{"cpuset.cpus", "cpuset.mems"} {
			if all, err := os.ReadFile(filepath.Join(root.path, file)); err == nil && !root.unified {
				if err := os.WriteFile(filepath.Join(group, file), all, 0o644); err != nil {
					return fmt.Errorf("set %s of the cgroup %s: %w", file, group, err)
				}
			}
		}
	}
	return nil
}

// Remove takes away the group and all below it. The kernel needs a moment after the last process has died.
func Remove(name string) error {
	roots, err := roots()
	if err != nil {
		return err
	}
	for _, root := range roots {
		group := filepath.Join(root.path, name)
		for deadline := time.Now().Add(5 * time.Second); ; time.Sleep(50 * time.Millisecond) {
			if err = removeTree(group); err == nil {
				break
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("remove the cgroup %s: %w", group, err)
			}
		}
	}
	return nil
}

// removeTree removes folders only, the deepest first: the files in them belong to the kernel.
func removeTree(group string) error {
	var folders []string
	err := filepath.WalkDir(group, func(path string, entry fs.DirEntry, err error) error {
		if err == nil && entry.IsDir() {
			folders = append(folders, path)
		}
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		return err
	})
	if err != nil {
		return err
	}
	for _, folder := range slices.Backward(folders) {
		if err := os.Remove(folder); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	return nil
}

type root struct {
	path    string
	unified bool
}

func roots() ([]root, error) {
	table, err := os.ReadFile("/proc/self/mountinfo")
	if err != nil {
		return nil, err
	}
	return parse(string(table)), nil
}

// parse finds the hierarchies in a mount table.
func parse(table string) []root {
	var roots []root
	for line := range strings.Lines(table) {
		before, after, found := strings.Cut(line, " - ")
		fields := strings.Fields(before)
		if !found || len(fields) < 5 || !strings.HasPrefix(fields[4], "/sys/fs/cgroup") {
			continue
		}
		switch kind, _, _ := strings.Cut(after, " "); kind {
		case "cgroup":
			roots = append(roots, root{path: fields[4]})
		case "cgroup2":
			roots = append(roots, root{path: fields[4], unified: true})
		}
	}
	return roots
}

// withControllers leaves out the unified hierarchy beside those of version 1: runc uses it, but it limits nothing.
func withControllers(all []root) []root {
	v1 := slices.DeleteFunc(slices.Clone(all), func(r root) bool { return r.unified })
	if len(v1) > 0 {
		return v1
	}
	return all
}
