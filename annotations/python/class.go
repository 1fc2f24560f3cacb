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
		if b.Name == name {
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

// MRO gives the class and its bases that were read, in the order in which Python looks attributes up.
func (c *Class) MRO() []*Class {
	c.linearize()
	return c.mro
}

// Outside gives the bases, of the class and of its bases, that are no class that was read: external names, calls and
// unknown values.
func (c *Class) Outside() []Base {
	c.linearize()
	return c.outside
}

// linearize works the order of the bases out (C3).
func (c *Class) linearize() {
	if c.mro != nil {
		return
	}
	c.mro = []*Class{c} // while it is worked out, so that a class that is its own base comes to an end
	var lists [][]*Class
	var direct []*Class
	for _, base := range c.Bases() {
		for _, b := range c.Node.module.project.expand(base, 0) {
			k, ok := b.Value.(*Class)
			switch {
			case !ok:
				c.outside = append(c.outside, b)
			case k != c:
				lists = append(lists, slices.Clone(k.MRO()))
				direct = append(direct, k)
			}
		}
	}
	for _, k := range direct {
		for _, b := range k.Outside() {
			if !slices.Contains(c.outside, b) {
				c.outside = append(c.outside, b)
			}
		}
	}
	c.mro = append([]*Class{c}, merge(append(lists, direct))...)
}

// merge is the merge of the C3 linearization; where there is none, the lists follow each other.
func merge(lists [][]*Class) []*Class {
	var order []*Class
	for {
		lists = slices.DeleteFunc(lists, func(l []*Class) bool { return len(l) == 0 })
		if len(lists) == 0 {
			return order
		}
		next := lists[0][0]
		for _, l := range lists {
			if !slices.ContainsFunc(lists, func(o []*Class) bool { return slices.Contains(o[1:], l[0]) }) {
				next = l[0]
				break
			}
		}
		order = append(order, next)
		for i := range lists {
			lists[i] = slices.DeleteFunc(slices.Clone(lists[i]), func(c *Class) bool { return c == next })
		}
	}
}

// expand gives the classes that a base stands for: the one of several possibilities that was read, and what a call that
// makes a base makes it of, beside the call itself.
func (p *Project) expand(b Base, depth int) []Base {
	if depth > maxDepth/4 {
		return []Base{b}
	}
	switch v := b.Value.(type) {
	case *Generic:
		return p.expand(Base{v.Of, b.Node, b.Class}, depth+1)
	case *Choice:
		var classes []Base
		for _, a := range v.Of {
			switch a := a.(type) {
			case *Class:
				classes = append(classes, Base{a, b.Node, b.Class})
			case *External, None:
			default:
				return []Base{b}
			}
		}
		if len(classes) == 1 {
			return classes
		}
	case *Call:
		for _, f := range p.frameworks {
			if values, ok := f.Base(v); ok {
				out := []Base{b}
				for _, inner := range values {
					out = append(out, p.expand(Base{inner, b.Node, b.Class}, depth+1)...)
				}
				return out
			}
		}
	}
	return []Base{b}
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

// attribute gives an attribute of a value.
func (p *Project) attribute(v Value, name string) Value {
	switch v := v.(type) {
	case *Module:
		if inner := v.lookup(name, math.MaxInt); inner != nil {
			return inner
		}
		if m := p.submodule(v, name); m != nil {
			return m
		}
		return &External{Name: v.Name + "." + name}
	case *External:
		full := v.Name + "." + name
		if m := p.absolute(nil, full); m != nil {
			return m
		}
		return &External{Name: full}
	case *Class:
		return p.classAttribute(v, name)
	case *Generic:
		return p.attribute(v.Of, name)
	case *Choice:
		var values []Value
		for _, a := range v.Of {
			if a != Value(None{}) {
				values = append(values, p.attribute(a, name))
			}
		}
		return choose(values...)
	case *Unknown:
		return v
	}
	return &Attribute{Of: v, Name: name}
}

func (p *Project) classAttribute(c *Class, name string) Value {
	switch name {
	case "__name__":
		return Text(Last(c.Name))
	case "__qualname__":
		return Text(c.Name)
	case "__module__":
		return Text(c.Node.module.Name)
	}
	var values []Value
	for _, b := range c.Lookup(name) {
		v := b.Value()
		if f, ok := v.(*Function); ok {
			v = c.method(f, name)
		}
		values = append(values, v)
	}
	if len(values) == 0 {
		return &Attribute{Of: c, Name: name}
	}
	return choose(values...)
}

// method gives what looking a function up on a class gives.
func (c *Class) method(f *Function, name string) Value {
	switch {
	case HasDecorator(f.Decorators, "declared_attr", "classproperty"):
		return c.Apply(f)
	case HasDecorator(f.Decorators, "classmethod"):
		bound := *f
		bound.self = c
		return &bound
	case len(f.Decorators) == 0, HasDecorator(f.Decorators, "staticmethod"):
		return f
	}
	return &Attribute{Of: c, Name: name}
}
