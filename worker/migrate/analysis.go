package migrate

import (
	"bytes"
	"regexp"
	"slices"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
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
	before   int // how many errors reason had found when the last step started

	patterns struct{ denied, unknown, client, imports, version *regexp.Regexp }
}

// newAnalysis makes an analysis; allCounters keeps every counter of InnoDB's.
func newAnalysis(d *Detector, allCounters bool) *analysis {
	a := &analysis{ansi: classiclog.ANSICodes(), detector: d, counters: newInnodb(allCounters), reason: newReason()}
	a.patterns.denied = regexp.MustCompile(`(?:^|\s)ERROR 1045\b`)
	a.patterns.unknown = regexp.MustCompile(`(?:^|\s)ERROR 1049\b`)
	a.patterns.client = regexp.MustCompile(`^ERROR(?: \d{4,5} \(\w{5}\)| at line \d+).*: `)
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

// run says that a command starts, and that what others said is over.
func (a *analysis) run() { a.reason, a.before = newReason(), 0 }

// line reads a line of the command's output, without ANSI codes: as it is, and as it
// may be quoted. Steps are looked for where there may be some. What stands behind a
// carriage return is a line of its own, as on a terminal: progress bars leave out
// the newline.
func (a *analysis) line(text, quotable []byte, at time.Time, logLine int, steps bool) {
	if bytes.IndexByte(text, '\r') < 0 {
		a.part(text, quotable, at, logLine, steps)
		return
	}
	for len(text) > 0 {
		var part, shown []byte
		part, text, _ = bytes.Cut(text, []byte("\r"))
		shown, quotable, _ = bytes.Cut(quotable, []byte("\r"))
		if len(part) > 0 {
			a.part(part, shown, at, logLine, steps)
		}
	}
}

func (a *analysis) part(text, quotable []byte, at time.Time, logLine int, steps bool) {
	noise := false
	if d := a.detector; d != nil && steps {
		found, open := len(d.steps), d.open
		d.Line(text, at, logLine)
		if len(d.steps) != found {
			a.before = a.reason.errors
		}
		noise = len(d.steps) != found || d.open != open || !d.open && a.counters.read(text, len(d.steps))
	}
	a.reason.line(quotable, noise)
	a.find(text, quotable, logLine)
}

// failed tells whether an error was printed since the last step started: a command
// that exits with status 0 all the same has not ended that step by it.
func (a *analysis) failed() bool { return a.reason.errors > a.before }

// find looks for errors that have messages of their own, and for the final version.
func (a *analysis) find(text, quotable []byte, logLine int) {
	switch {
	case a.patterns.denied.Match(text):
		a.add(worker.KnownError{Kind: worker.ErrorAccessDenied, LogLine: logLine})
	case a.patterns.unknown.Match(text):
		a.add(worker.KnownError{Kind: worker.ErrorUnknownDatabase, LogLine: logLine})
	case a.patterns.client.Match(text):
		a.add(worker.KnownError{Kind: worker.ErrorClient, LogLine: logLine, Text: printable(quotable)})
	}
	if m := a.patterns.imports.FindSubmatch(text); m != nil {
		if before := string(bytes.TrimSpace(m[1])); before != "except" && before != "raise" {
			a.add(worker.KnownError{Kind: worker.ErrorImport, LogLine: logLine})
		}
	}
	if m := a.patterns.version.FindSubmatch(text); m != nil {
		a.version = printable(m[1])
	}
}

// maxKnown is how many errors a person wants to read of.
const maxKnown = 10

func (a *analysis) add(e worker.KnownError) {
	same := func(k worker.KnownError) bool { return k.Kind == e.Kind && k.Text == e.Text }
	if len(a.known) < maxKnown && !slices.ContainsFunc(a.known, same) {
		a.known = append(a.known, e)
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
	if last := len(o.Steps) - 1; o.Succeeded() && last >= 0 && !o.Steps[last].Ended {
		o.ToolError = a.reason.why(true)
	}
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
