package migrate_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
)

// countingDatabase has counters that a command changes: it appends to a file, a
// byte for each row.
type countingDatabase struct {
	database
	path  string
	err   error
	asked atomic.Int32
}

// Counters answers, and then lets the command know that it did for the nth time: by
// a file called asked-n.
func (d *countingDatabase) Counters(context.Context) (worker.Counters, error) {
	info, err := os.Stat(d.path)
	if err != nil {
		return worker.Counters{}, err
	}
	name := fmt.Sprint("asked-", d.asked.Add(1))
	if err := os.WriteFile(filepath.Join(filepath.Dir(d.path), name), nil, 0o644); err != nil {
		return worker.Counters{}, err
	}
	return worker.Counters{RowsChanged: worker.Count{N: info.Size(), Known: true}, RowsRead: worker.Count{N: 1000, Known: true}}, d.err
}

// counting gives a migration a database that counts the bytes of "rows" in its tree.
func counting(t *testing.T, m *worker.Migration) *countingDatabase {
	t.Helper()
	d := &countingDatabase{path: filepath.Join(m.Tree.Dir, "rows")}
	if err := os.WriteFile(d.path, nil, 0o644); err != nil {
		t.Fatal(err)
	}
	m.Database = d
	return d
}

func names(steps []worker.Step) string {
	var out []string
	for _, s := range steps {
		rows := "?"
		if s.Rows.RowsChanged.Known {
			rows = fmt.Sprint(s.Rows.RowsChanged.N)
		}
		out = append(out, fmt.Sprintf("%s %v %s", s.Name(), s.Ended, rows))
	}
	return strings.Join(out, ", ")
}

func TestDriver(t *testing.T) {
	// Each version changes ten times as many rows.
	const work = `printf '%*s' $TH_STEP x >> rows; `
	versions := func(v ...string) worker.Tool { return worker.Tool{Name: worker.ToolRun, Versions: v} }
	shell := func(line string) worker.Command {
		return worker.Command{Argv: []string{"/bin/sh", "-c", line}, Text: line}
	}
	for _, tc := range []struct {
		name, line string
		tool       worker.Tool
		steps      string
		exit       int
		err        string // ToolError
	}{
		{"each run is a step", work, versions("10", "100"), "->10 true 10, 10->100 true 100", 0, ""},
		{"until one fails", work + `echo "at $TH_STEP"; test $TH_STEP -lt 100`, versions("10", "100", "1000"), "->10 true 10, 10->100 false 100", 1, "at 100"},
		{
			"the tree knows the versions", work,
			worker.Tool{Name: worker.ToolRun, VersionsCommand: shell(`echo noise >&2; printf '\n 10 \r\n20'`)},
			"->10 true 10, 10->20 true 20", 0, "",
		},
		{
			"steps of a tool, of which a run may have none or some",
			work + `case $TH_STEP in 10) ;; 20) echo '1 -> 2...'; echo done;; 30) echo '2 -> 3...'; echo done; echo '3 -> 4...'; echo done;; esac`,
			worker.Tool{Name: worker.ToolSQLAlchemyMigrate, Versions: []string{"10", "20", "30"}},
			"1->2 true 20, 2->3 true ?, 3->4 true ?", 0, "",
		},
		{
			"alembic's steps end with their runs", work + `echo "INFO:a:Running upgrade a -> $TH_STEP"; test $TH_STEP != 20`,
			worker.Tool{Name: worker.ToolAlembic, Versions: []string{"10", "20", "30"}},
			"a->10 true 10, a->20 false 20", 1, "",
		},
		{"no version", work, worker.Tool{Name: worker.ToolRun, VersionsCommand: shell("true")}, "", 0, ""},
		{
			"the versions command fails", work,
			worker.Tool{Name: worker.ToolRun, VersionsCommand: shell("echo 10; echo no such thing >&2; exit 3")},
			"", 3, "no such thing",
		},
		{
			"the versions command prints something else", work,
			worker.Tool{Name: worker.ToolRun, VersionsCommand: shell(`printf '10\n\0\n'`)},
			"", 1, "the command that should print the versions printed something else",
		},
		{
			"the versions command does not stop", work,
			worker.Tool{Name: worker.ToolRun, VersionsCommand: shell("seq 10001")},
			"", 1, "the command that should print the versions printed too many",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			m := migration(t, tc.line)
			m.Build.Tool = tc.tool
			counting(t, &m)
			o, log := runMigration(t, m)
			if tc.name == "steps of a tool, of which a run may have none or some" {
				checkSum(t, o.Steps[1:], 30)
				o.Steps[1].Rows, o.Steps[2].Rows = worker.Counters{}, worker.Counters{}
			}
			if got := names(o.Steps); got != tc.steps || o.ExitCode != tc.exit || o.ToolError != tc.err {
				t.Errorf("got %q, status %d, error %q; want %q, %d, %q\n%s", got, o.ExitCode, o.ToolError, tc.steps, tc.exit, tc.err, log)
			}
		})
	}
}

// checkSum checks that steps of one run share its rows, as far as they are known.
func checkSum(t *testing.T, steps []worker.Step, want int64) {
	t.Helper()
	sum, known := int64(0), true
	for _, s := range steps {
		sum += s.Rows.RowsChanged.N
		known = known && s.Rows.RowsChanged.Known
	}
	if known && sum != want {
		t.Errorf("the steps' rows are %d, want %d", sum, want)
	}
}

// TestDriverLog: all runs are in one log, each with its version and its status, and
// times are sums.
func TestDriverLog(t *testing.T) {
	t.Parallel()
	m := migration(t, "sleep 0.1; echo at $TH_STEP")
	m.Build.Tool = worker.Tool{Name: worker.ToolRun, Versions: []string{"a", "b 'c"}}
	o, log := runMigration(t, m)
	var got []string
	for line := range strings.Lines(log) {
		got = append(got, strings.TrimSpace(line[24:]))
	}
	want := []string{
		"[running TH_STEP=a sleep 0.1; echo at $TH_STEP]", "[output] at a", "[script exit code = 0]",
		"[running TH_STEP=b 'c sleep 0.1; echo at $TH_STEP]", "[output] at b 'c", "[script exit code = 0]",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("log differs (-want +got):\n%s", diff)
	}
	if o.Steps[0].LogLine != 1 || o.Steps[1].LogLine != 4 || o.Steps[1].Start.Before(o.Steps[0].Start.Add(o.Steps[0].Duration)) {
		t.Errorf("steps %+v", o.Steps)
	}
	if sum := o.Steps[0].Duration + o.Steps[1].Duration; o.Duration != sum || sum < 200*time.Millisecond {
		t.Errorf("took %v, the steps %v", o.Duration, sum)
	}
	if diff := cmp.Diff([]string{"at a", "at b 'c"}, o.Tail); diff != "" {
		t.Errorf("tail differs (-want +got):\n%s", diff)
	}
}

// TestDriverTimeout: the time is for all runs together.
func TestDriverTimeout(t *testing.T) {
	t.Parallel()
	m := migration(t, "sleep 0.4")
	m.Build.Tool = worker.Tool{Name: worker.ToolRun, Versions: strings.Split(strings.Repeat("x", 20), "")}
	m.Build.Command.Timeout = time.Second
	o, log := runMigration(t, m)
	if !o.TimedOut || o.Succeeded() || o.Timeout != time.Second || len(o.Steps) > 3 || !strings.Contains(log, "[timeout]") {
		t.Errorf("got %+v:\n%s", o, log)
	}
}

func TestVersionsCommandTimeout(t *testing.T) {
	m := migration(t, "true")
	m.Build.Tool = worker.Tool{Name: worker.ToolRun, VersionsCommand: worker.Command{Argv: []string{"sleep", "60"}, Text: "sleep 60", Timeout: 50 * time.Millisecond}}
	m.Build.Command.Timeout = time.Hour
	o, _ := runMigration(t, m)
	if !o.TimedOut || o.Timeout != 50*time.Millisecond || len(o.Steps) > 0 {
		t.Errorf("got %+v", o)
	}
}

// awaiting is a shell's function that waits until the counters were asked for so
// often. Reading is quicker than the pause.
const awaiting = `asked() { until [ -e asked-$1 ]; do sleep 0.05; done; sleep 0.05; }
`

// patiently runs a migration for which no answer of the server is late.
func patiently(t *testing.T, m worker.Migration) (worker.Outcome, string) {
	t.Helper()
	return runWith(t, &migrate.Migrator{Path: os.Getenv("PATH"), Now: time.Now, Late: time.Hour}, m)
}

// TestRowsByArrival: without a driver, counters are asked for when lines arrive.
func TestRowsByArrival(t *testing.T) {
	t.Parallel()
	m := migration(t, awaiting+`echo '1 -> 2...'; asked 1; printf 12345 >> rows; echo done; asked 2
		printf 123 >> rows; echo '2 -> 3...'; asked 3; printf 12 >> rows; echo done; asked 4; printf 1234567 >> rows`)
	counting(t, &m)
	o, _ := patiently(t, m)
	if got := names(o.Steps); got != "1->2 true 5, 2->3 true 2" {
		t.Errorf("got %s", got)
	}
	if read := o.Steps[0].Rows.RowsRead; read != (worker.Count{N: 0, Known: true}) {
		t.Errorf("rows read: %+v", read)
	}
}

// TestRowsOfScripts: what a script prints wins over the server's counters, as far
// as it goes.
func TestRowsOfScripts(t *testing.T) {
	t.Parallel()
	m := migration(t, awaiting+`printf 'Innodb_rows_read\t5\n'; echo '1 -> 2...'; asked 1; printf 12345 >> rows; echo done; printf 'Innodb_rows_read\t47\n'`)
	counting(t, &m)
	o, _ := patiently(t, m)
	want := worker.Counters{RowsChanged: worker.Count{N: 5, Known: true}, RowsRead: worker.Count{N: 42, Known: true}}
	if len(o.Steps) != 1 || o.Steps[0].Rows != want {
		t.Errorf("got %+v, want %+v", o.Steps, want)
	}
}

// TestNoCounters: a server that cannot tell is no trouble, and nothing is 0.
func TestNoCounters(t *testing.T) {
	m := migration(t, "echo $TH_STEP")
	m.Build.Tool = worker.Tool{Name: worker.ToolRun, Versions: []string{"1", "2"}}
	d := counting(t, &m)
	d.err = errors.New("gone")
	o, _ := runMigration(t, m)
	if got := names(o.Steps); got != "->1 true ?, 1->2 true ?" || d.asked.Load() == 0 {
		t.Errorf("got %s after %d questions", got, d.asked.Load())
	}
}
