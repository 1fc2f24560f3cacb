package python

import "slices"

// Reached visits the nodes of a module that its statements are known to reach, or may reach: all but branches that are known not to be
// taken and the bodies of functions; of a function that a call was worked out of, the statements that it went through.
func (m *Module) Reached(f func(n *Node) bool) {
	p := m.project
	m.Root.Visit(func(n *Node, parents []*Node) bool {
		switch {
		case p.untaken[n]:
			return false
		case p.went[n]:
		case n.Is("function_definition"), n.Is("expression_statement", "return_statement") && inFunction(parents):
			return false
		}
		return f(n)
	})
}

// inFunction reports whether the innermost definition around a node is that of a function.
func inFunction(parents []*Node) bool {
	for _, n := range slices.Backward(parents) {
		if n.Is("function_definition", "class_definition") {
			return n.Is("function_definition")
		}
	}
	return false
}

// BasesOfCall gives the bases of the class that a call of type(name, bases, attributes), or of what works like it, makes; nil for any
// other call. Only the names of the module itself are known.
func (n *Node) BasesOfCall() []Value {
	args := n.Child("arguments").Children()
	if len(args) < 2 {
		return nil
	}
	switch lastName(n.Child("function")) {
	case "type":
		if len(args) != 3 {
			return nil
		}
	case "new_class", "ModelBase", "DeclarativeMeta":
	default:
		return nil
	}
	bases, _ := n.module.Eval(args[1]).(*List)
	if bases == nil {
		return nil
	}
	return bases.Items
}
