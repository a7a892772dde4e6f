package config

import "fmt"

// writeMirrors tells containerd that the local registries speak plain http.
func writeMirrors(s Spec) error {
	servers := map[string]string{
		s.Registry():        s.Registry(),
		s.PrivateRegistry(): s.PrivateRegistry(),
		"registry.local":    s.Registry(),
	}
	for host, server := range servers {
		hosts := fmt.Sprintf("server = 'http://%s'\n\n[host.'http://%s']\n  capabilities = ['pull', 'resolve']\n", server, server)
		if err := put(s.Cluster.Config("registries/"+host+"/hosts.toml"), []byte(hosts)); err != nil {
			return err
		}
	}
	return nil
}
