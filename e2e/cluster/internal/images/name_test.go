package images

import (
	"slices"
	"testing"
)

func TestCanonical(t *testing.T) {
	for name, want := range map[string]string{
		"app:1":                  "docker.io/library/app:1",
		"team/app:1":             "docker.io/team/app:1",
		"localhost/app:1":        "localhost/app:1",
		"registry.local/app:1":   "registry.local/app:1",
		"10.250.1.2:5000/a/b:1":  "10.250.1.2:5000/a/b:1",
		"docker.io/library/a:v1": "docker.io/library/a:v1",
	} {
		if got := Canonical(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

func TestImportedNames(t *testing.T) {
	output := "unpacking registry.local/app:0.1.0-SNAPSHOT (sha256:36cc)...done\n" +
		"unpacking import-2026-11-24:latest (sha256:acb0)...done\nsomething else\n"
	if got := importedNames(output); !slices.Equal(got, []string{"registry.local/app:0.1.0-SNAPSHOT"}) {
		t.Errorf("names %v", got)
	}
}
