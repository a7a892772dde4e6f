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

// savedNames reads the names of the images from the output of `ctr images import`.
func savedNames(output string) []string {
	var names []string
	for line := range strings.Lines(output) {
		if fields := strings.Fields(line); len(fields) == 2 && fields[1] == "saved" {
			names = append(names, fields[0])
		}
	}
	return names
}
