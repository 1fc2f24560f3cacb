package report

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// codes are the codes of findings, as package worker declares them.
func codes(t *testing.T) []worker.Code {
	t.Helper()
	files, err := filepath.Glob("../*.go")
	if err != nil {
		t.Fatal(err)
	}
	var out []worker.Code
	for _, file := range files {
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(tree, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == "Code" && len(spec.Values) == 1 {
				code, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
				if err != nil {
					t.Fatal(err)
				}
				out = append(out, worker.Code(code))
			}
			return true
		})
	}
	return out
}

func TestEveryCodeHasAdvice(t *testing.T) {
	all := codes(t)
	if len(all) < 10 {
		t.Fatalf("found only %v", all)
	}
	table := advices()
	for _, code := range all {
		if table[code].Means == "" || table[code].Next == "" {
			t.Errorf("no advice on %q", code)
		}
	}
	if len(table) != len(all) {
		t.Errorf("advice on %d codes, of which there are %d", len(table), len(all))
	}
	if a := adviceOn("new"); a.Means == "" || a.Next == "" {
		t.Error("no advice on a code that is not known")
	}
}

func TestEveryVerdictHasAMeaning(t *testing.T) {
	seen := map[string]bool{}
	for _, result := range []worker.Result{worker.Success, worker.Untested, worker.Warning, worker.Failure} {
		for _, plugin := range []worker.Plugin{worker.PluginRealDBUpgrade, worker.PluginShellScript} {
			r := Report{Verdict: string(result), Plugin: string(plugin)}
			if r.meaning() == "" {
				t.Errorf("%s of %s means nothing", result, plugin)
			}
			seen[r.meaning()] = true
		}
	}
	if len(seen) < 6 {
		t.Errorf("only %d meanings", len(seen))
	}
}

func TestParameters(t *testing.T) {
	got := shownParameters(map[string]string{
		"ZUUL_CHANGE": "1", "ZUUL_BRANCH": "", "ZUUL_URL": "https://user:secret@zuul.example.com/p?token=secret#secret",
		"SWIFT_logs_SIGNATURE": "secret", "ZUUL_SECRET": "secret", "PASSWORD": "secret", "zuul_change": "secret",
	})
	want := map[string]string{"ZUUL_CHANGE": "1", "ZUUL_URL": "https://zuul.example.com/p"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	for url, want := range map[string]string{
		"/srv/git": "/srv/git", "git://zuul.example.com/p": "git://zuul.example.com/p", "ssh://git@example.com:29418/x": "ssh://example.com:29418/x",
		"https://user:se cret@example.com/": "", "https://user:%zz@example.com/": "", "user:secret@example.com": "", "git@example.com:x": "", "//user:secret@example.com/x": "//example.com/x",
	} {
		if got := plainURL(url); got != want {
			t.Errorf("%s: got %q, want %q", url, got, want)
		}
	}
}

func TestChange(t *testing.T) {
	for _, tc := range []struct {
		parameters map[string]string
		want       string
	}{
		{nil, ""},
		{map[string]string{"ZUUL_CHANGE": "65615", "ZUUL_PATCHSET": "3", "ZUUL_BRANCH": "master", "ZUUL_PIPELINE": "check", "ZUUL_VOTING": "0"}, "Change: 65615, patch set 3; Branch: master; Pipeline: check; Voting: no"},
		{map[string]string{"ZUUL_CHANGE": "65615"}, "Change: 65615"},
		{map[string]string{"ZUUL_REFNAME": "stable/x", "ZUUL_OLDREV": strings.Repeat("0", 40), "ZUUL_NEWREV": strings.Repeat("ab", 20)}, "Ref: stable/x; Update: nothing → abababababab"},
	} {
		var got []string
		for _, f := range change(tc.parameters) {
			got = append(got, f.Label+": "+f.Value)
		}
		if diff := cmp.Diff(tc.want, strings.Join(got, "; ")); diff != "" {
			t.Errorf("%v (-want +got):\n%s", tc.parameters, diff)
		}
	}
}

func TestNumbers(t *testing.T) {
	for seconds, want := range map[float64]string{0: "under 1 ms", 0.0004: "under 1 ms", 0.0015: "2 ms", 0.999: "999 ms", 0.9996: "1.00 s", 9.99: "9.99 s", 9.996: "10.0 s", 119.9: "119.9 s", 119.96: "2 min 0 s", 3723: "62 min 3 s", 7200: "2 h 0 min", 90061: "25 h 1 min"} {
		if got := duration(seconds); got != want {
			t.Errorf("%g s: got %q, want %q", seconds, got, want)
		}
	}
	for n, want := range map[int64]string{0: "0", 999: "999", 1000: "1,000", 1234567: "1,234,567", -1: "-1", -123: "-123", -1234: "-1,234"} {
		if got := count(&n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
	if got := count(nil); got != "n/a" {
		t.Errorf("an unknown count is %q", got)
	}
	for n, want := range map[int64]string{0: "0 bytes", 999: "999 bytes", 1000: "1.0 kB", 5_242_880: "5.2 MB"} {
		if got := size(n); got != want {
			t.Errorf("%d: got %q, want %q", n, got, want)
		}
	}
}

func TestState(t *testing.T) {
	second, rows, first := 1.0, int64(10), 3.0
	more := rows + 1
	for _, tc := range []struct {
		step        Step
		before      worker.Code // found before the change too
		want, class string
	}{
		{Step{Ended: true}, "", "ok", ""},
		{Step{Ended: true, DurationS: 1, LimitSeconds: &second, RowsRead: &rows, LimitRowsRead: &rows, LimitRowsChanged: &rows}, "", "ok", ""},
		{Step{Ended: true, DurationS: 1.001, LimitSeconds: &second}, "", "too long", "warn"},
		{Step{Ended: true, DurationS: 2, LimitSeconds: &second}, worker.CodeTooLong, "too long, before the change too", "before"},
		{Step{Ended: true, DurationS: 0.5, LimitSeconds: &second, FirstS: &first}, "", "ok; at first 3.000", ""},
		{Step{Ended: true, DurationS: 2, LimitSeconds: &second, RowsChanged: &more, LimitRowsChanged: &rows, RowsRead: &more, LimitRowsRead: &rows}, worker.CodeTooLong, "too long, before the change too; too many rows changed; too many rows read", "warn"},
		{Step{DurationS: 2, LimitSeconds: &second}, "", "did not end", "bad"},
		{Step{}, worker.CodeFailedStep, "did not end, before the change too", "before"},
	} {
		d := Dataset{Findings: []Finding{{Code: string(tc.before), Step: "->", Before: true}, {Code: string(tc.before), Step: "1->2", Before: true}}}
		class, symbol := d.stepLook(&tc.step)
		if got := d.state(&tc.step); got != tc.want || class != tc.class || symbol == "" {
			t.Errorf("%+v: got %q, %q, %q", tc.step, got, class, symbol)
		}
	}
}

func TestComment(t *testing.T) {
	r := Report{Verdict: "FAILURE", Job: "gate", Project: "", URL: "https://logs.example.com/x"}
	for range 9 {
		r.Findings = append(r.Findings, Finding{Level: "WARNING", Message: "WARNING - x", Before: true}, Finding{Level: "WARNING", Message: "WARNING - Migration 1->2 took too long", Step: "1->2", Dataset: "d"}, Finding{Level: "SUCCESS", Message: "took too long once"})
	}
	r.Findings = append(r.Findings, Finding{Level: "FAILURE", Message: "FAILURE - bad\nand worse", Step: "2->3", Dataset: "d"})
	for range 12 {
		r.Datasets = append(r.Datasets, Dataset{Requested: "d"})
	}
	want := `FAILURE: gate
- FAILURE - bad and worse (d, 2->3)
` + strings.Repeat("- WARNING - Migration 1->2 took too long (d)\n", 4) + `… and 5 more
` + strings.Repeat("d: 0 steps\n", 8) + `… and 4 more datasets
https://logs.example.com/x
`
	if diff := cmp.Diff(want, r.Comment()); diff != "" {
		t.Errorf("comment (-want +got):\n%s", diff)
	}
}

func TestAxis(t *testing.T) {
	for end, want := range map[float64]string{0: "0 0.001 s", 0.0004: "0 0.001 s", 0.9: "0 0.2 s 0.4 s 0.6 s 0.8 s 1 s", 35.2: "0 10 s 20 s 30 s 40 s", 50: "0 10 s 20 s 30 s 40 s 50 s", 61: "0 20 s 40 s 60 s 80 s", 7000: "0 30 min 60 min 90 min 120 min", 1e9: "0 277777 h 46 min"} {
		scale, ticks := axis(end)
		if got := strings.Join(ticks, " "); got != want || scale < end {
			t.Errorf("%g s: got %q to %g, want %q", end, got, scale, want)
		}
	}
}

func TestIndexPages(t *testing.T) {
	b := &worker.Build{ID: "0123456789ab", Job: "gate", Project: "heat", Plugin: worker.PluginRealDBUpgrade, Environment: worker.Environment{Python: &worker.Python{}}, Datasets: []worker.Dataset{{Name: "heat/a"}, {Name: "heat/b"}}}
	x := NewIndex(b, time.Date(2026, 11, 22, 14, 0, 0, 0, time.UTC))
	if diff := cmp.Diff([]string{"environment.log", worker.LogName(b.Datasets, 0, ""), worker.LogName(b.Datasets, 1, "")}, x.Logs); diff != "" {
		t.Errorf("logs (-want +got):\n%s", diff)
	}
	dir := filepath.Join(t.TempDir(), "results")
	written := func() string {
		t.Helper()
		if err := WriteIndex(dir, x); err != nil {
			t.Fatal(err)
		}
		page, err := os.ReadFile(filepath.Join(dir, IndexName))
		if err != nil {
			t.Fatal(err)
		}
		return string(page)
	}
	const refresh = `http-equiv="refresh"`
	page := written()
	for _, want := range []string{refresh, "RUNNING", "2026-11-22 14:00:00 UTC", `href="./` + x.Logs[2] + `"`, "<title>RUNNING · gate on heat</title>"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page of a build that runs has no %s", want)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, x.Logs[1]), make([]byte, 1500), 0o600); err != nil {
		t.Fatal(err)
	}
	if page = written(); strings.Count(page, `href="./`+x.Logs[1]+`"`) != 1 || !strings.Contains(page, "1.5 kB") {
		t.Error("a log that has started is not there once, with its size")
	}
	x.Trouble = "restore dataset \"heat/a\": <no space>\nleft " + strings.Repeat("x", 1000)
	page = written()
	if strings.Contains(page, refresh) || !strings.Contains(page, "NO VERDICT") || !strings.Contains(page, "&lt;no space&gt; left xxx") || strings.Contains(page, strings.Repeat("x", 501)) {
		t.Error("the page of a build without verdict is wrong")
	}
	if err := WriteIndex(filepath.Join(dir, IndexName), x); err == nil {
		t.Error("a directory that is a file: no error")
	}
}
