package main

import (
	"bytes"
	"os"
	"strings"
	"testing"
	"time"
)

// On a terminal the first rows are shown, quoted, so that a value cannot command the terminal; in a pipe nothing is.
func TestDiffShowsOriginalsOnATerminalOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS("testdata/files")); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	run := func(screen bool, args ...string) (status int, stdout, stderr string) {
		var out, errs bytes.Buffer
		p := &program{
			stdin: strings.NewReader(""), stdout: &out, stderr: &errs, random: bytes.NewReader(make([]byte, 1<<16)),
			now: time.Now, env: func(string) string { return "" }, jobs: 1, screen: screen,
		}
		status = p.Run(t.Context(), append([]string{"fuzzy", "scrub", "--models", "models.py", "--dry-run", "--diff"}, args...))
		return status, out.String(), errs.String()
	}
	status, out, stderr := run(true, "--table", "users", "--rows", "1", "dump.sql")
	if status != 0 || strings.Count(out, "row ") != 1 || !strings.Contains(strings.ToLower(out), "canary") || !strings.Contains(out, " → ") {
		t.Errorf("status %d: %s%s", status, out, stderr)
	}
	if status, out, _ := run(false, "--table", "users", "dump.sql"); status != 64 || out != "" {
		t.Errorf("in a pipe: status %d, %q", status, out)
	}
	if status, _, stderr := run(true, "--table", "user", "dump.sql"); status != 64 || !strings.Contains(stderr, `no table "user"; did you mean "users"?`) {
		t.Errorf("a table that is not there: status %d, %s", status, stderr)
	}
	if status, _, _ := run(true, "--table", "users", "--json", "dump.sql"); status != 64 {
		t.Errorf("with --json: status %d", status)
	}
}
