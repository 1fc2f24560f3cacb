package migrate

import (
	"bytes"
	"regexp"
	"slices"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// analysis is everything that is found in a command's output, line by line.
type analysis struct {
	ansi     *regexp.Regexp
	detector *Detector // nil finds no steps
	counters *innodb
	reason   *reason
	known    []worker.KnownError
	version  string

	patterns struct{ denied, unknown, imports, version *regexp.Regexp }
}

// newAnalysis makes an analysis; allCounters keeps every counter of InnoDB's.
func newAnalysis(d *Detector, allCounters bool) *analysis {
	a := &analysis{ansi: ansiCodes(), detector: d, counters: newInnodb(allCounters), reason: newReason()}
	a.patterns.denied = regexp.MustCompile(`(?:^|\s)ERROR 1045\b`)
	a.patterns.unknown = regexp.MustCompile(`(?:^|\s)ERROR 1049\b`)
	// Alone or behind a logger's prefix; find passes over "except ImportError:" in a
	// traceback's source.
	a.patterns.imports = regexp.MustCompile(`(^\s*|\S+\s+)(?:[\w.]+\.)?(?:ImportError|ModuleNotFoundError)(?::|\s*$)`)
	a.patterns.version = regexp.MustCompile(`^Final schema version is (\S{1,100})\s*$`)
	return a
}

// plain is a line without ANSI codes.
func (a *analysis) plain(text []byte) []byte {
	if bytes.IndexByte(text, 0x1b) < 0 {
		return text
	}
	return a.ansi.ReplaceAll(text, nil)
}

// line reads a line of the command's output, without ANSI codes: as it is, and as it
// may be quoted. Steps are looked for where there may be some.
func (a *analysis) line(text, quotable []byte, at time.Time, logLine int, steps bool) {
	noise := false
	if d := a.detector; d != nil && steps {
		found, open := len(d.steps), d.open
		d.Line(text, at, logLine)
		noise = len(d.steps) != found || d.open != open || !d.open && a.counters.read(text, len(d.steps))
	}
	a.reason.line(quotable, noise)
	a.find(text, logLine)
}

// find looks for errors that have classic messages, and for the final version.
func (a *analysis) find(text []byte, logLine int) {
	switch {
	case a.patterns.denied.Match(text):
		a.add(worker.ErrorAccessDenied, logLine)
	case a.patterns.unknown.Match(text):
		a.add(worker.ErrorUnknownDatabase, logLine)
	}
	if m := a.patterns.imports.FindSubmatch(text); m != nil {
		if before := string(bytes.TrimSpace(m[1])); before != "except" && before != "raise" {
			a.add(worker.ErrorImport, logLine)
		}
	}
	if m := a.patterns.version.FindSubmatch(text); m != nil {
		a.version = printable(m[1])
	}
}

func (a *analysis) add(kind worker.KnownErrorKind, logLine int) {
	if !slices.ContainsFunc(a.known, func(k worker.KnownError) bool { return k.Kind == kind }) {
		a.known = append(a.known, worker.KnownError{Kind: kind, LogLine: logLine})
	}
}

// outcome completes an outcome of which is known how the command ended.
func (a *analysis) outcome(o *worker.Outcome) {
	o.Known, o.Version = a.known, a.version
	if !o.Succeeded() && !o.TimedOut {
		o.ToolError = a.reason.why(o.Signal != "")
	}
	if a.detector == nil {
		return
	}
	o.Steps = a.detector.steps
	for i := range o.Steps {
		rows := a.counters.rows(i)
		if rows.RowsChanged.Known {
			o.Steps[i].Rows.RowsChanged = rows.RowsChanged
		}
		if rows.RowsRead.Known {
			o.Steps[i].Rows.RowsRead = rows.RowsRead
		}
	}
}
