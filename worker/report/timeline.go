package report

import (
	"fmt"
	"math"
	"slices"
	"unicode/utf8"
)

// percent is a length or place in a drawing, in percent of its width, so that
// a drawing needs no width of its own and its text is never stretched.
type percent float64

func (p percent) String() string { return fmt.Sprintf("%.4g%%", float64(p)) }

// Heights of the time line's parts, in pixels.
const (
	markRowHeight = 18
	bandHeight    = 30
	maxMarkRows   = 3
)

// timeline is the strip above a dataset's steps: each where and as long as it was, to
// scale.
type timeline struct {
	Label  string // what there is to see, in words
	Ticks  []string
	Band   int // where the band of bars begins
	Height int
	Bars   []bar
	Marks  []mark
}

// bar is one step. In the strip it begins where the step began, in the table at 0.
type bar struct {
	X, W  percent
	Class string
	Href  string
	Title string

	Limit, OverW percent // the limit's mark, and the part beyond it; 0 for none
	FirstW       percent // the first measurement; 0 for none
}

// mark names a step that something is wrong with, above its bar.
type mark struct {
	X      percent
	Y      int
	Anchor string // start, middle or end: the text stays inside the drawing
	Text   string // "" where the name has no place
	Symbol string
	Class  string // with "apart" when its symbol is there a second time

	at percent // the middle of the bar
}

// newTimeline draws the rows' steps. There is at least one.
func newTimeline(rows []stepRow) *timeline {
	begin := rows[0].step.StartedAt
	for i := range rows {
		if t := rows[i].step.StartedAt; t.Before(begin) {
			begin = t
		}
	}
	var end float64
	starts := make([]float64, len(rows))
	for i := range rows {
		starts[i] = rows[i].step.StartedAt.Sub(begin).Seconds()
		end = max(end, starts[i]+rows[i].step.DurationS)
	}
	t := &timeline{}
	var scale float64
	scale, t.Ticks = axis(end)
	for i := range rows {
		t.Bars = append(t.Bars, stripBar(&rows[i], starts[i], scale))
	}
	t.mark(rows)
	t.Height = t.Band + bandHeight
	sum, slowest := total(stepsOf(rows))
	t.Label = fmt.Sprintf("Time line of %s, %s together; the slowest is %s with %s. The table has the same in numbers.",
		plural(len(rows), "step"), duration(sum), arrow(slowest), duration(slowest.DurationS))
	return t
}

func stepsOf(rows []stepRow) []Step {
	out := make([]Step, len(rows))
	for i := range rows {
		out[i] = *rows[i].step
	}
	return out
}

// stripBar is a step's bar in the strip.
func stripBar(row *stepRow, start, scale float64) bar {
	s := row.step
	b := bar{
		X: of(start, scale), W: of(s.DurationS, scale), Class: row.Class, Href: row.Href,
		Title: row.Name + ": " + duration(s.DurationS) + ", " + row.State,
	}
	if s.LimitSeconds != nil && s.DurationS > *s.LimitSeconds {
		b.Limit = of(start+*s.LimitSeconds, scale)
		b.OverW = of(s.DurationS-*s.LimitSeconds, scale)
	}
	return b
}

// mark points at the steps with problems, with their names above one another so that they do
// not overlap. Where that takes too many rows, the lowest has all symbols, and those above
// it the names that have a place.
func (t *timeline) mark(rows []stepRow) {
	named, height := t.name(rows, 0)
	if height > maxMarkRows {
		for _, m := range named {
			t.Marks = append(t.Marks, mark{X: m.at, Anchor: "middle", Symbol: m.Symbol, Class: m.Class})
		}
		named, _ = t.name(rows, 1)
		named = slices.DeleteFunc(named, func(m mark) bool { return m.Y >= maxMarkRows })
		height = maxMarkRows
		for i := range named {
			named[i].Class += " apart"
		}
	}
	t.Marks = append(t.Marks, named...)
	for i := range t.Marks { // until now the lowest row was 0
		t.Marks[i].Y = (height-t.Marks[i].Y)*markRowHeight - 6
	}
	t.Band = height * markRowHeight
}

// name makes marks with names in as many rows as are needed, from the row lowest on, and
// tells how many rows that makes.
func (t *timeline) name(rows []stepRow, lowest int) (marks []mark, height int) {
	ends := make([]percent, lowest)
	for i := range ends {
		ends[i] = 100
	}
	for i := range rows {
		if rows[i].Class == classGood {
			continue
		}
		m, left, right := t.Bars[i].mark(&rows[i])
		at := slices.IndexFunc(ends, func(end percent) bool { return end <= left })
		if at < 0 {
			at, ends = len(ends), append(ends, 0)
		}
		ends[at], m.Y = right, at
		marks = append(marks, m)
	}
	return marks, len(ends)
}

// mark is the mark of a bar, and from where to where its text goes.
func (b *bar) mark(row *stepRow) (m mark, left, right percent) {
	const charWidth = 1.1 // percent of a drawing on a screen that is not a telephone's
	m = mark{X: b.X + b.W/2, at: b.X + b.W/2, Anchor: "middle", Symbol: row.Symbol, Text: row.Name, Class: row.Class}
	width := percent(charWidth * float64(utf8.RuneCountInString(row.Name)+3))
	left = m.X - width/2
	switch {
	case left < 0:
		m.Anchor, m.X, left = "start", b.X, b.X
	case left+width > 100:
		m.Anchor, m.X = "end", min(b.X+b.W, 100)
		left = m.X - width
	}
	return m, left, left + width
}

// tableBars draws each row's duration beside the others'.
func tableBars(rows []stepRow) {
	var longest float64
	for i := range rows {
		longest = max(longest, rows[i].step.DurationS)
		if first := rows[i].step.FirstS; first != nil {
			longest = max(longest, *first)
		}
	}
	for i := range rows {
		s := rows[i].step
		b := bar{W: of(s.DurationS, longest), Class: rows[i].Class}
		if l := s.LimitSeconds; l != nil && *l <= longest {
			b.Limit = of(*l, longest)
			b.OverW = max(b.W-b.Limit, 0)
		}
		if s.FirstS != nil {
			b.FirstW = of(*s.FirstS, longest)
		}
		rows[i].Bar = b
	}
}

// of is a part of the whole, between 0 and 100 percent.
func of(part, whole float64) percent {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return percent(min(part/whole, 1) * 100)
}

// axis is a length, at least end, that three to six ticks at round times divide evenly.
func axis(end float64) (float64, []string) {
	if end < 0.001 {
		end = 0.001
	}
	const maxParts = 5
	for _, step := range tickSteps() {
		if parts := math.Ceil(end/step - 1e-9); parts <= maxParts {
			ticks := make([]string, 0, maxParts+1)
			for i := range int(parts) + 1 {
				ticks = append(ticks, tick(float64(i)*step, step))
			}
			return float64(len(ticks)-1) * step, ticks
		}
	}
	return end, []string{"0", duration(end)}
}

// tickSteps are the round times between ticks, in seconds, from a millisecond to a month.
func tickSteps() []float64 {
	var out []float64
	for _, unit := range []float64{0.001, 0.01, 0.1, 1} {
		out = append(out, unit, 2*unit, 5*unit)
	}
	return append(out, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 4*3600, 12*3600, 24*3600, 7*24*3600)
}

func tick(at, step float64) string {
	switch {
	case at == 0:
		return "0"
	case step < 1:
		return fmt.Sprintf("%.4g s", at)
	case step < 60:
		return fmt.Sprintf("%.0f s", at)
	case step < 3600:
		return fmt.Sprintf("%.0f min", at/60)
	}
	return fmt.Sprintf("%.0f h", at/3600)
}
