package isolate

import (
	"os"
	"testing"
)

func TestParseStart(t *testing.T) {
	fields := "1 1 1 0 -1 0 0 0 0 0 0 0 0 0 20 0 1 0 4711 0 0"
	for stat, want := range map[string]string{
		"42 (a) b) S " + fields: "4711", // a name may hold anything
		"42 (ab) Z " + fields:   "",     // a zombie is dead
		"42 (ab) S 1 2":         "",
		"":                      "",
	} {
		if got := parseStart(stat); got != want {
			t.Errorf("%q: %q, want %q", stat, got, want)
		}
	}
}

func TestAliveTellsProcessesApart(t *testing.T) {
	self := Process{PID: os.Getpid(), Start: startTime(os.Getpid())}
	if !self.alive() {
		t.Error("this process is not alive")
	}
	self.Start += "0"
	if self.alive() {
		t.Error("an earlier process with the same number is alive")
	}
}
