package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
)

// TestService: a good and a bad change, as Zuul asks for them; results are where the first packet says that they will be.
func TestService(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve("-c", s.config("one", ""), "-p", "th.pid")
	if pid, err := os.ReadFile(filepath.Join(s.dir, "th.pid")); err != nil || strings.TrimSpace(string(pid)) != strconv.Itoa(p.Process.Pid) {
		t.Errorf("the pid file has %q, %v", pid, err)
	}
	for _, tc := range []struct{ ref, result string }{
		{"good", "SUCCESS"},
		{"bad", "FAILURE - Migration command exited with status 1\nERROR 1265 (01000) at line 1: Data truncated for column 'name' at row 3"},
		{"master", "No migrations run"},
	} {
		a, err := s.submit(t.Context(), "build-"+tc.ref, tc.ref, nil)
		if err != nil {
			t.Fatal(err)
		}
		if result, ok := a.result.(string); !ok || !strings.HasPrefix(result, tc.result) || a.kind != gearman.EventComplete {
			t.Errorf("%s: answered %v with %q, want %q", tc.ref, a.kind, a.result, tc.result)
		}
		logPath := "15/65615/7/check/good/build-" + tc.ref
		url := "http://logs.example.com/th/" + logPath + "/index.html"
		if a.first["url"] != url || a.last["url"] != url || a.first["number"] != "build-"+tc.ref || a.first["manager"] != "manager-one" {
			t.Errorf("%s: first packet %v, last %v", tc.ref, a.first, a.last)
		}
		for _, name := range []string{"index.html", "report.html", "report.json", "demo_small.log"} {
			if info, err := os.Stat(filepath.Join(s.dir, "published", logPath, name)); err != nil || info.Size() == 0 {
				t.Errorf("%s: %s: %v", tc.ref, name, err)
			}
		}
	}
	// The command that does the build again says which commit it was, though Zuul did not.
	s.awaitFile(filepath.Join(s.dir, "published/15/65615/7/check/good/build-good/report.json"), " --param ZUUL_COMMIT=")
	p.signal(syscall.SIGTERM)
	if got := p.end(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	if left := s.left(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
	if _, err := os.Stat(filepath.Join(s.dir, "th.pid")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the pid file: %v", err)
	}
}

// TestLogsStream: what a migration prints can be read where it is published before the build has ended.
func TestLogsStream(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve("-c", s.config("one", ""))
	var answer answered
	var wg sync.WaitGroup
	wg.Go(func() {
		var err error
		if answer, err = s.submit(t.Context(), "u1", "slow", nil); err != nil {
			t.Error(err)
		}
	})
	dir := filepath.Join(s.dir, "published/15/65615/7/check/good/u1")
	s.awaitFile(filepath.Join(dir, "demo_small.log"), "[output] 1 -> 2...")
	s.awaitFile(filepath.Join(dir, "index.html"), "RUNNING")
	s.let()
	wg.Wait()
	if answer.result != "SUCCESS" {
		t.Errorf("answered %v", answer.result)
	}
	s.awaitFile(filepath.Join(dir, "index.html"), "SUCCESS")
	s.awaitFile(filepath.Join(dir, "demo_small.log"), "[output] done")
}

// let ends the waiting of slow changes.
func (s *site) let() {
	s.t.Helper()
	if err := os.WriteFile(filepath.Join(s.dir, "go"), nil, 0o644); err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) awaitFile(path, text string) {
	s.t.Helper()
	var data []byte
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		var err error
		if data, err = os.ReadFile(path); err == nil && strings.Contains(string(data), text) {
			return
		}
	}
	s.t.Fatalf("%s has no %q: %s", filepath.Base(path), text, data)
}

// TestStop: Zuul stops a running build, though every slot is busy. It is answered ABORTED within five seconds, and
// nothing of it is left.
func TestStop(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	s.serve("-c", s.config("one", ""))
	var stopped time.Time
	a, err := s.submit(t.Context(), "u1", "slow", func() {
		go func() {
			s.awaitFile(filepath.Join(s.dir, "published/15/65615/7/check/good/u1/demo_small.log"), "1 -> 2")
			stopped = time.Now()
			if err := s.stop(context.WithoutCancel(t.Context()), "manager-one", "u1"); err != nil {
				t.Error(err)
			}
		}()
	})
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(stopped); took > 5*time.Second {
		t.Errorf("took %v to end", took)
	}
	if a.result != "ABORTED" || a.kind != gearman.EventFail {
		t.Errorf("answered %v with %v", a.kind, a.result)
	}
	if left := s.left(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestDrain: a service that is told to stop finishes its build and takes no other; another service takes that.
func TestDrain(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	one := s.serve("-c", s.config("one", ""))
	var first, second answered
	var wg sync.WaitGroup
	started := make(chan struct{})
	wg.Go(func() {
		var err error
		if first, err = s.submit(t.Context(), "u1", "slow", func() { close(started) }); err != nil {
			t.Error(err)
		}
	})
	<-started
	one.signal(syscall.SIGTERM)
	one.await("shutting down")
	wg.Go(func() {
		var err error
		if second, err = s.submit(t.Context(), "u2", "good", nil); err != nil {
			t.Error(err)
		}
	})
	s.serve("-c", s.config("two", ""))
	for deadline := time.Now().Add(patience); second.result == nil && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if _, err := os.Stat(filepath.Join(s.dir, "published/15/65615/7/check/good/u2/report.json")); err == nil {
			break
		}
	}
	s.let()
	wg.Wait()
	if first.result != "SUCCESS" || first.first["manager"] != "manager-one" {
		t.Errorf("the running build was answered with %v by %v", first.result, first.first["manager"])
	}
	if second.result != "SUCCESS" || second.first["manager"] != "manager-two" {
		t.Errorf("the waiting build was answered with %v by %v", second.result, second.first["manager"])
	}
	if got := one.end(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// TestSecondSignal: a service that is told twice ends at once; its build has no result, so that Zuul tries again.
func TestSecondSignal(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve("-c", s.config("one", ""))
	a, err := s.submit(t.Context(), "u1", "slow", func() {
		p.signal(syscall.SIGTERM)
		go func() {
			p.await("shutting down")
			p.signal(syscall.SIGTERM)
		}()
	})
	if err != nil {
		t.Fatal(err)
	}
	if a.result != nil || a.kind != gearman.EventFail {
		t.Errorf("answered %v with %v", a.kind, a.result)
	}
	if got := p.end(); got != 0 {
		t.Errorf("exit status %d", got)
	}
	if left := s.left(); len(left) > 0 {
		t.Errorf("left: %v", left)
	}
}

// TestGrace: the end of the grace period is like a second signal.
func TestGrace(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve("-c", s.config("one", "shutdown_grace: 1\n"))
	a, err := s.submit(t.Context(), "u1", "slow", func() { p.signal(syscall.SIGTERM) })
	if err != nil {
		t.Fatal(err)
	}
	if a.result != nil || p.end() != 0 {
		t.Errorf("answered %v, exit status %d", a.result, p.end())
	}
}

// TestReload: SIGHUP serves what the configuration says now, also for builds that are waiting; a build that runs goes on and
// can still be stopped; a configuration with a mistake is refused.
func TestReload(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "debug_log: th.log\nslots: 2\n")
	p := s.launch("-c", file)
	log := filepath.Join(s.dir, "th.log")
	s.awaitFile(log, "msg=serving")
	if err := os.WriteFile(file, []byte("jobs: 1\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	p.signal(syscall.SIGHUP)
	s.awaitFile(log, "was not reloaded")

	var wg sync.WaitGroup
	started := make(chan struct{})
	var running answered
	wg.Go(func() {
		var err error
		if running, err = s.submit(t.Context(), "u1", "slow", func() { close(started) }); err != nil {
			t.Error(err)
		}
	})
	<-started
	moved := filepath.Join(s.dir, "moved.log") // as logrotate does
	if err := os.Rename(log, moved); err != nil {
		t.Fatal(err)
	}
	s.config("one", "  - {name: other, command: 'true'}\ndebug_log: th.log\nslots: 2\n")
	p.signal(syscall.SIGHUP)
	s.awaitFile(log, "msg=reloaded")
	if a, err := s.submit(t.Context(), "u2", "good", nil); err != nil || a.result != "SUCCESS" {
		t.Errorf("answered %v, %v", a.result, err)
	}
	if err := s.stop(t.Context(), "manager-one", "u1"); err != nil {
		t.Error(err)
	}
	wg.Wait()
	if running.result != "ABORTED" {
		t.Errorf("the old build was answered with %v", running.result)
	}
}

// TestTrouble: what is not the author's fault is tried again, and then answered without a result, or in the classic words.
func TestTrouble(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	for _, tc := range []struct {
		name, trouble string
		result        any
	}{
		{"retry", "", nil},
		{"report", "report", "FAILURE - Could not find seed database."},
	} {
		t.Run(tc.name, func(t *testing.T) {
			file := s.config(tc.name, "")
			s.edit(file, "demo/small", "demo/none")
			if tc.trouble != "" {
				s.edit(file, "pause: 0.01", "pause: 0.01, then: "+tc.trouble)
			}
			p := s.serve("-c", file)
			a, err := s.submit(t.Context(), "u-"+tc.name, "good", nil)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.result, a.result); diff != "" {
				t.Errorf("result (-want +got):\n%s", diff)
			}
			if got := strings.Count(p.output.String(), "trying again"); got != 1 {
				t.Errorf("tried again %d times", got)
			}
			s.awaitFile(filepath.Join(s.dir, "published/15/65615/7/check/good/u-"+tc.name, "index.html"), "NO VERDICT")
			p.signal(syscall.SIGTERM)
			p.end()
		})
	}
}

// TestFullDisk: a migration that failed because the server's disk was full says nothing of its change; it was answered with a
// FAILURE, and the author blamed.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve("-c", s.config("one", ""))
	a, err := s.submit(t.Context(), "u1", "full", nil)
	if err != nil {
		t.Fatal(err)
	}
	if a.result != nil {
		t.Errorf("answered %v", a.result)
	}
	if !strings.Contains(p.output.String(), errDiskFull.Error()) {
		t.Error("the log does not say why")
	}
}

// TestVerdictStands: what goes wrong once there is a verdict does not turn it into a retry.
func TestVerdictStands(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name   string
		happen func(t *testing.T, s *site)
		kept   bool // the results, for the operator
	}{
		{"a lock file was tidied away", func(t *testing.T, s *site) {
			locks, err := filepath.Glob(filepath.Join(s.dir, "jobs-one", "*"+buildLockSuffix))
			if err != nil || len(locks) != 1 {
				t.Fatalf("locks: %v, %v", locks, err)
			}
			if err := os.Remove(locks[0]); err != nil {
				t.Fatal(err)
			}
		}, false},
		{"the published directory went away", func(t *testing.T, s *site) {
			published := filepath.Join(s.dir, "published")
			if err := errors.Join(os.Rename(published, published+"-old"), os.WriteFile(published, nil, 0o644)); err != nil {
				t.Fatal(err)
			}
			if err := os.RemoveAll(published + "-old"); err != nil {
				t.Fatal(err)
			}
		}, true},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			s := newSite(t)
			p := s.serve("-c", s.config("one", ""))
			var a answered
			var wg sync.WaitGroup
			wg.Go(func() {
				var err error
				if a, err = s.submit(t.Context(), "u1", "slow", nil); err != nil {
					t.Error(err)
				}
			})
			s.awaitFile(filepath.Join(s.dir, "published/15/65615/7/check/good/u1/demo_small.log"), "1 -> 2")
			tc.happen(t, s)
			s.let()
			wg.Wait()
			if a.result != "SUCCESS" || strings.Contains(p.output.String(), "trying again") {
				t.Errorf("answered %v", a.result)
			}
			kept, err := filepath.Glob(filepath.Join(s.dir, "jobs-one/[0-9a-f]*/15/65615/7/check/good/u1/results/report.json"))
			if err != nil || len(kept) > 0 != tc.kept {
				t.Errorf("kept: %v, %v", kept, err)
			}
		})
	}
}

// TestHungServer: a Gearman server that hangs does not keep a service that is to end at once: it was waited for for a minute
// where a build had been stopped before.
func TestHungServer(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	p := s.serve("-c", s.config("one", ""))
	if a, err := s.submit(t.Context(), "u1", "good", nil); err != nil || a.result != "SUCCESS" {
		t.Errorf("answered %v, %v", a.result, err)
	}
	if err := s.stop(t.Context(), "manager-one", "u1"); err != nil {
		t.Error(err)
	}
	s.gearmand.Pause()
	defer s.gearmand.Resume()
	p.signal(syscall.SIGTERM)
	p.await("shutting down;")
	p.signal(syscall.SIGTERM)
	p.await("shutting down at once")
	told := time.Now()
	if status, took := p.end(), time.Since(told); status != 0 || took > 40*time.Second {
		t.Errorf("exit status %d after %v", status, took)
	}
}

// TestShutdownAfter: a job with shutdown-th is the last that the service does.
func TestShutdownAfter(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "")
	s.edit(file, "command: ./migrate", "command: ./migrate, shutdown-th: true")
	p := s.serve("-c", file)
	if a, err := s.submit(t.Context(), "u1", "good", nil); err != nil || a.result != "SUCCESS" {
		t.Errorf("answered %v, %v", a.result, err)
	}
	if got := p.end(); got != 0 {
		t.Errorf("exit status %d", got)
	}
}

// TestBackground: -b returns when the service serves, or says why it does not.
func TestBackground(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "debug_log: th.log\n")
	cmd := s.command("-b", "-c", file, "-p", "th.pid")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	text, err := os.ReadFile(filepath.Join(s.dir, "th.pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = syscall.Kill(pid, syscall.SIGKILL) })
	if a, err := s.submit(t.Context(), "u1", "good", nil); err != nil || a.result != "SUCCESS" {
		t.Errorf("answered %v, %v", a.result, err)
	}
	second := s.command("-b", "-c", file, "-p", "th.pid")
	out, err := second.CombinedOutput()
	if second.ProcessState.ExitCode() != command.ExitFailed || !strings.Contains(string(out), "a service runs already, process "+strconv.Itoa(pid)) {
		t.Errorf("a second service: %v: %s", err, out)
	}
	if err := syscall.Kill(pid, syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	s.awaitFile(filepath.Join(s.dir, "th.log"), "msg=ended")
}

// TestBackgroundStart: who waits for a service in the background is not kept by what that runs, and may give up.
func TestBackgroundStart(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "debug_log: th.log\n")
	var out bytes.Buffer
	cmd := s.command("-b", "-c", file, "-p", "th.pid")
	cmd.Stdout, cmd.Stderr = &out, &out
	resume := s.stall(file, func() {
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
	})
	var children []byte
	threads, err := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", cmd.Process.Pid))
	if err != nil || len(threads) == 0 {
		t.Skip("processes are found in /proc")
	}
	for _, path := range threads {
		if text, err := os.ReadFile(path); err == nil {
			children = append(children, text...)
		}
	}
	info, err := os.ReadFile(fmt.Sprintf("/proc/%s/fdinfo/%d", bytes.TrimSpace(children), readyDescriptor))
	if err != nil {
		t.Fatal(err)
	}
	var pos, flags int
	if _, err := fmt.Sscanf(string(info), "pos:\t%d\nflags:\t%o", &pos, &flags); err != nil || flags&syscall.O_CLOEXEC == 0 {
		t.Errorf("git and servers inherit the pipe to the parent: flags %o, %v", flags, err)
	}
	if err := cmd.Process.Signal(os.Interrupt); err != nil {
		t.Fatal(err)
	}
	if err := cmd.Wait(); cmd.ProcessState.ExitCode() != command.ExitCancelled {
		t.Errorf("the parent ended with %v: %s", err, &out)
	}
	resume() // what was started hears only now that it is to end
	s.awaitFile(filepath.Join(s.dir, "th.log"), "msg=ended")
}

// TestSubmitAndStatus: the two commands that ask a Gearman server.
func TestSubmitAndStatus(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "")
	if out, err := s.command("status", "-c", file).CombinedOutput(); err == nil || !strings.Contains(string(out), "build:good") {
		t.Errorf("status without a worker: %v: %s", err, out)
	}
	s.serve("-c", file)
	for _, tc := range []struct {
		ref    string
		status int
		want   string
	}{
		{"good", 0, "\nSUCCESS\nhttp://logs.example.com/th/15/65615/7/check/good/"},
		{"bad", command.ExitVerdict, "\nFAILURE - Migration command exited with status 1\n"},
		{"missing", command.ExitFailed, "\nno result: Zuul would try again\ncheck out: "},
	} {
		cmd := s.command("submit", "-c", file, "--job", "good", "--ref", tc.ref, "--param", "ZUUL_CHANGE=65615", "--param", "ZUUL_PATCHSET=7")
		out, err := cmd.Output()
		if cmd.ProcessState.ExitCode() != tc.status || !strings.Contains(string(out), tc.want) {
			t.Errorf("%s: %v: %s", tc.ref, err, out)
		}
	}
	// Of several servers one may be dead.
	_, port, _ := net.SplitHostPort(s.gearmand.Address())
	s.edit(file, "gearman_host: 127.0.0.1, gearman_port: "+port, "gearman_servers: ['127.0.0.1:1', '127.0.0.1:"+port+"']")
	if out, err := s.command("submit", "-c", file, "--job", "good", "--ref", "good").CombinedOutput(); err != nil {
		t.Errorf("submit: %v: %s", err, out)
	}
	out, err := s.command("status", "-c", file, "--json").Output()
	if err != nil || !strings.Contains(string(out), `"workers": 1`) {
		t.Errorf("status: %v: %s", err, out)
	}
}

// TestStopByHand: th-worker stop ends a build as Zuul does.
func TestStopByHand(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	file := s.config("one", "")
	s.serve("-c", file)
	a, err := s.submit(t.Context(), "u1", "slow", func() {
		go func() {
			if out, err := s.command("stop", "-c", file, "--job", "good", "u1").CombinedOutput(); err != nil || string(out) != "told manager-one to stop u1\n" {
				t.Errorf("%v: %s", err, out)
			}
		}()
	})
	if err != nil || a.result != "ABORTED" {
		t.Errorf("answered %v, %v", a.result, err)
	}
}
