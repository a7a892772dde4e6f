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

func TestSavedNames(t *testing.T) {
	output := "registry.local/app:1                   \tsaved\t\n" +
		"application/vnd.oci.image.manifest.v1+json sha256:ab\nImporting\telapsed: 0.2 s\ttotal: 0.0 B\n"
	if got := savedNames(output); !slices.Equal(got, []string{"registry.local/app:1"}) {
		t.Errorf("names %v", got)
	}
}
