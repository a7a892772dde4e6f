package config

import (
	"encoding/base64"
	"fmt"
	"os"
)

const kubeconfig = `apiVersion: v1
kind: Config
current-context: modelweir
contexts:
  - name: modelweir
    context: {cluster: modelweir, user: %[1]s}
clusters:
  - name: modelweir
    cluster:
      server: %[2]s
      certificate-authority-data: %[3]s
users:
  - name: %[1]s
    user:
      client-certificate-data: %[4]s
      client-key-data: %[5]s
`

// writeKubeconfigs gives each component its own identity, and the user the administrator's.
func writeKubeconfigs(s Spec) error {
	for _, user := range []string{"controller-manager", "scheduler", "kubelet", "kube-proxy", "coredns", "supervisor"} {
		if err := writeKubeconfig(s, user, s.Cluster.Config(user+".kubeconfig")); err != nil {
			return err
		}
	}
	return writeKubeconfig(s, "admin", s.Cluster.Kubeconfig())
}

func writeKubeconfig(s Spec, user, path string) error {
	var encoded [3]string
	for i, file := range []string{"ca.crt", user + ".crt", user + ".key"} {
		content, err := os.ReadFile(s.Cluster.PKI(file))
		if err != nil {
			return err
		}
		encoded[i] = base64.StdEncoding.EncodeToString(content)
	}
	content := fmt.Sprintf(kubeconfig, user, s.API(), encoded[0], encoded[1], encoded[2])
	return os.WriteFile(path, []byte(content), 0o600)
}
