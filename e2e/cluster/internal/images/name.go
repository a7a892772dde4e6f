// Package images loads image archives into the cluster.
package images

import "strings"

// Canonical gives a name the registry that the kubelet adds where a name has none: app:1 means
// docker.io/library/app:1. Some build tools write the short form.
func Canonical(name string) string {
	first, _, hasSlash := strings.Cut(name, "/")
	switch {
	case !hasSlash:
		return "docker.io/library/" + name
	case strings.ContainsAny(first, ".:") || first == "localhost":
		return name
	default:
		return "docker.io/" + name
	}
}

// importedNames reads the names of the images from the output of `ctr images import --local`. An image without a
// full name gets one that starts with "import-" and is left out.
func importedNames(output string) []string {
	var names []string
	for line := range strings.Lines(output) {
		rest, found := strings.CutPrefix(line, "unpacking ")
		name, _, complete := strings.Cut(rest, " (")
		if found && complete && !strings.HasPrefix(name, "import-") {
			names = append(names, name)
		}
	}
	return names
}
