package sqlalchemy

import (
	"slices"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// infoKey is the key of a column's info that holds its markup.
const infoKey = "confidential"

// info reads info={'confidential': …}; its other entries may be anything.
func (r *reader) info(c *column, call *python.Call, a python.Arg) {
	n := a.Node()
	if a.Value() == python.Value(python.None{}) {
		return
	}
	if n == nil { // handed on by **options
		n = call.Node
		if m, ok := a.Value().(*python.Map); ok && !m.Open && m.Get(infoKey) == nil {
			return
		}
	}
	m := n.Module()
	if !n.Is("dictionary") {
		n.Visit(func(k *python.Node, _ []*python.Node) bool { k.Consumed(); return true }) // it is reported here
		r.project.Fail(m, n, "info of column %s must be a literal dict, or its markup cannot be read", c.Name)
		return
	}
	for _, pair := range n.Children() {
		if !pair.Is("pair") {
			r.project.Fail(m, pair, "info of column %s must be a literal dict, or its markup cannot be read", c.Name)
			continue
		}
		key := pair.Child("key")
		word, err := key.StringValue()
		if err != nil {
			r.project.Fail(m, key, "a key in info of column %s must be a string literal: %v", c.Name, err)
			continue
		}
		switch {
		case word == infoKey:
			r.infoMark(c, key, pair.Child("value"))
		case nearest.Word(word, []string{infoKey}) != "":
			r.project.Fail(m, key, "unknown key %q in info of column %s; did you mean %q?", word, c.Name, infoKey)
		}
	}
}

func (r *reader) infoMark(c *column, key, value *python.Node) {
	key.Consumed()
	if c.marked != nil && c.marked != key {
		r.project.Fail(key.Module(), key, "%s is given twice in info of column %s", infoKey, c.Name)
		return
	}
	l, p := value.Literal()
	if p != nil {
		r.project.Report(key.Module(), *p)
		return
	}
	mark, problems := annotations.ReadColumn(l)
	for _, p := range problems {
		r.project.Report(key.Module(), p)
	}
	if len(problems) == 0 {
		mark.Position = key.Position()
		c.mark, c.marked = &mark, key
	}
}

// sweep looks for markup in an info that no column was found for, or that is set after the column was made: it would be lost
// silently otherwise.
func (r *reader) sweep(m *python.Module) {
	if !m.Mentions(infoKey) {
		return
	}
	m.Root.Visit(func(n *python.Node, parents []*python.Node) bool {
		lost := false
		switch n.Kind {
		case "string":
			s, err := n.StringValue()
			lost = err == nil && s == infoKey && (n.Field == "key" || setsInfo(n, parents)) && inInfo(parents)
		case "identifier":
			lost = n.Text() == infoKey && n.Field == "name" && inInfo(parents)
		}
		if lost && !n.IsConsumed() {
			r.project.Fail(m, n, "markup in an info that belongs to no column that could be read: write it in the column's info=")
		}
		return true
	})
}

// setsInfo reports whether a text is the key under which info is set after the column was made: info['…'] = …, or
// info.setdefault('…', …).
func setsInfo(n *python.Node, parents []*python.Node) bool {
	i := len(parents) - 1
	switch {
	case i < 1:
		return false
	case parents[i].Is("subscript"):
		return python.Written(parents[i], parents[:i])
	}
	return parents[i].Is("argument_list") && parents[i].Children()[0] == n
}

// inInfo reports whether a key stands in what info is, in a call or a dict, or in what sets info of a column.
func inInfo(parents []*python.Node) bool {
	for i, n := range slices.Backward(parents) {
		switch n.Kind {
		case "pair":
			if i == len(parents)-1 {
				continue // that of the key itself
			}
			s, err := n.Child("key").StringValue()
			return err == nil && s == "info"
		case "keyword_argument":
			if i == len(parents)-1 {
				continue
			}
			return n.Child("name").Text() == "info"
		case "subscript":
			return python.Last(n.Child("value").Dotted()) == "info"
		case "call":
			function := n.Child("function")
			if name := function.Child("attribute"); name.Is("identifier") {
				switch of := function.Child("object"); name.Text() {
				case "update", "setdefault":
					return of.Is("identifier") && of.Text() == "info" || of.Is("attribute") && of.Child("attribute").Text() == "info"
				}
			}
			if function.Text() != "dict" {
				return false
			}
		case "dictionary", "argument_list", "parenthesized_expression", "dictionary_splat", "conditional_expression", "boolean_operator":
		default:
			return false
		}
	}
	return false
}
