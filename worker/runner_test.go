package worker_test

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// fake plays every part of a runner and notes what it was asked to do. fail
// names the part that fails.
type fake struct {
	fail    string
	calls   []string
	outcome func(tree, dataset, run string) worker.Outcome // nil: one quick step
	prepare func(tree string) worker.Outcome               // nil: nothing to prepare
}

var errTrouble = errors.New("trouble")

func (f *fake) call(part, what string) error {
	f.calls = append(f.calls, part+" "+what)
	if f.fail == part || f.fail == part+" "+what {
		return errTrouble
	}
	return nil
}

func (f *fake) Checkout(_ context.Context, s worker.Source, dir string) (worker.Tree, error) {
	return worker.Tree{Dir: filepath.Base(dir)}, f.call("checkout", s.Ref)
}

func (f *fake) Prepare(_ context.Context, p worker.Preparation) (worker.Prepared, error) {
	return worker.Prepared{Outcome: f.prepare(p.Tree.Dir)}, f.call("prepare", p.Tree.Dir)
}

func (f *fake) Restore(_ context.Context, d worker.Dataset) (worker.Database, error) {
	if err := f.call("restore", d.Name); err != nil {
		return nil, err
	}
	return &fakeDatabase{f: f, name: d.Name}, nil
}

func (f *fake) Migrate(_ context.Context, m worker.Migration) (worker.Outcome, error) {
	o := steps(time.Second)
	if f.outcome != nil {
		o = f.outcome(m.Tree.Dir, m.Dataset.Name, m.Run)
	}
	o.LogPath = m.LogPath
	return o, f.call("migrate", m.Tree.Dir+" in "+m.Database.Address().Name)
}

func (f *fake) Script(_ context.Context, s worker.Script) (worker.Outcome, error) {
	return f.outcome(s.Tree.Dir, "", ""), f.call("script", s.Tree.Dir)
}

func (f *fake) Report(_ context.Context, r *worker.BuildResult) error {
	return f.call("report", string(r.Verdict.Result))
}

// steps is an outcome with one step for each duration; a negative one did not end.
func steps(durations ...time.Duration) worker.Outcome {
	var o worker.Outcome
	for i, d := range durations {
		o.Steps = append(o.Steps, worker.Step{From: fmt.Sprint(i), To: fmt.Sprint(i + 1), Ended: d >= 0, Duration: max(d, 0)})
		if d < 0 {
			o.ExitCode = 1
		}
	}
	return o
}

// fakeDatabase is nobody's.
type fakeDatabase struct {
	f    *fake
	name string
}

func (d *fakeDatabase) Counters(context.Context) (worker.Counters, error) {
	return worker.Counters{}, nil
}
func (d *fakeDatabase) Logs() []worker.LogSource  { return nil }
func (d *fakeDatabase) Address() worker.Address   { return worker.Address{Name: d.name} }
func (d *fakeDatabase) Snapshot() worker.Snapshot { return worker.Snapshot{Reference: d.name} }
func (d *fakeDatabase) Close() error              { return d.f.call("close", d.name) }

// build is a build on the datasets a and b, on which no step may take longer than
// ten seconds.
func build(change func(*worker.Build)) *worker.Build {
	limits := datasets.Limits{Times: map[string]time.Duration{datasets.DefaultKey: 10 * time.Second}}
	b := &worker.Build{
		Job: "j", Dir: "/none", OutputDir: "/none/results", Plugin: worker.PluginRealDBUpgrade,
		Source:   worker.Source{Ref: "change"},
		Datasets: []worker.Dataset{{Name: "a", Limits: limits}, {Name: "b", Limits: limits}},
	}
	if change != nil {
		change(b)
	}
	return b
}

func run(t *testing.T, f *fake, b *worker.Build) (*worker.BuildResult, error) {
	t.Helper()
	r := &worker.Runner{
		Checkouter: f, Preparer: f, Restorer: f, Migrator: f, Scripter: f, Reporter: f,
		Gate: worker.NewGate(), Now: time.Now,
	}
	return r.Run(t.Context(), b, nil)
}

func TestBuilds(t *testing.T) {
	onOneDataset := func(b *worker.Build) { b.Datasets = b.Datasets[:1] }
	withBase := func(b *worker.Build) {
		onOneDataset(b)
		b.Base = worker.Source{Ref: "master"}
	}
	for _, tc := range []struct {
		name   string
		fake   *fake
		change func(*worker.Build)
		result worker.Result
		calls  []string
	}{
		{
			name: "every dataset is tested, also after one failed",
			fake: &fake{outcome: func(_, dataset, _ string) worker.Outcome {
				if dataset == "a" {
					return steps(-1)
				}
				return steps(time.Second)
			}},
			result: worker.Failure,
			calls: []string{
				"checkout change", "restore a", "migrate tree in a", "close a",
				"restore b", "migrate tree in b", "close b", "report FAILURE",
			},
		},
		{
			name: "too long once is measured again on a fresh database, and forgiven",
			fake: &fake{outcome: func(_, _, run string) worker.Outcome {
				if strings.HasSuffix(run, "again") {
					return steps(time.Second)
				}
				return steps(time.Minute)
			}},
			change: onOneDataset,
			result: worker.Success,
			calls:  []string{"checkout change", "restore a", "migrate tree in a", "close a", "restore a", "migrate tree in a", "close a", "report SUCCESS"},
		},
		{
			name:   "too long twice is too long",
			fake:   &fake{outcome: func(_, _, _ string) worker.Outcome { return steps(time.Minute) }},
			change: onOneDataset,
			result: worker.Warning,
			calls:  []string{"checkout change", "restore a", "migrate tree in a", "close a", "restore a", "migrate tree in a", "close a", "report WARNING"},
		},
		{
			name:   "what failed is not measured again for being slow",
			fake:   &fake{outcome: func(_, _, _ string) worker.Outcome { return steps(time.Minute, -1) }},
			change: onOneDataset,
			result: worker.Failure,
			calls:  []string{"checkout change", "restore a", "migrate tree in a", "close a", "report FAILURE"},
		},
		{
			name: "a second run that fails is a failure",
			fake: &fake{outcome: func(_, _, run string) worker.Outcome {
				if strings.HasSuffix(run, "again") {
					return steps(-1)
				}
				return steps(time.Minute)
			}},
			change: onOneDataset,
			result: worker.Failure,
			calls:  []string{"checkout change", "restore a", "migrate tree in a", "close a", "restore a", "migrate tree in a", "close a", "report FAILURE"},
		},
		{
			name:   "a good change is compared with nothing",
			fake:   &fake{},
			change: withBase,
			result: worker.Success,
			calls:  []string{"checkout change", "restore a", "migrate tree in a", "close a", "report SUCCESS"},
		},
		{
			name: "what is new is the change's fault",
			fake: &fake{outcome: func(tree, _, _ string) worker.Outcome {
				if tree == "base" {
					return steps(time.Second)
				}
				return steps(time.Second, -1)
			}},
			change: withBase,
			result: worker.Failure,
			calls: []string{
				"checkout change", "restore a", "migrate tree in a", "close a",
				"checkout master", "restore a", "migrate base in a", "close a", "report FAILURE",
			},
		},
		{
			name: "the base is checked out once for all datasets",
			fake: &fake{outcome: func(tree, _, _ string) worker.Outcome {
				if tree == "base" {
					return steps(time.Second)
				}
				return steps(time.Second, -1)
			}},
			change: func(b *worker.Build) { b.Base = worker.Source{Ref: "master"} },
			result: worker.Failure,
			calls: []string{
				"checkout change", "restore a", "migrate tree in a", "close a",
				"checkout master", "restore a", "migrate base in a", "close a",
				"restore b", "migrate tree in b", "close b",
				"restore b", "migrate base in b", "close b", "report FAILURE",
			},
		},
		{
			name:   "an environment that cannot be made is a failure, and nothing is restored",
			fake:   &fake{prepare: func(string) worker.Outcome { return worker.Outcome{ExitCode: 1} }},
			change: func(b *worker.Build) { b.Environment.Python = &worker.Python{} },
			result: worker.Failure,
			calls:  []string{"checkout change", "prepare tree", "report FAILURE"},
		},
		{
			name: "a script has no database",
			fake: &fake{outcome: func(_, _, _ string) worker.Outcome { return worker.Outcome{ExitCode: 2} }},
			change: func(b *worker.Build) {
				b.Plugin, b.Datasets = worker.PluginShellScript, nil
			},
			result: worker.Failure,
			calls:  []string{"checkout change", "script tree", "report FAILURE"},
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			result, err := run(t, tc.fake, build(tc.change))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tc.calls, tc.fake.calls); diff != "" {
				t.Errorf("calls differ (-want +got):\n%s", diff)
			}
			if result.Verdict.Result != tc.result {
				t.Errorf("verdict %s, want %s: %+v", result.Verdict.Result, tc.result, result.Verdict.Findings)
			}
		})
	}
}

// TestMeasuredTwice: steps of the second run know how long they took in the first,
// where that was too long; a name that comes twice is matched in order.
func TestMeasuredTwice(t *testing.T) {
	twice := func(durations ...time.Duration) worker.Outcome {
		o := steps(durations...)
		for i := range o.Steps {
			o.Steps[i].From, o.Steps[i].To = "78", "79" // of several repositories
		}
		return o
	}
	f := &fake{outcome: func(_, _, run string) worker.Outcome {
		if strings.HasSuffix(run, "again") {
			return twice(2*time.Second, 3*time.Second)
		}
		return twice(time.Second, time.Minute)
	}}
	result, err := run(t, f, build(func(b *worker.Build) { b.Datasets = b.Datasets[:1] }))
	if err != nil {
		t.Fatal(err)
	}
	d := result.Datasets[0]
	if d.First == nil || d.First.Steps[1].Duration != time.Minute {
		t.Errorf("the first outcome is %+v", d.First)
	}
	if a, b := d.Outcome.Steps[0].First, d.Outcome.Steps[1].First; a != 0 || b != time.Minute {
		t.Errorf("first times are %v and %v", a, b)
	}
	if d.First.LogPath == d.Outcome.LogPath {
		t.Errorf("both runs have the log %s", d.First.LogPath)
	}
}

// TestRowsOfBothRuns: rows over a limit that were counted in the first run, and came
// too late to be known in the second, are still over it.
func TestRowsOfBothRuns(t *testing.T) {
	counted := worker.Counters{RowsChanged: worker.Count{N: 500, Known: true}, RowsRead: worker.Count{N: 7, Known: true}}
	f := &fake{outcome: func(_, _, run string) worker.Outcome {
		o := steps(time.Minute)
		o.Steps[0].Rows = counted
		if strings.HasSuffix(run, "again") {
			o = steps(time.Second)
			o.Steps[0].Rows.RowsRead = worker.Count{N: 8, Known: true}
		}
		return o
	}}
	result, err := run(t, f, build(func(b *worker.Build) {
		b.Datasets = b.Datasets[:1]
		b.Datasets[0].Limits.RowsChanged = map[string]int64{datasets.DefaultKey: 100}
	}))
	if err != nil {
		t.Fatal(err)
	}
	rows := result.Datasets[0].Outcome.Steps[0].Rows
	if result.Verdict.Result != worker.Warning || rows.RowsChanged.N != 500 || rows.RowsRead.N != 8 {
		t.Errorf("%s with %+v", result.Verdict.Result, rows)
	}
}

// TestTroubleIsNoVerdict: whatever part fails, there is an error and no verdict,
// and a database that was restored is discarded.
func TestTroubleIsNoVerdict(t *testing.T) {
	for _, part := range []string{"checkout", "prepare", "restore a", "restore b", "migrate", "close a", "report"} {
		t.Run(part, func(t *testing.T) {
			f := &fake{fail: part, prepare: func(string) worker.Outcome { return worker.Outcome{} }}
			result, err := run(t, f, build(func(b *worker.Build) { b.Environment.Python = &worker.Python{} }))
			if !errors.Is(err, errTrouble) || result != nil {
				t.Errorf("got result %v, error %v", result, err)
			}
			if _, ok := errors.AsType[*worker.Trouble](err); !ok {
				t.Errorf("%v does not say at which stage", err)
			}
			for _, name := range []string{"a", "b"} {
				if slices.Contains(f.calls, "migrate tree in "+name) && !slices.Contains(f.calls, "close "+name) {
					t.Errorf("database %s is left: %v", name, f.calls)
				}
			}
		})
	}
}

func TestNoDatasetIsTrouble(t *testing.T) {
	f := &fake{}
	if _, err := run(t, f, build(func(b *worker.Build) { b.Datasets = nil })); err == nil || len(f.calls) > 0 {
		t.Errorf("got error %v after %v", err, f.calls)
	}
}

// TestClassicWords: what the classic worker said of trouble.
func TestClassicWords(t *testing.T) {
	for _, tc := range []struct {
		trouble worker.Trouble
		want    string
	}{
		{worker.Trouble{Stage: worker.StageSelect, Err: fmt.Errorf("x: %w", worker.ErrNoSnapshot)}, "FAILURE - Could not find seed database."},
		{worker.Trouble{Stage: worker.StageRestore, Err: fmt.Errorf("x: %w", worker.ErrNoSnapshot)}, "FAILURE - Could not find seed database."},
		{worker.Trouble{Stage: worker.StageRestore, Err: errTrouble}, "FAILURE - Could not setup seed database."},
		{worker.Trouble{Stage: worker.StageCheckout, Err: errTrouble}, ""},
	} {
		if got := tc.trouble.Classic(); got != tc.want {
			t.Errorf("%v: %q, want %q", &tc.trouble, got, tc.want)
		}
	}
}

// TestLogNames: no two logs of a build have one name, whatever the datasets' are.
func TestLogNames(t *testing.T) {
	d := []worker.Dataset{{Name: "a_b.1"}, {Name: "a/b"}, {Name: "a_b"}, {Name: "../a b"}, {Name: "a/b.1"}, {Name: "a/b.1"}}
	seen := map[string]bool{}
	for i := range d {
		for _, suffix := range []string{"", "again", "base"} {
			name := worker.LogName(d, i, suffix)
			if seen[name] || strings.ContainsAny(name, "/ ") || strings.HasPrefix(name, ".") {
				t.Errorf("dataset %d: log %q", i, name)
			}
			seen[name] = true
		}
	}
	for _, name := range []string{"environment", "environment-base", "..", ""} {
		if log := worker.LogName([]worker.Dataset{{Name: name}}, 0, ""); log == name+".log" || strings.HasPrefix(log, ".") {
			t.Errorf("dataset %q: log %q is the environment's, or hidden", name, log)
		}
	}
}

func TestGate(t *testing.T) {
	g := worker.NewGate()
	share, err := g.Share(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	alone := make(chan func())
	go func() {
		release, err := g.Alone(context.WithoutCancel(t.Context()))
		if err != nil {
			t.Error(err)
		}
		alone <- release
	}()
	// Who comes while somebody waits to be alone waits as well.
	ended, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	for ended.Err() == nil {
		if release, err := g.Share(ended); err == nil {
			release()
			time.Sleep(time.Millisecond)
		}
	}
	select {
	case <-alone:
		t.Fatal("alone with another")
	default:
	}
	share()
	release := <-alone
	if _, err := g.Share(ended); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("in while another is alone: %v", err)
	}
	release()
	share, err = g.Share(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	share()
	var open *worker.Gate
	if release, err := open.Alone(t.Context()); err != nil {
		t.Error("no gate is closed")
	} else {
		release()
	}
}
