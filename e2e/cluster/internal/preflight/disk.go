package preflight

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const neededBytes = 3 << 30

// Disk checks that builds and images fit.
func Disk(folder string) error {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return err
	}
	var fs unix.Statfs_t
	if err := unix.Statfs(folder, &fs); err != nil {
		return fmt.Errorf("read the free space of %s: %w", folder, err)
	}
	return enough(folder, fs.Bavail*uint64(fs.Bsize))
}

func enough(folder string, free uint64) error {
	if free >= neededBytes {
		return nil
	}
	return fmt.Errorf("only %.1f GB are free at %s, 3 GB are needed: free some, or set MODELWEIR_CACHE to a folder on another disk",
		float64(free)/1e9, folder)
}
