package checkout

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os/exec"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Error is a git command that failed.
type Error struct {
	Command string // the git subcommand, such as fetch
	Output  string // the last lines that git printed, without passwords of URLs
	Err     error  // ErrNoRef, or how the process ended
}

func (e *Error) Error() string {
	if e.Output == "" {
		return fmt.Sprintf("git %s: %v", e.Command, e.Err)
	}
	return fmt.Sprintf("git %s: %s", e.Command, e.Output)
}

// Unwrap is ErrNoRef, or how the process ended.
func (e *Error) Unwrap() error { return e.Err }

// Hint says what to do next; "" where there is nothing to say.
func (e *Error) Hint() string {
	if e.reason() == denied {
		return "git asks nobody for a password: give the user that runs the worker a credential helper, a .netrc or an SSH key."
	}
	return ""
}

// errorLines is how many of git's last lines an error quotes; its own advice takes
// up to five.
const errorLines = 6

// defaultTimeout is how long a fetch may take: the first of a very large
// repository over a slow line takes a quarter of it.
const defaultTimeout = 30 * time.Minute

// protocols are those that git may use; "file" is another for some.
const protocols = "git:http:https:ssh"

// call is one git command.
type call struct {
	dir     string
	args    []string
	stdin   io.Reader
	config  []setting
	env     []string
	timeout time.Duration
}

// setting is one of git's settings.
type setting struct{ name, value string }

// settings hold for every command, over the operator's own. What comes with a
// tree cannot set any.
func settings() []setting {
	return []setting{
		// Nothing runs but git.
		{"core.hooksPath", "/dev/null"},
		{"init.templateDir", ""},
		{"core.fsmonitor", "false"},
		{"submodule.recurse", "false"},
		{"fetch.recurseSubmodules", "false"},
		// Clean up when we say so.
		{"gc.auto", "0"},
		{"maintenance.auto", "false"},
		{"gc.autoDetach", "false"},
		{"gc.cruftPacks", "true"},
		// A fetch leaves one pack and no thousands of files, for it to be linked.
		{"fetch.unpackLimit", "1"},
		{"fetch.prune", "false"},
		{"fetch.pruneTags", "false"},
		{"fetch.writeCommitGraph", "false"},
		// Names that file systems could take for .git.
		{"core.protectNTFS", "true"},
		{"core.protectHFS", "true"},
		{"safe.bareRepository", "all"},
		{"clone.defaultRemoteName", "origin"},
		{"init.defaultBranch", "master"},
		// A server that gives less than 1000 bytes a second for a minute has died.
		{"http.lowSpeedLimit", "1000"},
		{"http.lowSpeedTime", "60"},
	}
}

// git runs one git command and returns what it prints.
func (c *Checkouter) git(ctx context.Context, g call) (string, error) {
	var stdout, stderr bytes.Buffer
	exit, err := subprocess.Run(ctx, subprocess.Command{
		Argv: append([]string{"git", "--no-optional-locks"}, g.args...),
		Dir:  g.dir, Env: environment(c.Env, g), Stdin: g.stdin,
		Stdout: &stdout, Stderr: &tail{buf: &stderr}, Timeout: g.timeout,
	})
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return "", fmt.Errorf("run git: %w: install git", err)
	case err != nil:
		return "", err
	case exit.OK():
		return strings.TrimSpace(stdout.String()), nil
	}
	failed := &Error{Command: g.args[0], Output: clean(stderr.String()), Err: fmt.Errorf("exit status %d", exit.Code)}
	switch {
	case exit.TimedOut:
		failed.Err = errTimeout
		failed.Output = fmt.Sprintf("stopped after %v: timed out", g.timeout)
	case exit.Signal != "":
		failed.Err = fmt.Errorf("ended by a signal (%s)", exit.Signal)
	case failed.reason() == noRef:
		failed.Err = ErrNoRef
	}
	return "", failed
}

// environment is git's whole environment: the operator's, but for what binds git
// to another repository, then ours.
func environment(operator []string, g call) []string {
	count := 0
	env := make([]string, 0, len(operator)+40)
	for _, v := range operator {
		name, value, _ := strings.Cut(v, "=")
		if name == "GIT_CONFIG_COUNT" {
			count, _ = strconv.Atoi(value) // nonsense counts as none, and git ignores the rest
			continue
		}
		if !slices.Contains(bound(), name) {
			env = append(env, v)
		}
	}
	env = append(env, "GIT_ALLOW_PROTOCOL="+protocols+":file", "GIT_TERMINAL_PROMPT=0", "GIT_ASKPASS=", "SSH_ASKPASS=",
		"SSH_ASKPASS_REQUIRE=never", "GIT_LFS_SKIP_SMUDGE=1", "LC_ALL=C")
	for _, s := range append(settings(), g.config...) {
		env = append(env, fmt.Sprintf("GIT_CONFIG_KEY_%d=%s", count, s.name), fmt.Sprintf("GIT_CONFIG_VALUE_%d=%s", count, s.value))
		count++
	}
	return append(append(env, fmt.Sprintf("GIT_CONFIG_COUNT=%d", count)), g.env...)
}

// bound are variables that are of one repository (git rev-parse --local-env-vars),
// or over our settings.
func bound() []string {
	return []string{
		"GIT_ALTERNATE_OBJECT_DIRECTORIES", "GIT_COMMON_DIR", "GIT_CONFIG", "GIT_CONFIG_PARAMETERS", "GIT_DIR", "GIT_GRAFT_FILE",
		"GIT_IMPLICIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_INTERNAL_SUPER_PREFIX", "GIT_NAMESPACE", "GIT_NO_REPLACE_OBJECTS",
		"GIT_OBJECT_DIRECTORY", "GIT_PREFIX", "GIT_REPLACE_REF_BASE", "GIT_SHALLOW_FILE", "GIT_TEMPLATE_DIR", "GIT_WORK_TREE",
		"GIT_DEFAULT_HASH", "GIT_DEFAULT_REF_FORMAT", "GIT_ATTR_SOURCE", "GIT_PROTOCOL_FROM_USER", "GIT_LITERAL_PATHSPECS",
	}
}

// clean is git's message on one line, without what stands before the host in URLs.
func clean(text string) string {
	text = regexp.MustCompile(`(\w://)[^/@\s]+@`).ReplaceAllString(text, "$1")
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

// located says where the ref should have been.
func located(w *wanted, err error) error {
	return fmt.Errorf("ref %q of %s: %w", w.Ref, worker.RedactURL(w.URL), err)
}
