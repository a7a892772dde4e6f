package build

import (
	"path/filepath"

	"modelweir.dev/e2e/cluster/internal/layout"
)

// KubernetesVersion is the version that node/go.mod pins.
const KubernetesVersion = "v1.37.2"

// Node is the control plane, kubelet, kube-proxy, kubectl, etcd and the fake GPU plugin in one program.
func Node(c layout.Cluster) Recipe {
	module := filepath.Join(c.Home, "node")
	const version = "k8s.io/component-base/version"
	return Recipe{
		Name: "node", Version: KubernetesVersion, Hint: "about 6 minutes on 2 cores",
		Packages: []string{"."}, Module: module, Source: module,
		Ldflags: "-X " + version + ".gitVersion=" + KubernetesVersion +
			" -X " + version + ".gitMajor=1 -X " + version + ".gitMinor=37",
		Links: []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler",
			"kubelet", "kube-proxy", "kubectl", "gpu-device-plugin"},
	}
}

// Pause is the program of the container that holds a pod's namespaces.
func Pause(c layout.Cluster) Recipe {
	return Recipe{
		Name: "pause", Version: "v1", Hint: "a second", Packages: []string{"./pause"},
		Module: c.Home, Source: filepath.Join(c.Home, "pause"),
	}
}

func Containerd() Recipe {
	const version, module = "v2.4.2", "github.com/containerd/containerd/v2/cmd/"
	return Recipe{
		Name: "containerd", Version: version, Hint: "1 minute",
		Ldflags: "-X github.com/containerd/containerd/v2/version.Version=" + version,
		Packages: []string{module + "containerd@" + version, module + "containerd-shim-runc-v2@" + version,
			module + "ctr@" + version},
	}
}

func CoreDNS() Recipe {
	return remote("coredns", "v1.15.0", "github.com/coredns/coredns", "")
}

func Registry() Recipe {
	return remote("registry", "v3.1.2", "github.com/distribution/distribution/v3/cmd/registry", "")
}

func Helm() Recipe {
	return remote("helm", "v4.3.1", "helm.sh/helm/v4/cmd/helm", "helm.sh/helm/v4/internal/version.version")
}

func Kwok() Recipe { return remote("kwok", "v0.8.0", "sigs.k8s.io/kwok/cmd/kwok", "") }

// Kueue comes with the manifests that its project publishes for it.
func Kueue() Recipe {
	const version, module = "v0.17.0", "sigs.k8s.io/kueue"
	recipe := remote("kueue", version, module+"/cmd/kueue", module+"/pkg/version.GitVersion")
	recipe.Keep = Folder{Module: module + "@" + version, Path: "config"}
	return recipe
}

// DRADriverVersion is the version that dradriver/go.mod pins.
const DRADriverVersion = "v0.2.1"

// DRADriver is the driver that Kubernetes' own project gives as an example, with devices that do not exist.
func DRADriver(c layout.Cluster) Recipe {
	module := filepath.Join(c.Home, "dradriver")
	return Recipe{
		Name: "dra-driver", Version: DRADriverVersion, Hint: "1 to 3 minutes", Module: module, Source: module,
		Packages: []string{"sigs.k8s.io/dra-example-driver/cmd/dra-example-kubeletplugin"},
	}
}

// remote is a program of one package. The linker sets its version variable, if it has one that shows.
func remote(name, version, pkg, variable string) Recipe {
	recipe := Recipe{Name: name, Version: version, Hint: "1 to 3 minutes", Packages: []string{pkg + "@" + version}}
	if variable != "" {
		recipe.Ldflags = "-X " + variable + "=" + version
	}
	return recipe
}
