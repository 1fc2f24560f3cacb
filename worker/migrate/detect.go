package migrate

import (
	"bytes"
	"errors"
	"fmt"
	"regexp"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/classiclog"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// maxSteps bounds what a runaway command can make us remember. The one that is too
// much is left without an end, so that the build does not pass.
const maxSteps = 20_000

// Detector finds steps in the lines of a migration tool's output. Lines are given
// one after the other, each with the time at which it arrived; the output may
// come from a running command or from a log.
type Detector struct {
	read func(text []byte, at time.Time, logLine int) // one line of the tool's

	start, end *regexp.Regexp // of tools that are told by expressions; end is nil where the tool prints none
	groups     [3]int         // start's groups for from, to and title; 0 is none
	custom     bool           // they are the configuration's, and mean what they say

	// nextEnds: the next start, and a successful exit, end a step.
	nextEnds bool
	// again: the last step's end was printed, but maybe by the migration. Where the
	// tool prints it later, that is the end; so is the next start, unless the tool
	// began anew in between.
	again bool
	anew  *regexp.Regexp // nil where the next start says nothing of an end

	// loose is when the open step may have ended; the zero time when there is no
	// sign of it. What follows tells.
	loose time.Time

	ansi  *regexp.Regexp
	steps []worker.Step
	open  bool // the last step has not ended

	// misprinted are the steps whose lines arrived at other times than the tool says
	// that they took: its output was held back on the way.
	misprinted map[int]bool

	// seen is told of each start and end of a step when it is read; nil for nobody.
	seen func(step int, end bool, at time.Time)
}

// NewDetector makes a detector for the tool. A tool that is not known, or a
// pattern that is no regular expression, is an error.
func NewDetector(tool worker.Tool) (*Detector, error) {
	d := &Detector{ansi: classiclog.ANSICodes(), groups: [3]int{1, 2, 3}, misprinted: map[int]bool{}}
	d.read = d.expressions
	switch tool.Name {
	case worker.ToolSQLAlchemyMigrate:
		d.start = regexp.MustCompile(`(?:^|[\s:\]])(\d+) -> (\d+)\.\.\.\s*$`)
		// Alone, or as the whole message behind a logger's name or context: a
		// migration that prints "work done" has not ended.
		d.end = regexp.MustCompile(`(?:^|\] |versioning\.api[: ] ?)done\s*$`)
	case worker.ToolAlembic:
		d.start = regexp.MustCompile(`(?:^|\] |:)Running (?:upgrade|downgrade) (.*?) ?-> (\([^)]*\)|[^\s,]*)(?:, (.*?))?\s*$`)
		d.end = regexp.MustCompile(`^\s*OK\s*$`)
		d.anew = regexp.MustCompile(`\bContext impl |^\s*Running \w+ (?:\(\w+\) )?for \S+ \.\.\.`)
		d.nextEnds = true
	case worker.ToolDjango:
		d.read = django(d)
	case worker.ToolRails:
		d.read = rails(d)
	case worker.ToolRun:
		if !tool.Driven() {
			return nil, errors.New("find steps: tool run needs versions: each run is one step")
		}
		d.read = func([]byte, time.Time, int) {}
	case worker.ToolPatterns:
		return d, d.patterns(tool)
	default:
		return nil, fmt.Errorf("find steps: unknown tool %q", tool.Name)
	}
	return d, nil
}

// patterns takes the expressions from the configuration.
func (d *Detector) patterns(tool worker.Tool) (err error) {
	d.custom = true
	if d.start, err = regexp.Compile(tool.Start); err != nil {
		return fmt.Errorf("find steps: start: %w", err)
	}
	if tool.End != "" {
		if d.end, err = regexp.Compile(tool.End); err != nil {
			return fmt.Errorf("find steps: end: %w", err)
		}
	}
	d.nextEnds = d.end == nil
	named := [3]int{}
	for i, name := range [3]string{"from", "to", "title"} {
		named[i] = max(d.start.SubexpIndex(name), 0)
	}
	if named != [3]int{} {
		d.groups = named
	}
	return nil
}

// Line reads the next line; logLine is where it stands in the log.
func (d *Detector) Line(text []byte, at time.Time, logLine int) {
	if len(d.steps) < maxSteps {
		if bytes.IndexByte(text, 0x1b) >= 0 {
			text = d.ansi.ReplaceAll(text, nil)
		}
		d.read(text, at, logLine)
	}
	if len(d.steps) == maxSteps {
		d.open, d.loose = true, time.Time{}
		d.steps[maxSteps-1].Ended = false
	}
}

// expressions reads a line of a tool that is told by regular expressions.
func (d *Detector) expressions(text []byte, at time.Time, logLine int) {
	if m := d.start.FindSubmatch(text); m != nil {
		if d.again && d.anew != nil {
			d.last(at, true)
		}
		d.begin(worker.Step{From: d.group(m, 0), To: d.group(m, 1), Title: d.group(m, 2), Start: at, LogLine: logLine})
		return
	}
	switch {
	case d.end != nil && d.end.Match(text):
		d.printedEnd(at)
	case d.anew != nil && d.anew.Match(text):
		d.again = false
	}
}

// printedEnd says that a step's end was printed. A migration that prints the same
// as its tool ends nothing: of several, the last counts.
func (d *Detector) printedEnd(at time.Time) {
	switch {
	case d.open:
		d.stop(at, true)
		d.again = !d.custom
	case d.again:
		d.last(at, true)
	}
}

func (d *Detector) group(match [][]byte, i int) string {
	if g := d.groups[i]; g > 0 && g < len(match) {
		return string(match[g])
	}
	return ""
}

// Finish says that the output is complete, since at, and whether the command
// succeeded; it returns the steps.
func (d *Detector) Finish(succeeded bool, at time.Time) []worker.Step {
	d.exit(succeeded, at)
	return d.steps
}

// exit says that a command ended, and that another may follow. What it left
// running may have started a step afterwards, which nothing ends.
func (d *Detector) exit(succeeded bool, at time.Time) {
	if d.open && d.steps[len(d.steps)-1].Start.After(at) {
		succeeded = false
	}
	if succeeded {
		d.stopLoose()
	}
	d.stop(at, d.nextEnds && succeeded && len(d.steps) < maxSteps)
	d.again = false
}

// begin starts a step.
func (d *Detector) begin(s worker.Step) {
	d.stopLoose()
	d.stop(s.Start, d.nextEnds)
	d.steps = append(d.steps, s)
	d.open, d.again = true, false
	d.tell(false, s.Start)
}

// stop closes the open step, if there is one.
func (d *Detector) stop(at time.Time, ended bool) {
	if !d.open {
		return
	}
	d.last(at, ended)
	d.open, d.loose = false, time.Time{}
}

// stopLoose closes the open step where its end was seen, if it was.
func (d *Detector) stopLoose() {
	if !d.loose.IsZero() {
		d.stop(d.loose, true)
	}
}

// last says when the last step ended. Times of a log may go backward.
func (d *Detector) last(at time.Time, ended bool) {
	step := &d.steps[len(d.steps)-1]
	step.Duration, step.Ended = max(at.Sub(step.Start), 0), ended
	d.tell(true, at)
}

func (d *Detector) tell(end bool, at time.Time) {
	if d.seen != nil {
		d.seen(len(d.steps)-1, end, at)
	}
}
