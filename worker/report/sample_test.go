package report_test

import (
	"cmp"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/report"
)

var samples = flag.String("samples", "", "write sample reports into this directory, to be looked at")

var began = time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC)

// logBuilder writes a log in the classic form.
type logBuilder struct {
	b  strings.Builder
	at time.Time
	n  int
}

// line adds a line and returns its number.
func (l *logBuilder) line(after time.Duration, source, text string) int {
	l.n++
	l.at = l.at.Add(after)
	fmt.Fprintf(&l.b, "%s [%s] %s\n", l.at.Format("2006-01-02 15:04:05,000"), source, text)
	return l.n
}

func (l *logBuilder) event(text string) {
	l.n++
	fmt.Fprintf(&l.b, "%s [%s]\n", l.at.Format("2006-01-02 15:04:05,000"), text)
}

// migration makes an outcome of n steps and its log. fail is the step that does not end, or -1.
func migration(t *testing.T, path string, n, fail int, seed uint64) worker.Outcome {
	t.Helper()
	random := rand.New(rand.NewPCG(seed, 1))
	titles := []string{"Add index on instances.host", "Drop unused column", "Move quotas to their own table", "Widen hostname", "", "Add agent heartbeat", "Encrypt nothing"}
	l := &logBuilder{at: began.Add(3 * time.Second)}
	o := worker.Outcome{LogPath: path}
	l.event("running heat-manage db_sync")
	l.line(400*time.Millisecond, "output", "INFO  [alembic.runtime.migration] Context impl MySQLImpl.")
	for i := range n {
		from, to := fmt.Sprint(73+i), fmt.Sprint(74+i)
		d := time.Duration(random.ExpFloat64() * float64(300*time.Millisecond))
		if i%9 == 4 {
			d /= 200
		}
		step := worker.Step{
			From: from, To: to, Title: titles[i%len(titles)], Start: l.at, Duration: d, Ended: true,
			Rows: worker.Counters{RowsChanged: worker.Count{N: int64(i) * 977, Known: true}, RowsRead: worker.Count{N: int64(i) * 12345, Known: i%2 == 0}},
		}
		step.LogLine = l.line(0, "output", fmt.Sprintf("%s INFO migrate.versioning.api [-] %s -> %s... \x1b[00m", l.at.Format("2006-01-02 15:04:05.000"), from, to))
		if i == fail {
			step.Duration, step.Ended, step.Rows = 5*time.Second, false, worker.Counters{}
			l.line(time.Second, "sqlslo", "# Query_time: 1.004  Lock_time: 0.000  Rows_sent: 0  Rows_examined: 120000")
			l.line(0, "sqlslo", "ALTER TABLE `instances` ADD UNIQUE KEY `uniq_host` (`host`);")
			l.line(time.Second, "sqlerr", "[Warning] Aborted connection 12 to db: 'heat' user: 'th'")
			l.line(3*time.Second, "heartbeat", "")
			l.line(0, "output", "Traceback (most recent call last):")
			l.line(0, "output", `  File "/srv/heat/db/versions/075.py", line 31, in upgrade`)
			l.line(0, "output", "    op.create_unique_constraint('uniq_host', 'instances', ['host'])")
			o.ToolError = `sqlalchemy.exc.IntegrityError: (1062, "Duplicate entry 'compute-17' for key 'uniq_host'")`
			l.line(0, "output", o.ToolError)
			o.Steps = append(o.Steps, step)
			o.ExitCode = 1
			break
		}
		if d > 500*time.Millisecond {
			l.line(d/2, "sqlslo", fmt.Sprintf("UPDATE `instances` SET `host` = LOWER(`host`); # Rows_examined: %d", 1000*i))
			l.line(d/2, "output", "done")
		} else {
			l.line(d, "output", "done")
		}
		o.Steps = append(o.Steps, step)
	}
	l.event(fmt.Sprintf("script exit code = %d", o.ExitCode))
	o.Duration = l.at.Sub(began.Add(3 * time.Second))
	lines := strings.Split(strings.TrimSpace(l.b.String()), "\n")
	for _, line := range lines[max(0, len(lines)-8):] {
		if _, text, ok := strings.Cut(line, "[output] "); ok {
			o.Tail = append(o.Tail, text)
		}
	}
	writeLog(t, path, l.b.String())
	return o
}

func writeLog(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// build is a result on one dataset, with results in dir.
func build(dir string, limits datasets.Limits, outcomes ...worker.Outcome) *worker.BuildResult {
	r := &worker.BuildResult{
		Build: &worker.Build{
			ID: "0123456789ab", Job: "gate-heat-upgrade", Project: "openstack/heat", Plugin: worker.PluginRealDBUpgrade,
			Source:  worker.Source{URL: "https://example.com/heat", Ref: "refs/zuul/master/Z0"},
			Command: worker.Command{Text: "heat-manage db_sync"}, Tool: worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			Parameters: map[string]string{"ZUUL_CHANGE": "65615", "ZUUL_PATCHSET": "3", "ZUUL_BRANCH": "master", "ZUUL_PIPELINE": "check", "ZUUL_PROJECT": "openstack/heat", "SWIFT_logs_SIGNATURE": "canary"},
			OutputDir:  dir,
		},
		Tree:    worker.Tree{Commit: strings.Repeat("ab", 20)},
		Started: began, Checkout: 1200 * time.Millisecond, Duration: 52 * time.Second,
	}
	for i, o := range outcomes {
		name := fmt.Sprintf("heat/user_%03d", i+1)
		d := worker.DatasetResult{
			Dataset:  worker.Dataset{Reference: name + ":v2", Name: name, Database: "heat", Limits: limits},
			Snapshot: worker.Snapshot{Reference: name + "@sha256:" + strings.Repeat("5", 64), Digest: "sha256:" + strings.Repeat("5", 64), Tag: "v2", ServerVersion: "10.11.6-MariaDB", Tables: 112, Rows: 3456789},
			Outcome:  o, Verdict: worker.Judge(o, limits), Restore: 4200 * time.Millisecond,
		}
		r.Datasets = append(r.Datasets, d)
		r.Verdict.Findings = append(r.Verdict.Findings, d.Verdict.Findings...)
	}
	r.Verdict.Result = worst(r.Verdict.Findings)
	return r
}

func worst(findings []worker.Finding) worker.Result {
	order := []worker.Result{worker.Success, worker.Untested, worker.Warning, worker.Failure}
	at := 0
	for _, f := range findings {
		if !f.Before {
			at = max(at, slices.Index(order, f.Level))
		}
	}
	return order[at]
}

// sampleReports makes one report of each kind, in directories of dir.
func sampleReports(t *testing.T, dir string) map[string]*report.Report {
	t.Helper()
	limits := datasets.Limits{Times: map[string]time.Duration{"default": 60 * time.Second}, RowsChanged: map[string]int64{"default": 100000}, RowsRead: map[string]int64{"default": 2000000}}
	tight := datasets.Limits{Times: map[string]time.Duration{"default": 800 * time.Millisecond, "75->76": 100 * time.Millisecond}, RowsRead: map[string]int64{"default": 100000}}
	loose := datasets.Limits{Times: map[string]time.Duration{"default": time.Second}, RowsRead: map[string]int64{"default": 1600000}}
	in := func(name, log string) string { return filepath.Join(dir, name, log) }
	results := map[string]*worker.BuildResult{
		"good": build(in("good", ""), limits, migration(t, in("good", "heat_user_001.log"), 13, -1, 1)),
		"bad": build(in("bad", ""), tight, migration(t, in("bad", "heat_user_001.log"), 12, -1, 2),
			migration(t, in("bad", "heat_user_002.1.log"), 8, 5, 3)),
		"long":   build(in("long", ""), loose, migration(t, in("long", "heat_user_001.log"), 140, -1, 4)),
		"script": build(in("script", ""), limits),
	}
	bad := results["bad"]
	first := migration(t, in("bad", "heat_user_001.again.log"), 12, -1, 2)
	bad.Datasets[0].First = &first
	for i := range bad.Datasets[0].Outcome.Steps {
		if s := &bad.Datasets[0].Outcome.Steps[i]; s.Duration > 800*time.Millisecond {
			s.First = s.Duration * 5 / 4
		}
	}
	base := migration(t, in("bad", "heat_user_001.base.log"), 11, -1, 2)
	bad.Datasets[0].Base = &base
	for i, f := range bad.Datasets[0].Verdict.Findings {
		bad.Datasets[0].Verdict.Findings[i].Before = f.Code == worker.CodeTooLong && f.Step.Duration < 800*time.Millisecond
	}
	script := results["script"]
	script.Build.Plugin = worker.PluginShellScript
	env := worker.Outcome{Duration: 12 * time.Second, LogPath: in("script", "environment.log")}
	ran := worker.Outcome{Duration: 2 * time.Second, ExitCode: 3, LogPath: in("script", "script.log"), Tail: []string{"checking", "no good"}, ResultLine: "FAILURE - two of three checks"}
	writeLog(t, env.LogPath, "2026-11-22 14:00:01,000 [output] Successfully installed heat\n")
	writeLog(t, ran.LogPath, "2026-11-22 14:00:13,000 [running ./check]\n2026-11-22 14:00:14,000 [output] checking\n2026-11-22 14:00:15,000 [output] no good\n2026-11-22 14:00:15,001 [script exit code = 3]\n")
	script.Environment, script.Script = &env, &ran
	script.Verdict = worker.Verdict{Result: worker.Failure, Findings: []worker.Finding{
		{Level: worker.Failure, Code: worker.CodeScript, Message: ran.ResultLine},
		{Level: worker.Failure, Code: worker.CodeScript, Message: "Return code from test script was non-zero (3)"},
	}}
	out := map[string]*report.Report{}
	for name, r := range results {
		out[name] = report.New(r, "0.9", "th-worker run -c /etc/turbo-hipster/config.yaml --job gate-heat-upgrade --dataset heat/user_001@sha256:"+strings.Repeat("5", 64)+" --ref "+r.Tree.Commit, "https://example.com/heat")
		out[name].URL = "https://logs.example.com/15/65615/3/check/gate-heat-upgrade/0123456/index.html"
	}
	return out
}

// TestSamples writes reports for people to look at.
func TestSamples(t *testing.T) {
	writeSamples(t, cmp.Or(*samples, t.TempDir()))
}

// writeSamples makes the files of each kind of build, in directories of dir.
func writeSamples(t *testing.T, dir string) {
	t.Helper()
	for name, r := range sampleReports(t, dir) {
		if _, err := r.Write(filepath.Join(dir, name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	since := report.Index{Build: "0123456789ab", Job: "gate-heat-upgrade", Project: "openstack/heat", Parameters: map[string]string{"ZUUL_CHANGE": "65615", "ZUUL_PATCHSET": "3"}, Since: began, Done: 2, Total: 4, Logs: []string{"environment.log", "heat_user_001.log"}}
	writeLog(t, filepath.Join(dir, "running", "environment.log"), "2026-11-22 14:00:01,000 [output] Successfully installed heat\n")
	if err := report.WriteIndex(filepath.Join(dir, "running"), since); err != nil {
		t.Error(err)
	}
	since.Trouble = `restore dataset "heat/user_001:v2": the server did not start: no space left on device`
	if err := report.WriteIndex(filepath.Join(dir, "trouble"), since); err != nil {
		t.Error(err)
	}
}
