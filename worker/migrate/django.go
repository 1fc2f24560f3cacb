package migrate

import (
	"regexp"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// django reads lines of Django's migrate command, of verbosity 1 or more:
//
//	Running migrations:
//	  Applying app.0001_initial... OK
//
// Django writes the line up to the dots when the step starts, and " OK" (with a
// time, when verbose) or " FAKED" when it ends. Between them stands what the
// migration prints, its first line behind the dots:
//
//	  Applying app.0002_fill...filling
//	all is OK
//	 OK
//
// " OK" as a line, or directly behind the dots, ends the step; should the migration
// have printed the first of several, the last counts. At the end of what stands
// behind the dots it may be Django's (behind text that has no newline) or the
// migration's: it is believed when the next step starts, or the command succeeds.
func django(d *Detector) func([]byte, time.Time, int) {
	start := djangoStart()
	end := regexp.MustCompile(`^ (OK|FAKED)(?: \((\d+\.\d+)s\))?\s*$`)
	loose := regexp.MustCompile(` (?:OK|FAKED)(?: \(\d+\.\d+s\))?\s*$`)
	behind := false // the line stands behind the dots
	read := func(text []byte, at time.Time) {
		switch m := end.FindSubmatch(text); {
		case m != nil && (d.open || len(d.steps) > 0):
			d.last(at, true)
			d.open, d.loose = false, time.Time{}
			if step := &d.steps[len(d.steps)-1]; string(m[1]) == "FAKED" {
				step.Title = "faked"
			}
			if printed, err := time.ParseDuration(string(m[2]) + "s"); err == nil {
				d.printed(printed, at)
			}
		case behind && d.open && loose.Match(text):
			d.loose = at
		}
	}
	return func(text []byte, at time.Time, logLine int) {
		m := start.FindSubmatchIndex(text)
		if m == nil {
			read(text, at)
			behind = false
			return
		}
		name := string(text[m[4]:m[5]])
		step := worker.Step{To: name, Start: at, LogLine: logLine}
		if text[m[2]] == 'U' {
			step.From, step.To = name, ""
		}
		d.begin(step)
		behind = true
		if rest := text[m[1]:]; len(rest) > 0 {
			read(rest, at)
			behind = false
		}
	}
}

// djangoStart is how a step's line starts.
func djangoStart() *regexp.Regexp {
	return regexp.MustCompile(`^\s*(Applying|Unapplying) (\w+\.\S+?)\.\.\.`)
}

// early tells which unfinished lines are lines to the tool: what starts a step
// should be known, and in the log, before the step ends.
func early(tool string) func([]byte) bool {
	if tool != worker.ToolDjango {
		return nil
	}
	start := djangoStart()
	return func(text []byte) bool {
		m := start.FindIndex(text)
		return m != nil && m[1] == len(text)
	}
}
