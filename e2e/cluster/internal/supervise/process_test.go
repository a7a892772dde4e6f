package supervise

import (
	"path/filepath"
	"testing"
	"time"

	"modelweir.dev/e2e/cluster/internal/config"
)

func TestProcessLife(t *testing.T) {
	p := newProcess(config.Component{Name: "sleeper", Command: []string{"sleep", "600"}}, filepath.Join(t.TempDir(), "log"))
	until(t, p, func(s ComponentState) bool { return s.State == "running" })
	first := p.state().PID

	p.mu.Lock()
	_ = p.running.Process.Kill()
	p.mu.Unlock()
	until(t, p, func(s ComponentState) bool { return s.State == "running" && s.PID != first && s.Restarts == 1 })

	p.stop()
	if s := p.state(); s.State != "stopped" {
		t.Errorf("after stop: %+v", s)
	}
	p.start()
	until(t, p, func(s ComponentState) bool { return s.State == "running" && s.Restarts == 1 })
	p.stop()
}

func TestProgramThatDoesNotExist(t *testing.T) {
	p := newProcess(config.Component{Name: "none", Command: []string{"/does/not/exist"}}, filepath.Join(t.TempDir(), "log"))
	until(t, p, func(s ComponentState) bool { return s.State == "restarting" && s.Restarts > 0 })
	p.stop()
}

func until(t *testing.T, p *process, condition func(ComponentState) bool) {
	t.Helper()
	for deadline := time.Now().Add(20 * time.Second); !condition(p.state()); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("state %+v", p.state())
		}
	}
}
