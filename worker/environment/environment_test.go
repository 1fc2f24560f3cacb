package environment_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/environment"
)

// python is an interpreter whose venv module works; without one the test is
// skipped, and under CI=true it fails.
func python(t *testing.T) string {
	t.Helper()
	for _, path := range []string{"/usr/bin/python3", "python3"} {
		if exec.CommandContext(t.Context(), path, "-I", "-c", "import venv, ensurepip").Run() == nil {
			if path, err := exec.LookPath(path); err == nil {
				return path
			}
		}
	}
	if os.Getenv("CI") == "true" {
		t.Fatal("no Python with a venv module here: apt-get install python3-venv")
	}
	t.Skip("no Python with a venv module here: apt-get install python3-venv")
	return ""
}

// shared is where a virtual environment is made once: making one takes seconds.
var shared = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "venv")
	return dir, err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if dir, err := shared(); err == nil {
		_ = os.RemoveAll(dir)
	}
	os.Exit(code)
}

// quick is an interpreter whose virtual environments share one pip.
func quick(t *testing.T) string {
	t.Helper()
	interpreter := python(t)
	dir, err := shared()
	if err != nil {
		t.Fatal(err)
	}
	script := filepath.Join(t.TempDir(), "python")
	text := fmt.Sprintf(`#!/bin/sh
set -e
exec 9> %[1]s/lock
flock 9
[ -e %[1]s/made ] || { %[2]s -I -m venv %[1]s/venv; touch %[1]s/made; }
exec 9>&-
while [ $# -gt 1 ]; do shift; done
%[2]s -I -m venv --without-pip "$1"
for site in "$1"/lib/python*/site-packages; do echo %[1]s/venv/lib/*/site-packages > "$site/real.pth"; done
`, dir, interpreter)
	if err := os.WriteFile(script, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	return script
}

// bench is where one environment is prepared.
type bench struct {
	*environment.Preparer
	p      worker.Preparation
	waited []time.Duration
	then   func() // what happens in a pause; may be nil
}

func newBench(t *testing.T, e worker.Environment, tree map[string]string) *bench {
	t.Helper()
	root := t.TempDir()
	b := &bench{p: worker.Preparation{
		Build: &worker.Build{ID: filepath.Base(root), Job: "job", Environment: e, Parameters: map[string]string{"ZUUL_BRANCH": "master"}},
		Tree:  worker.Tree{Dir: filepath.Join(root, "tree")},
		Dir:   filepath.Join(root, "tree-environment"), LogPath: filepath.Join(root, "results", "environment.log"),
	}}
	// PIP_RETRIES: pip's own tries take ten seconds, also those of the pip that a build runs.
	b.Preparer = &environment.Preparer{Path: os.Getenv("PATH"), Passthrough: []string{"PIP_RETRIES=0"}, Now: time.Now, Pause: func(_ context.Context, d time.Duration) error {
		b.waited = append(b.waited, d)
		if b.then != nil {
			b.then()
		}
		return nil
	}}
	if err := os.MkdirAll(b.p.Tree.Dir, 0o755); err != nil {
		t.Fatal(err)
	}
	write(t, b.p.Tree.Dir, tree)
	return b
}

func (b *bench) log(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(b.p.LogPath)
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

func shell(line string) worker.Command {
	return worker.Command{Argv: []string{"sh", "-c", line}, Text: line}
}

// TestWhole prepares as a job would: venv, packages, the tree itself, a command.
func TestWhole(t *testing.T) {
	t.Parallel()
	x := newIndex(t).add(t, "alpha", "1.0", "beta").add(t, "beta", "1.0").add(t, "beta", "2.0").add(t, "beta", "3.0")
	tree := project("")
	tree["requirements.txt"] = "alpha\n"
	tree["constraints.txt"] = "beta<3\n"
	// None of these takes the place of Python's own modules.
	for _, name := range []string{"venv", "ensurepip", "pip", "logging", "runpy", "zipfile_"} {
		tree[name+".py"] = "raise SystemExit('a module of the tree was run')\n"
	}
	b := newBench(t, worker.Environment{
		Python: &worker.Python{
			Interpreter: python(t), Install: []string{"-r", "requirements.txt", "--no-compile", "."}, Constraints: "constraints.txt", IndexURL: x.url(),
		},
		Command: shell(`python -c 'import sys; sys.path.pop(0); import alpha, beta, tree; print("has", alpha.version, beta.version, tree.version)'
			echo "in $PWD, with $VIRTUAL_ENV, for $ZUUL_BRANCH"; command -v alpha-says`),
	}, tree)
	prepared, err := b.Prepare(t.Context(), b.p)
	if err != nil || !prepared.Outcome.Succeeded() {
		t.Fatalf("got %+v, %v\n%s", prepared, err, b.log(t))
	}
	venv := filepath.Join(b.p.Dir, "venv")
	if len(prepared.PathDirs) != 1 || prepared.PathDirs[0] != venv+"/bin" || prepared.Variables["VIRTUAL_ENV"] != venv || len(prepared.Variables) != 1 {
		t.Errorf("prepared are %v, %v", prepared.PathDirs, prepared.Variables)
	}
	o := prepared.Outcome
	if o.LogPath != b.p.LogPath || o.Duration <= 0 || len(o.Tail) != 3 || o.Tail[0] != "has 1.0 2.0 1.0" || o.ToolError != "" || o.Steps != nil {
		t.Errorf("outcome is %+v", o)
	}
	at := regexp.MustCompile(`(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} `)
	log := b.log(t)
	if lines := strings.Count(log, "\n"); len(at.FindAllString(log, -1)) != lines {
		t.Errorf("lines without a time:\n%s", log)
	}
	log = at.ReplaceAllString(log, "")
	for _, want := range []string{
		"[running " + python(t) + " -m venv " + venv + "]\n[script exit code = 0]\n[running pip install --constraint=constraints.txt -r requirements.txt --no-compile .]\n",
		"[output] Successfully installed alpha-1.0 beta-2.0 tree-1.0\n[script exit code = 0]\n",
		"[output] in " + b.p.Tree.Dir + ", with " + venv + ", for master\n[output] " + venv + "/bin/alpha-says\n[script exit code = 0]\n",
	} {
		if !strings.Contains(log, want) {
			t.Errorf("the log lacks %q:\n%s", want, log)
		}
	}
	for _, dir := range []string{"home", "tmp"} {
		if left, err := os.ReadDir(filepath.Join(b.p.Dir, dir)); err != nil || dir == "tmp" && len(left) > 0 {
			t.Errorf("in %s: %v, %v", dir, left, err)
		}
	}
}

// The job's own command runs alone, too, and its failure is the tree's.
func TestCommand(t *testing.T) {
	for _, tc := range []struct {
		name    string
		command worker.Command
		want    worker.Outcome
	}{
		{"well", shell("echo fine"), worker.Outcome{Tail: []string{"fine"}}},
		{"fails", shell("echo first; echo 'Error: \033[31mno\033[0m' >&2; echo; exit 3"), worker.Outcome{ExitCode: 3, ToolError: "Error: no", Tail: []string{"first", "Error: no", ""}}},
		{"by a signal", shell("echo x; kill -9 $$"), worker.Outcome{ExitCode: -1, Signal: "killed", ToolError: "x", Tail: []string{"x"}}},
		{"too late", worker.Command{Argv: []string{"sleep", "60"}, Timeout: 50 * time.Millisecond}, worker.Outcome{ExitCode: -1, Signal: "terminated", TimedOut: true, Timeout: 50 * time.Millisecond}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t, worker.Environment{Command: tc.command}, nil)
			prepared, err := b.Prepare(t.Context(), b.p)
			o := prepared.Outcome
			if err != nil || prepared.PathDirs != nil || prepared.Variables != nil {
				t.Errorf("got %+v, %v", prepared, err)
			}
			if o.ExitCode != tc.want.ExitCode || o.Signal != tc.want.Signal || o.TimedOut != tc.want.TimedOut || o.Timeout != tc.want.Timeout ||
				o.ToolError != tc.want.ToolError || strings.Join(o.Tail, "\n") != strings.Join(tc.want.Tail, "\n") || o.Duration <= 0 {
				t.Errorf("got %+v, want %+v", o, tc.want)
			}
		})
	}
	b := newBench(t, worker.Environment{Command: worker.Command{Argv: []string{"no-such-program"}}}, nil)
	if prepared, err := b.Prepare(t.Context(), b.p); err != nil || prepared.Outcome.ExitCode != 127 || !strings.Contains(prepared.Outcome.ToolError, "no-such-program") {
		t.Errorf("no such program: %+v, %v", prepared, err)
	}
}

// TestVariables: what runs sees what the package's documentation names. Of the build's
// parameters, which come over the network, none can be a program's own setting, none
// stops what runs by a NUL or its length, and what is signed is not shown.
func TestVariables(t *testing.T) {
	t.Setenv("TH_OF_THE_WORKER", "seen")
	b := newBench(t, worker.Environment{Command: shell("env")}, nil)
	b.Passthrough = []string{"https_proxy=http://proxy:3128", "HOME=/not/this"}
	b.p.Build.Parameters = map[string]string{
		"ZUUL_CHANGE": "65615", "PATH": "/not/this", "LANG": "not_this", "MINE": "no",
		"LD_PRELOAD": "x.so", "PIP_EXTRA_INDEX_URL": "http://other/", "ZUUL_NUL": "a\x00b", "ZUUL_LONG": strings.Repeat("x", 200_000),
		"SWIFT_logs_SIGNATURE": "5ec2e75ec2e7",
	}
	b.p.Build.Environment.Command.Environment = map[string]string{"MINE": "yes"}
	prepared, err := b.Prepare(t.Context(), b.p)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string]string{}
	for _, line := range prepared.Outcome.Tail {
		name, value, _ := strings.Cut(line, "=")
		got[name] = value
	}
	delete(got, "_")
	home := filepath.Join(b.p.Dir, "home")
	want := map[string]string{
		"PATH": b.Path, "HOME": home, "TMPDIR": filepath.Join(b.p.Dir, "tmp"), "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1",
		"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CACHE_DIR": filepath.Join(b.p.Dir, "cache"),
		"TH_JOB_NAME": "job", "TH_JOB_DIR": home, "TH_SOURCE_DIR": b.p.Tree.Dir, "TH_ENVIRONMENT_ID": b.p.Dir,
		"PWD": b.p.Tree.Dir, "https_proxy": "http://proxy:3128", "ZUUL_CHANGE": "65615", "MINE": "yes", "SWIFT_logs_SIGNATURE": "***",
	}
	for name, value := range want {
		if got[name] != value {
			t.Errorf("%s is %q, want %q", name, got[name], value)
		}
		delete(got, name)
	}
	delete(got, "OLDPWD")
	delete(got, "SHLVL")
	if len(got) > 0 {
		t.Errorf("more variables: %v", got)
	}
	if log := b.log(t); strings.Contains(log, "5ec2e7") {
		t.Errorf("the signature is in the log:\n%s", log)
	}
}

// A build that is stopped leaves no process, within the time that a stop has.
func TestCancelled(t *testing.T) {
	t.Parallel()
	tree := project(`
import subprocess, time
p = subprocess.Popen(["sh", "-c", "trap '' TERM; while :; do sleep 1; done"], start_new_session=True)
open(os.environ["TH_SOURCE_DIR"] + "/pid.tmp", "w").write(str(p.pid))
os.rename(os.environ["TH_SOURCE_DIR"] + "/pid.tmp", os.environ["TH_SOURCE_DIR"] + "/pid")
time.sleep(600)`)
	b := newBench(t, worker.Environment{Python: &worker.Python{Interpreter: quick(t), Install: []string{"--no-index", "."}}}, tree)
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	var at time.Time
	pid := 0
	go func() {
		for {
			text, err := os.ReadFile(filepath.Join(b.p.Tree.Dir, "pid"))
			if pid, _ = strconv.Atoi(string(text)); err == nil && pid > 0 {
				break
			}
			if t.Context().Err() != nil {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		at = time.Now()
		cancel(stopped)
	}()
	_, err := b.Prepare(ctx, b.p)
	if !errors.Is(err, stopped) {
		t.Fatalf("got %v\n%s", err, b.log(t))
	}
	if took := time.Since(at); took > 5*time.Second {
		t.Errorf("it took %v", took)
	}
	if syscall.Kill(pid, 0) == nil {
		if stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && !strings.Contains(string(stat), ") Z ") {
			t.Errorf("process %d is left", pid)
		}
	}
	if !strings.Contains(b.log(t), "[cancelled]\n") {
		t.Errorf("the log does not say so:\n%s", b.log(t))
	}
}

// A log that cannot be written is trouble, and so is a place that is taken.
func TestPlaces(t *testing.T) {
	b := newBench(t, worker.Environment{Command: shell("echo x")}, nil)
	if err := os.MkdirAll(b.p.LogPath, 0o755); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Prepare(t.Context(), b.p); err == nil {
		t.Error("no log: no error")
	}
	if _, err := b.Prepare(t.Context(), b.p); !errors.Is(err, os.ErrExist) {
		t.Errorf("the directory is taken: %v", err)
	}
	if _, err := os.Stat("/dev/full"); err != nil {
		return
	}
	b = newBench(t, worker.Environment{Command: shell("echo x")}, nil)
	b.p.LogPath = "/dev/full"
	if _, err := b.Prepare(t.Context(), b.p); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("a full disk: %v", err)
	}
}

func TestHeartbeat(t *testing.T) {
	b := newBench(t, worker.Environment{Command: shell(`while ! grep -q '\[heart[b]eat\]' "$LOG"; do sleep 0.05; done; echo on`)}, nil)
	b.p.Build.Environment.Command.Environment = map[string]string{"LOG": b.p.LogPath}
	b.p.Build.Environment.Command.Timeout = time.Minute
	b.Heartbeat = 20 * time.Millisecond
	prepared, err := b.Prepare(t.Context(), b.p)
	if err != nil || !prepared.Outcome.Succeeded() || !strings.Contains(b.log(t), " [heartbeat]\n") {
		t.Errorf("got %+v, %v\n%s", prepared, err, b.log(t))
	}
}
