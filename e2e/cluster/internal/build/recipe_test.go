package build

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestKeyFollowsWhatDecides(t *testing.T) {
	source := t.TempDir()
	write(t, source, "main.go", "package main")
	base := Recipe{Name: "x", Version: "v1", Packages: []string{"."}, Source: source}
	first := key(t, base)
	if !strings.HasPrefix(first, "x-v1-") {
		t.Errorf("key %q does not tell name and version", first)
	}
	if again := key(t, base); again != first {
		t.Errorf("same recipe, two keys: %s and %s", first, again)
	}
	flags := base
	flags.Ldflags = "-X a=b"
	if key(t, flags) == first {
		t.Error("linker flags do not change the key")
	}
	keeping := base
	keeping.Keep = Folder{Module: "example.org/x@v1", Path: "config"}
	if key(t, keeping) == first {
		t.Error("a kept folder does not change the key")
	}
	write(t, source, "main_test.go", "package main")
	if key(t, base) != first {
		t.Error("a test file changes the key")
	}
	write(t, source, "main.go", "package  main")
	if key(t, base) == first {
		t.Error("changed source does not change the key")
	}
}

func TestKeyTellsFilesApart(t *testing.T) {
	one, other := t.TempDir(), t.TempDir()
	write(t, one, "a", "xy")
	write(t, one, "b", "")
	write(t, other, "a", "x")
	write(t, other, "b", "y")
	if key(t, Recipe{Source: one}) == key(t, Recipe{Source: other}) {
		t.Error("content moved to another file keeps the key")
	}
}

func TestCommand(t *testing.T) {
	local := Recipe{Name: "node", Module: "/m", Packages: []string{"."}}.command("/out")
	if got := strings.Join(local, " "); got != "build -v -trimpath -ldflags -s -w  -o /out/node ." {
		t.Errorf("local build: go %s", got)
	}
	remote := Recipe{Name: "x", Packages: []string{"example.org/x@v1"}}.command("/out")
	if remote[0] != "install" || remote[len(remote)-1] != "example.org/x@v1" {
		t.Errorf("remote build: go %v", remote)
	}
}

func key(t *testing.T, r Recipe) string {
	t.Helper()
	k, err := r.Key()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

func write(t *testing.T, folder, name, content string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
}
