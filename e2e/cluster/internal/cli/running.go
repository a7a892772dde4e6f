package cli

import (
	"errors"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/isolate"
	"modelweir.dev/e2e/cluster/internal/layout"
)

var errNotRunning = errors.New("no cluster of this checkout is running; `cluster up` starts it")

// running returns the specification and the first process of the cluster, which must be running.
func running(c layout.Cluster) (config.Spec, isolate.Process, error) {
	process, alive := isolate.Running(c)
	if !alive {
		return config.Spec{}, process, errNotRunning
	}
	spec, err := config.Load(c.Spec())
	return spec, process, err
}
