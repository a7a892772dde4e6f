package supervise

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"time"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/images"
)

const (
	pollEvery   = 50 * time.Millisecond
	stepTimeout = 2 * time.Minute
)

// bringUp starts the components in the order of their needs.
func (s *supervisor) bringUp() error {
	api, err := newAPIClient(s.spec)
	if err != nil {
		return err
	}
	s.launch(s.spec.Foundation())
	if err := s.await("containerd", s.importPause); err != nil {
		return err
	}
	s.step("containerd serves")
	if err := s.await("the API server", api.ready); err != nil {
		return err
	}
	s.step("the API server answers")
	s.launch(s.spec.Rest())
	if err := s.await("the first objects", s.applyBootstrap); err != nil {
		return err
	}
	if err := s.await("the node", api.nodeReady); err != nil {
		return err
	}
	s.step("the node is Ready")
	checks := map[string]func() error{"the default service account": api.serviceAccount, "cluster DNS": dnsReady}
	if s.spec.Options.GPUs > 0 {
		checks["the GPUs"] = api.gpusReady
	}
	if s.spec.Options.KwokNodes > 0 {
		checks["the simulated nodes"] = api.simulatedReady
	}
	for what, check := range checks {
		if err := s.await(what, check); err != nil {
			return err
		}
	}
	s.step("accounts, DNS and devices are there")
	return nil
}

// await repeats a check until it passes.
func (s *supervisor) await(what string, check func() error) error {
	for deadline := time.Now().Add(stepTimeout); ; time.Sleep(pollEvery) {
		err := check()
		if err == nil {
			return nil
		}
		if name := s.crashing(); name != "" {
			return fmt.Errorf("%s does not stay up; its log is %s", name, s.spec.Cluster.Log(name))
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("waited %v for %s: %w; see the logs in %s", stepTimeout, what, err, s.spec.Cluster.Logs())
		}
	}
}

func (s *supervisor) importPause() error {
	if _, err := os.Stat(s.spec.Cluster.Containerd()); err != nil {
		return err
	}
	loader := images.Loader{CTR: filepath.Join(s.spec.Programs.Containerd, "ctr"), Socket: s.spec.Cluster.Containerd()}
	return loader.LoadProgram(context.Background(), config.PauseImage, filepath.Join(s.spec.Programs.Pause, "pause"),
		s.spec.Cluster.Data("pause.tar"))
}

func (s *supervisor) applyBootstrap() error {
	output, err := exec.Command(filepath.Join(s.spec.Programs.Node, "kubectl"),
		"--kubeconfig", s.spec.Cluster.Config("supervisor.kubeconfig"),
		"apply", "--server-side", "--filename", s.spec.Cluster.Config("bootstrap.yaml")).CombinedOutput()
	if err != nil {
		return fmt.Errorf("kubectl apply: %w: %s", err, output)
	}
	return nil
}
