// Package config writes the configuration of every component.
package config

import (
	"encoding/json"
	"fmt"
	"os"

	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/network"
)

// Options are the choices of `cluster up`.
type Options struct {
	GPUs      int `json:"gpus"`
	KwokNodes int `json:"kwokNodes"`
}

// Programs are the folders of the built programs.
type Programs struct {
	Node       string `json:"node"`
	Containerd string `json:"containerd"`
	CoreDNS    string `json:"coredns"`
	Registry   string `json:"registry"`
	Pause      string `json:"pause"`
	Kwok       string `json:"kwok,omitempty"`
}

// Spec is everything the supervisor needs to run a cluster.
type Spec struct {
	Cluster  layout.Cluster `json:"cluster"`
	Subnet   network.Subnet `json:"subnet"`
	Options  Options        `json:"options"`
	Programs Programs       `json:"programs"`
}

// PauseImage is the image of the container that holds a pod's namespaces.
const PauseImage = "registry.modelweir.dev/cluster/pause:1"

func (s Spec) Save() error {
	encoded, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(s.Cluster.Spec(), encoded, 0o644)
}

func Load(path string) (Spec, error) {
	var spec Spec
	encoded, err := os.ReadFile(path)
	if err != nil {
		return spec, err
	}
	if err := json.Unmarshal(encoded, &spec); err != nil {
		return spec, fmt.Errorf("read %s: %w", path, err)
	}
	return spec, nil
}

// API is the address of the API server.
func (s Spec) API() string { return "https://" + s.Subnet.Node() + ":6443" }

// Registry is the open registry, PrivateRegistry the one that wants the credentials below.
func (s Spec) Registry() string        { return s.Subnet.Node() + ":5000" }
func (s Spec) PrivateRegistry() string { return s.Subnet.Node() + ":5001" }

// The private registry exists to test pull secrets; only this machine reaches it.
const (
	RegistryUser     = "modelweir"
	RegistryPassword = "for-tests-only"
)
