// Package supervise runs the components of a cluster from inside its namespaces and answers the command line.
package supervise

import (
	"log"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"time"

	"modelweir.dev/e2e/cluster/internal/config"
)

const (
	restartDelay = time.Second
	killDelay    = 3 * time.Second
)

// process keeps one component running until it is told to stop it.
type process struct {
	component config.Component
	logFile   string

	mu       sync.Mutex
	changed  *sync.Cond // signals a new value of any field below
	wanted   bool
	running  *exec.Cmd
	since    time.Time
	restarts int
}

func newProcess(component config.Component, logFile string) *process {
	p := &process{component: component, logFile: logFile, wanted: true}
	p.changed = sync.NewCond(&p.mu)
	go p.keep()
	return p
}

func (p *process) keep() {
	for {
		p.mu.Lock()
		for !p.wanted {
			p.changed.Wait()
		}
		p.mu.Unlock()

		err := p.runOnce()

		p.mu.Lock()
		p.running, p.since = nil, time.Now()
		unexpected := p.wanted
		if unexpected {
			p.restarts++
		}
		p.changed.Broadcast()
		p.mu.Unlock()
		if unexpected {
			log.Printf("%s ended (%v), starting it again", p.component.Name, err)
			time.Sleep(restartDelay)
		}
	}
}

func (p *process) runOnce() error {
	out, err := os.OpenFile(p.logFile, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o644)
	if err != nil {
		return err
	}
	defer out.Close()
	cmd := exec.Command(p.component.Command[0], p.component.Command[1:]...)
	cmd.Dir = "/"
	cmd.Env = append(os.Environ(), p.component.Env...)
	cmd.Stdout, cmd.Stderr = out, out
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.mu.Lock()
	p.running, p.since = cmd, time.Now()
	late := !p.wanted // stopped between the decision to start and the start
	p.changed.Broadcast()
	p.mu.Unlock()
	if late {
		_ = cmd.Process.Kill()
	}
	return cmd.Wait()
}

// stop ends the component and returns when it has ended.
func (p *process) stop() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wanted = false
	if p.running == nil {
		return
	}
	victim := p.running.Process
	_ = victim.Signal(syscall.SIGTERM)
	kill := time.AfterFunc(killDelay, func() { _ = victim.Kill() })
	defer kill.Stop()
	for p.running != nil && !p.wanted {
		p.changed.Wait()
	}
}

// start lets a stopped component run again.
func (p *process) start() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.wanted = true
	p.changed.Broadcast()
}

func (p *process) state() ComponentState {
	p.mu.Lock()
	defer p.mu.Unlock()
	state := ComponentState{Name: p.component.Name, State: "restarting", Restarts: p.restarts, Since: p.since}
	switch {
	case p.running != nil:
		state.State, state.PID = "running", p.running.Process.Pid
	case !p.wanted:
		state.State = "stopped"
	}
	return state
}
