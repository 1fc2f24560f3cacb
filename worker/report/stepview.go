package report

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// What a page shows at most: what a change prints makes steps and findings, and no
// browser shows a million. report.json has all.
const (
	maxStepRows = 2000
	maxFindings = 500
	// manySteps is from how many on the table is folded, with the notable steps
	// above it.
	manySteps    = 25
	notableSteps = 8
)

// The looks of what is good and bad. Each comes with a symbol and a word.
const (
	classGood   = ""
	classBad    = "bad"
	classWarn   = "warn"
	classBefore = "before"
)

// stepRow is a step as the page shows it.
type stepRow struct {
	Href                 string // of the place in the log
	Name, Title          string
	Class, Symbol, State string
	Seconds, Limit       string
	Changed, ChangedMax  string
	Read, ReadMax        string
	Bar                  bar
	Over                 map[string]bool // the codes of what is over its limit

	number int
	step   *Step
}

// SortNumber is the step's place, from 0: by it, by seconds and by counts tables are sorted;
// what is unknown comes first.
func (r stepRow) SortNumber() int { return r.number }

// SortSeconds is how long it took.
func (r stepRow) SortSeconds() float64 { return r.step.DurationS }

// SortLimit is how long it may take.
func (r stepRow) SortLimit() float64 { return orUnknown(r.step.LimitSeconds) }

// SortChanged is how many rows it changed.
func (r stepRow) SortChanged() int64 { return orUnknown(r.step.RowsChanged) }

// SortLimitChanged is how many rows it may change.
func (r stepRow) SortLimitChanged() int64 { return orUnknown(r.step.LimitRowsChanged) }

// SortRead is how many rows it read.
func (r stepRow) SortRead() int64 { return orUnknown(r.step.RowsRead) }

// SortLimitRead is how many rows it may read.
func (r stepRow) SortLimitRead() int64 { return orUnknown(r.step.LimitRowsRead) }

func orUnknown[V int64 | float64](n *V) V {
	if n == nil {
		return -1
	}
	return *n
}

// stepRows are the first maxStepRows steps of a dataset.
func (d *Dataset) stepRows(log *logPart) []stepRow {
	rows := make([]stepRow, 0, min(len(d.Steps), maxStepRows))
	for i := range min(len(d.Steps), maxStepRows) {
		s := &d.Steps[i]
		row := stepRow{
			number: i, Href: log.stepHref(i), Name: arrow(s), Title: brief(s.Title, titleChars),
			State: d.state(s), Seconds: fmt.Sprintf("%.3f", s.DurationS), Limit: limit(s.LimitSeconds),
			Changed: count(s.RowsChanged), ChangedMax: limitCount(s.LimitRowsChanged),
			Read: count(s.RowsRead), ReadMax: limitCount(s.LimitRowsRead), step: s,
		}
		row.Class, row.Symbol = d.stepLook(s)
		for _, p := range s.problems() {
			if row.Over == nil {
				row.Over = map[string]bool{}
			}
			row.Over[string(p.Code)] = true
		}
		rows = append(rows, row)
	}
	tableBars(rows)
	return rows
}

// hidden names the columns in which no row has anything. Seconds and counts are always shown.
func hidden(rows []stepRow) string {
	all := map[string]func(*Step) bool{
		"no-title":         func(s *Step) bool { return s.Title == "" },
		"no-limit":         func(s *Step) bool { return s.LimitSeconds == nil },
		"no-limit-changed": func(s *Step) bool { return s.LimitRowsChanged == nil },
		"no-limit-read":    func(s *Step) bool { return s.LimitRowsRead == nil },
	}
	for name, empty := range all {
		if slices.ContainsFunc(rows, func(r stepRow) bool { return !empty(r.step) }) {
			delete(all, name)
		}
	}
	return strings.Join(slices.Sorted(maps.Keys(all)), " ")
}

// arrow is a step's name as the page shows it.
func arrow(s *Step) string {
	return strings.TrimSpace(brief(s.From, nameChars) + " → " + brief(s.To, nameChars))
}

// stepLook is the class and symbol of a step: that of the worst that is wrong with it
// and was not before the change.
func (d *Dataset) stepLook(s *Step) (class, symbol string) {
	problems := s.problems()
	if len(problems) == 0 {
		return classGood, "✓"
	}
	for _, p := range problems {
		if d.foundBefore(s, p.Code) {
			continue
		}
		if p.Code == worker.CodeFailedStep {
			return classBad, "✕"
		}
		class = classWarn
	}
	if class == classWarn {
		return class, "▲"
	}
	return classBefore, "○"
}

func limit(seconds *float64) string {
	if seconds == nil {
		return "–"
	}
	return fmt.Sprintf("%g", *seconds)
}

func limitCount(n *int64) string {
	if n == nil {
		return "–"
	}
	return thousands(*n)
}

// notable are the rows that a reader of many should see first: those with problems, then
// the slowest, in the order of the steps.
func notable(rows []stepRow) []stepRow {
	order := make([]int, len(rows))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		if pa, pb := rows[a].Class != classGood, rows[b].Class != classGood; pa != pb {
			if pa {
				return -1
			}
			return 1
		}
		return cmp.Compare(rows[b].step.DurationS, rows[a].step.DurationS)
	})
	order = order[:min(len(order), notableSteps)]
	slices.Sort(order)
	out := make([]stepRow, len(order))
	for i, at := range order {
		out[i] = rows[at]
	}
	return out
}
