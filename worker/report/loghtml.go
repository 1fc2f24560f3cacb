package report

import (
	"bufio"
	"bytes"
	"fmt"
	"html/template"
	"slices"
)

// olLines is how many lines share a list: of the lists that follow one another, browsers lay out
// those that are out of sight only when they come into it. The style knows about how high
// such a list is.
const olLines = 250

// logWriter writes a log as HTML: sections that fold, one for each step; in them
// lists of lines, each with its number, and notes on what was left out. It holds no
// more than a line. Errors are the bufio.Writer's.
type logWriter struct {
	w        *bufio.Writer
	part     *logPart
	sources  []string           // a line's class is its source's place here
	sections *template.Template // has "section"

	bounds []section // that are to come
	inside bool      // in a section
	inList int       // lines in the open list; 0 when none is open
	day    string
	before int64 // what all lines so far cost
	left   int   // lines left out since the last one shown
	buffer []byte
}

// section is a part of a log that folds.
type section struct {
	Line                 int // that it begins with; 0 before all others
	ID                   string
	Name, Title          string
	Class, Symbol, State string
	Open                 bool
}

// newLogWriter prepares to write a part of the page.
func newLogWriter(w *bufio.Writer, part *logPart, sources []string, sections *template.Template) *logWriter {
	l := &logWriter{w: w, part: part, sources: sources, sections: sections}
	for i := range part.steps {
		l.bounds = append(l.bounds, part.section(i))
	}
	slices.SortStableFunc(l.bounds, func(a, b section) int { return a.Line - b.Line })
	switch {
	case len(l.bounds) == 0:
		l.bounds = []section{{Name: "All lines", Open: part.short() || part.open}}
	case l.bounds[0].Line > 1:
		l.bounds = slices.Insert(l.bounds, 0, section{Name: "Before the first step", Open: part.short()})
	}
	return l
}

// section is the section of step i.
func (p *logPart) section(i int) section {
	s := &p.steps[i]
	out := section{
		Line: max(s.LogLine, 1), ID: fmt.Sprintf("%s-s%d", p.Key, i),
		Name: arrow(s), Title: brief(s.Title, titleChars), State: duration(s.DurationS),
	}
	if row, ok := p.notes[i]; ok && row.Class != classGood {
		out.Class, out.Symbol, out.State = row.Class, row.Symbol, out.State+", "+row.State
	}
	out.Open = p.short() || out.Class == classBad || out.Class == classWarn || p.open && i == len(p.steps)-1
	return out
}

// short tells whether the log is so short that all of it is unfolded.
func (p *logPart) short() bool {
	const lines = 120
	return p.excerpt.lines <= lines
}

// write writes the log from dir. What cannot be read any more is said, and is no error.
func (l *logWriter) write(dir string) error {
	f, _, err := openFile(dir, l.part.File)
	if err != nil {
		l.w.WriteString("<p class=\"cut\">The log could not be read.</p>\n")
		return nil
	}
	defer f.Close()
	n := 0
	err = eachLine(f, func(text []byte, length int64) error {
		n++
		return l.line(n, text, length)
	})
	if err == nil {
		err = l.sectionsUpTo(int(^uint(0) >> 1)) // steps beyond the log's end have places too
	}
	l.endSection()
	return err
}

// line writes line n, or leaves it out.
func (l *logWriter) line(n int, text []byte, length int64) error {
	if err := l.sectionsUpTo(n); err != nil {
		return err
	}
	cost := lineCost(length)
	keep := l.part.excerpt.keeps(n, l.before, cost)
	l.before += cost
	if !keep {
		l.left++
		return nil
	}
	l.endLeft()
	parsed := parseLine(text)
	if len(parsed.day) > 0 && string(parsed.day) != l.day {
		l.day = string(parsed.day)
		l.endList()
		l.printf("<p class=\"day\">%s</p>\n", parsed.day)
	}
	if l.inList == 0 {
		l.printf("<ol start=\"%d\">\n", n)
	}
	l.item(n, parsed, length-int64(len(text)))
	if l.inList++; l.inList == olLines {
		l.endList()
	}
	return nil
}

// item writes a line as an item of a list; cut is how many bytes of it are missing.
func (l *logWriter) item(n int, line logLine, cut int64) {
	l.printf("<li id=\"%s-L%d\"", l.part.Key, n)
	source := string(line.source)
	if at := slices.Index(l.sources, source); at >= 0 {
		l.printf(" class=\"s%d\"", at)
	}
	l.w.WriteByte('>')
	if len(line.time) > 0 {
		l.printf("<i>%s</i> ", line.time)
	}
	if source != sourceOutput && source != "" {
		l.printf("<b>%s</b> ", source)
	}
	l.buffer = appendClean(l.buffer[:0], bytes.TrimRight(line.text, " "))
	template.HTMLEscape(l.w, l.buffer)
	if cut > 0 {
		l.printf(" <em>… %s more, see the file</em>", size(cut))
	}
	l.w.WriteString("</li>\n")
}

// sectionsUpTo opens the sections that begin at line n or before.
func (l *logWriter) sectionsUpTo(n int) error {
	for len(l.bounds) > 0 && l.bounds[0].Line <= n {
		l.endSection()
		if err := l.sections.ExecuteTemplate(l.w, "section", l.bounds[0]); err != nil {
			return fmt.Errorf("write section: %w", err)
		}
		l.inside, l.bounds = true, l.bounds[1:]
	}
	return nil
}

func (l *logWriter) endSection() {
	if !l.inside {
		return
	}
	l.endLeft()
	l.endList()
	l.w.WriteString("</details>\n")
	l.inside = false
}

// endLeft says how many lines were left out.
func (l *logWriter) endLeft() {
	if l.left == 0 {
		return
	}
	l.endList()
	l.printf("<p class=\"cut\">%s left out here, since the log is long: <a href=\"%s\">the file</a> has all.</p>\n",
		plural(l.left, "line"), template.HTMLEscapeString(l.part.Href()))
	l.left = 0
}

func (l *logWriter) endList() {
	if l.inList > 0 {
		l.w.WriteString("</ol>\n")
		l.inList = 0
	}
}

// printf writes what needs no escaping, or has been escaped.
func (l *logWriter) printf(format string, args ...any) {
	l.buffer = fmt.Appendf(l.buffer[:0], format, args...)
	l.w.Write(l.buffer)
}
