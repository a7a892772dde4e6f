// Package build makes the programs of the cluster from pinned Go modules and keeps them by content hash.
package build

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// Recipe says how one program, or a few of one module, are built.
type Recipe struct {
	Name     string
	Version  string
	Hint     string   // what a person should expect of the first build
	Packages []string // for `go install`, with @version; or paths inside Module
	Module   string   // folder of our own Go module; empty when Packages come from the module proxy
	Source   string   // folder whose content decides about a rebuild, set together with Module
	Ldflags  string
	Links    []string // more names of the one program, which chooses its role by name
	Keep     Folder   // kept beside the programs; empty for most
}

// Folder is a folder of a published Go module, such as that of its manifests.
type Folder struct{ Module, Path string } // module with @version

// Key changes when anything that decides about the result changes.
func (r Recipe) Key() (string, error) {
	hash := sha256.New()
	fmt.Fprintln(hash, r.Name, r.Version, r.Packages, r.Ldflags, r.Links, runtime.GOOS, runtime.GOARCH)
	if r.Keep != (Folder{}) {
		fmt.Fprintln(hash, r.Keep)
	}
	if r.Source != "" {
		err := filepath.WalkDir(r.Source, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() || strings.HasSuffix(path, "_test.go") {
				return err
			}
			content, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			name, err := filepath.Rel(r.Source, path)
			fmt.Fprintf(hash, "%s %d\n", name, len(content))
			hash.Write(content)
			return err
		})
		if err != nil {
			return "", fmt.Errorf("hash the source of %s: %w", r.Name, err)
		}
	}
	return fmt.Sprintf("%s-%s-%s", r.Name, r.Version, hex.EncodeToString(hash.Sum(nil))[:12]), nil
}

func (r Recipe) command(into string) []string {
	flags := []string{"-v", "-trimpath", "-ldflags", "-s -w " + r.Ldflags}
	if r.Module == "" {
		return append(append([]string{"install"}, flags...), r.Packages...)
	}
	return append(append([]string{"build"}, append(flags, "-o", filepath.Join(into, r.Name))...), r.Packages...)
}
