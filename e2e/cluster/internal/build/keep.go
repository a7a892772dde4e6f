package build

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// keep copies a folder of a module. Go's own copy may be cleaned away while the built programs stay.
func keep(ctx context.Context, folder Folder, into string) error {
	cmd := exec.CommandContext(ctx, "go", "mod", "download", "-json", folder.Module)
	cmd.Dir = into
	cmd.Env = append(os.Environ(), "GOFLAGS=", "GOWORK=off")
	answer, err := cmd.Output()
	var module struct{ Dir, Error string }
	if decoding := json.Unmarshal(answer, &module); decoding != nil || err != nil {
		return fmt.Errorf("find the files of %s: %v %v %s", folder.Module, err, decoding, module.Error)
	}
	return os.CopyFS(filepath.Join(into, folder.Path), os.DirFS(filepath.Join(module.Dir, folder.Path)))
}
