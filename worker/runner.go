package worker

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"time"
)

// Checkouter provides the tree that has the change, in dir, a directory that does
// not exist yet. An existing tree is used where it is.
type Checkouter interface {
	Checkout(ctx context.Context, source Source, dir string) (Tree, error)
}

// Restorer gives a dataset a database of its own, which the caller closes.
type Restorer interface {
	Restore(ctx context.Context, dataset Dataset) (Database, error)
}

// Migrator runs a migration command. A command that fails is an outcome; the
// error is about trouble in running it.
type Migrator interface {
	Migrate(ctx context.Context, m Migration) (Outcome, error)
}

// Reporter hands a result to people. It is called once for each build that came
// to a verdict.
type Reporter interface {
	Report(ctx context.Context, result *BuildResult) error
}

// Migration is what a Migrator is asked to do.
type Migration struct {
	Build   *Build
	Dataset Dataset
	Index   int // of the dataset in the build, from 0
	Tree    Tree
	Address Address
	HomeDir string // HOME and temporary files of the command; made by the migrator
}

// BuildResult is everything that is known after a build.
type BuildResult struct {
	Build    *Build
	Tree     Tree
	Verdict  Verdict // over all datasets
	Datasets []DatasetResult
	Started  time.Time
	Checkout time.Duration // how long getting the tree took
	Duration time.Duration // of the whole build
}

// DatasetResult is what happened on one dataset.
type DatasetResult struct {
	Dataset  Dataset
	Snapshot Snapshot
	Outcome  Outcome
	Verdict  Verdict
	Restore  time.Duration // how long server start and load took
}

// Runner does builds. All fields but Log are needed; none is changed by a build,
// so that one Runner may do several builds at once.
type Runner struct {
	Checkouter Checkouter
	Restorer   Restorer
	Migrator   Migrator
	Reporter   Reporter
	Now        func() time.Time // a clock whose times can be subtracted from one another
	Log        *slog.Logger     // nil discards
}

// Run does one build. The result is nil exactly when there is an error, and an
// error means that there is no verdict.
func (r *Runner) Run(ctx context.Context, b *Build) (*BuildResult, error) {
	if len(b.Datasets) == 0 {
		return nil, fmt.Errorf("run job %q: no dataset to test on", b.Job)
	}
	result := &BuildResult{Build: b, Started: r.Now()}
	log := r.logger().With("job", b.Job, "build", b.ID)

	log.Info("checking out")
	tree, err := r.Checkouter.Checkout(ctx, b.Source, filepath.Join(b.Dir, "tree"))
	if err != nil {
		return nil, fmt.Errorf("check out: %w", err)
	}
	result.Tree, result.Checkout = tree, r.Now().Sub(result.Started)

	for i, dataset := range b.Datasets {
		one, err := r.dataset(ctx, log.With("dataset", dataset.Reference), b, tree, i)
		if err != nil {
			return nil, err
		}
		result.Datasets = append(result.Datasets, one)
		result.Verdict.Findings = append(result.Verdict.Findings, one.Verdict.Findings...)
	}
	result.Verdict.Result = worst(result.Verdict.Findings)
	result.Duration = r.Now().Sub(result.Started)
	if err := r.Reporter.Report(ctx, result); err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	return result, nil
}

// dataset tests the tree on one dataset, in a database of its own that is gone
// when it returns.
func (r *Runner) dataset(ctx context.Context, log *slog.Logger, b *Build, tree Tree, i int) (_ DatasetResult, err error) {
	d := b.Datasets[i]
	start := r.Now()
	log.Info("restoring")
	database, err := r.Restorer.Restore(ctx, d)
	if err != nil {
		return DatasetResult{}, fmt.Errorf("restore dataset %q: %w", d.Reference, err)
	}
	defer func() {
		if cerr := database.Close(); cerr != nil {
			err = errors.Join(err, fmt.Errorf("discard database of dataset %q: %w", d.Reference, cerr))
		}
	}()
	result := DatasetResult{Dataset: d, Snapshot: database.Snapshot(), Restore: r.Now().Sub(start)}

	log.Info("migrating", "snapshot", result.Snapshot.Digest)
	result.Outcome, err = r.Migrator.Migrate(ctx, Migration{
		Build: b, Dataset: d, Index: i, Tree: tree, Address: database.Address(),
		HomeDir: filepath.Join(b.Dir, fmt.Sprintf("home-%d", i)),
	})
	if err != nil {
		return DatasetResult{}, fmt.Errorf("migrate dataset %q: %w", d.Reference, err)
	}
	result.Verdict = Judge(result.Outcome, d.Limits, b.ExpectedFinalVersion)
	log.Info("judged", "verdict", string(result.Verdict.Result), "steps", len(result.Outcome.Steps))
	return result, nil
}

func (r *Runner) logger() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
