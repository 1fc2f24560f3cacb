package edit

import (
	"errors"
	"fmt"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// markColumn plans how a column of a Table gets its mark: info={'confidential': KIND}.
func (f *file) markColumn(p Place, m Mark) ([]insertion, error) {
	call, err := f.columnCall(p, m.Column)
	if err != nil {
		return nil, err
	}
	q := f.quote
	pair := q + "confidential" + q + ": " + q + m.Kind + q
	arguments := call.Child("arguments")
	for _, a := range arguments.Children() {
		if !a.Is("keyword_argument") || a.Child("name").Text() != "info" {
			continue
		}
		value := a.Child("value").Unwrap()
		if !value.Is("dictionary") {
			return nil, errors.New("its info is no literal dict")
		}
		return f.append(value, value.Children(), []string{pair}), nil
	}
	if slices.ContainsFunc(arguments.Children(), func(a *python.Node) bool { return a.Is("dictionary_splat") }) {
		return nil, errors.New("its arguments with ** may have an info already")
	}
	return f.append(arguments, arguments.Children(), []string{"info={" + pair + "}"}), nil
}

// columnCall finds the call that makes a column, among the arguments of the call of Table.
func (f *file) columnCall(p Place, column string) (*python.Node, error) {
	var calls []*python.Node
	columns := 0
	for _, n := range f.calls[p.Position.Line] {
		visitColumns(n, func(call *python.Node) {
			columns++
			if nameOf(call) == column {
				calls = append(calls, call)
			}
		})
	}
	switch {
	case len(calls) == 1:
		return calls[0], nil
	case columns == 0: // the join table of a many-to-many field of Django's, say
		return nil, errors.New("the table has no class and no columns of its own in the source; use rules")
	case len(calls) == 0:
		return nil, fmt.Errorf("no Column('%s', …) stands in the call of Table", column)
	}
	return nil, fmt.Errorf("Column('%s', …) stands there several times", column)
}

// callsByLine gives the calls of a module by the line that they begin on, without those that are part of another one there.
func callsByLine(m *python.Module) map[int][]*python.Node {
	calls := map[int][]*python.Node{}
	m.Root.Visit(func(n *python.Node, parents []*python.Node) bool {
		inside := func(p *python.Node) bool { return p.Is("call") && p.Line() == n.Line() }
		if n.Is("call") && !slices.ContainsFunc(parents, inside) {
			calls[n.Line()] = append(calls[n.Line()], n)
		}
		return true
	})
	return calls
}

// visitColumns calls f for the calls of Column below a node.
func visitColumns(below *python.Node, f func(call *python.Node)) {
	below.Visit(func(n *python.Node, _ []*python.Node) bool {
		if !n.Is("call") {
			return true
		}
		switch python.Last(n.Child("function").Dotted()) {
		case "Column", "mapped_column":
			f(n)
			return false
		}
		return true
	})
}

// nameOf gives the name that a call of Column has as its first argument or as name=, or "".
func nameOf(call *python.Node) string {
	for i, a := range call.Child("arguments").Children() {
		value := a
		if a.Is("keyword_argument") {
			if a.Child("name").Text() != "name" {
				continue
			}
			value = a.Child("value")
		} else if i > 0 {
			continue
		}
		if name, err := value.Unwrap().StringValue(); err == nil {
			return name
		}
	}
	return ""
}
