package migrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Migrator runs migration commands and scripts. It is safe for concurrent use.
type Migrator struct {
	Path string           // PATH of the command
	Now  func() time.Time // with a monotonic reading, as time.Now has
	Log  *slog.Logger     // nil discards

	Heartbeat time.Duration // a heartbeat is logged when nothing was for so long; 0 is 30 s
	Poll      time.Duration // followed files are read so often; 0 is 250 ms
	LogBytes  int64         // a log has no more text than this; 0 is classiclog.DefaultMaxBytes
	Late      time.Duration // counters that come later than this after a step's line are not known; 0 is 100 ms
}

// The defaults of a Migrator.
const (
	defaultHeartbeat = 30 * time.Second
	defaultPoll      = 250 * time.Millisecond
	defaultLate      = 100 * time.Millisecond
)

// Migrate runs the build's command against the database, once or once for each
// version, and returns what it did. The error is nil unless the command could not be
// run or logged, or ctx ended; then nothing of the command is left running either.
func (g *Migrator) Migrate(ctx context.Context, m worker.Migration) (_ worker.Outcome, err error) {
	detector, err := NewDetector(m.Build.Tool)
	if err != nil {
		return worker.Outcome{}, err
	}
	expected, err := expectedVersion(m.Build.Expected, m.Tree.Dir)
	if err != nil {
		return worker.Outcome{}, err
	}
	s, err := g.open(g.migrationPlace(m))
	if err != nil {
		return worker.Outcome{}, err
	}
	defer func() { err = errors.Join(err, s.close()) }()
	if err := os.WriteFile(filepath.Join(m.HomeDir, ".my.cnf"), []byte(optionFile(m.Database.Address())), 0o600); err != nil {
		return worker.Outcome{}, fmt.Errorf("make the command's directories: %w", err)
	}
	r := &migration{
		session: s, build: m.Build, detector: detector,
		lines: lines{log: s.log, found: newAnalysis(detector, false)},
		samples: &sampler{counters: m.Database.Counters, now: g.Now, late: cmp.Or(g.Late, defaultLate), failed: func(err error) {
			g.logger().Warn("cannot count rows", "dataset", m.Dataset.Reference, "err", err)
		}},
		outcome: worker.Outcome{Timeout: m.Build.Command.Timeout, LogPath: m.LogPath, ExpectedVersion: expected},
	}
	if m.Build.Tool.Name != worker.ToolRun {
		detector.seen = r.samples.seen
	}
	r.samples.start(ctx)
	err = r.all(ctx)
	r.samples.stop()
	if err != nil {
		return worker.Outcome{}, fmt.Errorf("run the migration command: %w", err)
	}
	return r.result(), nil
}

// migrationPlace is where a migration runs, and what it gets.
func (g *Migrator) migrationPlace(m worker.Migration) place {
	vars := surroundings(g.Path, m.Build, m.Tree, m.Prepared, m.HomeDir)
	maps.Copy(vars, databaseVariables(m))
	if m.Build.Tool.Name == worker.ToolRails {
		maps.Copy(vars, terminalVariables())
	}
	complete(vars, m.Build, m.Prepared)
	return place{
		dir: m.Tree.Dir, home: m.HomeDir, logPath: m.LogPath, marker: marker(m.Build.ID, m.Run), vars: vars,
		secrets: append(m.Build.Signatures(), m.Database.Address().Password),
		follow:  slices.Concat(m.Database.Logs(), m.Build.Follow),
	}
}

// terminalVariables tell programs that nobody sits at the terminal.
func terminalVariables() map[string]string {
	return map[string]string{"TERM": "dumb", "PAGER": "cat", "GIT_PAGER": "cat"}
}

// migration is a build's command on its way.
type migration struct {
	*session
	build    *worker.Build
	detector *Detector
	lines    lines
	samples  *sampler
	started  time.Time // zero before the first run
	outcome  worker.Outcome
}

// result is the outcome of all runs.
func (r *migration) result() worker.Outcome {
	o := &r.outcome
	o.Tail = r.lines.tail
	toolError := o.ToolError
	steps := r.detector.steps
	for i := range steps {
		// What arrived at another time than it happened is not counted by arrival, and
		// nor is what stands beside it.
		rows, exact := r.samples.rows(i)
		if late := r.detector.misprinted; exact || !late[i-1] && !late[i] && !late[i+1] {
			steps[i].Rows = rows
		}
	}
	r.lines.found.outcome(o)
	if toolError != "" {
		o.ToolError = toolError
	}
	return *o
}

// once runs the command. version is what a step driver is at, after previous; it is
// nil for a command that runs once.
func (r *migration) once(ctx context.Context, previous string, version *string) error {
	timeout, ok := r.left(r.build.Command.Timeout)
	if !ok {
		return nil
	}
	out := r.lines.output(r.session, true, nil)
	out.Early = early(r.build.Tool.Name)
	e := execution{
		argv: r.build.Command.Argv, text: r.build.Command.Text, timeout: timeout,
		terminal: r.build.Tool.Name == worker.ToolRails, stdout: out, stderr: out,
	}
	r.lines.found.run()
	first, before := len(r.detector.steps), worker.Counters{}
	if version != nil {
		e.vars = map[string]string{stepVariable: *version}
		e.text = stepVariable + "=" + *version + " " + e.text
		before = r.samples.ask(ctx)
	}
	ending, err := r.run(ctx, e)
	if err != nil {
		return err
	}
	r.add(ending)
	if version != nil && r.build.Tool.Name == worker.ToolRun {
		r.detector.begin(worker.Step{From: previous, To: *version, Start: ending.start, LogLine: ending.logLine})
		r.detector.stop(ending.end, ending.OK())
	}
	r.detector.exit(ending.OK() && !r.lines.found.failed(), ending.end)
	if version != nil {
		r.samples.exactly(first, len(r.detector.steps)-1, before, r.samples.ask(ctx))
	}
	return nil
}

// left is how much of the time for all runs there is; false when there is none,
// which is the outcome then. 0 is no bound.
func (r *migration) left(limit time.Duration) (time.Duration, bool) {
	now := r.now()
	if r.started.IsZero() {
		r.started = now
	}
	if limit == 0 {
		return 0, true
	}
	if left := limit - now.Sub(r.started); left > 0 {
		return left, true
	}
	r.outcome.TimedOut = true
	r.log.Event(now, "timeout")
	return 0, false
}

// add adds a run to the outcome.
func (r *migration) add(e ending) {
	o := &r.outcome
	o.Duration += e.end.Sub(e.start)
	o.ExitCode, o.Signal, o.TimedOut = e.Code, e.Signal, e.TimedOut
}
