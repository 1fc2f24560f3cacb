package edit

import (
	"cmp"
	"strings"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A file is source with its style.
type file struct {
	module  *python.Module
	source  string // without a byte order mark
	newline string
	quote   string
	comma   bool   // behind the last item of a list that ends on a line of its own
	longest int    // line, in characters
	step    string // by which blocks are indented
	classes map[classID]*python.Node
	calls   map[int][]*python.Node // by line
}

func newFile(m *python.Module) *file {
	f := &file{module: m, source: string(m.Source), newline: "\n", quote: "'", comma: true, step: "    ", classes: classes(m), calls: callsByLine(m)}
	if lines := strings.Count(f.source, "\n"); 2*strings.Count(f.source, "\r\n") > lines {
		f.newline = "\r\n"
	}
	single, double, with, without := 0, 0, 0, 0
	step := ""
	m.Root.Visit(func(n *python.Node, parents []*python.Node) bool {
		switch n.Kind {
		case "string":
			switch text := n.Text(); {
			case strings.HasPrefix(text, `"""`), strings.HasPrefix(text, "'''"):
			case strings.HasPrefix(text, "'"):
				single++
			case strings.HasPrefix(text, `"`):
				double++
			}
		case "block":
			if step == "" && f.ownLine(n.Start) {
				step = strings.TrimPrefix(f.indent(n.Start), f.indent(parents[len(parents)-1].Start))
			}
		case "dictionary", "list", "set", "tuple", "argument_list":
			if children := n.Children(); len(children) > 0 && f.ownLine(n.End-1) {
				if _, comma := f.commaAfter(children[len(children)-1]); comma {
					with++
				} else {
					without++
				}
			}
		}
		return true
	})
	if double > single {
		f.quote = `"`
	}
	f.comma = with >= without
	f.step = cmp.Or(step, f.step)
	f.longest = f.longestLine()
	return f
}

// usualLengths are the lengths that lines are commonly limited to.
func usualLengths() []int { return []int{79, 88, 100, 120} }

// longestLine is the shortest usual length that all but one in a hundred lines keep to.
func (f *file) longestLine() int {
	lines := strings.Split(f.source, "\n")
	limit := 0
	for _, limit = range usualLengths() {
		longer := 0
		for _, line := range lines {
			if width(strings.TrimSuffix(line, "\r")) > limit {
				longer++
			}
		}
		if 100*longer <= len(lines) {
			return limit
		}
	}
	return limit
}

// width counts the characters of a line; a tab goes to the next multiple of eight.
func width(line string) int {
	n := 0
	for _, r := range line {
		if r == '\t' {
			n += 8 - n%8
			continue
		}
		n++
	}
	return n
}

// lineStart is the offset at which the line of an offset begins.
func (f *file) lineStart(at int) int { return strings.LastIndexByte(f.source[:at], '\n') + 1 }

// lineEnd is the offset of the end of a line, before what ends it.
func (f *file) lineEnd(at int) int {
	end := len(f.source)
	if i := strings.IndexByte(f.source[at:], '\n'); i >= 0 {
		end = at + i
	}
	if end > at && f.source[end-1] == '\r' {
		end--
	}
	return end
}

// logicalEnd is lineEnd past lines that go on behind a backslash. The offset is that of the end of a statement.
func (f *file) logicalEnd(at int) int {
	end := f.lineEnd(at)
	for strings.HasSuffix(f.source[at:end], "\\") && !strings.Contains(f.source[at:end], "#") && end < len(f.source) {
		at = end + strings.IndexByte(f.source[end:], '\n') + 1
		end = f.lineEnd(at)
	}
	return end
}

// indent gives the blanks that the line of an offset begins with.
func (f *file) indent(at int) string {
	line := f.source[f.lineStart(at):]
	return line[:len(line)-len(strings.TrimLeft(line, " \t"))]
}

// ownLine reports whether only blanks stand before an offset on its line, and there is a line before.
func (f *file) ownLine(at int) bool {
	start := f.lineStart(at)
	return start > 0 && strings.TrimLeft(f.source[start:at], " \t") == ""
}

// continues reports whether the line of an offset goes on with the one before, which ends in a backslash.
func (f *file) continues(at int) bool {
	return strings.HasSuffix(strings.TrimRight(f.source[:f.lineStart(at)], "\r\n"), "\\")
}

// column counts the characters before an offset on its line.
func (f *file) column(at int) int {
	line := f.source[f.lineStart(at):at]
	if !utf8.ValidString(line) {
		return len(line)
	}
	return width(line)
}
