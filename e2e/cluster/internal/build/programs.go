package build

import (
	"context"

	"modelweir.dev/e2e/cluster/internal/config"
)

// Programs builds what is missing of all a cluster runs. The node takes longest and comes last, so that a
// mistake elsewhere shows early.
func (s Store) Programs(ctx context.Context, kwok bool) (config.Programs, error) {
	var programs config.Programs
	wanted := []struct {
		recipe Recipe
		folder *string
	}{
		{Pause(s.Cluster), &programs.Pause},
		{Containerd(), &programs.Containerd},
		{Registry(), &programs.Registry},
		{CoreDNS(), &programs.CoreDNS},
		{Node(s.Cluster), &programs.Node},
	}
	if kwok {
		wanted = append(wanted, struct {
			recipe Recipe
			folder *string
		}{Kwok(), &programs.Kwok})
	}
	for _, want := range wanted {
		folder, err := s.Ensure(ctx, want.recipe)
		if err != nil {
			return programs, err
		}
		*want.folder = folder
	}
	return programs, nil
}
