package config

import (
	"fmt"
	"path/filepath"
	"strconv"

	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/network"
)

// Component is one process of the cluster.
type Component struct {
	Name    string
	Command []string
	Env     []string
}

// Foundation are the components that need no API server, and the API server itself.
func (s Spec) Foundation() []Component {
	c := s.Cluster
	return []Component{
		s.etcd(),
		s.apiServer(),
		{Name: "containerd", Command: []string{s.program("containerd", "containerd"), "--config", c.Config("containerd.toml")},
			Env: []string{"PATH=" + s.Programs.Containerd + ":/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"}},
		{Name: "registry", Command: []string{s.program("registry", "registry"), "serve", c.Config("registry.yml")}},
		{Name: "registry-private", Command: []string{s.program("registry", "registry"), "serve", c.Config("registry-private.yml")}},
	}
}

// Rest are the components that need an API server which answers.
func (s Spec) Rest() []Component {
	rest := []Component{s.controllerManager(), s.scheduler(), s.kubelet(), s.proxy(),
		{Name: "coredns", Command: []string{s.program("coredns", "coredns"), "-conf", s.Cluster.Config("Corefile")}},
	}
	if s.Options.GPUs > 0 {
		rest = append(rest, Component{Name: "gpu-device-plugin",
			Command: []string{s.program("node", "gpu-device-plugin"), "--count", strconv.Itoa(s.Options.GPUs)}})
	}
	if s.Options.KwokNodes > 0 {
		rest = append(rest, s.kwok())
	}
	return rest
}

func (s Spec) program(build, name string) string {
	folder := map[string]string{
		"node": s.Programs.Node, "containerd": s.Programs.Containerd, "coredns": s.Programs.CoreDNS,
		"registry": s.Programs.Registry, "kwok": s.Programs.Kwok,
	}[build]
	return filepath.Join(folder, name)
}

func (s Spec) etcd() Component {
	const clients = "http://127.0.0.1:2379"
	return Component{Name: "etcd", Command: []string{s.program("node", "etcd"),
		"--data-dir=" + s.Cluster.Data("etcd"), "--unsafe-no-fsync", "--log-level=warn",
		"--listen-client-urls=" + clients, "--advertise-client-urls=" + clients,
		"--listen-peer-urls=http://127.0.0.1:2380"}}
}

func (s Spec) controllerManager() Component {
	c := s.Cluster
	return Component{Name: "kube-controller-manager", Command: []string{s.program("node", "kube-controller-manager"),
		"--kubeconfig=" + c.Config("controller-manager.kubeconfig"), "--leader-elect=false",
		"--service-account-private-key-file=" + c.PKI("service-account.key"), "--use-service-account-credentials",
		"--root-ca-file=" + c.PKI("ca.crt"),
		"--cluster-signing-cert-file=" + c.PKI("ca.crt"), "--cluster-signing-key-file=" + c.PKI("ca.key"),
		// The defaults (20 per second) would be what a test with hundreds of objects waits for.
		"--kube-api-qps=200", "--kube-api-burst=400"}}
}

func (s Spec) scheduler() Component {
	return Component{Name: "kube-scheduler", Command: []string{s.program("node", "kube-scheduler"),
		"--kubeconfig=" + s.Cluster.Config("scheduler.kubeconfig"), "--leader-elect=false",
		"--kube-api-qps=200", "--kube-api-burst=400"}}
}

func (s Spec) kubelet() Component {
	command := []string{s.program("node", "kubelet"),
		"--config=" + s.Cluster.Config("kubelet.yaml"), "--kubeconfig=" + s.Cluster.Config("kubelet.kubeconfig"),
		"--hostname-override=" + layout.NodeName, "--node-ip=" + s.Subnet.Node()}
	if labels := s.Options.gpuLabels(); labels != "" {
		command = append(command, "--node-labels="+labels)
	}
	return Component{Name: "kubelet", Command: command}
}

func (s Spec) proxy() Component {
	return Component{Name: "kube-proxy", Command: []string{s.program("node", "kube-proxy"),
		"--config=" + s.Cluster.Config("kube-proxy.yaml")}}
}

func (s Spec) kwok() Component {
	return Component{Name: "kwok", Command: []string{s.program("kwok", "kwok"),
		"--kubeconfig=" + s.Cluster.Config("supervisor.kubeconfig"), "--config=" + s.Cluster.Config("kwok.yaml"),
		"--manage-all-nodes=false", "--manage-nodes-with-label-selector=type=kwok",
		"--node-lease-duration-seconds=40", "--cidr=10.245.0.1/16"}}
}

func (s Spec) apiServer() Component {
	c := s.Cluster
	pair := func(cert, key, name string) []string {
		return []string{fmt.Sprintf("--%s=%s", cert, c.PKI(name+".crt")), fmt.Sprintf("--%s=%s", key, c.PKI(name+".key"))}
	}
	command := []string{s.program("node", "kube-apiserver"),
		"--etcd-servers=http://127.0.0.1:2379",
		"--bind-address=0.0.0.0", "--secure-port=6443", "--advertise-address=" + s.Subnet.Node(),
		"--service-cluster-ip-range=" + network.ServiceRange,
		"--authorization-mode=Node,RBAC", "--enable-admission-plugins=NodeRestriction", "--allow-privileged=true",
		"--client-ca-file=" + c.PKI("ca.crt"),
		"--service-account-issuer=https://kubernetes.default.svc",
		"--service-account-key-file=" + c.PKI("service-account.crt"),
		"--service-account-signing-key-file=" + c.PKI("service-account.key"),
		// Node names are in no DNS, so logs and exec go to the address.
		"--kubelet-preferred-address-types=InternalIP", "--kubelet-certificate-authority=" + c.PKI("ca.crt"),
		// The front proxy's certificate comes from the same authority as everyone's: only its name makes it one.
		"--requestheader-client-ca-file=" + c.PKI("ca.crt"), "--requestheader-allowed-names=front-proxy",
		"--requestheader-username-headers=X-Remote-User", "--requestheader-group-headers=X-Remote-Group",
		"--requestheader-extra-headers-prefix=X-Remote-Extra-",
		"--audit-policy-file=" + c.Config("audit-policy.yaml"), "--audit-log-path=" + c.Audit(),
		"--audit-log-maxsize=1000", "--audit-log-maxbackup=1",
	}
	command = append(command, pair("tls-cert-file", "tls-private-key-file", "apiserver")...)
	command = append(command, pair("kubelet-client-certificate", "kubelet-client-key", "apiserver-kubelet-client")...)
	command = append(command, pair("proxy-client-cert-file", "proxy-client-key-file", "front-proxy")...)
	return Component{Name: "kube-apiserver", Command: command}
}
