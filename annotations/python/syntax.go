package python

import (
	"bytes"
	"fmt"
	"slices"
	"unicode/utf8"

	ts "github.com/tree-sitter/go-tree-sitter"
	grammar "github.com/tree-sitter/tree-sitter-python/bindings/go"

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

// A Node is a piece of source that the grammar has a name for. Comments and punctuation are no nodes; operators are, since
// expressions mean nothing without them.
type Node struct {
	Kind       string // as the grammar calls it, such as "class_definition"
	Field      string // what it is to its parent, such as "body", or ""
	Start, End int    // offsets in the source

	module   *Module
	children []*Node
	unread   *ts.Node // the body of a function, whose children nobody has asked for yet
}

// Text gives the source of a node.
func (n *Node) Text() string { return string(n.module.Source[n.Start:n.End]) }

// Module is where a node stands.
func (n *Node) Module() *Module { return n.module }

// Line is the line that a node begins in, from 1.
func (n *Node) Line() int { return n.module.line(n.Start) }

// Position says where a node begins.
func (n *Node) Position() annotations.Position {
	return annotations.Position{File: n.module.File, Line: n.Line()}
}

// Children gives the nodes that a node is made of, in the order of the text. It stands a nil node.
func (n *Node) Children() []*Node {
	if n == nil {
		return nil
	}
	if n.unread != nil {
		n.module.grammar.children(n, n.unread)
		n.unread = nil
	}
	return n.children
}

// Child gives the first child that is the named thing to its parent, or nil. It stands a nil node.
func (n *Node) Child(field string) *Node {
	if n == nil {
		return nil
	}
	for _, c := range n.Children() {
		if c.Field == field {
			return c
		}
	}
	return nil
}

// Is reports whether a node has one of the kinds. It stands a nil node.
func (n *Node) Is(kinds ...string) bool {
	if n == nil {
		return false
	}
	return slices.Contains(kinds, n.Kind)
}

// Unwrap takes the parentheses off an expression. It stands a nil node.
func (n *Node) Unwrap() *Node {
	for n != nil && n.Kind == "parenthesized_expression" && len(n.Children()) == 1 {
		n = n.children[0]
	}
	return n
}

// Visit calls f for a node and all nodes below it, with the parents of each, and goes below a node only when f says so.
func (n *Node) Visit(f func(n *Node, parents []*Node) bool) { n.visit(nil, f) }

func (n *Node) visit(parents []*Node, f func(*Node, []*Node) bool) {
	if !f(n, parents) {
		return
	}
	parents = append(parents, n)
	for _, c := range n.Children() {
		c.visit(parents, f)
	}
}

// Dotted gives the text of a name such as sa.Column, or "" for any other expression. It stands a nil node.
func (n *Node) Dotted() string {
	n = n.Unwrap()
	switch {
	case n.Is("identifier", "dotted_name", "relative_import"):
		return n.Text()
	case n.Is("attribute"):
		if object := n.Child("object").Dotted(); object != "" {
			return object + "." + n.Child("attribute").Text()
		}
	}
	return ""
}

// grammarNames are the grammar's words for kinds and fields, by its numbers. They make nodes of the parser's.
type grammarNames struct {
	language *ts.Language
	kinds    []nodeKind
	fields   []string
}

// A nodeKind is what a number of the grammar's says about a node. It is asked for once, since each question to the parser's
// library costs as much as all else that a node takes.
type nodeKind struct {
	name  string
	named bool // not punctuation or an operator
	extra bool // stands between what the grammar asks for
	leaf  bool // has nothing below that a Node is made of
}

func newNames() *grammarNames {
	plainMemory()
	w := &grammarNames{language: ts.NewLanguage(grammar.Language())}
	for id := range w.language.NodeKindCount() {
		k := nodeKind{name: w.language.NodeKindForId(uint16(id)), named: w.language.NodeKindIsNamed(uint16(id))}
		switch k.name {
		case "comment", "line_continuation":
			k.extra = true
		case "identifier", "integer", "float", "true", "false", "none", "string_start", "string_end":
			k.leaf = true
		default:
			k.leaf = !k.named
		}
		w.kinds = append(w.kinds, k)
	}
	for id := range w.language.FieldCount() + 1 {
		w.fields = append(w.fields, w.language.FieldNameForId(uint16(id)))
	}
	return w
}

// parser gives a parser, to be closed by the caller.
func (w *grammarNames) parser() (*ts.Parser, error) {
	p := ts.NewParser()
	if err := p.SetLanguage(w.language); err != nil {
		p.Close()
		return nil, fmt.Errorf("set up the Python grammar: %w", err)
	}
	return p, nil
}

// parse makes the tree of a file. Source that is not UTF-8 or not Python is a SyntaxError.
func parse(p *ts.Parser, file string, src []byte) (*ts.Tree, error) {
	if !utf8.Valid(src) {
		return nil, &SyntaxError{File: file, Line: invalidLine(src), Column: 1, Msg: "not UTF-8"}
	}
	tree := p.Parse(src, nil)
	if tree == nil {
		return nil, fmt.Errorf("parse %s: the parser gave up", file)
	}
	if root := tree.RootNode(); root.HasError() {
		err := firstError(file, root)
		tree.Close()
		return nil, err
	}
	return tree, nil
}

// invalidLine gives the line of the first byte that is not UTF-8.
func invalidLine(src []byte) int {
	valid := 0
	for valid < len(src) {
		r, size := utf8.DecodeRune(src[valid:])
		if r == utf8.RuneError && size == 1 {
			break
		}
		valid += size
	}
	return 1 + bytes.Count(src[:valid], []byte("\n"))
}

// root makes the node of a whole file.
func (w *grammarNames) root(m *Module, n *ts.Node) *Node {
	root := &Node{Kind: n.Kind(), module: m, Start: int(n.StartByte()), End: int(n.EndByte())}
	w.children(root, n)
	return root
}

// children fills in all that is below a node but the bodies of functions.
func (w *grammarNames) children(node *Node, n *ts.Node) {
	cursor := n.Walk()
	defer cursor.Close()
	w.below(node, cursor)
}

// below fills in the children of the node at the cursor, which ends where it was.
func (w *grammarNames) below(node *Node, cursor *ts.TreeCursor) {
	if !cursor.GotoFirstChild() {
		return
	}
	for ok := true; ok; ok = cursor.GotoNextSibling() {
		n, field := cursor.Node(), cursor.FieldId()
		kind := &w.kinds[n.KindId()]
		if !kind.named && field == 0 || kind.extra {
			continue
		}
		child := &Node{Kind: kind.name, Field: w.fields[field], module: node.module, Start: int(n.StartByte()), End: int(n.EndByte())}
		node.children = append(node.children, child)
		switch {
		case kind.leaf:
		case node.Kind == "function_definition" && child.Field == "body":
			child.unread = n
		default:
			w.below(child, cursor)
		}
	}
	cursor.GotoParent()
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
