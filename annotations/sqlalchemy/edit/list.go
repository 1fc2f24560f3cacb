package edit

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// append plans new items at the end of what stands between brackets.
func (f *file) append(list *python.Node, children []*python.Node, items []string) []insertion {
	closing := list.End - 1
	switch {
	case len(children) == 0 && f.ownLine(closing): // nothing but comments
		indent := f.indent(closing)
		return []insertion{{f.lineStart(closing), f.lines(indent+f.step, items)}}
	case len(children) == 0:
		return f.fill(list, items)
	case f.ownLine(closing):
		return f.appendLines(children, items)
	}
	last := children[len(children)-1]
	at, comma := f.commaAfter(last)
	if comma {
		return []insertion{{at, " " + strings.Join(items, ", ") + ","}}
	}
	separator := ", "
	text := separator + strings.Join(items, separator)
	if f.column(f.lineEnd(last.End))+width(text) > f.longest && f.breaks(last) && f.fits(children[0], items) {
		separator = "," + f.newline + f.alignment(children[0])
		text = separator + strings.Join(items, separator)
	}
	return []insertion{{last.End, text}}
}

// breaks reports whether a line can end behind a node without tearing something apart: only brackets and a comment follow.
func (f *file) breaks(n *python.Node) bool {
	rest := strings.TrimLeft(f.source[n.End:f.lineEnd(n.End)], ")]}, ")
	return rest == "" || rest[0] == '#'
}

// fits reports whether items on lines of their own, under a node, are no longer than lines are. If not, a new line helps nobody.
func (f *file) fits(n *python.Node, items []string) bool {
	return !slices.ContainsFunc(items, func(item string) bool { return f.column(n.Start)+width(item)+len(")") > f.longest })
}

// fill plans the first items between brackets on one line.
func (f *file) fill(list *python.Node, items []string) []insertion {
	closing := list.End - 1
	if len(items) == 1 && f.column(f.lineEnd(closing))+width(items[0]) <= f.longest {
		return []insertion{{closing, items[0]}}
	}
	indent := f.indent(list.Start)
	return []insertion{{closing, f.newline + f.lines(indent+f.step, items) + indent}}
}

// appendLines plans new items on lines of their own, with or without a comma behind the last as before.
func (f *file) appendLines(children []*python.Node, items []string) []insertion {
	last := children[len(children)-1]
	indent := f.itemIndent(children)
	at, comma := f.commaAfter(last)
	var b strings.Builder
	for i, item := range items {
		b.WriteString(f.newline + indent + item)
		if comma || i < len(items)-1 {
			b.WriteString(",")
		}
	}
	if comma {
		return []insertion{{f.lineEnd(at), b.String()}}
	}
	return []insertion{{last.End, ","}, {f.lineEnd(last.End), b.String()}}
}

// before plans new items of a dict before its last entry.
func (f *file) before(children []*python.Node, items []string) []insertion {
	last := children[len(children)-1]
	if !f.ownLine(last.Start) {
		return []insertion{{last.Start, strings.Join(items, ", ") + ", "}}
	}
	if len(children) == 1 {
		return []insertion{{f.lineStart(last.Start), f.lines(f.indent(last.Start), items)}}
	}
	// Behind the entry before it, so that comments above the last entry stay with it.
	previous := children[len(children)-2]
	at, _ := f.commaAfter(previous)
	var b strings.Builder
	for _, item := range items {
		b.WriteString(f.newline + f.itemIndent(children) + item + ",")
	}
	return []insertion{{f.lineEnd(at), b.String()}}
}

// lines writes items, each with a comma on a line of its own.
func (f *file) lines(indent string, items []string) string {
	var b strings.Builder
	for _, item := range items {
		b.WriteString(indent + item + "," + f.newline)
	}
	return b.String()
}

// itemIndent is what the last item that begins its line is indented by.
func (f *file) itemIndent(children []*python.Node) string {
	for _, c := range slices.Backward(children) {
		if f.ownLine(c.Start) {
			return f.indent(c.Start)
		}
	}
	return f.alignment(children[0])
}

// alignment is blanks up to a node, as lines that go on under it have.
func (f *file) alignment(n *python.Node) string {
	start := f.lineStart(n.Start)
	before := f.source[start:n.Start]
	return strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, before)
}

// commaAfter finds the comma behind a node, past blanks and comments: the offset behind it, or behind the node when there is none.
func (f *file) commaAfter(n *python.Node) (at int, found bool) {
	for i := n.End; i < len(f.source); i++ {
		switch f.source[i] {
		case ' ', '\t', '\r', '\n', '\\':
		case '#':
			i = f.lineEnd(i) - 1
		case ',':
			return i + 1, true
		default:
			return n.End, false
		}
	}
	return n.End, false
}
