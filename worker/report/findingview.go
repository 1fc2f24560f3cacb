package report

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// look is the class and symbol of a result.
func look(level string) (class, symbol string) {
	switch worker.Result(level) {
	case worker.Success:
		return "good", "✓"
	case worker.Warning:
		return classWarn, "▲"
	case worker.Untested:
		return "untested", "○"
	case worker.Failure:
		return classBad, "✕"
	}
	return "untested", "?"
}

// findingView is a finding as the page shows it.
type findingView struct {
	Class, Symbol string
	Level         string // "" where the message says it
	Message       string
	Where         string // the dataset; "" where that is plain
	Href          string // of the place in the log
	Advice        advice

	rank int // the worse, the higher
}

// findingGroup are findings with the same advice, which is given once.
type findingGroup struct {
	Advice advice
	Code   string
	Shown  []findingView
	More   []findingView // folded
}

// view is a finding as the page shows it; log, which may be nil, is where it was found.
func (f *Finding) view(log *logPart) findingView {
	v := findingView{Level: clean(f.Level), Message: brief(f.Message, textChars), Advice: adviceOn(worker.Code(f.Code))}
	v.Class, v.Symbol = look(f.Level)
	v.rank = slices.Index([]worker.Result{worker.Success, worker.Untested, worker.Warning, worker.Failure}, worker.Result(f.Level))
	if f.Before {
		v.Class, v.Symbol = classBefore, "○"
	}
	if strings.HasPrefix(v.Message, v.Level) {
		v.Level = ""
	}
	if log != nil {
		v.Href = log.href(f)
	}
	return v
}

// findingGroups are a log's findings by their codes, those that were there before the change
// apart, and how many are not in them.
func findingGroups(fs []Finding, log *logPart) (now, before []findingGroup, more int) {
	const unfolded = 6
	shown := fs[:min(len(fs), maxFindings)]
	for i := range shown {
		groups := &now
		if fs[i].Before {
			groups = &before
		}
		at := slices.IndexFunc(*groups, func(g findingGroup) bool { return g.Code == clean(fs[i].Code) })
		if at < 0 {
			at = len(*groups)
			*groups = append(*groups, findingGroup{Code: clean(fs[i].Code), Advice: adviceOn(worker.Code(fs[i].Code))})
		}
		g, v := &(*groups)[at], fs[i].view(log)
		if len(g.Shown) < unfolded {
			g.Shown = append(g.Shown, v)
		} else {
			g.More = append(g.More, v)
		}
	}
	return now, before, len(fs) - len(shown)
}
