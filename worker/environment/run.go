package environment

import (
	"cmp"
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/internal/subprocess"
)

// marker is the variable that names a preparation's processes, by its directory:
// that is its own on this machine, whoever else prepares something.
const marker = "TH_ENVIRONMENT_ID"

// program is something to run.
type program struct {
	argv    []string
	text    string // for people
	dir     string
	env     map[string]string // over all else
	timeout time.Duration     // 0 is none
}

// result is what came of it.
type result struct {
	exit    subprocess.Exit
	timeout time.Duration
	seen    seen
	tail    classiclog.Tail
}

// run runs a program, with its output in the log. The error is nil unless it could
// not be run or ctx ended.
func (w *preparation) run(ctx context.Context, p program) (result, error) {
	r := result{timeout: p.timeout}
	ansi := classiclog.ANSICodes()
	out := &classiclog.Lines{Now: w.Now, Secrets: w.secrets, Flush: w.log.Flush, Line: func(text []byte, at time.Time, continued bool) {
		w.log.Text(at, "output", text)
		plain := ansi.ReplaceAll(text, nil)
		if !continued {
			r.seen.line(strings.ToValidUTF8(string(plain), "\uFFFD"))
		}
		r.tail.Keep(plain)
	}}
	w.event("running %s", w.secrets.Redact([]byte(strings.ReplaceAll(strings.TrimSpace(p.text), "\n", "; "))))
	stop := w.log.Heartbeats(w.Now, cmp.Or(w.Heartbeat, defaultHeartbeat))
	start := w.Now()
	exit, err := subprocess.Run(ctx, subprocess.Command{
		Argv: p.argv, Dir: p.dir, Env: w.environment(p.env), Stdout: out, Stderr: out,
		Marker: marker + "=" + w.Dir, Timeout: p.timeout,
	})
	stop()
	out.Close()
	w.outcome.Duration += w.Now().Sub(start)
	switch {
	case ctx.Err() != nil:
		w.event("cancelled")
	case err == nil:
		if exit.TimedOut {
			w.event("timeout")
		}
		w.event("script exit code = %d", exit.Code)
	}
	r.exit = exit
	return r, err
}

// event logs something that the worker did.
func (w *preparation) event(format string, args ...any) { w.log.Event(w.Now(), format, args...) }

// environment is a program's whole environment, sorted by name. The build's
// parameters win over nothing, and more wins over all.
func (w *preparation) environment(more map[string]string) []string {
	vars := w.Build.Variables()
	for _, v := range w.Passthrough {
		if name, value, ok := strings.Cut(v, "="); ok {
			vars[name] = value
		}
	}
	path := w.Path
	if python := w.Build.Environment.Python; python != nil {
		if python.IndexURL != "" {
			vars["PIP_INDEX_URL"] = python.IndexURL
		}
		path = filepath.Join(w.venv, "bin") + ":" + path
		vars["VIRTUAL_ENV"] = w.venv
	}
	maps.Copy(vars, map[string]string{
		"PATH": path, "HOME": w.home, "TMPDIR": w.tmp, "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1",
		"PIP_NO_INPUT": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_CACHE_DIR": w.cache,
		"TH_JOB_NAME": w.Build.Job, "TH_JOB_DIR": w.home, "TH_SOURCE_DIR": w.Tree.Dir,
	})
	maps.Copy(vars, more)
	env := make([]string, 0, len(vars))
	for _, name := range slices.Sorted(maps.Keys(vars)) {
		env = append(env, name+"="+vars[name])
	}
	return env
}
