package sqlalchemy

import (
	"fmt"
	"strings"

	ts "github.com/tree-sitter/go-tree-sitter"
	python "github.com/tree-sitter/tree-sitter-python/bindings/go"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A SyntaxError is the first place of a file that is not Python.
type SyntaxError struct {
	File         string
	Line, Column int // both from 1; the column counts bytes
	Msg          string
}

// Error gives "models.py:12:5: message".
func (e *SyntaxError) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Msg)
}

// newParser gives a parser for Python, to be closed by the caller.
func newParser() (*ts.Parser, error) {
	p := ts.NewParser()
	if err := p.SetLanguage(ts.NewLanguage(python.Language())); err != nil {
		p.Close()
		return nil, fmt.Errorf("set up the Python grammar: %w", err)
	}
	return p, nil
}

// firstError finds the first node that the grammar could not read.
func firstError(file string, root *ts.Node) *SyntaxError {
	cursor := root.Walk()
	defer cursor.Close()
	for {
		n := cursor.Node()
		switch {
		case n.IsMissing():
			return syntaxError(file, n, "syntax error: "+n.Kind()+" missing")
		case n.IsError():
			return syntaxError(file, n, "syntax error")
		case n.HasError() && cursor.GotoFirstChild():
			continue
		}
		for !cursor.GotoNextSibling() {
			if !cursor.GotoParent() {
				return syntaxError(file, root, "syntax error")
			}
		}
	}
}

func syntaxError(file string, n *ts.Node, msg string) *SyntaxError {
	p := n.StartPosition()
	return &SyntaxError{File: file, Line: int(p.Row) + 1, Column: int(p.Column) + 1, Msg: msg}
}

// children gives the named children of a node without comments.
func children(n *ts.Node) []*ts.Node {
	cursor := n.Walk()
	defer cursor.Close()
	var nodes []*ts.Node
	for ok := cursor.GotoFirstChild(); ok; ok = cursor.GotoNextSibling() {
		if c := cursor.Node(); c.IsNamed() && !c.IsExtra() {
			nodes = append(nodes, c)
		}
	}
	return nodes
}

// visit calls f for every named node below and including n, in the order of the text, and below a node only when f says so.
func visit(n *ts.Node, f func(*ts.Node) bool) {
	cursor := n.Walk()
	defer cursor.Close()
	for {
		if c := cursor.Node(); f(c) && cursor.GotoFirstChild() {
			continue
		}
		for !cursor.GotoNextSibling() {
			if !cursor.GotoParent() {
				return
			}
		}
	}
}

// unwrap takes parentheses off an expression; it stands nil.
func unwrap(n *ts.Node) *ts.Node {
	for n != nil && n.Kind() == "parenthesized_expression" {
		inner := children(n)
		if len(inner) != 1 {
			return n
		}
		n = inner[0]
	}
	return n
}

// text gives the source of a node.
func (m *module) text(n *ts.Node) string { return string(m.src[n.StartByte():n.EndByte()]) }

// at gives the position of a node.
func (m *module) at(n *ts.Node) annotations.Position {
	return annotations.Position{File: m.file, Line: int(n.StartPosition().Row) + 1}
}

// dotted gives the text of a name such as sa.Column, or "" for any other expression.
func (m *module) dotted(n *ts.Node) string {
	n = unwrap(n)
	if n == nil {
		return ""
	}
	switch n.Kind() {
	case "identifier", "dotted_name":
		return m.text(n)
	case "attribute":
		if object := m.dotted(n.ChildByFieldName("object")); object != "" {
			return object + "." + m.text(n.ChildByFieldName("attribute"))
		}
	}
	return ""
}

// last gives the part of a dotted name after its last dot.
func last(dotted string) string { return dotted[strings.LastIndexByte(dotted, '.')+1:] }

// An argument is one argument of a call; name is "" for a positional one.
type argument struct {
	name  string
	value *ts.Node
	splat bool // *args or **kwargs
}

// arguments gives the arguments of a call.
func (m *module) arguments(call *ts.Node) []argument {
	list := call.ChildByFieldName("arguments")
	if list == nil || list.Kind() != "argument_list" {
		return nil
	}
	var args []argument
	for _, n := range children(list) {
		switch n.Kind() {
		case "keyword_argument":
			args = append(args, argument{name: m.text(n.ChildByFieldName("name")), value: unwrap(n.ChildByFieldName("value"))})
		case "list_splat", "dictionary_splat":
			args = append(args, argument{value: n, splat: true})
		default:
			args = append(args, argument{value: unwrap(n)})
		}
	}
	return args
}

// callee gives what an expression calls, with imported names spelled out, such as "sqlalchemy.Column"; "" when it is no call.
func (m *module) callee(n *ts.Node) string {
	if n == nil || n.Kind() != "call" {
		return ""
	}
	return m.qualify(m.dotted(n.ChildByFieldName("function")))
}

// qualify replaces the first part of a name by what it was imported as.
func (m *module) qualify(dotted string) string {
	first, rest, more := strings.Cut(dotted, ".")
	if full, ok := m.imports[first]; ok {
		first = full
	}
	if more {
		return first + "." + rest
	}
	return first
}
