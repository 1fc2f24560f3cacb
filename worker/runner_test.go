package worker_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// fake plays every part of a runner and notes what it was asked to do. fail
// names the part that fails.
type fake struct {
	fail  string
	calls []string
	exit  map[string]int // exit status by dataset
}

var errTrouble = errors.New("trouble")

func (f *fake) call(part, what string) error {
	f.calls = append(f.calls, part+" "+what)
	if f.fail == part || f.fail == part+" "+what {
		return errTrouble
	}
	return nil
}

func (f *fake) Checkout(_ context.Context, s worker.Source, _ string) (worker.Tree, error) {
	return worker.Tree{Dir: "/tree"}, f.call("checkout", s.Ref)
}

func (f *fake) Restore(_ context.Context, d worker.Dataset) (worker.Database, error) {
	if err := f.call("restore", d.Name); err != nil {
		return nil, err
	}
	return &fakeDatabase{f, d.Name}, nil
}

func (f *fake) Migrate(_ context.Context, m worker.Migration) (worker.Outcome, error) {
	step := worker.Step{From: "1", To: "2", Ended: true, Duration: time.Second}
	err := f.call("migrate", m.Dataset.Name+" in "+m.Database.Address().Name)
	return worker.Outcome{Steps: []worker.Step{step}, ExitCode: f.exit[m.Dataset.Name]}, err
}

func (f *fake) Report(_ context.Context, r *worker.BuildResult) error {
	return f.call("report", fmt.Sprint(r.Verdict.Result))
}

type fakeDatabase struct {
	f    *fake
	name string
}

func (d *fakeDatabase) Counters(context.Context) (worker.Counters, error) {
	return worker.Counters{}, nil
}
func (d *fakeDatabase) Logs() []worker.LogSource  { return nil }
func (d *fakeDatabase) Address() worker.Address   { return worker.Address{Name: "db_" + d.name} }
func (d *fakeDatabase) Snapshot() worker.Snapshot { return worker.Snapshot{Reference: d.name} }
func (d *fakeDatabase) Close() error              { return d.f.call("close", d.name) }

func run(t *testing.T, f *fake) (*worker.BuildResult, error) {
	t.Helper()
	r := &worker.Runner{Checkouter: f, Restorer: f, Migrator: f, Reporter: f, Now: time.Now}
	return r.Run(t.Context(), &worker.Build{
		Plugin: worker.PluginRealDBUpgrade,
		Job:    "j", Dir: "/none", Source: worker.Source{Ref: "master"},
		Datasets: []worker.Dataset{{Name: "a"}, {Name: "b"}},
	}, nil)
}

func TestRunnerTestsEveryDataset(t *testing.T) {
	f := &fake{exit: map[string]int{"a": 1}} // the first fails: the second is tested all the same
	result, err := run(t, f)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{
		"checkout master", "restore a", "migrate a in db_a", "close a",
		"restore b", "migrate b in db_b", "close b", "report FAILURE",
	}
	if diff := cmp.Diff(want, f.calls); diff != "" {
		t.Errorf("calls differ (-want +got):\n%s", diff)
	}
	if a, b := result.Datasets[0].Verdict.Result, result.Datasets[1].Verdict.Result; a != worker.Failure || b != worker.Success {
		t.Errorf("verdicts %s and %s", a, b)
	}
}

// TestTroubleIsNoVerdict: whatever part fails, there is an error and no verdict,
// and a database that was restored is discarded.
func TestTroubleIsNoVerdict(t *testing.T) {
	for _, part := range []string{"checkout", "restore a", "restore b", "migrate", "close a", "report"} {
		t.Run(part, func(t *testing.T) {
			f := &fake{fail: part}
			result, err := run(t, f)
			if !errors.Is(err, errTrouble) || result != nil {
				t.Errorf("got result %v, error %v", result, err)
			}
			calls := strings.Join(f.calls, "\n") + "\n"
			for _, name := range []string{"a", "b"} {
				if strings.Contains(calls, "migrate "+name) && !strings.Contains(calls, "close "+name) {
					t.Errorf("database %s is left:\n%s", name, calls)
				}
			}
		})
	}
}

func TestNoDatasetIsTrouble(t *testing.T) {
	f := &fake{}
	r := &worker.Runner{Checkouter: f, Restorer: f, Migrator: f, Reporter: f, Now: time.Now}
	if _, err := r.Run(t.Context(), &worker.Build{Job: "j", Plugin: worker.PluginRealDBUpgrade}, nil); err == nil || len(f.calls) > 0 {
		t.Errorf("got error %v after %v", err, f.calls)
	}
}
