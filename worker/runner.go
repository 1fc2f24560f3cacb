package worker

import (
	"context"
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

// Preparer prepares what commands need in a tree. What is the tree's own fault,
// such as a requirement that does not exist, is an outcome that did not succeed;
// the error is about trouble, such as a package index out of reach.
type Preparer interface {
	Prepare(ctx context.Context, p Preparation) (Prepared, error)
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

// Scripter runs a build's command as a shell script, without a database.
type Scripter interface {
	Script(ctx context.Context, s Script) (Outcome, error)
}

// Reporter hands a result to people. It is called once for each build that came
// to a verdict.
type Reporter interface {
	Report(ctx context.Context, result *BuildResult) error
}

// Preparation is what a Preparer is asked to do.
type Preparation struct {
	Build   *Build
	Tree    Tree
	Dir     string // for what is made, such as the virtual environment; it does not exist yet
	LogPath string // absolute; what was printed goes there
}

// Prepared is what the commands of a build find.
type Prepared struct {
	PathDirs  []string          // go before PATH
	Variables map[string]string // are added to every command's environment
	Outcome   Outcome           // of preparing: its steps are empty
}

// Migration is what a Migrator is asked to do.
type Migration struct {
	Build    *Build
	Dataset  Dataset
	Tree     Tree
	Prepared Prepared
	Database Database
	Run      string // names this run among those of the build, such as "0", "0-again" or "0-base"
	HomeDir  string // HOME and temporary files of the command; made by the migrator
	LogPath  string // absolute; its directory is made by the migrator
}

// Script is what a Scripter is asked to do.
type Script struct {
	Build    *Build
	Tree     Tree
	Prepared Prepared
	HomeDir  string
	LogPath  string
}

// BuildResult is everything that is known after a build.
type BuildResult struct {
	Build       *Build
	Tree        Tree
	Verdict     Verdict  // over all datasets
	Environment *Outcome // of preparing; nil when there was nothing to prepare
	Script      *Outcome // of PluginShellScript; nil otherwise
	Datasets    []DatasetResult
	Started     time.Time
	Checkout    time.Duration // how long getting the tree took
	Duration    time.Duration // of the whole build
}

// DatasetResult is what happened on one dataset.
type DatasetResult struct {
	Dataset  Dataset
	Snapshot Snapshot
	Outcome  Outcome // what was judged
	Verdict  Verdict
	Restore  time.Duration // how long server start and load took

	// First is the outcome before a step over its time was measured again, alone;
	// nil when everything was measured once.
	First *Outcome
	// Base is the outcome before the change; nil when it was not needed.
	Base *Outcome
}

// Runner does builds. All fields but Gate and Log are needed; none is changed by a
// build, so that one Runner may do several builds at once.
type Runner struct {
	Checkouter Checkouter
	Preparer   Preparer
	Restorer   Restorer
	Migrator   Migrator
	Scripter   Scripter
	Reporter   Reporter
	Gate       *Gate            // shared by all that measure on this machine; nil when builds run one at a time
	Now        func() time.Time // a clock whose times can be subtracted from one another
	Log        *slog.Logger     // nil discards
}

// Run does one build. The result is nil exactly when there is an error, and an
// error means that there is no verdict. progress, which may be nil, is told how
// many of how many parts are done.
func (r *Runner) Run(ctx context.Context, b *Build, progress func(done, total int)) (*BuildResult, error) {
	if b.Plugin == PluginRealDBUpgrade && len(b.Datasets) == 0 {
		return nil, fmt.Errorf("run job %q: no dataset to test on", b.Job)
	}
	if progress == nil {
		progress = func(int, int) {}
	}
	run := &run{
		Runner: r, build: b, log: r.logger().With("job", b.Job, "build", b.ID),
		result:   &BuildResult{Build: b, Started: r.Now()},
		progress: func(done int) { progress(done, 2+max(len(b.Datasets), 1)) },
	}
	if err := run.all(ctx); err != nil {
		return nil, err
	}
	return run.result, nil
}

// run is one build on its way.
type run struct {
	*Runner
	build    *Build
	log      *slog.Logger
	result   *BuildResult
	progress func(done int)

	change workplace  // the tree that has the change
	base   *workplace // the tree before it, once it was needed
}

// workplace is a tree in which commands run.
type workplace struct {
	tree     Tree
	prepared Prepared
	verdict  Verdict // of preparing it
}

// all does the build's parts in order.
func (r *run) all(ctx context.Context) (err error) {
	r.progress(0)
	r.log.Info("checking out")
	if r.change, err = r.workplace(ctx, r.build.Source, "tree", "environment"); err != nil {
		return err
	}
	r.result.Tree = r.change.tree
	r.progress(1)
	switch {
	case !r.change.verdict.Result.Passes():
		r.result.Verdict, err = r.compared(ctx, r.change.verdict, func(base *workplace) (Verdict, error) { return base.verdict, nil })
	case r.build.Plugin == PluginShellScript:
		err = r.script(ctx)
	default:
		err = r.datasets(ctx)
	}
	if err != nil {
		return err
	}
	r.result.Duration = r.Now().Sub(r.result.Started)
	if err := r.Reporter.Report(ctx, r.result); err != nil {
		return trouble(ctx, StageReport, "", err)
	}
	r.progress(2 + max(len(r.build.Datasets), 1))
	return nil
}

// workplace checks out a source and prepares the environment in it.
func (r *run) workplace(ctx context.Context, s Source, dir, log string) (w workplace, err error) {
	started := r.Now()
	if w.tree, err = r.Checkouter.Checkout(ctx, s, filepath.Join(r.build.Dir, dir)); err != nil {
		return w, trouble(ctx, StageCheckout, "", err)
	}
	if r.result.Checkout == 0 {
		r.result.Checkout = r.Now().Sub(started)
	}
	w.verdict = Verdict{Result: Success}
	if r.build.Environment.Python == nil && len(r.build.Environment.Command.Argv) == 0 {
		return w, nil
	}
	r.log.Info("preparing the environment")
	w.prepared, err = r.Preparer.Prepare(ctx, Preparation{
		Build: r.build, Tree: w.tree,
		Dir:     filepath.Join(r.build.Dir, dir+"-environment"),
		LogPath: filepath.Join(r.build.OutputDir, log+".log"),
	})
	if err != nil {
		return w, trouble(ctx, StageEnvironment, "", err)
	}
	w.verdict = JudgeEnvironment(w.prepared.Outcome)
	if r.result.Environment == nil {
		r.result.Environment = &w.prepared.Outcome
	}
	return w, nil
}

// script runs the command of a shell_script job.
func (r *run) script(ctx context.Context) error {
	release, err := r.Gate.Share(ctx)
	if err != nil {
		return err
	}
	defer release()
	outcome, err := r.Scripter.Script(ctx, Script{
		Build: r.build, Tree: r.change.tree, Prepared: r.change.prepared,
		HomeDir: filepath.Join(r.build.Dir, "home"), LogPath: filepath.Join(r.build.OutputDir, "script.log"),
	})
	if err != nil {
		return trouble(ctx, StageMigrate, "", err)
	}
	r.result.Script, r.result.Verdict = &outcome, JudgeScript(outcome)
	return nil
}

// datasets tests the change on every dataset, one after the other.
func (r *run) datasets(ctx context.Context) error {
	for i := range r.build.Datasets {
		one, err := r.dataset(ctx, i)
		if err != nil {
			return err
		}
		r.result.Datasets = append(r.result.Datasets, one)
		r.result.Verdict.Findings = append(r.result.Verdict.Findings, one.Verdict.Findings...)
		r.progress(2 + i)
	}
	r.result.Verdict.Result = worst(r.result.Verdict.Findings)
	return nil
}

// compared is the verdict in the light of what the base, if there is one, comes to.
func (r *run) compared(ctx context.Context, v Verdict, judge func(*workplace) (Verdict, error)) (Verdict, error) {
	if v.Result.Passes() || r.build.Base == (Source{}) {
		return v, nil
	}
	if r.base == nil {
		r.log.Info("checking out what the change is compared with")
		base, err := r.workplace(ctx, r.build.Base, "base", "environment-base")
		if err != nil {
			return v, err
		}
		r.base = &base
	}
	before, err := judge(r.base)
	if err != nil {
		return v, err
	}
	return Against(v, before), nil
}

func (r *Runner) logger() *slog.Logger {
	if r.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return r.Log
}
