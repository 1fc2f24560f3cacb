package python

import (
	"bytes"
	"slices"
	"strings"
)

// A binder goes through the statements of a module or of the body of a class and notes what they bind.
type binder struct {
	names *namespace
	scope *scope
	class *Class // of whose body it is, or nil
	// rounds counts the loops around that are unrolled: what they bind counts for the round only.
	rounds int
}

// block goes through statements; conditional says that they stand in an if, a try or a loop.
func (b *binder) block(n *Node, conditional bool) {
	if n == nil {
		return
	}
	for _, statement := range n.Children() {
		b.statement(statement, conditional)
	}
}

func (b *binder) statement(n *Node, conditional bool) {
	switch n.Kind {
	case "expression_statement":
		for _, e := range n.Children() {
			b.expression(e, conditional)
		}
	case "class_definition", "function_definition", "decorated_definition":
		b.definition(n, conditional)
	case "import_statement", "import_from_statement":
		for _, i := range importBindings(n, b.scope) {
			i.Conditional = conditional
			b.names.add(i)
		}
	case "delete_statement":
		for _, c := range n.Children() {
			b.erase(c, n, false)
		}
	case "for_statement":
		b.loop(n)
	case "with_statement":
		n.Visit(func(c *Node, _ []*Node) bool {
			if c.Is("as_pattern_target") && len(c.Children()) > 0 {
				b.erase(c.Children()[0], c, conditional)
			}
			return !c.Is("block")
		})
		b.block(n.Child("body"), conditional)
	case "if_statement":
		b.conditional(n)
	default:
		// Other compound statements: their blocks, and the clauses that hold more blocks.
		for _, c := range n.Children() {
			switch {
			case c.Is("block"):
				b.block(c, true)
			case strings.HasSuffix(c.Kind, "_clause"):
				b.statement(c, true)
			}
		}
	}
}

// erase notes that a name stands for something that is not known.
func (b *binder) erase(target, at *Node, conditional bool) {
	if target.Is("identifier") {
		unknown := &Unknown{Node: at, Why: "it is bound in a way that says nothing"}
		b.names.add(&Binding{Name: target.Text(), Node: target, Conditional: conditional, kind: erased, thunk: known(unknown)})
	}
}

func undecorated(n *Node) (definition *Node, decorators []*Node) {
	if !n.Is("decorated_definition") {
		return n, nil
	}
	for _, c := range n.Children() {
		if c.Is("decorator") && len(c.Children()) > 0 {
			decorators = append(decorators, c.Children()[0])
		}
	}
	return n.Child("definition"), decorators
}

// definition notes a class or a function.
func (b *binder) definition(n *Node, conditional bool) {
	definition, decorators := undecorated(n)
	name := definition.Child("name")
	binding := &Binding{Name: name.Text(), Node: name, Right: definition, Conditional: conditional, kind: defined}
	around := b.scope
	if b.class != nil && binding.Name == Confidential {
		b.scope.module.consumed[name.Start] = true
		b.scope.module.fail(name, "%s must be a literal dict, not a %s", Confidential, strings.TrimSuffix(definition.Kind, "_definition"))
	}
	if b.class != nil { // code in a class's methods does not see the names of its body
		around = around.outer
	}
	if definition.Is("class_definition") {
		prefix := ""
		if b.class != nil {
			prefix = b.class.Name + "."
		}
		c := newClass(definition, decorators, around, prefix)
		binding.thunk = known(c)
		b.scope.module.classes = append(b.scope.module.classes, c)
	} else {
		f := &Function{Name: binding.Name, Node: definition, Decorators: decorators, scope: orModule(around, b.scope)}
		binding.thunk = known(f)
		b.scope.module.inner(f)
	}
	b.names.add(binding)
}

// orModule gives the scope around a function: that of the module when there is no other.
func orModule(around, here *scope) *scope {
	if around == nil {
		return &scope{module: here.module}
	}
	return around
}

// inner notes the classes in a function's body. What the parameters stand for is not known there.
func (m *Module) inner(f *Function) {
	body := f.Node.Child("body")
	if body == nil || !bytes.Contains(m.Source[body.Start:body.End], []byte("class ")) {
		return
	}
	s := &scope{module: m, outer: f.scope, running: true}
	for _, p := range f.parameters() {
		s = s.with(p.name, known(&Unknown{Node: p.node, Why: "it is a parameter"}))
	}
	inner := &binder{names: &namespace{}, scope: s}
	inner.block(body, false)
	for _, b := range slices.Backward(inner.names.all) {
		s.local = &local{b.Name, b.thunk, s.local}
	}
}

// expression notes an assignment, or a call that may change something.
func (b *binder) expression(n *Node, conditional bool) {
	switch n.Kind {
	case "assignment":
		b.assignment(n, conditional)
	case "augmented_assignment":
		if left := n.Child("left"); left.Is("identifier") {
			b.names.add(&Binding{Name: left.Text(), Node: left, Right: n, Conditional: conditional, kind: changed, thunk: &thunk{node: n, scope: b.scope}})
		}
	case "call":
		b.call(n, conditional)
	}
}

// call notes a call whose result nobody takes. One of a method may change the variable; any other may change a class.
func (b *binder) call(n *Node, conditional bool) {
	function := n.Child("function")
	if object := function.Child("object"); object.Is("identifier") {
		switch function.Child("attribute").Text() {
		case "append", "add", "insert", "extend", "update", "remove", "pop", "clear", "discard", "setdefault", "popitem":
			b.names.add(&Binding{Name: object.Text(), Node: object, Right: n, Conditional: conditional, kind: changed, thunk: &thunk{node: n, scope: b.scope}})
			return
		}
	}
	if b.class == nil {
		b.effect(n)
	}
}

// effect notes a statement of the module that may change a class.
func (b *binder) effect(n *Node) {
	if !b.scope.running {
		b.scope.module.effects = append(b.scope.module.effects, Effect{Node: n, scope: b.scope})
	}
}

// assignment notes NAME: ANNOTATION = VALUE; chains included.
func (b *binder) assignment(n *Node, conditional bool) {
	targets := []*Node{n}
	right := n.Child("right")
	for right.Is("assignment") {
		targets = append(targets, right)
		right = right.Child("right")
	}
	t := &thunk{node: right.Unwrap(), scope: b.scope}
	for _, target := range targets {
		left := bare(target.Child("left"))
		switch left.Kind {
		case "identifier":
			binding := &Binding{Name: left.Text(), Node: left, Annotation: target.Child("type"), Right: t.node, Conditional: conditional, thunk: t}
			if right == nil {
				binding.kind, binding.thunk = annotated, known(&Unknown{Node: left, Why: "it is only annotated"})
			}
			b.bind(binding)
		case "attribute":
			if b.class == nil && right != nil {
				b.effect(target)
			}
		case "subscript":
			b.store(left, t, conditional)
		case "pattern_list", "tuple_pattern", "list_pattern":
			b.unpack(left, t, conditional)
		}
	}
}

// bare takes the parentheses off what is assigned to: of (name), which the grammar calls a tuple.
func bare(left *Node) *Node {
	left = left.Unwrap()
	if left.Is("tuple_pattern") && len(left.Children()) == 1 && !strings.Contains(left.Text(), ",") {
		return left.Children()[0]
	}
	return left
}

// bind adds a binding, and reads the markup when it is that.
func (b *binder) bind(binding *Binding) {
	binding.scope = b.scope
	if b.class != nil && binding.Name == Confidential {
		b.class.markup(binding)
	}
	b.names.add(binding)
	if b.rounds > 0 {
		b.scope = b.scope.with(binding.Name, binding.thunk)
	}
}

// unpack notes a, b = values.
func (b *binder) unpack(left *Node, t *thunk, conditional bool) {
	for i, c := range left.Children() {
		if c = bare(c); !c.Is("identifier") {
			continue
		}
		item := &thunk{node: t.node, scope: b.scope}
		if right := t.node; right.Is("expression_list", "tuple", "list") && len(right.Children()) == len(left.Children()) {
			item.node = right.Children()[i].Unwrap()
		} else {
			item.make = func() Value { return part(c, t.force(), i, len(left.Children())) }
		}
		b.bind(&Binding{Name: c.Text(), Node: c, Right: item.node, Conditional: conditional, thunk: item})
	}
}

// part gives one of the items that a value is unpacked into, for the name at a node.
func part(at *Node, of Value, i, names int) Value {
	if l, ok := of.(*List); ok && !l.Open && len(l.Items) == names {
		return l.Items[i]
	}
	return &Unknown{Node: at, Why: "it is taken out of something"}
}

// store notes locals()['name'] = value in a class's body, the way in which loops add attributes.
func (b *binder) store(left *Node, t *thunk, conditional bool) {
	if b.class == nil || !left.Child("value").Is("call") {
		return
	}
	if name := left.Child("value").Child("function").Text(); name != "locals" && name != "vars" {
		return
	}
	key, ok := b.scope.eval(left.Child("subscript")).(Text)
	if !ok {
		key = ""
	}
	b.names.add(&Binding{Name: string(key), Node: left, Right: t.node, Conditional: conditional, thunk: t})
}
