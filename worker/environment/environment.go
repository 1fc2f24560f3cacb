package environment

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Preparer prepares environments. It is safe for concurrent use.
type Preparer struct {
	Path        string           // PATH of what runs
	Passthrough []string         // further variables, NAME=VALUE, such as those that name a proxy
	Now         func() time.Time // with a monotonic reading, as time.Now has

	Timeout time.Duration // of venv, and of each run of pip; 0 is an hour
	// Tries is how often pip runs when the network is to blame; 0 is 4.
	Tries int
	// Pause waits between two tries, or until ctx is done; nil waits by the clock
	// of this machine.
	Pause     func(ctx context.Context, d time.Duration) error
	Heartbeat time.Duration // how long nothing may come before the log says that all is well; 0 is 30 s
	LogBytes  int64         // a log has no more text than this; 0 is classiclog.DefaultMaxBytes
}

const (
	defaultTimeout   = time.Hour
	defaultTries     = 4
	defaultHeartbeat = 30 * time.Second
	// firstPause is what is waited before the second try; each further pause is
	// twice as long. pip itself has tried for ten seconds by then.
	firstPause = 5 * time.Second
)

// Error is trouble in preparing an environment.
type Error struct {
	Attempt string // what was attempted, such as "install packages"
	Detail  string // the line that says why, without secrets
	Err     error  // may be nil

	hint string
}

func (e *Error) Error() string {
	switch {
	case e.Detail == "" && e.Err != nil:
		return e.Attempt + ": " + e.Err.Error()
	case e.Detail == "":
		return e.Attempt
	}
	return e.Attempt + ": " + e.Detail
}

// Unwrap is the cause; nil for what only a program's output tells.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do next; "" where there is nothing to say.
func (e *Error) Hint() string { return e.hint }

// preparation is one environment on its way.
type preparation struct {
	*Preparer
	worker.Preparation
	venv, home, tmp, cache string
	secrets                *classiclog.Secrets
	log                    *classiclog.Log
	outcome                worker.Outcome
}

// Prepare implements worker.Preparer. p.Dir must not exist, and is left to the
// caller to remove.
func (g *Preparer) Prepare(ctx context.Context, p worker.Preparation) (_ worker.Prepared, err error) {
	w := &preparation{
		Preparer: g, Preparation: p,
		venv: filepath.Join(p.Dir, "venv"), home: filepath.Join(p.Dir, "home"), tmp: filepath.Join(p.Dir, "tmp"),
		cache:   filepath.Join(p.Dir, "cache"),
		secrets: classiclog.NewSecrets(append(passwords(g.confidential(p.Build.Environment)), p.Build.Signatures()...)...),
		outcome: worker.Outcome{LogPath: p.LogPath},
	}
	if err := w.makeDirs(); err != nil {
		return worker.Prepared{}, &Error{Attempt: "make the environment's directories", Err: err}
	}
	if w.log, err = classiclog.Create(p.LogPath, g.Now(), g.LogBytes); err != nil {
		return worker.Prepared{}, err
	}
	defer func() { err = errors.Join(err, w.log.Close()) }()
	if err := w.all(ctx); err != nil {
		return worker.Prepared{}, err
	}
	return w.prepared(), nil
}

func (w *preparation) makeDirs() error {
	if err := os.MkdirAll(filepath.Dir(w.Dir), 0o755); err != nil {
		return err
	}
	if err := os.Mkdir(w.Dir, 0o755); err != nil {
		return err
	}
	if python := w.Build.Environment.Python; python != nil && python.CacheDir != "" {
		w.cache = python.CacheDir
	}
	for _, dir := range []string{w.home, w.tmp, w.cache, filepath.Dir(w.LogPath)} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return err
		}
	}
	return nil
}

// all does the parts in order, up to the first that does not succeed.
func (w *preparation) all(ctx context.Context) error {
	if python := w.Build.Environment.Python; python != nil {
		if err := w.makeVenv(ctx, python); err != nil {
			return err
		}
		if err := w.install(ctx, python); err != nil || !w.outcome.Succeeded() {
			return err
		}
	}
	command := w.Build.Environment.Command
	if len(command.Argv) == 0 {
		return nil
	}
	r, err := w.run(ctx, program{
		// The shell looks the program up, so that a missing one is the job's failure
		// (status 127), with a message in the log.
		argv: append([]string{"/bin/sh", "-c", `exec "$@"`, "sh"}, command.Argv...),
		text: command.Text, dir: w.Tree.Dir, env: command.Environment, timeout: command.Timeout,
	})
	if err != nil {
		return fmt.Errorf("run the command that prepares the environment: %w", err)
	}
	w.conclude(r, r.seen.last)
	return nil
}

// conclude takes over how a program ended.
func (w *preparation) conclude(r result, toolError string) {
	w.outcome.ExitCode, w.outcome.Signal = r.exit.Code, r.exit.Signal
	w.outcome.TimedOut, w.outcome.Timeout = r.exit.TimedOut, r.timeout
	w.outcome.Tail = r.tail
	if !w.outcome.Succeeded() {
		w.outcome.ToolError = toolError
	}
}

// prepared is what the commands of the build will find.
func (w *preparation) prepared() worker.Prepared {
	p := worker.Prepared{Outcome: w.outcome}
	if w.Build.Environment.Python != nil && w.outcome.Succeeded() {
		p.PathDirs = []string{filepath.Join(w.venv, "bin")}
		p.Variables = map[string]string{"VIRTUAL_ENV": w.venv}
	}
	return p
}

// pause waits before the next try, counted from 1.
func (w *preparation) pause(ctx context.Context, try int) error {
	d := firstPause << (try - 1)
	if w.Pause != nil {
		return w.Pause(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
