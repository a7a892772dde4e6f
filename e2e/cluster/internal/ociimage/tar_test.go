package ociimage

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestEveryDigestIsThere(t *testing.T) {
	program := filepath.Join(t.TempDir(), "p")
	if err := os.WriteFile(program, []byte("#!"), 0o755); err != nil {
		t.Fatal(err)
	}
	image, err := FromProgram("registry.local/p:1", program)
	if err != nil {
		t.Fatal(err)
	}
	files := unpack(t, image)
	for name, content := range files {
		if sum, isBlob := strings.CutPrefix(name, "blobs/sha256/"); isBlob && sum != fmt.Sprintf("%x", sha256.Sum256(content)) {
			t.Errorf("%s has another digest", name)
		}
	}
	var index, manifest struct {
		Manifests, Layers []descriptor
		Config            descriptor
	}
	decode(t, files["index.json"], &index)
	if name := index.Manifests[0].Annotations["io.containerd.image.name"]; name != "registry.local/p:1" {
		t.Errorf("the image is called %q", name)
	}
	decode(t, blob(files, index.Manifests[0]), &manifest)
	for _, d := range append(manifest.Layers, manifest.Config) {
		if len(blob(files, d)) != d.Size {
			t.Errorf("%s: %d bytes, announced %d", d.Digest, len(blob(files, d)), d.Size)
		}
	}
	if _, there := unpack(t, blob(files, manifest.Layers[0]))["entrypoint"]; !there {
		t.Error("the layer lacks the program")
	}
}

func unpack(t *testing.T, archive []byte) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	for reader := tar.NewReader(bytes.NewReader(archive)); ; {
		header, err := reader.Next()
		if err == io.EOF {
			return files
		}
		if err != nil {
			t.Fatal(err)
		}
		if files[header.Name], err = io.ReadAll(reader); err != nil {
			t.Fatal(err)
		}
	}
}

func decode(t *testing.T, content []byte, into any) {
	t.Helper()
	if err := json.Unmarshal(content, into); err != nil {
		t.Fatal(err)
	}
}

func blob(files map[string][]byte, d descriptor) []byte {
	return files["blobs/"+strings.Replace(d.Digest, ":", "/", 1)]
}
