package servertest

import (
	"bytes"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// Mydumper has the real mydumper dump databases of s, with their stored objects, and returns the directory. databases is a regular expression for
// their names, args are more options. Without the program t is skipped, or fails, as without a server.
func Mydumper(t testing.TB, s *server.Server, databases string, args ...string) string {
	t.Helper()
	program, err := exec.LookPath("mydumper")
	if err != nil {
		Lacking(t, err)
	}
	dir := filepath.Join(t.TempDir(), "dump")
	c := s.Config("")
	cmd := exec.CommandContext(t.Context(), program, append([]string{
		"--socket=" + s.Socket(), "--user=" + c.User, "--password=" + c.Passwd, "--outputdir=" + dir, "--threads=2",
		"--triggers", "--events", "--routines", "--regex=^(" + databases + `)\.`,
	}, args...)...)
	if out, err := cmd.CombinedOutput(); err != nil || bytes.Contains(out, []byte("CRITICAL")) { // it may still end well
		t.Fatalf("%v: %s", err, out)
	}
	return dir
}
