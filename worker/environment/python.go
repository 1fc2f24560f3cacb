package environment

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// makeVenv makes the virtual environment. Nothing of the tree has a part in it:
// what fails is trouble.
func (w *preparation) makeVenv(ctx context.Context, python *worker.Python) error {
	const attempt = "make a virtual environment"
	name := cmp.Or(python.Interpreter, "python3")
	if strings.Contains(name, "/") && !filepath.IsAbs(name) {
		return &Error{Attempt: attempt, Err: errors.New("interpreter " + name + ": want a name or an absolute path")}
	}
	interpreter, err := subprocess.Find(name, w.Path)
	if err == nil {
		_, err = os.Stat(interpreter)
	}
	if err != nil {
		return &Error{Attempt: attempt, Err: err, hint: "Install this Python with its venv module (on Debian: apt-get install python3-venv), or name another interpreter."}
	}
	args := []string{"-m", "venv"}
	if python.SystemSitePackages {
		args = append(args, "--system-site-packages")
	}
	args = append(args, w.venv)
	r, err := w.run(ctx, program{
		argv: append([]string{interpreter, "-I"}, args...), text: strings.Join(append([]string{name}, args...), " "),
		dir: w.Dir, timeout: cmp.Or(w.Timeout, defaultTimeout),
	})
	if err != nil {
		return &Error{Attempt: attempt, Err: err}
	}
	if r.exit.OK() {
		return nil
	}
	trouble := &Error{Attempt: attempt, Detail: cmp.Or(r.seen.last, fmt.Sprintf("it ended with status %d", r.exit.Code))}
	switch {
	case r.exit.TimedOut:
		trouble.Detail = "it took longer than " + r.timeout.String()
	case r.exit.Signal != "":
		trouble.Detail = "it was ended by a signal (" + r.exit.Signal + ")"
	}
	if r.seen.noVenv {
		trouble.hint = "Install the venv module of this Python; on Debian: apt-get install python3-venv."
	}
	return trouble
}

// install runs pip, again while something else than the tree is to blame.
func (w *preparation) install(ctx context.Context, python *worker.Python) error {
	if len(python.Install) == 0 {
		return nil
	}
	tries := max(cmp.Or(w.Tries, defaultTries), 1)
	for try := 1; ; try++ {
		cause, err := w.installOnce(ctx, python)
		if err != nil {
			return &Error{Attempt: "install packages", Err: err}
		}
		switch {
		case cause == nil:
			return nil
		case !cause.passes || try == tries:
			return &Error{Attempt: "install packages", Detail: cause.line, hint: cause.hint}
		}
		w.event("pip failed, and the tree is not to blame; trying again")
		if err := w.pause(ctx, try); err != nil {
			return err
		}
	}
}

// installOnce comes to an outcome, or says what else than the tree is to blame.
func (w *preparation) installOnce(ctx context.Context, python *worker.Python) (*cause, error) {
	r, err := w.pip(ctx, python, nil)
	if err != nil {
		return nil, err
	}
	found := r.seen.cause
	if !r.exit.OK() && found == nil && r.seen.ambiguous {
		if r, found, err = w.pipAgain(ctx, python, r); err != nil {
			return nil, err
		}
	}
	switch {
	case found != nil:
	case r.exit.TimedOut && r.seen.retried != "":
		found = &cause{line: r.seen.retried, passes: true}
	case r.exit.Signal != "" && !r.exit.TimedOut: // such as by the kernel, for want of memory
		found = &cause{line: "pip was ended by a signal (" + r.exit.Signal + ")", passes: true}
	}
	if r.exit.OK() || found == nil {
		w.conclude(r, r.seen.toolError())
		return nil, nil //nolint:nilnil // nothing else than the tree is to blame
	}
	return found, nil
}

// pip runs pip once. env are variables for this run only.
func (w *preparation) pip(ctx context.Context, python *worker.Python, env map[string]string) (result, error) {
	args := []string{"install"}
	if python.Constraints != "" {
		args = append(args, "--constraint="+python.Constraints)
	}
	args = append(args, python.Install...)
	return w.run(ctx, program{
		argv: append([]string{filepath.Join(w.venv, "bin", "python"), "-I", "-m", "pip"}, args...),
		text: "pip " + strings.Join(args, " "), dir: w.Tree.Dir, env: env, timeout: cmp.Or(w.Timeout, defaultTimeout),
	})
}

// pipAgain runs pip after a failure that says too little, with its debug log. It
// returns the first result, unless this run went well, and what the log blames.
func (w *preparation) pipAgain(ctx context.Context, python *worker.Python, first result) (result, *cause, error) {
	w.event("pip does not say whether the index answered; asking again")
	debug := filepath.Join(w.Dir, "pip-debug.log")
	again, err := w.pip(ctx, python, map[string]string{"PIP_LOG": debug})
	if err != nil || again.exit.OK() {
		return again, nil, err
	}
	found := again.seen.cause
	if found == nil {
		found, err = w.causeIn(debug)
	}
	return first, found, errors.Join(err, removeIfThere(debug))
}

// causeIn looks for a cause in pip's debug log.
func (w *preparation) causeIn(path string) (*cause, error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil //nolint:nilnil // pip's arguments may name another log
	}
	if err != nil {
		return nil, err
	}
	defer f.Close()
	lines := bufio.NewReaderSize(f, 64<<10)
	for {
		line, err := lines.ReadSlice('\n') // of a line that is too long, piece by piece
		if found := w.causeOf(string(line)); found != nil {
			return found, nil
		}
		if errors.Is(err, io.EOF) {
			return nil, nil //nolint:nilnil // nothing
		}
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
	}
}

// causeOf finds a cause in one line of pip's debug log, which starts with a time.
func (w *preparation) causeOf(line string) *cause {
	line = regexp.MustCompile(`^\d{4}-\S+ `).ReplaceAllString(strings.TrimRight(line, "\r\n"), "")
	return causeOf(string(w.secrets.Redact([]byte(line))))
}

func removeIfThere(path string) error {
	if err := os.Remove(path); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}
