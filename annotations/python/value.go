package python

import (
	"slices"
	"strings"
)

// A Value is what an expression stands for, as far as that is certain without running it: one of the types below.
type Value interface{ value() }

type (
	// Text is a string.
	Text string
	// Number is a number as written, without underscores.
	Number string
	// Bool is True or False.
	Bool bool
	// None is None.
	None struct{}
)

type (
	// A List is a list, a tuple or a set.
	List struct {
		Items []Value
		Open  bool // there may be more items
	}
	// A Map is a dict.
	Map struct {
		Pairs []MapPair
		Open  bool // there may be more pairs
	}
	// A MapPair is one entry of a dict.
	MapPair struct{ Key, Value Value }

	// A Function is a function or a lambda that was read.
	Function struct {
		Name       string
		Node       *Node // function_definition or lambda
		Decorators []*Node
		scope      *scope
		self       Value // the class, of a bound class method
	}
	// An External is a name that no module read explains, spelled out: "sqlalchemy.Column", or "int".
	External struct{ Name string }
	// A Call is the result of a call that is not worked out, such as Column(String(36)): of something external, of a class
	// (an instance), or of an Attribute.
	Call struct {
		Func Value
		Args []Arg
		Node *Node
	}
	// A Generic is a class with arguments in brackets, such as Mapped[int]; int | None is Union[int, None].
	Generic struct {
		Of   Value // External or Class
		Args []Arg
	}
	// An Attribute is an attribute, such as .with_variant, of a value that does not say what it is.
	Attribute struct {
		Of   Value
		Name string
	}
	// A Choice is one of several values; which one depends on what only running the code would tell.
	Choice struct{ Of []Value }
	// An Unknown is the value of an expression that cannot be worked out.
	Unknown struct {
		Node *Node // of the expression; nil when there is none
		Why  string
	}
)

func (Text) value()       {}
func (Number) value()     {}
func (Bool) value()       {}
func (None) value()       {}
func (*List) value()      {}
func (*Map) value()       {}
func (*Function) value()  {}
func (*External) value()  {}
func (*Call) value()      {}
func (*Generic) value()   {}
func (*Attribute) value() {}
func (*Choice) value()    {}
func (*Unknown) value()   {}
func (*Class) value()     {}
func (*Module) value()    {}

// An Arg is one argument of a call. It is worked out when its Value is asked for.
type Arg struct {
	Name string // "" for a positional one
	// Splat says that *args or **kwargs stands here and cannot be read.
	Splat bool
	thunk *thunk
}

// Value works the argument out.
func (a Arg) Value() Value { return a.thunk.force() }

// Node is the expression as it stands in the call, or nil.
func (a Arg) Node() *Node { return a.thunk.node }

// ObjectArg gives what a method is called of as an argument of its own.
func (e Effect) ObjectArg() Arg {
	return Arg{thunk: &thunk{node: e.Node.Child("function").Child("object").Unwrap(), scope: e.scope}}
}

// Attribute takes an argument that is written as an attribute, such as User.id, apart, parameters of functions followed
// to what they were called with. Not ok for any other argument.
func (a Arg) Attribute() (of Value, name string, ok bool) {
	t := a.thunk
	for range maxDepth {
		n := t.node.Unwrap()
		switch {
		case n.Is("attribute"):
			return t.scope.eval(n.Child("object")), n.Child("attribute").Text(), true
		case n.Is("identifier"):
			next := t.scope.variable(n.Text())
			if next == nil {
				return nil, "", false
			}
			t = next
		default:
			return nil, "", false
		}
	}
	return nil, "", false
}

// Arg gives the argument of a name, or else the positional one of a number, counted from 0; -1 for none. Not ok when neither
// is there.
func (c *Call) Arg(position int, name string) (Arg, bool) {
	at := 0
	for _, a := range c.Args {
		switch {
		case a.Splat:
		case a.Name != "":
			if a.Name == name {
				return a, true
			}
		default:
			if at == position {
				return a, true
			}
			at++
		}
	}
	return Arg{}, false
}

// Callee gives the name of what is called, spelled out as far as it is known: "sqlalchemy.Column", the name of a class, or
// that of a method.
func (c *Call) Callee() string { return nameOf(c.Func) }

// nameOf gives the name that a value goes by, or "".
func nameOf(v Value) string {
	switch v := v.(type) {
	case *External:
		return v.Name
	case *Class:
		return v.Name
	case *Function:
		return v.Name
	case *Generic:
		return nameOf(v.Of)
	case *Attribute:
		if of := nameOf(v.Of); of != "" {
			return of + "." + v.Name
		}
		return v.Name
	case *Choice:
		return nameOf(v.Of[0])
	}
	return ""
}

// Name gives the name that a value goes by, spelled out as far as it is known, or "".
func Name(v Value) string { return nameOf(v) }

// Last gives the part of a dotted name after its last dot.
func Last(dotted string) string { return dotted[strings.LastIndexByte(dotted, '.')+1:] }

// Get gives the value of a text key of a dict, or nil.
func (m *Map) Get(key string) Value {
	for _, p := range slices.Backward(m.Pairs) {
		if p.Key == Text(key) {
			return p.Value
		}
	}
	return nil
}

// with gives a copy of a dict with one more entry, in the place of one with an equal key.
func (m *Map) with(key, value Value) *Map {
	c := &Map{Pairs: slices.Clone(m.Pairs), Open: m.Open}
	for i := range c.Pairs {
		if same(c.Pairs[i].Key, key) {
			c.Pairs[i].Value = value
			return c
		}
	}
	c.Pairs = append(c.Pairs, MapPair{key, value})
	return c
}

// Alternatives gives what a value may be: of a Choice its values, of any other value that itself.
func Alternatives(v Value) []Value {
	if c, ok := v.(*Choice); ok {
		return c.Of
	}
	return []Value{v}
}

// choose makes one value of several.
func choose(values ...Value) Value {
	var of []Value
	for _, v := range values {
		for _, a := range Alternatives(v) {
			if !slices.ContainsFunc(of, func(o Value) bool { return same(o, a) }) {
				of = append(of, a)
			}
		}
	}
	switch {
	case len(of) == 0:
		return &Unknown{Why: "there is no value"}
	case len(of) == 1:
		return of[0]
	case len(of) > maxChoices:
		return &Unknown{Why: "there are too many possibilities"}
	}
	return &Choice{Of: of}
}

// same reports whether two values are certainly the same.
func same(a, b Value) bool {
	if x, ok := a.(*External); ok {
		y, ok := b.(*External)
		return ok && x.Name == y.Name
	}
	return a == b
}

// constant reports whether a value is a constant, so that == compares it.
func constant(v Value) bool {
	switch v.(type) {
	case Text, Number, Bool, None:
		return true
	}
	return false
}

// truth tells whether a value counts as true. Not ok when that is not certain.
func truth(v Value) (isTrue, ok bool) {
	switch v := v.(type) {
	case Text:
		return v != "", true
	case Number:
		return strings.Trim(string(v), "0.") != "", true
	case Bool:
		return bool(v), true
	case None:
		return false, true
	case *List:
		return len(v.Items) > 0, len(v.Items) > 0 || !v.Open
	case *Map:
		return len(v.Pairs) > 0, len(v.Pairs) > 0 || !v.Open
	case *Class, *Module, *Function:
		return true, true
	}
	return false, false
}
