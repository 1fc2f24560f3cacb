package subprocess_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
)

// shell is a command that runs a script in an empty directory of its own.
func shell(t *testing.T, script string) subprocess.Command {
	t.Helper()
	return subprocess.Command{
		Argv: []string{"sh", "-c", script}, Dir: t.TempDir(), Env: []string{"PATH=" + os.Getenv("PATH")},
		Marker: "TH_TEST_RUN=" + t.Name(), Grace: 200 * time.Millisecond,
	}
}

func TestHowItEnds(t *testing.T) {
	for _, tc := range []struct {
		name, script string
		timeout      time.Duration
		want         subprocess.Exit
	}{
		{"well", "exit 0", 0, subprocess.Exit{}},
		{"with a status", "exit 7", 0, subprocess.Exit{Code: 7}},
		{"by a signal", "kill -9 $$", 0, subprocess.Exit{Code: -1, Signal: "killed"}},
		{"too late", "sleep 60", 50 * time.Millisecond, subprocess.Exit{Code: -1, Signal: "terminated", TimedOut: true}},
		{"too late and stubborn", "trap '' TERM; sleep 60 & wait; sleep 60", time.Second, subprocess.Exit{Code: -1, Signal: "killed", TimedOut: true}},
		{"too late and well", "trap 'exit 0' TERM; while :; do sleep 0.01; done", time.Second, subprocess.Exit{TimedOut: true}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := shell(t, tc.script)
			c.Timeout = tc.timeout
			got, err := subprocess.Run(t.Context(), c)
			if err != nil || got != tc.want || got.OK() != (tc.want == subprocess.Exit{}) {
				t.Errorf("got %+v, %v; want %+v", got, err, tc.want)
			}
		})
	}
}

// TestEndsInTime: a program that ends in time is not too late because what it left,
// which has its output open, was waited for until the time was over.
func TestEndsInTime(t *testing.T) {
	c := shell(t, "sleep 60 & sleep 1")
	var out bytes.Buffer
	c.Stdout, c.Timeout, c.Grace = &out, 3*time.Second, 3*time.Second
	if exit, err := subprocess.Run(t.Context(), c); err != nil || !exit.OK() {
		t.Errorf("got %+v, %v", exit, err)
	}
}

func TestWhatItGets(t *testing.T) {
	c := shell(t, "cat; echo err >&2; pwd; env; tty")
	var out bytes.Buffer
	c.Stdin, c.Stdout, c.Stderr = strings.NewReader("in\n"), &out, &out
	if _, err := subprocess.Run(t.Context(), c); err != nil {
		t.Fatal(err)
	}
	dir, err := filepath.EvalSymlinks(c.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if want := "in\nerr\n" + dir + "\n"; !strings.HasPrefix(out.String(), want) {
		t.Errorf("got %q, want %q first", out.String(), want)
	}
	for line := range strings.Lines(out.String()[len("in\nerr\n"+dir+"\n"):]) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), "=")
		switch name {
		case "PATH", "TH_TEST_RUN", "PWD", "OLDPWD", "_", "SHLVL", "not a tty":
		default:
			t.Errorf("the environment has %q as well", name)
		}
	}
}

func TestNotRun(t *testing.T) {
	c := shell(t, "")
	c.Argv = []string{"no-such-program"}
	if _, err := subprocess.Run(t.Context(), c); !errors.Is(err, exec.ErrNotFound) {
		t.Errorf("no such program: %v", err)
	}
	c.Argv = []string{"/no/such/program"}
	if _, err := subprocess.Run(t.Context(), c); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no such path: %v", err)
	}
	c.Argv = nil
	if _, err := subprocess.Run(t.Context(), c); err == nil {
		t.Error("no program: no error")
	}
	c = shell(t, "exit 3")
	c.Dir += "/not"
	if _, err := subprocess.Run(t.Context(), c); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("no directory: %v", err)
	}
}

func TestFind(t *testing.T) {
	one, two := t.TempDir(), t.TempDir()
	for path, mode := range map[string]os.FileMode{one + "/plain": 0o644, two + "/plain": 0o755, two + "/both": 0o755, one + "/both": 0o755} {
		if err := os.WriteFile(path, nil, mode); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir(one+"/dir", 0o755); err != nil {
		t.Fatal(err)
	}
	t.Chdir(two)
	for _, tc := range []struct{ name, path, want string }{
		{"plain", one + ":" + two, two + "/plain"},
		{"both", one + ":" + two, one + "/both"},
		{"./here", "", "./here"},
		{"dir", one, ""},
		{"both", ".:", ""}, // never the current directory
		{"both", "", ""},
	} {
		got, err := subprocess.Find(tc.name, tc.path)
		if got != tc.want || errors.Is(err, exec.ErrNotFound) != (tc.want == "") {
			t.Errorf("%s in %q: got %q, %v", tc.name, tc.path, got, err)
		}
	}
}

// Whatever a program starts is gone when Run returns: when it ended, and when it
// was cancelled.
func TestNothingIsLeft(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("processes are found in /proc")
	}
	for _, tc := range []struct{ name, start string }{
		{"child", `sleep 600 & echo $! >> pids`},
		{"stubborn child", `sh -c "trap '' TERM; echo \$\$ >> pids; while :; do sleep 1; done" & `},
		{"own session", `setsid sh -c 'echo $$ >> pids; exec sleep 600' &`},
		{"own session without parents", `(setsid sh -c 'echo $$ >> pids; exec sleep 600' & )`},
		{"own session, empty environment, parent alive", `sh -c 'setsid env -i sh -c "echo \$\$ >> pids; exec sleep 600"; :' &`},
	} {
		t.Run(tc.name+", cancelled", func(t *testing.T) {
			c := shell(t, tc.start+"\nwhile ! [ -s pids ]; do sleep 0.01; done; touch ready; sleep 600")
			ctx, cancel := context.WithCancelCause(t.Context())
			stopped := errors.New("stopped")
			go func() {
				await(t, filepath.Join(c.Dir, "ready"))
				cancel(stopped)
			}()
			if _, err := subprocess.Run(ctx, c); !errors.Is(err, stopped) {
				t.Errorf("got %v", err)
			}
			gone(t, c.Dir)
		})
		if strings.Contains(tc.name, "empty environment") {
			continue // who has no parent, no group and no marker is found by nobody
		}
		t.Run(tc.name+", ended", func(t *testing.T) {
			c := shell(t, tc.start+"\nwhile ! [ -s pids ]; do sleep 0.01; done; exit 4")
			if got, err := subprocess.Run(t.Context(), c); err != nil || got.Code != 4 {
				t.Errorf("got %+v, %v", got, err)
			}
			gone(t, c.Dir)
		})
	}
}

// A leftover that keeps the output open does not keep Run from returning.
func TestOutputKeptOpen(t *testing.T) {
	c := shell(t, "sleep 600 & echo done")
	var out bytes.Buffer
	c.Stdout, c.Stderr = &out, &out
	if got, err := subprocess.Run(t.Context(), c); err != nil || !got.OK() || out.String() != "done\n" {
		t.Errorf("got %+v, %v, %q", got, err, out.String())
	}
}

// helperVariable makes the test binary run a program and wait, to be killed.
const helperVariable = "TH_SUBPROCESS_HELPER"

func TestMain(m *testing.M) {
	if dir := os.Getenv(helperVariable); dir != "" {
		_, err := subprocess.Run(context.Background(), subprocess.Command{
			Argv: []string{"/bin/sh", "-c", "echo $$ > pids; touch ready; sleep 600"}, Dir: dir, Env: []string{"PATH=" + os.Getenv("PATH")},
		})
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(m.Run())
}

// The program does not outlive ours, however ours ends.
func TestKilledWithUs(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("only Linux kills with the parent")
	}
	dir := t.TempDir()
	us := exec.CommandContext(t.Context(), os.Args[0])
	us.Env = append(os.Environ(), helperVariable+"="+dir)
	if err := us.Start(); err != nil {
		t.Fatal(err)
	}
	await(t, filepath.Join(dir, "ready"))
	if err := us.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = us.Wait()
	gone(t, dir)
}

// await waits until a file exists.
func await(t *testing.T, path string) {
	for range 3000 {
		if _, err := os.Stat(path); err == nil {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%s does not come", filepath.Base(path))
}

// gone checks that the processes whose numbers are in the file pids have ended.
// The kernel may take a moment to bury them.
func gone(t *testing.T, dir string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, "pids"))
	if err != nil || len(text) == 0 {
		t.Fatalf("nothing was started: %v", err)
	}
	for field := range strings.FieldsSeq(string(text)) {
		pid, err := strconv.Atoi(field)
		if err != nil {
			t.Fatal(err)
		}
		alive := true
		for range 200 {
			if alive = lives(pid); !alive {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		if alive {
			t.Errorf("process %d is left", pid)
			_ = syscall.Kill(pid, syscall.SIGKILL)
		}
	}
}

// lives tells whether a process runs; one that ended and was not waited for does not.
func lives(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && !bytes.Contains(stat, []byte(") Z "))
}

// TestKillMarked: what carries the marker of a run that nobody waits for is ended, and nobody else.
func TestKillMarked(t *testing.T) {
	start := func(marker string) *exec.Cmd {
		cmd := exec.Command("sleep", "60")
		cmd.Env = []string{"A=b", marker}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			_ = cmd.Process.Kill()
			_ = cmd.Wait()
		})
		return cmd
	}
	name := "TH_TEST_RUN=" + t.Name()
	left, other := start(name+"-1-0"), start(name+"-10-0")
	subprocess.KillMarked(name + "-1-")
	if err := left.Wait(); err == nil {
		t.Error("it ended well")
	}
	if err := other.Process.Signal(syscall.Signal(0)); err != nil {
		t.Errorf("another run's process: %v", err)
	}
}
