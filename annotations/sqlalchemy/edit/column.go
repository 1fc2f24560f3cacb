package edit

import (
	"errors"
	"fmt"

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
	return f.append(arguments, arguments.Children(), []string{"info={" + pair + "}"}), nil
}

// columnCall finds the call that makes a column, among the arguments of the call of Table.
func (f *file) columnCall(p Place, column string) (*python.Node, error) {
	var calls []*python.Node
	f.module.Root.Visit(func(n *python.Node, parents []*python.Node) bool {
		if n.Is("call") && n.Line == p.Position.Line && !insideCallOnLine(parents, p.Position.Line) {
			f.columns(n, column, &calls)
		}
		return n.Line <= p.Position.Line
	})
	switch len(calls) {
	case 1:
		return calls[0], nil
	case 0:
		return nil, fmt.Errorf("no Column('%s', …) stands in the call of Table", column)
	}
	return nil, fmt.Errorf("Column('%s', …) stands there several times", column)
}

// insideCallOnLine reports whether a node is part of a call that was gone through already.
func insideCallOnLine(parents []*python.Node, line int) bool {
	for _, p := range parents {
		if p.Is("call") && p.Line == line {
			return true
		}
	}
	return false
}

// columns adds the calls of Column below a node that make the named column.
func (f *file) columns(below *python.Node, column string, calls *[]*python.Node) {
	below.Visit(func(n *python.Node, _ []*python.Node) bool {
		if !n.Is("call") {
			return true
		}
		switch python.Last(n.Child("function").Dotted()) {
		case "Column", "mapped_column":
			if nameOf(n) == column {
				*calls = append(*calls, n)
			}
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
