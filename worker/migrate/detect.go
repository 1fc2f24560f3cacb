package migrate

import (
	"bytes"
	"fmt"
	"regexp"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Detector finds steps in the lines of a migration tool's output. Lines are given
// one after the other, each with the time at which it arrived; the output may
// come from a running command or from a log.
type Detector struct {
	start, end *regexp.Regexp // end is nil where the tool prints none
	groups     [3]int         // start's groups for from, to and title; 0 is none

	// nextEnds: the next start, and a successful exit, end a step.
	nextEnds bool

	ansi  *regexp.Regexp
	steps []worker.Step
	open  bool // the last step has not ended
}

// NewDetector makes a detector for the tool. A tool that is not known, or a
// pattern that is no regular expression, is an error.
func NewDetector(tool worker.Tool) (*Detector, error) {
	d := &Detector{ansi: ansiCodes(), groups: [3]int{1, 2, 3}}
	switch tool.Name {
	case worker.ToolSQLAlchemyMigrate:
		d.start = regexp.MustCompile(`(?:^|[\s:\]])(\d+) -> (\d+)\.\.\.\s*$`)
		// Alone, or as the whole message behind a logger's name or context: a
		// migration that prints "work done" has not ended.
		d.end = regexp.MustCompile(`(?:^|\] |versioning\.api[: ] ?)done\s*$`)
	case worker.ToolAlembic:
		d.start = regexp.MustCompile(`(?:^|\] |:)Running (?:upgrade|downgrade) (.*?) ?-> ([^\s,]*)(?:, (.*?))?\s*$`)
		d.end = regexp.MustCompile(`^\s*OK\s*$`)
		d.nextEnds = true
	case worker.ToolPatterns:
		return d, d.patterns(tool)
	default:
		return nil, fmt.Errorf("find steps: unknown tool %q", tool.Name)
	}
	return d, nil
}

// patterns takes the expressions from the configuration.
func (d *Detector) patterns(tool worker.Tool) (err error) {
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
	if bytes.IndexByte(text, 0x1b) >= 0 {
		text = d.ansi.ReplaceAll(text, nil)
	}
	if m := d.start.FindSubmatch(text); m != nil {
		d.stop(at, d.nextEnds)
		d.steps = append(d.steps, worker.Step{
			From: d.group(m, 0), To: d.group(m, 1), Title: d.group(m, 2), Start: at, LogLine: logLine,
		})
		d.open = true
		return
	}
	if d.open && d.end != nil && d.end.Match(text) {
		d.stop(at, true)
	}
}

// Finish says that the output is complete, since at, and whether the command
// succeeded; it returns the steps.
func (d *Detector) Finish(succeeded bool, at time.Time) []worker.Step {
	d.stop(at, d.nextEnds && succeeded)
	return d.steps
}

// stop closes the open step, if there is one.
func (d *Detector) stop(at time.Time, ended bool) {
	if !d.open {
		return
	}
	step := &d.steps[len(d.steps)-1]
	step.Duration, step.Ended = at.Sub(step.Start), ended
	d.open = false
}

func (d *Detector) group(match [][]byte, i int) string {
	if g := d.groups[i]; g > 0 && g < len(match) {
		return string(match[g])
	}
	return ""
}
