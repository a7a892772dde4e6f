package preflight

import (
	"slices"
	"strings"
	"testing"
)

func TestMissing(t *testing.T) {
	all := func(string) bool { return true }
	if got := missing(all, all); len(got) != 0 {
		t.Errorf("missing %v on a complete machine", got)
	}
	got := missing(func(p string) bool { return p != "runc" && p != "nft" }, func(p string) bool { return p != "portmap" })
	if want := []string{"runc", "nftables", "containernetworking-plugins"}; !slices.Equal(got, want) {
		t.Errorf("missing %v, want %v", got, want)
	}
}

func TestAbsentControllers(t *testing.T) {
	table := "#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t3\t1\t1\ncpu\t1\t1\t1\nmemory\t4\t19\t0\n"
	if got := absentControllers(table); !slices.Equal(got, []string{"memory", "pids"}) {
		t.Errorf("absent %v", got)
	}
}

func TestEnough(t *testing.T) {
	if err := enough("/x", neededBytes); err != nil {
		t.Error(err)
	}
	err := enough("/x", 1<<30)
	if err == nil || !strings.Contains(err.Error(), "1.1 GB") || !strings.Contains(err.Error(), "MODELWEIR_CACHE") {
		t.Errorf("error %v", err)
	}
}
