// The cluster command runs a real Kubernetes on one Linux machine, without Docker.
package main

import (
	"os"

	"modelweir.dev/e2e/cluster/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:])) }
