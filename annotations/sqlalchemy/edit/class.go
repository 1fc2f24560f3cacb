package edit

import (
	"errors"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A classID tells the class statements of a file apart: by the name, and how many of that name stand before.
type classID struct {
	name    string
	ordinal int
}

// classes gives the class statements of a module.
func classes(m *python.Module) map[classID]*python.Node {
	all, seen := map[classID]*python.Node{}, map[string]int{}
	m.Root.Visit(func(n *python.Node, _ []*python.Node) bool {
		if n.Is("class_definition") {
			name := n.Child("name").Text()
			all[classID{name, seen[name]}] = n
			seen[name]++
		}
		return true
	})
	return all
}

// class finds the class statement of a place; nil when the place is a Table.
func (f *file) class(p Place) (classID, *python.Node) {
	id := classID{name: p.Class[strings.LastIndexByte(p.Class, '.')+1:]}
	for ; f.classes[id] != nil; id.ordinal++ {
		if f.classes[id].Line() == p.Position.Line {
			return id, f.classes[id]
		}
	}
	return id, nil
}

// markClass plans how a class gets marks.
func (f *file) markClass(class *python.Node, marks []Mark) ([]insertion, error) {
	body := class.Child("body")
	statements := body.Children()
	quote := f.quote
	items := make([]string, 0, len(marks))
	for _, m := range marks {
		items = append(items, quote+m.Column+quote+": "+quote+m.Kind+quote)
	}
	for _, s := range statements {
		if right := assigned(s, python.Confidential); right != nil {
			dict := right.Unwrap()
			if !dict.Is("dictionary") {
				return nil, errors.New(python.Confidential + " is no literal dict")
			}
			return f.addTo(dict, items), nil
		}
	}
	switch {
	case assignsElsewhere(body):
		return nil, errors.New(python.Confidential + " is assigned under a condition or together with other names")
	case len(statements) == 0:
		return nil, errors.New("the class has no statements")
	case strings.Contains(f.source[f.lineStart(body.Start):body.Start], "\f"):
		return nil, errors.New("its indentation has a form feed")
	case !f.ownLine(body.Start) || f.continues(body.Start):
		return f.splitLine(class, items)
	}
	return []insertion{f.attribute(class, statements, items)}, nil
}

// assignsElsewhere reports whether a class gives markup in another way than by a statement of its body: adding to it would make two.
func assignsElsewhere(body *python.Node) bool {
	found := false
	body.Visit(func(n *python.Node, _ []*python.Node) bool {
		if n.Is("function_definition", "class_definition", "lambda") {
			return false
		}
		if left := n.Child("left"); n.Is("assignment", "augmented_assignment", "for_statement") && n.Child("right") != nil {
			left.Visit(func(n *python.Node, _ []*python.Node) bool {
				found = found || n.Is("identifier") && n.Text() == python.Confidential
				return !found
			})
		}
		return !found
	})
	return found
}

// splitLine plans __confidential__ for a class whose body follows the colon, by line ends before and behind it:
//
//	class User(Base): pass    →    class User(Base):
//	                                   __confidential__ = {'email': 'email'}
//	                                   pass
func (f *file) splitLine(class *python.Node, items []string) ([]insertion, error) {
	body := class.Child("body")
	indent := f.indent(class.Start) + f.step
	colon := len(strings.TrimRight(f.source[:body.Start], " "))
	blanks := f.source[colon:body.Start]
	if f.source[colon-1] != ':' || isDocstring(body.Children()[0]) || !strings.HasSuffix(indent, blanks) {
		return nil, errors.New("the class stands on one line")
	}
	text := f.newline + f.assignment(indent, f.step, items) + f.newline + strings.TrimSuffix(indent, blanks)
	return []insertion{{colon, text}}, nil
}

// assigned gives the right side of an assignment to a name, or nil.
func assigned(statement *python.Node, name string) *python.Node {
	if !statement.Is("expression_statement") || len(statement.Children()) != 1 {
		return nil
	}
	a := statement.Children()[0]
	if a.Is("assignment") && a.Child("left").Is("identifier") && a.Child("left").Text() == name {
		return a.Child("right")
	}
	return nil
}

// attribute plans __confidential__ behind the docstring and the names with double underscores that a class begins with.
func (f *file) attribute(class *python.Node, statements []*python.Node, items []string) insertion {
	indent := f.indent(statements[0].Start)
	text := f.assignment(indent, f.unit(class, indent), items)
	anchor := -1
	for i, s := range statements {
		if i == 0 && isDocstring(s) || isDunder(s) {
			anchor = i
			continue
		}
		break
	}
	if anchor < 0 {
		at := f.lineEnd(f.header(class))
		return insertion{at, f.newline + text + f.blankBefore(at, statements[0])}
	}
	for anchor+1 < len(statements) && statements[anchor+1].Start < f.logicalEnd(statements[anchor].End) { // a = 1; b = 2
		anchor++
	}
	if isDocstring(statements[anchor]) {
		text = f.newline + text
	}
	at := f.logicalEnd(statements[anchor].End)
	if anchor+1 < len(statements) {
		text += f.blankBefore(at, statements[anchor+1])
	}
	return insertion{at, f.newline + text}
}

// blankBefore is a blank line, where a function or class follows at once.
func (f *file) blankBefore(at int, next *python.Node) string {
	if next.Is("function_definition", "class_definition", "decorated_definition") && strings.Count(f.source[at:next.Start], "\n") == 1 {
		return f.newline
	}
	return ""
}

// header gives an offset on the line on which the statement of a class ends.
func (f *file) header(class *python.Node) int {
	end := class.Child("name").End
	if bases := class.Child("superclasses"); bases != nil {
		end = bases.End
	}
	for _, c := range class.Children() {
		if c.Is("type_parameter") {
			end = max(end, c.End)
		}
	}
	return end
}

func isDocstring(s *python.Node) bool {
	return s.Is("expression_statement") && len(s.Children()) == 1 && s.Children()[0].Is("string", "concatenated_string")
}

// isDunder reports whether a statement assigns to a name such as __tablename__.
func isDunder(s *python.Node) bool {
	if !s.Is("expression_statement") || len(s.Children()) != 1 || !s.Children()[0].Is("assignment") {
		return false
	}
	left := s.Children()[0].Child("left")
	return left.Is("identifier") && strings.HasPrefix(left.Text(), "__") && strings.HasSuffix(left.Text(), "__")
}

// assignment writes __confidential__ = {…}: an only entry on the same line if there is room, else each on its own.
func (f *file) assignment(indent, unit string, items []string) string {
	start := indent + python.Confidential + " = {"
	if len(items) == 1 && width(start+items[0])+1 <= f.longest {
		return start + items[0] + "}"
	}
	lines := []string{start}
	for i, item := range items {
		if i < len(items)-1 || f.comma {
			item += ","
		}
		lines = append(lines, indent+unit+item)
	}
	return strings.Join(append(lines, indent+"}"), f.newline)
}

// unit is what the body of a class is indented by.
func (f *file) unit(class *python.Node, indent string) string {
	if rest, ok := strings.CutPrefix(indent, f.indent(class.Start)); ok && rest != "" {
		return rest
	}
	return f.step
}

// addTo plans new entries of a dict.
func (f *file) addTo(dict *python.Node, items []string) []insertion {
	entries := slices.DeleteFunc(slices.Clone(dict.Children()), func(n *python.Node) bool { return n.Field == "" && !n.Is("pair", "dictionary_splat") })
	if last := len(entries) - 1; last >= 0 && isRest(entries[last]) {
		return f.before(entries, items)
	}
	return f.append(dict, entries, items)
}

// isRest reports whether an entry is the one for every other column.
func isRest(pair *python.Node) bool {
	key, err := pair.Child("key").StringValue()
	return pair.Is("pair") && err == nil && key == "*"
}
