package environment

import (
	"path/filepath"

	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
)

// KillLeftovers kills what still runs for environments in a build's directory,
// after the worker that prepared them was killed.
func KillLeftovers(buildDir string) {
	subprocess.KillMarked(marker + "=" + filepath.Clean(buildDir) + string(filepath.Separator))
}
