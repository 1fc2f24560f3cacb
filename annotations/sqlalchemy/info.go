package sqlalchemy

import (
	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// infoKey is the key of a column's info that holds its markup.
const infoKey = "confidential"

// info reads info={'confidential': …}; its other entries may be anything.
func (r *reader) info(c *column, a python.Arg) {
	n := a.Node()
	if n == nil || a.Value() == python.Value(python.None{}) {
		return
	}
	m := n.Module()
	if !n.Is("dictionary") {
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
	if c.mark != nil && c.mark.Position.Line != key.Line {
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
		c.mark = &mark
	}
}

// sweep looks for markup in an info that no column was found for: it would be lost silently otherwise.
func (r *reader) sweep(m *python.Module) {
	if !m.Mentions(infoKey) {
		return
	}
	m.Root.Visit(func(n *python.Node, parents []*python.Node) bool {
		if !n.Is("string") || n.Field != "key" || n.IsConsumed() || !inInfo(parents) {
			return true
		}
		if s, err := n.StringValue(); err == nil && s == infoKey {
			r.project.Fail(m, n, "markup in an info that belongs to no column that could be read")
		}
		return true
	})
}

// inInfo reports whether the innermost dict around a key is the value of an argument info.
func inInfo(parents []*python.Node) bool {
	i := len(parents) - 1
	if i < 1 || !parents[i].Is("pair") || !parents[i-1].Is("dictionary") {
		return false
	}
	i -= 2
	for i >= 0 && parents[i].Is("parenthesized_expression") {
		i--
	}
	return i >= 0 && parents[i].Is("keyword_argument") && parents[i].Child("name").Text() == "info"
}
