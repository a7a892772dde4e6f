package cgroups

import (
	"os"
	"path/filepath"
	"slices"
	"testing"
)

const hybrid = `22 27 0:21 / /proc rw,relatime - proc proc rw
32 31 0:29 / /sys/fs/cgroup/cpu rw,relatime - cgroup cgroup rw,cpu
41 31 0:38 / /sys/fs/cgroup/unified rw,relatime shared:1 - cgroup2 cgroup2 rw
`

func TestParse(t *testing.T) {
	got := parse(hybrid)
	want := []root{{path: "/sys/fs/cgroup/cpu"}, {path: "/sys/fs/cgroup/unified", unified: true}}
	if !slices.Equal(got, want) {
		t.Errorf("parsed %v", got)
	}
	if got := withControllers(got); !slices.Equal(got, want[:1]) {
		t.Errorf("with controllers: %v", got)
	}
	if got := withControllers(want[1:]); !slices.Equal(got, want[1:]) {
		t.Errorf("unified only: %v", got)
	}
}

func TestRemoveTree(t *testing.T) {
	group := filepath.Join(t.TempDir(), "group")
	if err := os.MkdirAll(filepath.Join(group, "a", "b"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := removeTree(group); err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(group); !os.IsNotExist(err) {
		t.Error("the group is still there")
	}
	if err := removeTree(group); err != nil {
		t.Errorf("a group that does not exist: %v", err)
	}
}
