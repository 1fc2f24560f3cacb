package migrate_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
)

// loggingDatabase has logs.
type loggingDatabase struct {
	database
	logs []worker.LogSource
}

func (d loggingDatabase) Logs() []worker.LogSource { return d.logs }

// sources are the lines of a log without their times.
func sources(log string) []string {
	var out []string
	for line := range strings.Lines(log) {
		out = append(out, strings.TrimSuffix(line[24:], "\n"))
	}
	return out
}

// TestFollowedLogs: the server's logs and the machine's are in the command's log, up
// to the last line, and the password is in none.
func TestFollowedLogs(t *testing.T) {
	m := migration(t, `echo start; echo "slow $TH_DATABASE_PASSWORD" >> sqlslo; printf 'no end' >> sqlerr; echo end`)
	in := func(name string) worker.LogSource {
		return worker.LogSource{Name: name, Path: filepath.Join(m.Tree.Dir, name)}
	}
	if err := os.WriteFile(in("sqlerr").Path, []byte("old\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	m.Database = loggingDatabase{logs: []worker.LogSource{in("sqlslo"), in("sqlerr")}}
	m.Build.Follow = []worker.LogSource{in("syslog"), {Name: "refused", Path: m.Tree.Dir}}
	// Everything is read after the command's end.
	_, log := runWith(t, &migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now, Poll: time.Hour}, m)
	lines := sources(log)
	want := []string{
		"[cannot follow refused]", "[running " + strings.TrimSpace(m.Build.Command.Text) + "]",
		"[output] start", "[output] end", "[sqlslo] slow ***", "[sqlerr] no end", "[script exit code = 0]",
	}
	// A last line without an end is known to be the last when following ends.
	want[5], want[6] = want[6], want[5]
	if diff := cmp.Diff(want, lines); diff != "" {
		t.Errorf("log differs (-want +got):\n%s", diff)
	}
}

// TestLogStreams: lines, of the command and of followed files, can be read while the
// command runs, and heartbeats come when there are none.
func TestLogStreams(t *testing.T) {
	m := migration(t, `echo first; while ! [ -e go ]; do sleep 0.02; done; echo last`)
	follow := filepath.Join(m.Tree.Dir, "syslog")
	m.Build.Follow = []worker.LogSource{{Name: "syslog", Path: follow}}
	g := &migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now, Poll: 5 * time.Millisecond, Heartbeat: 50 * time.Millisecond}
	done := make(chan error)
	go func() {
		_, err := g.Migrate(context.WithoutCancel(t.Context()), m)
		done <- err
	}()
	await := func(pattern string) {
		t.Helper()
		for range 1000 {
			data, err := os.ReadFile(m.LogPath)
			if err == nil && regexp.MustCompile(pattern).Match(data) {
				return
			}
			time.Sleep(10 * time.Millisecond)
		}
		t.Errorf("no %s in the log of a command that runs", pattern)
	}
	await(`\[output\] first\n`)
	await(`\[heartbeat\]\n.*\[heartbeat\]\n`)
	if err := os.WriteFile(follow, []byte("news\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	await(`\[syslog\] news\n`)
	if err := os.WriteFile(filepath.Join(m.Tree.Dir, "go"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if err := <-done; err != nil {
		t.Fatal(err)
	}
	await(`\[output\] last\n`)
}

// TestNoHeartbeatInNoise: heartbeats are for silence.
func TestNoHeartbeatInNoise(t *testing.T) {
	_, log := runMigration(t, migration(t, "sleep 0.3; echo x"))
	if strings.Contains(log, "heartbeat") {
		t.Errorf("a heartbeat within 30 s:\n%s", log)
	}
}

// TestExitTime: a step that ends with the command ends when the command does, not
// when what it left behind is gone.
func TestExitTime(t *testing.T) {
	t.Parallel()
	m := migration(t, `echo 'INFO:a:Running upgrade a -> b'; sleep 60 & sleep 0.2`)
	m.Build.Tool = worker.Tool{Name: worker.ToolAlembic}
	start := time.Now()
	o, _ := runMigration(t, m)
	all := time.Since(start)
	if len(o.Steps) != 1 || !o.Steps[0].Ended {
		t.Fatalf("got %+v", o.Steps)
	}
	// Two seconds are waited for others that keep the output open.
	if d := o.Steps[0].Duration; d <= 0 || d > all-1900*time.Millisecond || o.Duration < d {
		t.Errorf("the step took %v, the command %v, all %v", d, o.Duration, all)
	}
}

// TestTerminal: Rails has a terminal, which changes nothing of what is printed, ends
// nothing when it goes, and lets nobody ask a person.
func TestTerminal(t *testing.T) {
	m := migration(t, `test -t 1 && test -t 2 && ! test -t 0 && echo yes; printf 'a\tb\n\033[1mc\033[0m\n'; stty size <&1
		cat; (exec < /dev/tty) 2> /dev/null || echo 'no tty'; echo "$TERM $PAGER $GIT_PAGER"; trap 'echo HUP' HUP; seq 20000; kill -0 $$ && echo end`)
	m.Build.Tool = worker.Tool{Name: worker.ToolRails}
	o, log := runMigration(t, m)
	lines := sources(log)
	want := []string{"[output] yes", "[output] a\tb", "[output] \x1b[1mc\x1b[0m", "[output] 50 250", "[output] no tty", "[output] dumb cat cat", "[output] 1"}
	if len(lines) != 20009 || o.ExitCode != 0 {
		t.Fatalf("%d lines, status %d:\n%.1000s", len(lines), o.ExitCode, log)
	}
	if diff := cmp.Diff(want, lines[1:8]); diff != "" {
		t.Errorf("log differs (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]string{"[output] 20000", "[output] end", "[script exit code = 0]"}, lines[20006:]); diff != "" {
		t.Errorf("log differs (-want +got):\n%s", diff)
	}
}

// TestRailsAsItArrives: a program that holds its output back from pipes, as Ruby
// does, is read as it prints on a terminal: it waits here until it was. Where it
// pipes its output itself, its times are right, and its rows are not known.
func TestRailsAsItArrives(t *testing.T) {
	python, err := exec.LookPath("python3")
	if err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skip(err)
	}
	const program = `
import os, sys, time
print('== 7 AddNames: migrating ======')
begin = time.time()
while sys.stdout.isatty() and not os.path.exists('asked-1'):
    time.sleep(0.01)
time.sleep(0.3)
open('rows', 'a').write('12345')
took = time.time() - begin
print('== 7 AddNames: migrated (%.4fs) ======' % took)
open('took', 'w').write('%.4fs' % took)
`
	for _, tc := range []struct {
		name, line string
		known      bool
	}{
		{"on a terminal", `env -u PYTHONUNBUFFERED "$PYTHON" program.py`, true},
		{"through a pipe of its own", `env -u PYTHONUNBUFFERED "$PYTHON" program.py | cat`, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := migration(t, tc.line)
			m.Build.Tool = worker.Tool{Name: worker.ToolRails}
			m.Build.Command.Environment = map[string]string{"PYTHON": python}
			if err := os.WriteFile(filepath.Join(m.Tree.Dir, "program.py"), []byte(program), 0o644); err != nil {
				t.Fatal(err)
			}
			counting(t, &m)
			o, log := patiently(t, m)
			took, err := os.ReadFile(filepath.Join(m.Tree.Dir, "took"))
			if err != nil || len(o.Steps) != 1 || o.Steps[0].Duration.Round(100*time.Microsecond) != mustDuration(t, string(took)) || !o.Steps[0].Ended {
				t.Fatalf("got %+v, not %s:\n%s", o.Steps, took, log)
			}
			// Of a line that a busy machine brought late, nothing is known either.
			rows := o.Steps[0].Rows.RowsChanged
			if rows.Known && (!tc.known || rows.N != 5) {
				t.Errorf("rows %+v:\n%s", rows, log)
			}
		})
	}
}

func mustDuration(t *testing.T, text string) time.Duration {
	t.Helper()
	d, err := time.ParseDuration(text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestTerminalIsCancelled: a command on a terminal, and what it started, ends.
func TestTerminalIsCancelled(t *testing.T) {
	t.Parallel()
	m := migration(t, "echo $$ > pid; setsid sleep 600 & sleep 600")
	m.Build.Tool = worker.Tool{Name: worker.ToolRails}
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	go func() {
		for range 1000 {
			if data, err := os.ReadFile(filepath.Join(m.Tree.Dir, "pid")); err == nil && len(data) > 1 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		cancel(stopped)
	}()
	start := time.Now()
	_, err := (&migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now}).Migrate(ctx, m)
	if !errors.Is(err, stopped) || time.Since(start) > 10*time.Second {
		t.Errorf("got %v after %v", err, time.Since(start))
	}
}

// TestShortPassword: a classic dataset's password that is a word neither turns the
// log into stars nor hides steps.
func TestShortPassword(t *testing.T) {
	for _, tc := range []struct{ password, line string }{
		{"nova", "[output] nova: 1 -> 2..."}, {"nova: 1", "[output] *** -> 2..."},
	} {
		m := migration(t, "echo 'nova: 1 -> 2...'; echo done")
		m.Database = passwordDatabase{password: tc.password}
		o, log := runMigration(t, m)
		if len(o.Steps) != 1 || !o.Steps[0].Ended || !strings.Contains(log, tc.line+"\n") {
			t.Errorf("%s: got %+v:\n%s", tc.password, o.Steps, log)
		}
	}
}

type passwordDatabase struct {
	database
	password string
}

func (d passwordDatabase) Address() worker.Address {
	a := d.database.Address()
	a.Password = d.password
	return a
}

// TestKillLeftovers: a build's commands that a killed worker left are found, and
// those of others are not touched.
func TestKillLeftovers(t *testing.T) {
	start := func(build string) *exec.Cmd {
		cmd := exec.Command("sleep", "600")
		cmd.Env = []string{"TH_MIGRATION_ID=" + build + "-0"}
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = cmd.Process.Kill() })
		return cmd
	}
	mine, other := start("0123456789ab"), start("0123456789abc")
	migrate.KillLeftovers("")
	migrate.KillLeftovers("0123456789ab")
	if err := mine.Wait(); err == nil {
		t.Error("the process was not killed")
	}
	if err := other.Process.Kill(); err != nil {
		t.Errorf("another build's process is gone: %v", err)
	}
	_ = other.Wait()
}
