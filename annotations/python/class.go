package python

import (
	"math"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A Class is one class definition that was read.
type Class struct {
	Name       string // with those of the classes around it, dotted
	Node       *Node  // class_definition
	Decorators []*Node
	// Confidential is where __confidential__ is bound in the class's own body, or nil.
	Confidential *Node
	Marks        []annotations.Mark
	Rows         []annotations.RowsMark

	scope   *scope // around the class
	body    *namespace
	late    []*Binding // set after the class
	bases   []Base
	outside []Base
	mro     []*Class
}

// A Base is one entry of a class's list of bases, or one that such an entry stands for.
type Base struct {
	Value Value
	Node  *Node
	Class *Class // whose list it stands in
}

func newClass(n *Node, decorators []*Node, s *scope, prefix string) *Class {
	c := &Class{Name: prefix + n.Child("name").Text(), Node: n, Decorators: decorators, scope: s}
	return c
}

// Module is where the class is defined.
func (c *Class) Module() *Module { return c.Node.module }

// Position is that of the class statement.
func (c *Class) Position() annotations.Position { return c.Node.Position() }

// Doc gives the docstring, or "".
func (c *Class) Doc() string {
	statements := c.Node.Child("body").Children()
	if len(statements) == 0 || !statements[0].Is("expression_statement") || len(statements[0].Children()) == 0 {
		return ""
	}
	text, _ := statements[0].Children()[0].StringValue()
	return strings.TrimSpace(text)
}

// names gives the names that the class's body binds, worked out on the first call.
func (c *Class) names() *namespace {
	if c.body == nil {
		c.body = &namespace{}
		b := &binder{names: c.body, scope: &scope{module: c.Node.module, class: c, outer: c.scope}, class: c}
		b.block(c.Node.Child("body"), false)
	}
	return c.body
}

// Bindings gives what the class's own body and assignments after it bind, in order.
func (c *Class) Bindings() []*Binding {
	return slices.Concat(c.names().all, c.late)
}

// Own gives the bindings of a name that count at the end of the class's own body; nil when there is none.
func (c *Class) Own(name string) []*Binding {
	own := slices.Clone(c.names().at(name, math.MaxInt))
	for _, b := range c.late {
		switch {
		case b.Name != name:
		case name == "": // names that could not be worked out: others, for all that is known
			own = append(own, b)
		default:
			own = []*Binding{b}
		}
	}
	return own
}

// Lookup gives the bindings of a name in the first class that has it, in Python's order of look-up; nil when none has.
// An annotation alone binds nothing.
func (c *Class) Lookup(name string) []*Binding {
	for _, k := range c.MRO() {
		if own := slices.DeleteFunc(k.Own(name), func(b *Binding) bool { return b.kind == annotated }); len(own) > 0 {
			return own
		}
	}
	return nil
}

// Keyword gives a keyword argument in the list of bases, such as metaclass, or nil.
func (c *Class) Keyword(name string) *Node {
	list := c.Node.Child("superclasses")
	if list == nil {
		return nil
	}
	for _, n := range list.Children() {
		if n.Is("keyword_argument") && n.Child("name").Text() == name {
			return n.Child("value")
		}
	}
	return nil
}

// Metaclasses gives the metaclasses that the class, its bases and calls of with_metaclass name.
func (c *Class) Metaclasses() []Base {
	var all []Base
	for _, k := range c.MRO() {
		if n := k.Keyword("metaclass"); n != nil {
			all = append(all, Base{k.definition().eval(n), n, k})
		}
		for _, d := range k.Decorators {
			if d.Is("call") && Last(d.Child("function").Dotted()) == "add_metaclass" {
				if args := k.definition().arguments(d); len(args) == 1 {
					all = append(all, Base{args[0].Value(), d, k})
				}
			}
		}
	}
	for _, b := range c.Outside() {
		if call, ok := b.Value.(*Call); ok && Last(call.Callee()) == "with_metaclass" && len(call.Args) > 0 {
			all = append(all, Base{call.Args[0].Value(), b.Node, b.Class})
		}
	}
	return all
}

// Bases gives the class's own list of bases.
func (c *Class) Bases() []Base {
	list := c.Node.Child("superclasses")
	if c.bases != nil || list == nil {
		return c.bases
	}
	c.bases = []Base{}
	s := c.definition()
	for _, n := range list.Children() {
		if !n.Is("keyword_argument") {
			c.bases = append(c.bases, Base{Value: s.eval(n.Unwrap()), Node: n, Class: c})
		}
	}
	return c.bases
}

// definition is the scope that the class statement stands in.
func (c *Class) definition() *scope {
	if c.scope == nil {
		return &scope{module: c.Node.module}
	}
	return c.scope
}

// HasDecorator reports whether one of the decorators, as written and without its arguments, ends in one of the names, or
// has it as an inner part, as in @declared_attr.directive.
func HasDecorator(decorators []*Node, names ...string) bool {
	for _, d := range decorators {
		if d.Is("call") {
			d = d.Child("function")
		}
		for part := range strings.SplitSeq(d.Dotted(), ".") {
			if slices.Contains(names, part) {
				return true
			}
		}
	}
	return false
}

// Apply works out the value of a function that is looked up on a class as an attribute is, such as a declared_attr.
func (c *Class) Apply(f *Function) Value {
	bound := *f
	bound.self = c
	return c.Node.module.project.inline(&bound, nil, f.Node)
}
