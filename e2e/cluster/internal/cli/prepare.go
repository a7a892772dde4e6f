package cli

import (
	"os"

	"modelweir.dev/e2e/cluster/internal/config"
	"modelweir.dev/e2e/cluster/internal/pki"
)

// prepare writes all files of a cluster whose subnet is known.
func prepare(spec config.Spec) error {
	c := spec.Cluster
	for _, folder := range []string{c.State, c.Run, c.Logs(), c.PodLogs(), c.Volumes(), c.Data("")} {
		if err := os.MkdirAll(folder, 0o755); err != nil {
			return err
		}
	}
	if err := pki.Write(c, spec.Subnet.Node()); err != nil {
		return err
	}
	if err := config.Write(spec); err != nil {
		return err
	}
	return spec.Save()
}
