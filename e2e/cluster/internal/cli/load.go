package cli

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"path/filepath"

	"modelweir.dev/e2e/cluster/internal/images"
	"modelweir.dev/e2e/cluster/internal/layout"
)

func loadCommand() command {
	return command{
		name: "load", args: "IMAGE.tar...", summary: "Load images from OCI or Docker archives",
		detail: "Pods use them under the printed names, with imagePullPolicy IfNotPresent or Never.",
		run: func(ctx context.Context, c layout.Cluster, f *flag.FlagSet) error {
			if f.NArg() == 0 {
				return errors.New("name the archives to load")
			}
			spec, _, err := running(c)
			if err != nil {
				return err
			}
			loader := images.Loader{CTR: filepath.Join(spec.Programs.Containerd, "ctr"), Socket: c.Containerd()}
			for _, file := range f.Args() {
				names, err := loader.Load(ctx, file)
				if err != nil {
					return err
				}
				for _, name := range names {
					fmt.Println(name)
				}
			}
			return nil
		},
	}
}
