package migrate

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// session is what the commands of one migration, or one script, have in common: a
// directory, an environment, and a log into which followed files are written too.
type session struct {
	now     func() time.Time
	log     *logFile
	watch   *watch
	secrets [][]byte
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
	log, err := createLog(p.logPath, g.Now())
	if err != nil {
		return nil, err
	}
	s := &session{now: g.Now, log: log, dir: p.dir, vars: p.vars, marker: p.marker}
	for _, secret := range p.secrets {
		if len(secret) >= minSecretBytes {
			s.secrets = append(s.secrets, []byte(secret))
		}
	}
	s.watch = &watch{now: g.Now, log: log, quiet: cmp.Or(g.Heartbeat, defaultHeartbeat)}
	for _, source := range p.follow {
		s.watch.followers = append(s.watch.followers, follow(source, func() *output { return s.source(source.Name) }, func(err error) {
			log.event(g.Now(), "cannot follow %s", source.Name)
			g.logger().Warn("cannot follow a log", "source", source.Name, "err", err)
		}))
	}
	s.watch.start(cmp.Or(g.Poll, defaultPoll))
	return s, nil
}

// close ends the log, and returns its first error.
func (s *session) close() error {
	s.watch.stop()
	return s.log.close()
}

// source is an output whose lines are logged as a source's.
func (s *session) source(name string) *output {
	return &output{now: s.now, secrets: s.secrets, line: func(text []byte, at time.Time, _ bool) { s.log.text(at, name, text) }}
}

// execution is one run of a command.
type execution struct {
	argv     []string
	text     string            // for people
	vars     map[string]string // added to the environment
	timeout  time.Duration     // 0 is none
	terminal bool              // its output is one

	// stdout and stderr are where it writes; with the same for both, all arrives in
	// order.
	stdout, stderr *output
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
	out.logLine = s.log.event(out.start, "running %s", strings.ReplaceAll(strings.TrimSpace(e.text), "\n", "; "))
	var err error
	if e.terminal {
		out.Exit, err = s.inTerminal(ctx, c, e.stdout)
	} else {
		out.Exit, err = subprocess.Run(ctx, c)
	}
	out.end = e.stdout.endedAt(s.now(), out.start)
	e.stdout.close()
	e.stderr.close()
	s.watch.poll()
	switch {
	case err != nil && ctx.Err() != nil:
		s.log.event(s.now(), "cancelled")
	case out.TimedOut:
		s.log.event(s.now(), "timeout")
	}
	if err == nil {
		s.log.event(s.now(), "script exit code = %d", out.Code)
	}
	return out, err
}

// endedAt is when the program that wrote ended, which is known to have been by now:
// when it ended its output, or, where others kept that open, so long before those
// were cut off as they were waited for.
func (o *output) endedAt(now, start time.Time) time.Time {
	end := now
	if !o.ended.IsZero() {
		end = o.ended
		if o.cut {
			end = end.Add(-subprocess.DefaultGrace)
		}
	}
	if end.Before(start) {
		return start
	}
	return end
}

// inTerminal runs a command whose output is a terminal. Where there is none to be
// had, it gets a pipe.
func (s *session) inTerminal(ctx context.Context, c subprocess.Command, o *output) (subprocess.Exit, error) {
	ours, terminal, err := openTerminal()
	if err != nil {
		s.log.event(s.now(), "no terminal: lines may arrive late")
		return subprocess.Run(ctx, c)
	}
	c.Stdout, c.Stderr = terminal, terminal
	read := make(chan struct{})
	go func() {
		defer close(read)
		_, _ = o.ReadFrom(ours) // until nobody has the terminal open: then reading fails (EIO)
		o.ended = time.Time{}   // which is after all that is left was killed
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
