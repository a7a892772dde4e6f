// Package layout names every file and folder of a cluster.
package layout

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"os"
	"path/filepath"
)

// NodeName is the name of the one real node.
const NodeName = "modelweir"

// Cluster is the cluster of one checkout. Builds are shared by all checkouts, everything else is its own.
type Cluster struct {
	ID     string // short and unique for checkout and cache, part of host-wide names
	Home   string // the folder of this module in the checkout
	Builds string // built programs, by content hash
	State  string // files of the running cluster
	Run    string // sockets; short, because socket paths are limited to 108 bytes
	Lock   string // held while one command changes the cluster
}

// Of finds the cluster that belongs to the checkout of the launcher script.
func Of() (Cluster, error) {
	home, cache := os.Getenv("MODELWEIR_CLUSTER_HOME"), os.Getenv("MODELWEIR_CACHE")
	if home == "" || cache == "" {
		return Cluster{}, errors.New("start this program by the script e2e/cluster/cluster")
	}
	cache, err := filepath.Abs(cache)
	if err != nil {
		return Cluster{}, err
	}
	identity := home + "\x00" + cache
	if name := os.Getenv("MODELWEIR_CLUSTER"); name != "" {
		identity += "\x00" + name // one more cluster of the same checkout
	}
	sum := sha256.Sum256([]byte(identity))
	id := hex.EncodeToString(sum[:4])
	return Cluster{
		ID:     id,
		Home:   home,
		Builds: filepath.Join(cache, "builds"),
		State:  filepath.Join(cache, "clusters", id),
		Run:    filepath.Join(RunRoot, id),
		Lock:   "/run/lock/modelweir-" + id + ".lock",
	}, nil
}

const (
	// RunRoot holds the run folders of all clusters of this machine.
	RunRoot = "/run/modelweir"
	// RunLock is held while anything changes that all clusters of this machine share.
	RunLock = "/run/lock/modelweir.lock"
)

func (c Cluster) in(parts ...string) string {
	return filepath.Join(append([]string{c.State}, parts...)...)
}

func (c Cluster) Spec() string              { return c.in("spec.json") }
func (c Cluster) Kubeconfig() string        { return c.in("kubeconfig") }
func (c Cluster) Audit() string             { return c.in("audit.log") }
func (c Cluster) Volumes() string           { return c.in("volumes") }
func (c Cluster) PKI(name string) string    { return c.in("pki", name) }
func (c Cluster) Config(name string) string { return c.in("config", name) }
func (c Cluster) Data(name string) string   { return c.in("data", name) }
func (c Cluster) Log(name string) string    { return c.in("log", name+".log") }
func (c Cluster) Logs() string              { return c.in("log") }
func (c Cluster) PodLogs() string           { return c.in("pod-logs") }
func (c Cluster) CDI() string               { return c.Data("cdi") }
func (c Cluster) Process() string           { return filepath.Join(c.Run, "process.json") }
func (c Cluster) Supervisor() string        { return filepath.Join(c.Run, "supervisor.sock") }
func (c Cluster) Containerd() string        { return filepath.Join(c.Run, "containerd.sock") }
func (c Cluster) Cgroup() string            { return "modelweir-" + c.ID }
func (c Cluster) Link() string              { return "mw" + c.ID }
func (c Cluster) BuildLock(n string) string { return filepath.Join(c.Builds, n+".lock") }
