package migrate

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Migrator runs migration commands. It is safe for concurrent use.
type Migrator struct {
	Path string           // PATH of the command
	Now  func() time.Time // with a monotonic reading, as time.Now has
}

// tailLines and tailLineBytes bound what of the output a report quotes.
const (
	tailLines     = 20
	tailLineBytes = 1000
)

// Migrate runs the build's command against the database and returns what it did.
// The error is nil unless the command could not be run or logged, or ctx ended;
// then nothing of the command is left running either.
func (g *Migrator) Migrate(ctx context.Context, m worker.Migration) (_ worker.Outcome, err error) {
	detector, err := NewDetector(m.Build.Tool)
	if err != nil {
		return worker.Outcome{}, err
	}
	tmp := filepath.Join(m.HomeDir, "tmp")
	for _, dir := range []string{tmp, filepath.Dir(m.LogPath)} {
		if err := os.MkdirAll(dir, 0o700); err != nil {
			return worker.Outcome{}, fmt.Errorf("make the command's directories: %w", err)
		}
	}
	if err := os.WriteFile(filepath.Join(m.HomeDir, ".my.cnf"), []byte(optionFile(m.Database.Address())), 0o600); err != nil {
		return worker.Outcome{}, fmt.Errorf("make the command's directories: %w", err)
	}
	log, err := createLog(m.LogPath)
	if err != nil {
		return worker.Outcome{}, err
	}
	defer func() { err = errors.Join(err, log.close()) }()

	p := process{
		command: m.Build.Command, dir: m.Tree.Dir,
		marker: m.Build.ID + "-" + m.Run,
		lines:  lines{log: log, detector: detector},
	}
	p.env = environment(g.Path, p.marker, m.HomeDir, tmp, m)
	p.output = output{now: g.Now, secret: []byte(m.Database.Address().Password), line: p.lines.add, flush: log.flush}
	outcome, err := p.run(ctx)
	if err != nil {
		return worker.Outcome{}, fmt.Errorf("run the migration command: %w", err)
	}
	outcome.LogPath, outcome.Tail = m.LogPath, p.lines.tail
	outcome.ExpectedVersion = m.Build.Expected.Version
	outcome.Steps = detector.Finish(outcome.Succeeded(), g.Now())
	return outcome, nil
}

// lines is what is made of a command's output.
type lines struct {
	log      *logFile
	detector *Detector
	tail     []string
}

// add takes one line, or a further piece of a long one.
func (l *lines) add(text []byte, at time.Time, continued bool) {
	where := l.log.output(at, text)
	if !continued {
		l.detector.Line(text, at, where)
	}
	if len(l.tail) == tailLines {
		l.tail = append(l.tail[:0], l.tail[1:]...)
	}
	plain := l.detector.ansi.ReplaceAll(text[:min(len(text), tailLineBytes)], nil)
	l.tail = append(l.tail, strings.ToValidUTF8(string(plain), "\uFFFD"))
}

// process is one run of a command.
type process struct {
	command worker.Command
	dir     string
	env     []string
	marker  string
	output  output
	lines   lines
}

// run starts the command, waits for it, and ends whatever it leaves. The shell
// looks the program up, so that it is found in the command's own PATH and
// directory, and a missing one is the command's failure (status 127) with a
// message in the log.
func (p *process) run(ctx context.Context) (worker.Outcome, error) {
	outcome := worker.Outcome{Timeout: p.command.Timeout}
	limited, cancel := ctx, context.CancelFunc(func() {})
	if p.command.Timeout > 0 {
		limited, cancel = context.WithTimeout(ctx, p.command.Timeout)
	}
	defer cancel()
	cmd := exec.CommandContext(limited, "/bin/sh", append([]string{"-c", `exec "$@"`, "sh"}, p.command.Argv...)...)
	cmd.Dir, cmd.Env = p.dir, p.env
	cmd.Stdout, cmd.Stderr = &p.output, &p.output // the same writer: one pipe, in order
	ownGroup(cmd)

	now, log := p.output.now, p.lines.log
	start := now()
	log.event(start, "running %s", strings.ReplaceAll(strings.TrimSpace(p.command.Text), "\n", "; "))
	if err := cmd.Start(); err != nil {
		return outcome, err
	}
	err := cmd.Wait()
	end := now()
	killLeftovers(cmd.Process.Pid, p.marker)
	p.output.close()
	if ctx.Err() != nil {
		log.event(end, "cancelled")
		return outcome, context.Cause(ctx)
	}
	outcome.Duration = end.Sub(start)
	if limited.Err() != nil {
		outcome.TimedOut = true
		log.event(end, "timeout")
	}
	var trouble error
	outcome.ExitCode, outcome.Signal, trouble = exitOf(err)
	if trouble != nil && !outcome.TimedOut {
		return outcome, trouble
	}
	log.event(end, "script exit code = %d", outcome.ExitCode)
	return outcome, nil
}
