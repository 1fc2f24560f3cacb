package migrate

import (
	"bytes"
	"context"
	"unicode"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// stepVariable tells the command of a step driver which version it is to reach.
const stepVariable = "TH_STEP"

// maxVersions and maxVersionBytes bound what a versions command may print.
const (
	maxVersions     = 10_000
	maxVersionBytes = 200
)

// all runs the command, or drives it from version to version until a run fails.
func (r *migration) all(ctx context.Context) error {
	if !r.build.Tool.Driven() {
		return r.once(ctx, "", nil)
	}
	versions, err := r.versions(ctx)
	previous := ""
	for _, version := range versions {
		if err != nil || !r.outcome.Succeeded() {
			break
		}
		err = r.once(ctx, previous, &version)
		previous = version
	}
	return err
}

// versions are what a step driver goes through. Where the versions command fails,
// there are none, and that is the outcome.
func (r *migration) versions(ctx context.Context) ([]string, error) {
	command := r.build.Tool.VersionsCommand
	if len(command.Argv) == 0 {
		return r.build.Tool.Versions, nil
	}
	timeout, ok := r.left(r.build.Command.Timeout)
	if !ok {
		return nil, nil
	}
	if command.Timeout > 0 && (timeout == 0 || command.Timeout < timeout) {
		timeout = command.Timeout
	}
	var found versionList
	e := execution{
		argv: command.Argv, text: command.Text, vars: command.Environment, timeout: timeout,
		stdout: r.lines.output(r.session, false, found.line), stderr: r.lines.output(r.session, false, nil),
	}
	ending, err := r.run(ctx, e)
	if err != nil {
		return nil, err
	}
	r.add(ending)
	if ending.TimedOut {
		r.outcome.Timeout = timeout
	}
	if !ending.OK() {
		return nil, nil
	}
	if found.bad != "" {
		r.fail(found.bad)
		return nil, nil
	}
	return found.versions, nil
}

// fail is the outcome of a versions command that did well and prints nonsense.
func (r *migration) fail(why string) {
	r.outcome.ExitCode, r.outcome.ToolError = 1, why
	r.log.Event(r.now(), "%s", why)
}

// versionList is what a versions command printed.
type versionList struct {
	versions []string
	bad      string // why these are no versions
}

// line reads a line of the versions command's.
func (v *versionList) line(plain []byte, continued bool) {
	version := bytes.TrimSpace(plain)
	unprintable := func(c rune) bool { return !unicode.IsPrint(c) }
	switch {
	case v.bad != "" || len(version) == 0:
	case continued || len(version) > maxVersionBytes || !utf8.Valid(version) || bytes.ContainsFunc(version, unprintable):
		v.bad = "the command that should print the versions printed something else"
	case len(v.versions) == maxVersions:
		v.bad = "the command that should print the versions printed too many"
	default:
		v.versions = append(v.versions, string(version))
	}
}

var _ worker.Migrator = (*Migrator)(nil)
