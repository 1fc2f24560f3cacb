package python

import (
	"bytes"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// Confidential is the class attribute that holds markup.
const Confidential = "__confidential__"

// markup reads __confidential__ in the body of a class.
func (c *Class) markup(b *Binding) {
	m := c.Node.module
	m.consumed[b.Node.Start] = true
	switch {
	case b.kind == annotated:
		return
	case b.Conditional:
		m.fail(b.Node, "%s must not be conditional", Confidential)
		return
	case c.Confidential != nil:
		m.fail(b.Node, "%s is given twice in class %s, first at line %d", Confidential, c.Name, c.Confidential.Line())
		return
	}
	c.Confidential = b.Node
	if b.Right == nil {
		m.fail(b.Node, "%s must be a literal dict", Confidential)
		return
	}
	l, p := b.Right.Literal()
	if p != nil {
		m.problems = append(m.problems, *p)
		return
	}
	marks, rows, problems := annotations.ReadConfidential(l)
	m.problems = append(m.problems, problems...)
	c.Marks, c.Rows = marks, rows
}

func (m *Module) fail(n *Node, format string, args ...any) {
	m.problems = append(m.problems, *n.problem(format, args...))
}

// Consumed notes that a node, which names markup, was read as such.
func (n *Node) Consumed() { n.module.consumed[n.Start] = true }

// IsConsumed reports whether a node was read as markup.
func (n *Node) IsConsumed() bool { return n.module.consumed[n.Start] }

// Mentions reports whether a word stands anywhere in the module's source.
func (m *Module) Mentions(word string) bool { return bytes.Contains(m.Source, []byte(word)) }

// sweep looks for markup that no class was found for, and for markup that is changed by code: it would be lost silently
// otherwise.
func (m *Module) sweep() {
	if !m.Mentions(Confidential) {
		return
	}
	m.Root.Visit(func(n *Node, parents []*Node) bool {
		lost := false
		switch n.Kind {
		case "identifier":
			lost = n.Text() == Confidential && Written(n, parents)
		case "string":
			lost = m.namesMarkup(n, parents)
		}
		if lost && !n.IsConsumed() {
			m.fail(n, "%s is only read as a literal dict in the body of a class", Confidential)
		}
		return true
	})
}

// Written reports whether code sets, changes or defines what the expression at a node names.
func Written(n *Node, parents []*Node) bool {
	for _, parent := range slices.Backward(parents) {
		switch parent.Kind {
		case "assignment", "augmented_assignment":
			return n.Field == "left" && !(parent.Kind == "assignment" && parent.Child("right") == nil)
		case "delete_statement":
			return true
		case "function_definition", "class_definition":
			return n.Field == "name"
		case "keyword_argument", "named_expression":
			return n.Field == "name"
		case "for_statement":
			return n.Field == "left"
		case "aliased_import":
			return n.Field == "alias"
		case "attribute":
			mutators := []string{"update", "setdefault", "pop", "popitem", "clear", "__setitem__", "__ior__"}
			if n.Field == "object" {
				return slices.Contains(mutators, parent.Child("attribute").Text())
			}
		case "subscript":
			if n.Field != "value" {
				return false
			}
		case "pattern_list", "tuple_pattern", "list_pattern", "expression_list", "parenthesized_expression":
		case "as_pattern_target":
			return true
		default:
			return false
		}
		n = parent
	}
	return false
}

// namesMarkup reports whether a string sets __confidential__ by name: for setattr or type(…), or in vars().
func (m *Module) namesMarkup(n *Node, parents []*Node) bool {
	if s, err := n.StringValue(); err != nil || s != Confidential || len(parents) == 0 {
		return false
	}
	parent := parents[len(parents)-1]
	switch parent.Kind {
	case "pair":
		return n.Field == "key"
	case "argument_list":
		setters := []string{"setattr", "__setattr__", "setdefault", "__setitem__"}
		return len(parents) > 1 && slices.Contains(setters, lastName(parents[len(parents)-2].Child("function")))
	case "subscript":
		return n.Field == "subscript" && Written(parent, parents[:len(parents)-1])
	}
	return false
}

// lastName gives the last part of the name of what is called, whatever it is an attribute of.
func lastName(function *Node) string {
	if function.Is("attribute") {
		return function.Child("attribute").Text()
	}
	return function.Dotted()
}
