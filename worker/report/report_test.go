package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// result is a build on three datasets, of which two fail.
func result() *worker.BuildResult {
	start := time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)
	limits := datasets.Limits{Times: map[string]time.Duration{"74->75": time.Second}}
	step := func(from, to string, d time.Duration, ended bool) worker.Step {
		return worker.Step{From: from, To: to, Start: start, Duration: d, Ended: ended, LogLine: 2}
	}
	r := &worker.BuildResult{
		Build: &worker.Build{
			ID: "0123456789ab", Job: "heat", Project: "openstack/heat",
			Source:  worker.Source{URL: "https://example.com/heat", Ref: "master"},
			Command: worker.Command{Text: "./migrate"}, Tool: worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			Expected: worker.Expected{Version: "75"},
		},
		Tree:    worker.Tree{Commit: strings.Repeat("ab", 20)},
		Started: start, Checkout: 500 * time.Millisecond, Duration: 10 * time.Second,
		Verdict: worker.Verdict{Result: worker.Failure},
	}
	for i, outcome := range []worker.Outcome{
		{Steps: []worker.Step{step("73", "74", 1500*time.Microsecond, true), step("74", "75", 2*time.Second, true)}, Duration: 3 * time.Second, LogPath: "/out/a.log"},
		{Steps: []worker.Step{step("73", "74", time.Second, false)}, ExitCode: 1, Duration: time.Second, LogPath: "/out/b.log", Tail: []string{"73 -> 74...", "ERROR 1406 (22001)\x1b[2J"}},
		{Steps: []worker.Step{step("73", "74", time.Second, true)}, TimedOut: true, ExitCode: -1, Signal: "terminated", Timeout: time.Second, Duration: time.Second, LogPath: "/out/c.log"},
	} {
		name := string(rune('a' + i))
		outcome.ExpectedVersion = "75"
		r.Datasets = append(r.Datasets, worker.DatasetResult{
			Dataset:  worker.Dataset{Reference: "heat/" + name, Name: "heat/" + name, Database: "heat", Limits: limits},
			Snapshot: worker.Snapshot{Reference: "heat/" + name + "@sha256:" + strings.Repeat(name, 64), Digest: "sha256:" + strings.Repeat(name, 64), ServerVersion: "10.11.6-MariaDB", Tables: 12, Rows: 3456},
			Outcome:  outcome, Verdict: worker.Judge(outcome, limits), Restore: time.Second,
		})
	}
	return r
}

func golden(t *testing.T, name, got string) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got); diff != "" {
		t.Errorf("%s differs (-want +got):\n%s", name, diff)
	}
}

func TestGolden(t *testing.T) {
	r := report.New(result(), "1.0", "th-worker run -c c.yaml --job heat", "https://example.com/heat")
	var js, table bytes.Buffer
	if err := errors.Join(r.Encode(&js), r.Table(&table, "/out/report.json")); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", js.String())
	golden(t, "table.txt", table.String())
}

func TestNothingIsNull(t *testing.T) {
	r := report.New(&worker.BuildResult{Build: &worker.Build{}, Datasets: []worker.DatasetResult{{}}}, "", "", "")
	var js bytes.Buffer
	if err := r.Encode(&js); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(js.String(), "null") {
		t.Error(js.String())
	}
}

func TestWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "a", "b")
	r := report.New(result(), "1.0", "", "")
	for range 2 { // an older report is replaced
		path, err := r.Write(dir)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(data, &report.Report{}); err != nil {
			t.Fatal(err)
		}
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("the directory has %v, %v; want the report alone", entries, err)
	}
	if _, err := r.Write(filepath.Join(dir, "report.json")); err == nil {
		t.Error("a directory that is a file: no error")
	}
}

func TestShellQuote(t *testing.T) {
	for word, want := range map[string]string{"": "''", "a/b:v1@sha256:0": "a/b:v1@sha256:0", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'"} {
		if got := report.ShellQuote(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}
