package migrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// session is what the commands of one migration, or one script, have in common: a
// directory, an environment, and a log into which followed files are written too.
type session struct {
	now     func() time.Time
	log     *classiclog.Log
	watch   *watch
	secrets *classiclog.Secrets
	dir     string            // where commands start
	vars    map[string]string // their environment
	marker  string            // the value of markerVariable
}

// temporary is the directory of temporary files in a command's home.
const temporary = "tmp"

// place is where a session's commands run, and what they get.
type place struct {
	dir, home, logPath string
	marker             string
	vars               map[string]string
	secrets            []string
	follow             []worker.LogSource
}

// minSecretBytes is the shortest password that is kept out of logs. Those that we
// make are longer; that of a classic dataset may be "nova", and then half of the log
// would be stars that tell what they hide.
const minSecretBytes = 6

// open makes the directories and the log, and starts to follow files.
func (g *Migrator) open(p place) (*session, error) {
	for _, dir := range []string{filepath.Join(p.home, temporary), filepath.Dir(p.logPath)} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return nil, fmt.Errorf("make the command's directories: %w", err)
		}
	}
	log, err := classiclog.Create(p.logPath, g.Now(), g.LogBytes)
	if err != nil {
		return nil, err
	}
	secrets := slices.DeleteFunc(p.secrets, func(secret string) bool { return len(secret) < minSecretBytes })
	s := &session{now: g.Now, log: log, secrets: classiclog.NewSecrets(secrets...), dir: p.dir, vars: p.vars, marker: p.marker}
	s.watch = &watch{now: g.Now, log: log, quiet: cmp.Or(g.Heartbeat, defaultHeartbeat)}
	for _, source := range p.follow {
		s.watch.followers = append(s.watch.followers, follow(source, func() *classiclog.Lines { return s.source(source.Name) }, func(err error) {
			log.Event(g.Now(), "cannot follow %s", source.Name)
			g.logger().Warn("cannot follow a log", "source", source.Name, "err", err)
		}))
	}
	s.watch.start(cmp.Or(g.Poll, defaultPoll))
	return s, nil
}

// close ends the log, and returns its first error.
func (s *session) close() error {
	s.watch.stop()
	return s.log.Close()
}

// source is an output whose lines are logged as a source's.
func (s *session) source(name string) *classiclog.Lines {
	return &classiclog.Lines{Now: s.now, Secrets: s.secrets, Line: func(text []byte, at time.Time, _ bool) { s.log.Text(at, name, text) }}
}

// leftRunning is what the log says of a command that others of its own outlived.
const leftRunning = "something that the command had started was still running, and was ended"

// execution is one run of a command.
type execution struct {
	argv     []string
	text     string            // for people
	vars     map[string]string // added to the environment
	timeout  time.Duration     // 0 is none
	terminal bool              // its output is one

	// stdout and stderr are where it writes; with the same for both, all arrives in
	// order.
	stdout, stderr *classiclog.Lines
}

// ending is how a run of a command ended.
type ending struct {
	subprocess.Exit
	start, end time.Time
	logLine    int // where it starts
}

// run starts a command, waits for it, and ends whatever it leaves. The shell looks
// the program up, so that it is found in the command's own PATH and directory, and
// a missing one is the command's failure (status 127) with a message in the log.
func (s *session) run(ctx context.Context, e execution) (ending, error) {
	c := subprocess.Command{
		Argv: append([]string{"/bin/sh", "-c", `exec "$@"`, "sh"}, e.argv...),
		Dir:  s.dir, Env: environment(s.vars, e.vars),
		Stdout: e.stdout, Stderr: e.stderr,
		Marker: markerVariable + "=" + s.marker, Timeout: e.timeout,
	}
	s.watch.poll()
	out := ending{start: s.now()}
	out.logLine = s.log.Event(out.start, "running %s", s.secrets.Redact([]byte(strings.ReplaceAll(strings.TrimSpace(e.text), "\n", "; "))))
	var err error
	if e.terminal {
		out.Exit, err = s.inTerminal(ctx, c, e.stdout)
	} else {
		out.Exit, err = subprocess.Run(ctx, c)
	}
	out.end = endedAt(e.stdout, s.now(), out.start)
	e.stdout.Close()
	e.stderr.Close()
	s.watch.poll()
	switch {
	case err != nil && ctx.Err() != nil:
		s.log.Event(s.now(), "cancelled")
	case out.TimedOut:
		s.log.Event(s.now(), "timeout")
	}
	if e.stdout.Cut && out.OK() {
		s.log.Event(s.now(), leftRunning)
	}
	if err == nil {
		s.log.Event(s.now(), "script exit code = %d", out.Code)
	}
	return out, err
}

// endedAt is when the program that wrote ended, which is known to have been by now.
// Where others kept its output open, that was so long before they were cut off as
// they were waited for. That a program closed its output says nothing: it may go on.
func endedAt(o *classiclog.Lines, now, start time.Time) time.Time {
	end := now
	if o.Cut && !o.Ended.IsZero() {
		end = o.Ended.Add(-subprocess.DefaultGrace)
	}
	if end.Before(start) {
		return start
	}
	return end
}

// inTerminal runs a command whose output is a terminal. Where there is none to be
// had, it gets a pipe.
func (s *session) inTerminal(ctx context.Context, c subprocess.Command, o *classiclog.Lines) (subprocess.Exit, error) {
	ours, terminal, err := openTerminal()
	if err != nil {
		s.log.Event(s.now(), "no terminal: lines may arrive late")
		return subprocess.Run(ctx, c)
	}
	c.Stdout, c.Stderr = terminal, terminal
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = o.ReadFrom(ours) // until nobody has the terminal open: then reading fails (EIO)
		// That is after all that is left was killed.
		o.Ended, o.Cut = time.Time{}, false
	}()
	exit, err := subprocess.Run(ctx, c)
	err = errors.Join(err, terminal.Close())
	select {
	case <-read:
	case <-time.After(subprocess.DefaultGrace): // somebody got away with it
	}
	err = errors.Join(err, ours.Close())
	<-read
	return exit, err
}

func (g *Migrator) logger() *slog.Logger {
	if g.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return g.Log
}
