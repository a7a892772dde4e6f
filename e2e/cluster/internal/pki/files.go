package pki

import (
	"os"
	"path/filepath"

	"modelweir.dev/e2e/cluster/internal/layout"
	"modelweir.dev/e2e/cluster/internal/network"
)

// Subjects are the users and servers of a cluster by file name.
func Subjects(node string) map[string]Subject {
	const masters = "system:masters"
	return map[string]Subject{
		"apiserver": {User: "kube-apiserver",
			Names: []string{"kubernetes", "kubernetes.default", "kubernetes.default.svc",
				"kubernetes.default.svc.cluster.local", "localhost"},
			Addresses: []string{"127.0.0.1", node, network.APIService}},
		"apiserver-kubelet-client": {User: "kube-apiserver-kubelet-client"},
		"front-proxy":              {User: "front-proxy"},
		"admin":                    {User: "admin", Groups: []string{masters}, RSA: true},
		"supervisor":               {User: "modelweir-supervisor", Groups: []string{masters}},
		"controller-manager":       {User: "system:kube-controller-manager"},
		"scheduler":                {User: "system:kube-scheduler"},
		"kube-proxy":               {User: "system:kube-proxy"},
		"coredns":                  {User: "system:coredns"},
		"kubelet": {User: "system:node:" + layout.NodeName, Groups: []string{"system:nodes"},
			Names: []string{layout.NodeName}, Addresses: []string{node}},
	}
}

// Write creates the authority and everybody's certificate as files, NAME.crt and NAME.key.
func Write(c layout.Cluster, node string) error {
	authority, err := NewAuthority()
	if err != nil {
		return err
	}
	key, err := authority.Key()
	if err != nil {
		return err
	}
	if err := store(c, "ca", Pair{authority.PEM, key}); err != nil {
		return err
	}
	tokens, err := SigningKey()
	if err != nil {
		return err
	}
	if err := store(c, "service-account", tokens); err != nil {
		return err
	}
	for name, subject := range Subjects(node) {
		pair, err := authority.Issue(subject)
		if err != nil {
			return err
		}
		if err := store(c, name, pair); err != nil {
			return err
		}
	}
	return nil
}

func store(c layout.Cluster, name string, pair Pair) error {
	certificate := c.PKI(name + ".crt")
	if err := os.MkdirAll(filepath.Dir(certificate), 0o700); err != nil {
		return err
	}
	if err := os.WriteFile(certificate, pair.Certificate, 0o644); err != nil {
		return err
	}
	return os.WriteFile(c.PKI(name+".key"), pair.Key, 0o600)
}
