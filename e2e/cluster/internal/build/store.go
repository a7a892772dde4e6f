package build

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/preflight"
	"modelweir.dev/e2e/cluster/internal/progress"
)

// suffix marks a folder that is still being filled.
const suffix = ".partial"

// Store holds finished builds. A folder in it is complete: it appears by one rename.
type Store struct {
	Cluster layout.Cluster
	Steps   *progress.Steps
}

// Ensure returns the folder with the programs of a recipe and builds them when they are not there yet.
func (s Store) Ensure(ctx context.Context, recipe Recipe) (string, error) {
	key, err := recipe.Key()
	if err != nil {
		return "", err
	}
	done := filepath.Join(s.Cluster.Builds, key)
	if exists(done) {
		return done, nil
	}
	unlock, err := layout.Lock(s.Cluster.BuildLock(recipe.Name), func() {
		s.Steps.Step("another command is building %s, waiting for it", recipe.Name)
	})
	if err != nil {
		return "", err
	}
	defer unlock()
	if exists(done) {
		return done, nil
	}
	if err := s.make(ctx, recipe, done); err != nil {
		return "", fmt.Errorf("build %s %s: %w", recipe.Name, recipe.Version, err)
	}
	return done, nil
}

func (s Store) make(ctx context.Context, recipe Recipe, done string) error {
	if err := preflight.Disk(s.Cluster.Builds); err != nil {
		return err
	}
	if _, err := exec.LookPath("go"); err != nil {
		return errors.New("Go is not installed. Install Go 1.26 or later (https://go.dev/dl) and put it on PATH")
	}
	partial := done + suffix
	if err := s.removePartial(recipe.Name); err != nil {
		return err
	}
	if err := os.MkdirAll(partial, 0o755); err != nil {
		return err
	}
	s.Steps.Step("building %s %s (first use, %s)", recipe.Name, recipe.Version, recipe.Hint)
	start := s.Steps.Elapsed()
	if err := s.compile(ctx, recipe, partial); err != nil {
		return err
	}
	if recipe.Keep != (Folder{}) {
		if err := keep(ctx, recipe.Keep, partial); err != nil {
			return err
		}
	}
	for _, link := range recipe.Links {
		if err := os.Symlink(recipe.Name, filepath.Join(partial, link)); err != nil {
			return err
		}
	}
	if err := os.Rename(partial, done); err != nil {
		return err
	}
	s.Steps.Step("built %s in %.0f s", recipe.Name, (s.Steps.Elapsed() - start).Seconds())
	return nil
}

// removePartial removes what killed builds left; the caller holds the lock of these builds.
func (s Store) removePartial(name string) error {
	folders, err := filepath.Glob(filepath.Join(s.Cluster.Builds, name+"-v*"+suffix))
	for _, folder := range folders {
		err = errors.Join(err, os.RemoveAll(folder))
	}
	return err
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
