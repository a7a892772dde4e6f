package config

import "golang.org/x/sys/unix"

// snapshotter says how containerd stores layers. Overlays cannot lie on an overlay, as inside a container;
// copies can.
func snapshotter(folder string) string {
	var fs unix.Statfs_t
	if unix.Statfs(folder, &fs) == nil && fs.Type == unix.OVERLAYFS_SUPER_MAGIC {
		return "native"
	}
	return "overlayfs"
}
