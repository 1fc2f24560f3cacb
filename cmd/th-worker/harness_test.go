package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman/gearmandtest"
)

// site is all that a service needs: a Gearman server, a repository with changes, a dataset. The job "good" of the project
// example/nova migrates well, and the changes are branches:
//
//	good   migrates 1 -> 2
//	bad    fails in the step 1 -> 2
//	long   migrates 1 -> 2 for a second
//	slow   says that it has begun, and waits for the file "go" in the site's directory
//	full   fails, and its database server has complained of a full disk
type site struct {
	t        *testing.T
	dir      string
	gearmand *gearmandtest.Daemon
	program  string // this test's own program, which is th-worker under that name
}

// newSite makes a site; without a database server or gearmand the test is skipped, except under CI=true.
func newSite(t *testing.T) *site {
	t.Helper()
	if _, err := server.Find(t.Context(), server.SearchPath(os.Getenv("PATH"))); err != nil && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	s := &site{t: t, dir: t.TempDir(), gearmand: gearmandtest.Start(t)}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	s.program = filepath.Join(s.dir, "th-worker")
	if err := os.Symlink(self, s.program); err != nil {
		t.Fatal(err)
	}
	if err := makeSnapshot(t.Context(), filepath.Join(s.dir, "store"), "demo/small"); err != nil {
		t.Fatal(err)
	}
	s.repository()
	return s
}

// repository makes the project's repository with a branch for each change.
func (s *site) repository() {
	s.t.Helper()
	dir := filepath.Join(s.dir, "git", "example", "nova")
	if err := os.MkdirAll(dir, 0o755); err != nil {
		s.t.Fatal(err)
	}
	git := func(args ...string) {
		s.t.Helper()
		cmd := exec.CommandContext(s.t.Context(), "git", args...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
			"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com")
		if out, err := cmd.CombinedOutput(); err != nil {
			s.t.Fatalf("git %v: %v: %s", args, err, out)
		}
	}
	git("init", "--quiet", "--initial-branch=master")
	for _, change := range []struct{ branch, script string }{
		{"master", "echo 'nothing to do'"},
		{"good", "echo '1 -> 2...'; mariadb \"$TH_DATABASE_NAME\" -e 'ALTER TABLE t ADD c INT'; echo done"},
		{"bad", "echo '1 -> 2...'; mariadb \"$TH_DATABASE_NAME\" -e 'ALTER TABLE t MODIFY name VARCHAR(3)' && echo done"},
		{"long", "echo '1 -> 2...'; sleep 1; echo done"},
		{"slow", "echo '1 -> 2...'; until [ -e " + s.dir + "/go ]; do sleep 0.05; done; echo done"},
		{"full", `echo '1 -> 2...'; echo '[ERROR] mariadbd: Disk got full writing (Errcode: 28 "No space left on device")' >> "$(dirname "$TH_DATABASE_SOCKET")/error.log"; exit 1`},
	} {
		if change.branch != "master" {
			git("checkout", "--quiet", "-b", change.branch, "master")
		}
		if err := os.WriteFile(filepath.Join(dir, "migrate"), []byte("#!/bin/sh\n"+change.script+"\n"), 0o755); err != nil {
			s.t.Fatal(err)
		}
		git("add", "migrate")
		git("commit", "--quiet", "-m", change.branch)
	}
}

// config writes a configuration called name, with more added to the usual one.
func (s *site) config(name, more string) (path string) {
	s.t.Helper()
	host, port, _ := strings.Cut(s.gearmand.Address(), ":")
	text := fmt.Sprintf(`store: store
jobs_working_dir: jobs-%s
git_working_dir: clones-%s
manager: manager-%s
zuul_server: {gearman_host: %s, gearman_port: %s, git_url: %q, zuul_urls: [%q]}
publish_logs: {type: local, path: published, prepend_url: "http://logs.example.com/th"}
trouble: {attempts: 2, pause: 0.01}
jobs:
  - {name: good, project: example/nova, plugin: real_db_upgrade, datasets: [demo/small], steps: {tool: sqlalchemy-migrate}, command: ./migrate}
`, name, name, name, host, port, s.dir+"/git", s.dir+"/git")
	path = filepath.Join(s.dir, name+".yaml")
	if err := shareTemplates(filepath.Join(s.dir, "jobs-"+name)); err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text+more), 0o644); err != nil {
		s.t.Fatal(err)
	}
	return path
}

// edit replaces text in a file, each old with the new that follows it.
func (s *site) edit(path string, oldnew ...string) {
	s.t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	text := string(data)
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(text, oldnew[i]) {
			s.t.Fatalf("%s has no %q", filepath.Base(path), oldnew[i])
		}
		text = strings.ReplaceAll(text, oldnew[i], oldnew[i+1])
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		s.t.Fatal(err)
	}
}

// process is a running th-worker.
type process struct {
	*exec.Cmd
	t      *testing.T
	output *output
	exited chan struct{}
	err    error // of Wait, once exited
}

// output is what a process writes.
type output struct {
	lock sync.Mutex
	text bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.lock.Lock()
	defer o.lock.Unlock()
	return o.text.Write(p)
}

func (o *output) String() string {
	o.lock.Lock()
	defer o.lock.Unlock()
	return o.text.String()
}

// command is th-worker with arguments.
func (s *site) command(args ...string) *exec.Cmd {
	cmd := exec.Command(s.program, args...)
	cmd.Dir = s.dir
	cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	return cmd
}

// serve starts the service and waits until it serves.
func (s *site) serve(args ...string) *process {
	s.t.Helper()
	p := s.launch(args...)
	p.await("msg=serving")
	return p
}

// launch starts the service.
func (s *site) launch(args ...string) *process {
	s.t.Helper()
	return s.launchWith(nil, args...)
}

// launchWith starts the service with more variables.
func (s *site) launchWith(env []string, args ...string) *process {
	s.t.Helper()
	p := &process{Cmd: s.command(args...), t: s.t, output: &output{}, exited: make(chan struct{})}
	p.Env = append(p.Env, env...)
	p.Stdout, p.Stderr = p.output, p.output
	if err := p.Start(); err != nil {
		s.t.Fatal(err)
	}
	go func() {
		p.err = p.Wait()
		close(p.exited)
	}()
	s.t.Cleanup(func() {
		_ = p.Process.Kill()
		<-p.exited
		if s.t.Failed() {
			s.t.Logf("th-worker %v wrote:\n%s", args, p.output)
		}
	})
	return p
}

// patience is how long a test waits for what must come; a busy machine is slow.
const patience = time.Minute

// await waits until the process has written text.
func (p *process) await(text string) {
	p.t.Helper()
	for deadline := time.Now().Add(patience); !strings.Contains(p.output.String(), text); time.Sleep(5 * time.Millisecond) {
		select {
		case <-p.exited:
			if strings.Contains(p.output.String(), text) {
				return
			}
			p.t.Fatalf("ended (%v) without %q", p.err, text)
		default:
		}
		if time.Now().After(deadline) {
			p.t.Fatalf("no %q", text)
		}
	}
}

// end waits until the process has ended, and returns its exit status.
func (p *process) end() int {
	p.t.Helper()
	select {
	case <-p.exited:
	case <-time.After(patience):
		p.t.Fatal("it does not end")
	}
	return p.ProcessState.ExitCode()
}

func (p *process) signal(sig syscall.Signal) {
	p.t.Helper()
	if err := p.Process.Signal(sig); err != nil {
		p.t.Fatal(err)
	}
}

// answered is how a build ended, as Zuul sees it.
type answered struct {
	first  map[string]any // the first packet
	last   map[string]any // the last that was not empty
	result any            // of the last; nil is none
	kind   gearman.EventKind
}

// submit asks for a build of the job good on a ref and waits for its end; started, unless nil, is called when the worker's
// first packet comes.
func (s *site) submit(ctx context.Context, unique, ref string, started func()) (a answered, err error) {
	payload, err := json.Marshal(map[string]any{
		"ZUUL_UUID": unique, "ZUUL_PROJECT": "example/nova", "ZUUL_PIPELINE": "check", "ZUUL_URL": s.dir + "/git",
		"ZUUL_REF": ref, "ZUUL_BRANCH": "master", "ZUUL_CHANGE": "65615", "ZUUL_PATCHSET": "7",
		"BASE_LOG_PATH": "15/65615/7", "LOG_PATH": "15/65615/7/check/good/" + unique,
	})
	if err != nil {
		return a, err
	}
	job := gearman.Submission{Function: "build:good", Unique: unique, Payload: payload}
	err = gearman.Submit(ctx, gearman.Server{Address: s.gearmand.Address()}, job, func(e gearman.Event) {
		if len(e.Data) > 0 {
			a.last = map[string]any{}
			if err := json.Unmarshal(e.Data, &a.last); err != nil {
				s.t.Errorf("a packet that is no JSON: %v", err)
			}
			if a.first == nil {
				a.first = a.last
				if started != nil {
					started()
				}
			}
		}
		if e.Kind.Ends() {
			a.kind = e.Kind
		}
	})
	a.result = a.last["result"]
	return a, err
}

// stop asks the manager to stop a build, as Zuul does.
func (s *site) stop(ctx context.Context, manager, unique string) error {
	payload, err := json.Marshal(map[string]string{"name": "good", "number": unique})
	if err != nil {
		return err
	}
	job := gearman.Submission{Function: "stop:" + manager, Unique: "stop-" + unique, Payload: payload, Priority: gearman.High}
	var end gearman.EventKind
	err = gearman.Submit(ctx, gearman.Server{Address: s.gearmand.Address()}, job, func(e gearman.Event) { end = e.Kind })
	if err == nil && end != gearman.EventComplete {
		err = errors.New("the stop was not completed")
	}
	return err
}

// left is what builds have left: below the working directories, and running.
func (s *site) left() []string {
	s.t.Helper()
	var left []string
	for _, pattern := range []string{"jobs-*/[0-9a-f]*", "jobs-*/servers/*"} {
		found, err := filepath.Glob(filepath.Join(s.dir, pattern))
		if err != nil {
			s.t.Fatal(err)
		}
		left = append(left, found...)
	}
	environs, err := filepath.Glob("/proc/[0-9]*/environ")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, path := range environs {
		env, err := os.ReadFile(path)
		if err == nil && bytes.Contains(env, []byte("TH_MIGRATION_ID=")) && bytes.Contains(env, []byte(s.dir)) {
			left = append(left, path)
		}
	}
	return left
}
