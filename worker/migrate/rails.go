package migrate

import (
	"regexp"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// rails reads lines of Rails' migrations:
//
//	== 20140116065733 AddNames: migrating =========================================
//	-- add_column(:people, :name, :string)
//	   -> 0.2801s
//	== 20140116065733 AddNames: migrated (0.2840s) ================================
//
// or "reverting" and "reverted". A step takes the time that is printed: Rails
// measured it where it happened, to a tenth of a millisecond, and it stays right
// when lines are held back on the way, as Ruby does itself when it writes to a
// pipe. Since that would hide when a step ran, and what it read and changed, Rails
// is given a terminal, and steps that arrived at other times than they say are
// marked as such.
func rails(d *Detector) func([]byte, time.Time, int) {
	line := regexp.MustCompile(`^== +(?:(\d+) )?(\S+): (?:(migrating|reverting)|(?:migrated|reverted) \((\d+\.\d+)s\)) *=*\s*$`)
	return func(text []byte, at time.Time, logLine int) {
		m := line.FindSubmatch(text)
		if m == nil {
			return
		}
		version, name := string(m[1]), string(m[2])
		if version == "" {
			version = name // Rails before 4
		}
		if doing := string(m[3]); doing != "" {
			step := worker.Step{To: version, Title: name, Start: at, LogLine: logLine}
			if doing == "reverting" {
				step.From, step.To = version, ""
			}
			d.begin(step)
			return
		}
		if !d.open && !d.again || d.steps[len(d.steps)-1].From+d.steps[len(d.steps)-1].To != version {
			return
		}
		d.printedEnd(at)
		if printed, err := time.ParseDuration(string(m[4]) + "s"); err == nil {
			d.printed(printed, at)
		}
	}
}

// A step may arrive so much later than it says on a busy machine, and, where only
// its start is late, so much sooner. What is off by more was held back on the way.
const (
	printedLate = 500 * time.Millisecond
	printedSoon = 50 * time.Millisecond
)

// printed says how long the step that ended took, in the tool's own measure.
func (d *Detector) printed(took time.Duration, at time.Time) {
	i := len(d.steps) - 1
	if off := at.Sub(d.steps[i].Start) - took; off > printedLate || off < -printedSoon {
		d.misprinted[i] = true
	}
	d.steps[i].Duration = took
}
