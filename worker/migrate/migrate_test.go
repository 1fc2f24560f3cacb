package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
)

const password = "0123456789abcdef"

// database is one that nobody connects to.
type database struct{}

func (database) Address() worker.Address {
	return worker.Address{Socket: "/tmp/a socket", Name: "nova", User: "job_1", Password: password, Charset: "utf8mb4"}
}
func (database) Snapshot() worker.Snapshot                         { return worker.Snapshot{} }
func (database) Counters(context.Context) (worker.Counters, error) { return worker.Counters{}, nil }
func (database) Logs() []worker.LogSource                          { return nil }
func (database) Close() error                                      { return nil }

// migration is a run of a shell's line in an empty tree.
func migration(t *testing.T, line string) worker.Migration {
	t.Helper()
	dir := t.TempDir()
	tree := filepath.Join(dir, "tree")
	if err := os.Mkdir(tree, 0o755); err != nil {
		t.Fatal(err)
	}
	return worker.Migration{
		Build: &worker.Build{
			ID: fmt.Sprintf("%x", time.Now().UnixNano()), Job: "job", OutputDir: filepath.Join(dir, "out"),
			Command: worker.Command{Argv: []string{"/bin/sh", "-c", line}, Text: line},
			Tool:    worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
		},
		Dataset:  worker.Dataset{Name: "demo/small"},
		Tree:     worker.Tree{Dir: tree},
		Database: database{},
		Run:      "0",
		HomeDir:  filepath.Join(dir, "home"),
		LogPath:  filepath.Join(dir, "out", "demo_small.log"),
	}
}

func runMigration(t *testing.T, m worker.Migration) (worker.Outcome, string) {
	t.Helper()
	return runWith(t, &migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now}, m)
}

func runWith(t *testing.T, g *migrate.Migrator, m worker.Migration) (worker.Outcome, string) {
	t.Helper()
	o, err := g.Migrate(t.Context(), m)
	if err != nil {
		t.Fatal(err)
	}
	log, err := os.ReadFile(o.LogPath)
	if err != nil {
		t.Fatal(err)
	}
	return o, string(log)
}

func TestStepsAndLog(t *testing.T) {
	o, log := runMigration(t, migration(t, `echo '1 -> 2...'; sleep 0.5; echo done >&2; echo '2 -> 3...'; echo done`))
	if len(o.Steps) != 2 || !o.Succeeded() {
		t.Fatalf("got %+v", o)
	}
	// A busy machine reads a start late, and so finds a step shorter than it was.
	if d := o.Steps[0].Duration; d < 200*time.Millisecond || d > 5*time.Second {
		t.Errorf("the first step slept 0.5 s and took %v", d)
	}
	if got := filepath.Base(o.LogPath); got != "demo_small.log" {
		t.Errorf("the log is %s", got)
	}
	lines := strings.Split(strings.TrimSpace(log), "\n")
	if len(lines) != 6 || !regexp.MustCompile(`^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \[output\] 1 -> 2\.\.\.$`).MatchString(lines[o.Steps[0].LogLine-1]) {
		t.Errorf("log:\n%s", log)
	}
	if !strings.HasSuffix(lines[5], " [script exit code = 0]") {
		t.Errorf("log ends with %q", lines[5])
	}
}

func TestEnvironmentIsCleanAndDocumented(t *testing.T) {
	t.Setenv("SECRET_OF_THE_WORKER", "x")
	m := migration(t, "env > env.txt; pwd > pwd.txt; echo $TH_DATABASE_URL; echo $MYSQL_PWD; ls $HOME")
	m.Build.Command.Environment = map[string]string{"LANG": "de_DE.UTF-8", "EXTRA": "1"}
	o, log := runMigration(t, m)
	if strings.Contains(log, password) || strings.Contains(strings.Join(o.Tail, ""), password) {
		t.Error("the password is in the log or in the report's excerpt")
	}
	if !strings.Contains(log, "mysql+pymysql://***@localhost/nova?unix_socket=/tmp/a+socket&charset=utf8mb4") {
		t.Errorf("no redacted URL in the log:\n%s", log)
	}
	data, err := os.ReadFile(filepath.Join(m.Tree.Dir, "env.txt"))
	if err != nil {
		t.Fatal(err)
	}
	doc, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(data)) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "EXTRA", "PWD", "OLDPWD", "SHLVL", "_", "ZUUL_CHANGE", "BASE_LOG_PATH", "VIRTUAL_ENV", "PREPARED": // asked for, or the shell's own
			continue
		case "LANG":
			if value != "de_DE.UTF-8" {
				t.Errorf("LANG is %q: the configuration should win", value)
			}
		}
		if !strings.Contains(string(doc), "//\t"+name+" ") {
			t.Errorf("variable %s is not documented in doc.go", name)
		}
	}
}

func TestEndings(t *testing.T) {
	for _, tc := range []struct {
		name, line string
		timeout    time.Duration
		check      func(worker.Outcome) bool
	}{
		{"status", "exit 7", 0, func(o worker.Outcome) bool { return o.ExitCode == 7 && !o.Succeeded() }},
		{"no such program", "exec /no/such/program", 0, func(o worker.Outcome) bool { return o.ExitCode == 127 }},
		{"signal", "kill -9 $$", 0, func(o worker.Outcome) bool { return o.Signal == "killed" && !o.Succeeded() }},
		{"timeout", "sleep 60", 100 * time.Millisecond, func(o worker.Outcome) bool { return o.TimedOut && !o.Succeeded() }},
		{"timeout, SIGTERM ignored", "trap '' TERM; sleep 60; sleep 60", 100 * time.Millisecond, func(o worker.Outcome) bool { return o.TimedOut }},
		{"timeout, exits with 0 on SIGTERM", "trap 'exit 0' TERM; sleep 60 & wait", 100 * time.Millisecond, func(o worker.Outcome) bool { return o.TimedOut && !o.Succeeded() }},
		{"a child keeps the output open", "sleep 60 & echo started", 0, worker.Outcome.Succeeded},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := migration(t, tc.line)
			m.Build.Command.Timeout = tc.timeout
			start := time.Now()
			o, _ := runMigration(t, m)
			if !tc.check(o) {
				t.Errorf("got %+v", o)
			}
			if took := time.Since(start); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
		})
	}
}

// TestNothingIsLeft: a cancelled run ends the whole process tree, sessions of its
// own included, within five seconds.
func TestNothingIsLeft(t *testing.T) {
	t.Parallel()
	m := migration(t, `trap '' TERM; setsid sh -c 'trap "" TERM; echo $$ > daemon.pid; sleep 61; sleep 61' & echo $$ > main.pid; sleep 62; sleep 62`)
	ctx, cancel := context.WithCancel(t.Context())
	daemon := filepath.Join(m.Tree.Dir, "daemon.pid")
	go func() {
		for range 500 {
			if data, err := os.ReadFile(daemon); err == nil && len(data) > 1 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		cancel()
	}()
	start := time.Now()
	_, err := (&migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now}).Migrate(ctx, m)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got error %v, want a cancellation", err)
	}
	if took := time.Since(start); took > 6*time.Second {
		t.Errorf("took %v", took)
	}
	for _, name := range []string{"daemon.pid", "main.pid"} {
		pid, err := os.ReadFile(filepath.Join(m.Tree.Dir, name))
		if err != nil {
			t.Fatal(err)
		}
		state, err := os.ReadFile("/proc/" + strings.TrimSpace(string(pid)) + "/cmdline")
		if err == nil && len(state) > 0 {
			t.Errorf("the process of %s is left", name)
		}
	}
}

func TestUnwritableLog(t *testing.T) {
	m := migration(t, "true")
	if err := os.WriteFile(m.Build.OutputDir, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := (&migrate.Migrator{Now: time.Now}).Migrate(t.Context(), m); err == nil {
		t.Error("no error")
	}
}
