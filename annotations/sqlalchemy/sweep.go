package sqlalchemy

import (
	"bytes"
	"slices"

	ts "github.com/tree-sitter/go-tree-sitter"
)

// confidential is the class attribute that holds markup.
const confidential = "__confidential__"

// sweep looks for markup that no class or column was found for, and for markup that is changed by code: it would be lost
// silently otherwise.
func (m *module) sweep() {
	if bytes.Contains(m.src, []byte(confidential)) || bytes.Contains(m.src, []byte(infoKey)) {
		visit(m.root, func(n *ts.Node) bool {
			switch n.Kind() {
			case "identifier":
				if m.text(n) == confidential && !m.consumed[n.StartByte()] && m.written(n) {
					m.errorf(n, "%s is only read as a literal dict in the body of a class", confidential)
				}
			case "string":
				m.sweepString(n)
			}
			return true
		})
	}
}

// written reports whether code sets, changes or defines the name.
func (m *module) written(n *ts.Node) bool {
	for {
		parent := n.Parent()
		if parent == nil {
			return false
		}
		switch parent.Kind() {
		case "assignment", "augmented_assignment":
			left := parent.ChildByFieldName("left")
			return left != nil && left.StartByte() <= n.StartByte() && n.EndByte() <= left.EndByte()
		case "delete_statement":
			return true
		case "function_definition", "class_definition":
			name := parent.ChildByFieldName("name")
			return name != nil && name.StartByte() == n.StartByte()
		case "keyword_argument":
			return parent.ChildByFieldName("name").StartByte() == n.StartByte()
		case "attribute":
			mutators := []string{"update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__ior__"}
			if parent.ChildByFieldName("object").EndByte() == n.EndByte() {
				return slices.Contains(mutators, m.text(parent.ChildByFieldName("attribute")))
			}
		case "subscript":
			if parent.ChildByFieldName("value").EndByte() != n.EndByte() {
				return false
			}
		case "pattern_list", "tuple_pattern", "list_pattern", "expression_list", "parenthesized_expression", "named_expression", "as_pattern_target":
		default:
			return false
		}
		n = parent
	}
}

// sweepString looks at strings that name markup: set by setattr or type(…), or in an info that belongs to no column.
func (m *module) sweepString(n *ts.Node) {
	if m.consumed[n.StartByte()] {
		return
	}
	s, err := m.stringOf(n)
	if err != nil {
		return
	}
	parent := n.Parent()
	if parent == nil {
		return
	}
	isKey := parent.Kind() == "pair" && parent.ChildByFieldName("key").StartByte() == n.StartByte()
	switch {
	case s == confidential && isKey,
		s == confidential && parent.Kind() == "argument_list" && last(m.callee(parent.Parent())) == "setattr",
		s == confidential && parent.Kind() == "subscript" && m.written(parent):
		m.errorf(n, "%s is only read as a literal dict in the body of a class", confidential)
	case s == infoKey && isKey && m.inInfo(parent.Parent()):
		m.errorf(n, "markup in an info that belongs to no column that could be read")
	}
}

// inInfo reports whether a dict is the value of an argument info.
func (m *module) inInfo(dict *ts.Node) bool {
	for dict != nil && dict.Parent() != nil && dict.Parent().Kind() == "parenthesized_expression" {
		dict = dict.Parent()
	}
	if dict == nil || dict.Parent() == nil || dict.Parent().Kind() != "keyword_argument" {
		return false
	}
	return m.text(dict.Parent().ChildByFieldName("name")) == "info"
}
