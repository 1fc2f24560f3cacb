// Package subprocess runs one program and ends all that the program started.
//
// The program leads a session and process group of its own and has no terminal,
// so that nothing it starts can ask a person. When its context or its time ends,
// the whole group gets SIGTERM, and, a grace period later, SIGKILL. After every
// run, also one that ended well, what is left is killed: the members of the
// group and of the session, processes that carry the run's marker in their
// environment, and the children of all these. A program that ended its parents,
// made a session of its own and emptied its environment is not found; where that
// matters, cgroups are the means. On Linux the kernel kills the program when ours
// ends, however it ends.
//
// Package subprocess is not a shell: it expands nothing, and the program's
// environment is exactly what the caller gives.
package subprocess

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"runtime"
	"strings"
	"syscall"
	"time"
)

// DefaultGrace is how long a program may take to end after SIGTERM. Two such in a
// row are over within five seconds.
const DefaultGrace = 2 * time.Second

// Command is a program to run.
type Command struct {
	Argv  []string // the program and its arguments; a name without '/' is looked up in the PATH of Env
	Dir   string   // where it starts
	Env   []string // its whole environment, NAME=VALUE
	Stdin io.Reader

	// Stdout and Stderr may be the same Writer: then what the program writes to
	// both arrives in order, and Write is called by one goroutine at a time.
	Stdout, Stderr io.Writer

	// Marker is a variable, NAME=VALUE, that no other run has: it is added to Env,
	// and whoever carries it after the run is killed. "" marks nothing: then only
	// the group of a program that ended by itself is killed.
	Marker string

	Timeout time.Duration // 0 is none
	Grace   time.Duration // 0 is DefaultGrace
}

// Exit is how a program ended.
type Exit struct {
	Code     int    // its exit status; -1 when a signal ended it
	Signal   string // the signal, such as "killed"; "" when it exited
	TimedOut bool   // it was stopped when its time was over
}

// OK tells whether it exited by itself with status 0.
func (e Exit) OK() bool { return e == Exit{} }

// Run runs the program and returns when it and all that is left of it have
// ended. The error is nil unless the program could not be run (a program that
// does not exist is exec.ErrNotFound) or ctx ended, whose cause it then is.
func Run(ctx context.Context, c Command) (Exit, error) {
	if len(c.Argv) == 0 {
		return Exit{}, errors.New("run program: no program given")
	}
	path, err := Find(c.Argv[0], variable(c.Env, "PATH"))
	if err != nil {
		return Exit{}, err
	}
	limited, cancel := ctx, context.CancelFunc(func() {})
	if c.Timeout > 0 {
		limited, cancel = context.WithTimeout(ctx, c.Timeout)
	}
	defer cancel()
	r := run{marker: c.Marker, cmd: exec.CommandContext(limited, path)}
	r.prepare(c)
	err = r.wait()
	return exitOf(ctx, r.stopped, err)
}

// run is a program on its way.
type run struct {
	cmd    *exec.Cmd
	marker string
	family []member // who was there when it was told to end

	stopped bool // it was told to end; read only after Wait
}

func (r *run) prepare(c Command) {
	r.cmd.Args, r.cmd.Dir = c.Argv, c.Dir
	r.cmd.Env = append([]string{}, c.Env...) // never nil, which would be our own
	if c.Marker != "" {
		r.cmd.Env = append(r.cmd.Env, c.Marker)
	}
	r.cmd.Stdin, r.cmd.Stdout, r.cmd.Stderr = c.Stdin, c.Stdout, c.Stderr
	r.cmd.SysProcAttr = attributes()
	r.cmd.WaitDelay = c.Grace
	if c.Grace == 0 {
		r.cmd.WaitDelay = DefaultGrace
	}
	r.cmd.Cancel = func() error {
		r.stopped = true
		r.family = family(r.cmd.Process.Pid, r.marker) // while their parents can be told
		return syscall.Kill(-r.cmd.Process.Pid, syscall.SIGTERM)
	}
}

// wait starts the program, waits for it, and kills what it left.
//
// The kernel's parent-death signal comes when the *thread* that forked ends, and
// Go ends threads as it likes: the goroutine that waits keeps its thread.
func (r *run) wait() error {
	done := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		if err := r.cmd.Start(); err != nil {
			done <- fmt.Errorf("run program: %w", err)
			return
		}
		err := r.cmd.Wait()
		sweep(r.cmd.Process.Pid, r.marker, r.family)
		done <- err
	}()
	return <-done
}

// exitOf tells an exit from trouble. That the time is over when all is done does not
// say that the program was stopped: what it left may have been waited for.
func exitOf(ctx context.Context, stopped bool, err error) (Exit, error) {
	if ctx.Err() != nil {
		return Exit{}, context.Cause(ctx)
	}
	exit := Exit{TimedOut: stopped || errors.Is(err, context.DeadlineExceeded)}
	var failed *exec.ExitError
	switch {
	case err == nil, errors.Is(err, exec.ErrWaitDelay): // somebody else kept its output open
		return exit, nil
	case !errors.As(err, &failed):
		if exit.TimedOut {
			return exit, nil // it ended well, too late
		}
		return Exit{}, err
	}
	exit.Code = failed.ExitCode()
	if status, ok := failed.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		exit.Code, exit.Signal = -1, status.Signal().String()
	}
	return exit, nil
}

// variable is the last value of a variable, as programs see it.
func variable(env []string, name string) string {
	value := ""
	for _, v := range env {
		if rest, ok := strings.CutPrefix(v, name+"="); ok {
			value = rest
		}
	}
	return value
}
