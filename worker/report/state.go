package report

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Name is "FROM->TO", as findings and limits name a step.
func (s *Step) Name() string { return s.From + "->" + s.To }

// problem is something that is wrong with a step, by the code of its finding.
type problem struct {
	Code worker.Code
	Text string
}

// problems is what is wrong with a step; nothing for a good one. Exactly its limit is
// not over it.
func (s *Step) problems() []problem {
	if !s.Ended {
		return []problem{{worker.CodeFailedStep, "did not end"}}
	}
	var out []problem
	if s.LimitSeconds != nil && s.DurationS > *s.LimitSeconds {
		out = append(out, problem{worker.CodeTooLong, "too long"})
	}
	if over(s.RowsChanged, s.LimitRowsChanged) {
		out = append(out, problem{worker.CodeRowsChanged, "too many rows changed"})
	}
	if over(s.RowsRead, s.LimitRowsRead) {
		out = append(out, problem{worker.CodeRowsRead, "too many rows read"})
	}
	return out
}

func over(n, limit *int64) bool { return n != nil && limit != nil && *n > *limit }

// state says in a few words how a step went.
func (d *Dataset) state(s *Step) string {
	var words []string
	for _, p := range s.problems() {
		if d.foundBefore(s, p.Code) {
			p.Text += ", before the change too"
		}
		words = append(words, p.Text)
	}
	if len(words) == 0 {
		words = []string{"ok"}
	}
	if s.FirstS != nil {
		words = append(words, fmt.Sprintf("at first %.3f", *s.FirstS))
	}
	return strings.Join(words, "; ")
}

// foundBefore tells whether what is wrong with the step is wrong before the change too.
func (d *Dataset) foundBefore(s *Step, code worker.Code) bool {
	for i := range d.Findings {
		f := &d.Findings[i]
		if f.Before && f.Step == s.Name() && f.Code == string(code) {
			return true
		}
	}
	return false
}

// ended says how a command ended.
func ended(exitCode int, signal string, timedOut bool) string {
	switch {
	case timedOut:
		return "stopped: it took too long"
	case signal != "":
		return "ended by a signal (" + signal + ")"
	}
	return fmt.Sprintf("exit status %d", exitCode)
}

// total is how long all steps took, and the slowest of them; nil without steps.
func total(steps []Step) (float64, *Step) {
	var sum float64
	var slowest *Step
	for i := range steps {
		sum += steps[i].DurationS
		if slowest == nil || steps[i].DurationS > slowest.DurationS {
			slowest = &steps[i]
		}
	}
	return sum, slowest
}

// duration is a time as people say it.
func duration(seconds float64) string {
	switch {
	case seconds < 0.0005:
		return "under 1 ms"
	case seconds < 0.9995:
		return fmt.Sprintf("%.0f ms", seconds*1000)
	case seconds < 9.995:
		return fmt.Sprintf("%.2f s", seconds)
	case seconds < 119.95:
		return fmt.Sprintf("%.1f s", seconds)
	}
	whole := int64(seconds + 0.5)
	if whole < 2*60*60 {
		return fmt.Sprintf("%d min %d s", whole/60, whole%60)
	}
	return fmt.Sprintf("%d h %d min", whole/3600, whole%3600/60)
}

// count is a number with its thousands apart; "n/a" when it is unknown.
func count(n *int64) string {
	if n == nil {
		return "n/a"
	}
	return thousands(*n)
}

func thousands(n int64) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0 && s[i-1] != '-'; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// size is a file's size as people say it.
func size(bytes int64) string {
	switch {
	case bytes < 1000:
		return fmt.Sprintf("%d bytes", bytes)
	case bytes < 1e6:
		return fmt.Sprintf("%.1f kB", float64(bytes)/1e3)
	}
	return fmt.Sprintf("%.1f MB", float64(bytes)/1e6)
}
