package supervise

import (
	"fmt"
	"log"
	"sync"

	"modelweir.dev/e2e/cluster/internal/config"
)

// supervisor owns all components of a cluster.
type supervisor struct {
	spec config.Spec

	mu        sync.Mutex
	phase     Phase
	failure   string
	steps     []string
	processes []*process
}

// Run starts the cluster and serves the command line until the process is killed.
func Run(specFile string) error {
	spec, err := config.Load(specFile)
	if err != nil {
		return err
	}
	s := &supervisor{spec: spec, phase: Starting}
	go func() {
		err := s.bringUp()
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.phase = Ready; err != nil {
			s.phase, s.failure = Failed, err.Error()
			log.Printf("The cluster failed to start: %v", err)
		}
	}()
	return s.serve()
}

func (s *supervisor) launch(components []config.Component) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, component := range components {
		s.processes = append(s.processes, newProcess(component, s.spec.Cluster.Log(component.Name)))
	}
}

func (s *supervisor) step(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.steps = append(s.steps, fmt.Sprintf(format, args...))
	log.Printf(format, args...)
}

func (s *supervisor) find(name string) *process {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.processes {
		if p.component.Name == name {
			return p
		}
	}
	return nil
}

func (s *supervisor) status() Status {
	s.mu.Lock()
	defer s.mu.Unlock()
	status := Status{Phase: s.phase, Failure: s.failure, Steps: s.steps}
	for _, p := range s.processes {
		status.Components = append(status.Components, p.state())
	}
	return status
}

// crashing names a component that does not stay up.
func (s *supervisor) crashing() string {
	for _, c := range s.status().Components {
		if c.Restarts > 4 {
			return c.Name
		}
	}
	return ""
}
