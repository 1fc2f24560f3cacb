package checkout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"time"
)

// Error is a git command that failed.
type Error struct {
	Command string // the git subcommand, such as fetch
	Output  string // the last lines that git printed, without passwords of URLs
	Err     error
}

func (e *Error) Error() string {
	if e.Output == "" {
		return fmt.Sprintf("git %s: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("git %s: %s", e.Command, e.Output)
}

// Unwrap is how the process ended.
func (e *Error) Unwrap() error { return e.Err }

// errorLines is how many of git's last lines an error quotes; its own advice takes
// up to five.
const errorLines = 6

// killGrace is how long git may take to end after it is told to.
const killGrace = 2 * time.Second

// git runs one git command in dir and returns what it prints. secrets are
// replaced in errors.
func (c *Checkouter) git(ctx context.Context, dir string, secrets map[string]string, args ...string) (string, error) {
	full := append([]string{
		"--no-optional-locks",
		"-c", "protocol.allow=never", "-c", "protocol.file.allow=always", "-c", "protocol.git.allow=always",
		"-c", "protocol.http.allow=always", "-c", "protocol.https.allow=always", "-c", "protocol.ssh.allow=always",
		"-c", "core.hooksPath=/dev/null", "-c", "core.fsmonitor=false", "-c", "advice.detachedHead=false",
		"-c", "gc.auto=0", "-c", "init.defaultBranch=master",
	}, args...)
	cmd := exec.CommandContext(ctx, "git", full...)
	cmd.Dir = dir
	cmd.Env = append(append([]string{}, c.Env...),
		"GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=", "GIT_SSH_COMMAND=ssh -oBatchMode=yes", "LC_ALL=C")
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGTERM) }
	cmd.WaitDelay = killGrace
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &tail{buf: &stderr}
	err := cmd.Run()
	if cmd.Process != nil && ctx.Err() != nil {
		_ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) // what ignored SIGTERM; nothing is left, mostly
	}
	switch {
	case ctx.Err() != nil:
		return "", context.Cause(ctx)
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("run git: %w: install git", err)
	case err != nil:
		return "", &Error{Command: args[0], Output: clean(stderr.String(), secrets), Err: err}
	}
	return strings.TrimSpace(stdout.String()), nil
}

// clean is git's message on one line, without secrets.
func clean(text string, secrets map[string]string) string {
	for secret, shown := range secrets {
		if secret != shown {
			text = strings.ReplaceAll(text, secret, shown)
		}
	}
	var lines []string
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	return strings.Join(lines[max(0, len(lines)-errorLines):], "; ")
}

// tail keeps the last part of what is written to it.
type tail struct{ buf *bytes.Buffer }

// tailBytes is enough for git's last messages.
const tailBytes = 16 << 10

// Write never fails.
func (t *tail) Write(p []byte) (int, error) {
	t.buf.Write(p)
	if over := t.buf.Len() - tailBytes; over > tailBytes {
		t.buf.Next(over)
	}
	return len(p), nil
}
