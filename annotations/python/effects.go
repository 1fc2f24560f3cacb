package python

import "strings"

// effects goes through the statements of the modules that change classes after they were defined.
func (p *Project) effects() {
	for _, m := range p.given {
		m.names()
		for i := 0; i < len(m.effects); i++ { // functions that are run may add effects
			e := m.effects[i]
			switch {
			case e.Node.Is("assignment"):
				p.assign(e)
			case e.Node.Child("function").Text() == "setattr":
				p.setattr(e.scope, e.Node)
			default:
				p.run(e)
			}
		}
	}
	for _, m := range p.given {
		for _, b := range m.Bindings() {
			p.makeClass(b)
		}
	}
	for _, c := range p.Classes() {
		p.decorate(c)
	}
}

// makeClass goes through NAME = function(…) for a function that defines a class and returns it, or makes columns.
func (p *Project) makeClass(b *Binding) {
	if b.kind != assigned || !b.Right.Is("call") || !b.Right.Child("function").Is("identifier") {
		return
	}
	function := b.Right.Child("function")
	if f, ok := b.scope.lookup(function.Text(), function.Start).(*Function); ok && (strings.Contains(f.Node.Text(), "class ") || f.changes()) {
		b.Value()
	}
}

// madeIn gives the classes that calls made of a class statement in a module.
func (p *Project) madeIn(m *Module) []*Class {
	var made []*Class
	for _, c := range p.made {
		if c.Node.module == m {
			made = append(made, c)
		}
	}
	return made
}

// assign goes through Class.attribute = value.
func (p *Project) assign(e Effect) {
	right := e.Node.Child("right")
	for right.Is("assignment") {
		right = right.Child("right")
	}
	p.attach(e.scope, e.Node.Child("left"), &thunk{node: right.Unwrap(), scope: e.scope})
}

// attach adds an attribute to the class that it is set on; on anything else it does nothing.
func (p *Project) attach(s *scope, left *Node, t *thunk) {
	if c, ok := s.eval(left.Child("object")).(*Class); ok {
		c.add(left.Child("attribute").Text(), left, t)
	}
}

// add notes an attribute that code sets after the class's body; one whose name cannot be worked out has none.
func (c *Class) add(name string, at *Node, t *thunk) {
	c.late = append(c.late, &Binding{Name: name, Node: at, Right: t.node, Late: true, thunk: t})
}

// Set notes an attribute that the library sets on a class after its body; one whose name cannot be worked out has none.
func (c *Class) Set(name, value Arg, at *Node) {
	text, _ := name.Value().(Text)
	c.late = append(c.late, &Binding{Name: string(text), Node: at, Right: value.thunk.node, thunk: value.thunk})
}

// setattr goes through setattr(class, name, value).
func (p *Project) setattr(s *scope, call *Node) {
	args := s.arguments(call)
	if len(args) != 3 {
		return
	}
	c, ok := args[0].Value().(*Class)
	if !ok {
		return
	}
	name, _ := args[1].Value().(Text)
	c.add(string(name), call, args[2].thunk)
}

// run goes through a call of a function that was read, when it may set attributes of classes that it is given.
func (p *Project) run(e Effect) {
	function := e.Node.Child("function")
	if !function.Is("identifier") {
		return
	}
	if f, ok := e.scope.lookup(function.Text(), e.Node.Start).(*Function); ok && f.changes() {
		e.scope.eval(e.Node)
	}
}

// changes reports whether a function's source looks as if it set attributes of what it is given.
func (f *Function) changes() bool {
	text := f.Node.Text()
	return strings.Contains(text, "setattr(") || strings.Contains(text, "olumn(") || strings.Contains(text, "Field(")
}

// decorate goes through the functions that decorate a class and were read.
func (p *Project) decorate(c *Class) {
	for _, d := range c.Decorators {
		name := d
		if d.Is("call") {
			name = d.Child("function")
		}
		if !name.Is("identifier") {
			continue
		}
		f, ok := c.definition().lookup(name.Text(), d.Start).(*Function)
		if !ok || !f.changes() {
			continue
		}
		decorator := Value(f)
		if d.Is("call") {
			decorator = c.definition().eval(d)
		}
		p.call(decorator, []Arg{{thunk: known(c)}}, d)
	}
}
