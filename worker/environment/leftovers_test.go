package environment_test

import (
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker/environment"
)

// What a killed worker's preparation left is ended, and no other build's.
func TestKillLeftovers(t *testing.T) {
	build := filepath.Join(t.TempDir(), "build")
	start := func(dir string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), "sleep", "60")
		cmd.Env = []string{"A=b", "TH_ENVIRONMENT_ID=" + dir}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
		return cmd
	}
	left, other := start(build+"/tree-environment"), start(build+"2/tree-environment")
	environment.KillLeftovers(build + "/")
	if err := left.Wait(); err == nil {
		t.Error("it ended well")
	}
	if err := other.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("another build's process: %v", err)
	}
}
