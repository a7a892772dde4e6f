package config

import "modelweir.dev/e2e/cluster/internal/layout"

// Tunables are kernel settings of the whole machine that the kubelet sets unless they already have the value
// it wants. Files with that value are mounted over them, so the machine keeps its own.
var Tunables = map[string]string{
	"vm/overcommit_memory":      "1",
	"vm/panic_on_oom":           "0",
	"kernel/panic":              "10",
	"kernel/panic_on_oops":      "1",
	"kernel/keys/root_maxkeys":  "1000000",
	"kernel/keys/root_maxbytes": "25000000",
}

func writeTunables(c layout.Cluster) error {
	for name, value := range Tunables {
		if err := put(c.Config("tunables/"+name), []byte(value+"\n")); err != nil {
			return err
		}
	}
	return nil
}
