package cli

import (
	"context"
	"errors"
	"fmt"
	"time"

	"modelweir.dev/e2e/cluster/internal/isolate"
	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/progress"
	"modelweir.dev/e2e/cluster/internal/supervise"
)

// phaseOf asks the supervisor for the phase of its cluster. A cluster that is just ending, or hangs, has none.
func phaseOf(c layout.Cluster) supervise.Phase {
	for deadline := time.Now().Add(3 * time.Second); time.Now().Before(deadline); time.Sleep(100 * time.Millisecond) {
		if status, err := supervise.NewClient(c).Status(); err == nil {
			return status.Phase
		}
		if _, alive := isolate.Running(c); !alive {
			return ""
		}
	}
	return ""
}

// follow prints the steps of the supervisor until the cluster is ready, and ends a cluster that does not get there.
func follow(ctx context.Context, c layout.Cluster, steps *progress.Steps) error {
	printed := 0
	for {
		status, err := supervise.NewClient(c).Status()
		process, alive := isolate.Running(c)
		switch {
		case ctx.Err() != nil:
			return errors.Join(errors.New("interrupted, removing the cluster"), isolate.Remove(c))
		case !alive:
			return fmt.Errorf("the cluster ended while it started; see %s", c.Log("supervisor"))
		case err == nil:
			for _, step := range status.Steps[printed:] {
				steps.Step("%s", step)
			}
			printed = len(status.Steps)
		}
		if status.Phase == supervise.Ready {
			return nil
		}
		if status.Phase == supervise.Failed {
			return errors.Join(errors.New(status.Failure), process.End())
		}
		time.Sleep(50 * time.Millisecond)
	}
}
