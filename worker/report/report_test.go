package report_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"flag"
	"os"
	"path/filepath"
	"slices"
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
	limits := datasets.Limits{Times: map[string]time.Duration{"74->75": time.Second}, RowsRead: map[string]int64{"73->74": 1000}}
	step := func(from, to string, d time.Duration, ended bool) worker.Step {
		return worker.Step{From: from, To: to, Start: began, Duration: d, Ended: ended, LogLine: 2}
	}
	counted := step("73", "74", 1500*time.Microsecond, true)
	counted.Rows = worker.Counters{RowsChanged: worker.Count{Known: true}, RowsRead: worker.Count{N: 1000, Known: true}}
	again := step("74", "75", 2*time.Second, true)
	again.First = 2500 * time.Millisecond
	r := &worker.BuildResult{
		Build: &worker.Build{
			ID: "0123456789ab", Job: "heat", Project: "openstack/heat", Plugin: worker.PluginRealDBUpgrade,
			Source:  worker.Source{URL: "https://example.com/heat", Ref: "master"},
			Command: worker.Command{Text: "./migrate"}, Tool: worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			Expected:   worker.Expected{Version: "75"},
			Parameters: map[string]string{"ZUUL_CHANGE": "65615", "ZUUL_URL": "https://u:p@zuul.example.com/p?key=k", "SWIFT_logs_SIGNATURE": "canary", "ZUUL_SECRET": "canary", "PASSWORD": "canary"},
			OutputDir:  "/out",
		},
		Tree:    worker.Tree{Commit: strings.Repeat("ab", 20)},
		Started: began, Checkout: 500 * time.Millisecond, Duration: 10 * time.Second,
		Verdict:     worker.Verdict{Result: worker.Failure},
		Environment: &worker.Outcome{Duration: 12 * time.Second, LogPath: "/out/environment.log", Tail: []string{"installed"}},
	}
	for i, outcome := range []worker.Outcome{
		{Steps: []worker.Step{counted, again}, Duration: 3 * time.Second, LogPath: "/out/a.log", Version: "75"},
		{Steps: []worker.Step{step("73", "74", time.Second, false)}, ExitCode: 1, Duration: time.Second, LogPath: "/out/b.1.log", Tail: []string{"73 -> 74...", "ERROR 1406 (22001)\x1b[2J"}, ToolError: "ERROR 1406 (22001)"},
		{Steps: []worker.Step{step("73", "74", time.Second, true)}, TimedOut: true, ExitCode: -1, Signal: "terminated", Timeout: time.Second, Duration: time.Second, LogPath: "/out/c.2.log"},
	} {
		name := string(rune('a' + i))
		outcome.ExpectedVersion = "75"
		r.Datasets = append(r.Datasets, worker.DatasetResult{
			Dataset:  worker.Dataset{Reference: "heat/" + name, Name: "heat/" + name, Database: "heat", Limits: limits},
			Snapshot: worker.Snapshot{Reference: "heat/" + name + "@sha256:" + strings.Repeat(name, 64), Digest: "sha256:" + strings.Repeat(name, 64), ServerVersion: "10.11.6-MariaDB", Tables: 12, Rows: 3456},
			Outcome:  outcome, Verdict: verdicts()[i], Restore: time.Second,
		})
	}
	first := worker.Outcome{Steps: []worker.Step{step("74", "75", 2500*time.Millisecond, true)}, Duration: 4 * time.Second, LogPath: "/out/a.first.log"}
	r.Datasets[0].First, r.Datasets[1].Base = &first, &worker.Outcome{ExitCode: 2, Duration: time.Second, LogPath: "/out/b.1.base.log", ToolError: "ERROR 1146"}
	return r
}

// verdicts are given, so that what is judged otherwise does not change the report.
func verdicts() []worker.Verdict {
	named := &worker.Step{From: "74", To: "75", LogLine: 2}
	return []worker.Verdict{
		{Result: worker.Warning, Findings: []worker.Finding{{Level: worker.Warning, Code: worker.CodeTooLong, Message: "WARNING - Migration 74->75 took too long", Step: named}}},
		{Result: worker.Failure, Findings: []worker.Finding{
			{Level: worker.Failure, Code: worker.CodeExitStatus, Message: "FAILURE - Migration command exited with status 1"},
			{Level: worker.Failure, Code: worker.CodeToolError, Message: "ERROR 1406 (22001)", LogLine: 7},
			{Level: worker.Warning, Code: worker.CodeFailedStep, Message: "WARNING - Migration 73->74 failed to complete", Step: &worker.Step{From: "73", To: "74", LogLine: 2}, Before: true},
		}},
		{Result: worker.Failure, Findings: []worker.Finding{{Level: worker.Failure, Code: worker.CodeTimeout, Message: "FAILURE - Migration command took longer than 1s and was stopped"}}},
	}
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
	r.URL = "https://logs.example.com/0123456789ab/index.html"
	var js, table bytes.Buffer
	if err := errors.Join(r.Encode(&js), r.Table(&table, "/out/report.json")); err != nil {
		t.Fatal(err)
	}
	golden(t, "report.json", js.String())
	golden(t, "table.txt", table.String())
	golden(t, "report.txt", r.Comment())
}

func TestGoldenScript(t *testing.T) {
	r := sampleReports(t, t.TempDir())["script"]
	r.Environment.Log, r.Script.Log = "/out/environment.log", "/out/script.log"
	var js, table bytes.Buffer
	if err := errors.Join(r.Encode(&js), r.Table(&table, "/out/report.json")); err != nil {
		t.Fatal(err)
	}
	golden(t, "script.json", js.String())
	golden(t, "script.txt", table.String())
}

func TestNothingIsNull(t *testing.T) {
	for _, result := range []*worker.BuildResult{
		{Build: &worker.Build{}, Datasets: []worker.DatasetResult{{First: &worker.Outcome{}, Base: &worker.Outcome{}}}},
		{Build: &worker.Build{}, Environment: &worker.Outcome{}, Script: &worker.Outcome{}},
	} {
		var js bytes.Buffer
		if err := report.New(result, "", "", "").Encode(&js); err != nil {
			t.Fatal(err)
		}
		if strings.Contains(js.String(), "null") {
			t.Error(js.String())
		}
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
	want := []string{report.IndexName, report.HTMLName, report.Name, report.TextName}
	if got := names(t, dir); !slices.Equal(got, want) {
		t.Errorf("the directory has %v; want %v", got, want)
	}
	if _, err := r.Write(filepath.Join(dir, "report.json")); err == nil {
		t.Error("a directory that is a file: no error")
	}
}

// A report that cannot be written whole leaves nothing of the file that failed.
// TestPublishedReportHasNoPaths: who reads a report elsewhere learns nothing of where
// the worker keeps things; who ran it here does.
func TestPublishedReportHasNoPaths(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"bad", "script"} {
		r := sampleReports(t, dir)[name]
		for _, url := range []string{"", "https://logs.example.com/0123456789ab/index.html"} {
			r.URL = url
			if _, err := r.Write(filepath.Join(dir, name)); err != nil {
				t.Fatal(err)
			}
			for _, file := range []string{"report.json", "report.html", "report.txt", "index.html"} {
				text, err := os.ReadFile(filepath.Join(dir, name, file))
				if err != nil {
					t.Fatal(err)
				}
				if has, want := bytes.Contains(text, []byte(dir)), url == "" && file == "report.json"; has != want {
					t.Errorf("%s of %s, published at %q: its directory is named: %v, want %v", file, name, url, has, want)
				}
			}
		}
	}
}

func TestWriteFails(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, report.HTMLName, "x"), 0o755); err != nil { // cannot be replaced by a file
		t.Fatal(err)
	}
	if _, err := report.New(result(), "1.0", "", "").Write(dir); err == nil {
		t.Error("no error")
	}
	if got, want := names(t, dir), []string{report.HTMLName, report.Name}; !slices.Equal(got, want) {
		t.Errorf("the directory has %v; want %v", got, want)
	}
}

// names are the names of the files in dir, sorted.
func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, e := range entries {
		out = append(out, e.Name())
	}
	return out
}

func TestShellQuote(t *testing.T) {
	for word, want := range map[string]string{"": "''", "a/b:v1@sha256:0": "a/b:v1@sha256:0", "a b": "'a b'", "it's": `'it'\''s'`, "$x": "'$x'"} {
		if got := report.ShellQuote(word); got != want {
			t.Errorf("%q: got %s, want %s", word, got, want)
		}
	}
}
