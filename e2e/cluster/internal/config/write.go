package config

import (
	"bytes"
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/template"

	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/network"
	"modelweir.dev/e2e/cluster/internal/preflight"
)

//go:embed templates files
var sources embed.FS

// values are what the templates may use.
type values struct {
	Spec
	NodeName, PodRange, NodePodRange, DNSService, PauseImage, Snapshotter string
	CNIFolders                                                            []string
}

// Write fills the config folder of the cluster: all templates and files, and what depends on more than text.
func Write(s Spec) error {
	v := values{
		Spec: s, NodeName: layout.NodeName, PodRange: network.PodRange, NodePodRange: network.NodePodRange,
		DNSService: network.DNSService, PauseImage: PauseImage, Snapshotter: snapshotter(s.Cluster.State),
		CNIFolders: preflight.CNIFolders,
	}
	if err := writeTree(s.Cluster, "templates", func(path string) ([]byte, error) { return render(path, v) }); err != nil {
		return err
	}
	if err := writeTree(s.Cluster, "files", sources.ReadFile); err != nil {
		return err
	}
	if err := writeMirrors(s); err != nil {
		return err
	}
	if err := writeTunables(s.Cluster); err != nil {
		return err
	}
	return writeKubeconfigs(s)
}

func writeTree(c layout.Cluster, tree string, content func(path string) ([]byte, error)) error {
	return fs.WalkDir(sources, tree, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := content(path)
		if err != nil {
			return err
		}
		return put(c.Config(strings.TrimPrefix(path, tree+"/")), text)
	})
}

func render(path string, v values) ([]byte, error) {
	parsed, err := template.ParseFS(sources, path)
	if err != nil {
		return nil, err
	}
	var out bytes.Buffer
	if err := parsed.Execute(&out, v); err != nil {
		return nil, fmt.Errorf("render %s: %w", path, err)
	}
	return out.Bytes(), nil
}

func put(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, content, 0o644)
}
