package migrate_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
)

// script is a run of a shell's line as a shell script.
func script(t *testing.T, line string) worker.Script {
	t.Helper()
	m := migration(t, line)
	m.Build.Plugin = worker.PluginShellScript
	return worker.Script{Build: m.Build, Tree: m.Tree, HomeDir: m.HomeDir, LogPath: m.LogPath}
}

func runScript(t *testing.T, s worker.Script) (worker.Outcome, string) {
	t.Helper()
	o, err := (&migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now}).Script(t.Context(), s)
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(o.LogPath)
	if err != nil {
		t.Fatal(err)
	}
	return o, string(log)
}

// TestScriptArguments: the classic ones, behind the line's own, whatever is in them.
func TestScriptArguments(t *testing.T) {
	for _, tc := range []struct {
		name, line string
		argv       []string
	}{
		{name: "a line", line: `./test.sh "own argument"`},
		{name: "a line with an end", line: "true && ./test.sh 'own argument' \n"},
		{name: "a list", argv: []string{"./test.sh", "own argument"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := script(t, tc.line)
			s.Tree.Dir = filepath.Join(t.TempDir(), `a "tree" $(touch evil) 'of' `+"`spaces`")
			if err := os.Mkdir(s.Tree.Dir, 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(filepath.Join(s.Tree.Dir, "test.sh"), []byte("#!/bin/sh\nprintf '<%s>\\n' \"$@\"\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			s.Build.Parameters = map[string]string{"ZUUL_UUID": "5ec2e7"}
			if tc.argv != nil {
				s.Build.Command = worker.Command{Argv: tc.argv, Text: "./test.sh"}
			}
			_, log := runScript(t, s)
			got := strings.Join(sources(log)[1:], "\n")
			want := fmt.Sprintf("[output] <own argument>\n[output] <%s>\n[output] <%s>\n[output] <5ec2e7>\n[script exit code = 0]", s.Tree.Dir, s.HomeDir)
			if got != want {
				t.Errorf("got:\n%s\nwant:\n%s", got, want)
			}
		})
	}
}

// TestScriptEnvironment: the job's arguments, and no database.
func TestScriptEnvironment(t *testing.T) {
	s := script(t, "/usr/bin/env -0 > env; :")
	s.Build.Parameters = map[string]string{"ZUUL_CHANGE": "7", "SWIFT_logs_SIGNATURE": "0123456789abcdef0123", "LD_PRELOAD": "x"}
	s.Prepared.PathDirs = []string{"/venv/bin"}
	runScript(t, s)
	vars := readVariables(t, filepath.Join(s.Tree.Dir, "env"))
	for name, want := range map[string]string{
		"ZUUL_CHANGE": "7", "TH_JOB_NAME": "job", "TH_RESULT_FILE": filepath.Join(s.HomeDir, "result"), "HOME": s.HomeDir,
		"SWIFT_logs_SIGNATURE": "0123456789abcdef0123", "TH_UNIQUE": s.Build.ID, "PATH": "/venv/bin:" + os.Getenv("PATH"),
		"TH_MIGRATION_ID": s.Build.ID + "-script",
	} {
		if vars[name] != want {
			t.Errorf("%s is %q, want %q", name, vars[name], want)
		}
	}
	for _, name := range []string{"LD_PRELOAD", "TH_DATABASE_URL", "TH_DATASET", "MYSQL_PWD"} {
		if value, ok := vars[name]; ok {
			t.Errorf("%s is %q", name, value)
		}
	}
}

func TestScriptResult(t *testing.T) {
	for _, tc := range []struct{ name, line, want string }{
		{"nothing", "exit 3", ""},
		{"a line", `printf 'FAILURE: 3 of 7\nmore\n' > $TH_RESULT_FILE; exit 3`, "FAILURE: 3 of 7"},
		{"no end, not printable", `printf 'a\033[1mb' > $TH_RESULT_FILE; exit 3`, "a\uFFFD[1mb"},
		{"huge", `head -c 1000000 /dev/zero | tr '\0' x > $TH_RESULT_FILE; exit 3`, strings.Repeat("x", 299) + "…"},
		{"removed", "rm $TH_RESULT_FILE; exit 3", ""},
		{"a link", "ln -sf /etc/passwd $TH_RESULT_FILE; exit 3", ""},
		{"a pipe", "rm $TH_RESULT_FILE; mkfifo $TH_RESULT_FILE; exit 3", ""},
		{"a directory", "rm $TH_RESULT_FILE; mkdir $TH_RESULT_FILE; exit 3", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			o, _ := runScript(t, script(t, tc.line+"; :"))
			if o.ExitCode != 3 || o.ResultLine != tc.want {
				t.Errorf("got status %d, %q; want %q", o.ExitCode, o.ResultLine, tc.want)
			}
		})
	}
}

// TestScriptOutcome: a script has a time, a log with what happens beside it, and
// errors of its own, but no steps.
func TestScriptOutcome(t *testing.T) {
	s := script(t, "echo '1 -> 2...'; echo news >> syslog; echo $SWIFT_x_SIGNATURE; echo broken; exit 4; :")
	s.Build.Follow = []worker.LogSource{{Name: "syslog", Path: filepath.Join(s.Tree.Dir, "syslog")}}
	s.Build.Parameters = map[string]string{"SWIFT_x_SIGNATURE": "0123456789"}
	o, log := runScript(t, s)
	if o.ExitCode != 4 || o.ToolError != "broken" || len(o.Steps) > 0 || len(o.Tail) != 3 || o.Duration <= 0 {
		t.Errorf("got %+v", o)
	}
	if !strings.Contains(log, "[syslog] news\n") || strings.Contains(log, "0123456789") || !strings.Contains(log, "[output] ***\n") {
		t.Errorf("log:\n%s", log)
	}
	s = script(t, "sleep 60; :")
	s.Build.Command.Timeout = 50 * time.Millisecond
	if o, _ := runScript(t, s); !o.TimedOut || o.Timeout != s.Build.Command.Timeout {
		t.Errorf("got %+v", o)
	}
}
