package python

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// arguments gives the arguments of a call, those of *args and **kwargs among them when they are known.
func (s *scope) arguments(call *Node) []Arg {
	list := call.Child("arguments")
	if !list.Is("argument_list") { // a generator expression without parentheses of its own
		if list == nil {
			return nil
		}
		return []Arg{{thunk: &thunk{node: list, scope: s}}}
	}
	var args []Arg
	for _, n := range list.Children() {
		switch n.Kind {
		case "keyword_argument":
			args = append(args, Arg{Name: n.Child("name").Text(), thunk: &thunk{node: n.Child("value").Unwrap(), scope: s}})
		case "list_splat", "dictionary_splat":
			args = append(args, s.splat(n)...)
		default:
			args = append(args, Arg{thunk: &thunk{node: n.Unwrap(), scope: s}})
		}
	}
	return args
}

// splat gives the arguments that *args or **kwargs stands for.
func (s *scope) splat(n *Node) []Arg {
	v := s.eval(n.Children()[0])
	var args []Arg
	open := true
	switch v := v.(type) {
	case *List:
		for _, item := range v.Items {
			args = append(args, Arg{thunk: known(item)})
		}
		open = v.Open
	case *Map:
		open = v.Open
		for _, p := range v.Pairs {
			name, ok := p.Key.(Text)
			open = open || !ok
			args = append(args, Arg{Name: string(name), thunk: known(p.Value)})
		}
	}
	if open {
		args = append(args, Arg{Splat: true, thunk: &thunk{node: n, scope: s, value: &Unknown{Node: n, Why: "what it stands for is not known"}}})
	}
	return args
}

// call works a call out.
func (s *scope) call(n *Node) Value {
	p := s.module.project
	return p.call(s.eval(n.Child("function")), s.arguments(n), n)
}

// call works out what calling a value gives. Calls of what was not read, and of classes, stay calls.
func (p *Project) call(function Value, args []Arg, n *Node) Value {
	switch f := function.(type) {
	case *Function:
		return p.inline(f, args, n)
	case *External:
		c := &Call{Func: f, Args: args, Node: n}
		if v := p.builtin(c); v != nil {
			return v
		}
		return c
	case *Attribute:
		if v := method(f, args); v != nil {
			return v
		}
		return &Call{Func: f, Args: args, Node: n}
	case *Class:
		return &Call{Func: f, Args: args, Node: n}
	case *Generic:
		return p.call(f.Of, args, n)
	case *Call:
		if Last(f.Callee()) == "partial" && len(f.Args) > 0 && f.Args[0].Name == "" {
			return p.call(f.Args[0].Value(), slices.Concat(f.Args[1:], args), n)
		}
		return &Call{Func: f, Args: args, Node: n}
	case *Choice:
		var results []Value
		for _, alternative := range f.Of {
			results = append(results, p.call(alternative, args, n))
		}
		return choose(results...)
	}
	return &Unknown{Node: n, Why: "what is called is not known"}
}

// builtin works out Python's own functions on known arguments, and what the frameworks know more; nil for all others.
func (p *Project) builtin(c *Call) Value {
	name := c.Callee()
	for _, f := range p.frameworks {
		if v := f.Fold(p, c); v != nil {
			return v
		}
	}
	args := make([]Value, 0, len(c.Args))
	if !slices.Contains(folded, name) {
		return nil
	}
	for _, a := range c.Args {
		if a.Splat {
			return nil
		}
		if a.Name == "" {
			args = append(args, a.Value())
		}
	}
	if name == "dict" {
		return p.dict(c, args)
	}
	if len(args) != len(c.Args) {
		return nil
	}
	return p.fold(name, args)
}

// folded lists the functions that fold and dict know.
var folded = []string{
	"dict", "list", "tuple", "set", "frozenset", "sorted", "range", "str", "len", "getattr", "hasattr", "staticmethod", "issubclass",
	"re.sub", "copy.copy", "copy.deepcopy", "sys.intern", "OrderedDict", "collections.OrderedDict",
}

func (p *Project) dict(c *Call, args []Value) Value {
	m := &Map{}
	if len(args) == 1 {
		of, ok := args[0].(*Map)
		if !ok {
			return nil
		}
		m = of
	}
	for _, a := range c.Args {
		if a.Name != "" {
			m = m.with(Text(a.Name), a.Value())
		}
	}
	return m
}

// fold works out a function of Python's that has positional arguments only.
func (p *Project) fold(name string, args []Value) Value {
	switch {
	case name == "range":
		return span(args)
	case name == "re.sub" && len(args) == 3:
		return substitute(args)
	case name == "getattr" && len(args) >= 2:
		if attr, ok := args[1].(Text); ok {
			return p.getattr(args, string(attr))
		}
	case name == "hasattr" && len(args) == 2:
		return p.hasattr(args)
	case name == "issubclass" && len(args) == 2:
		return p.issubclass(args)
	case len(args) != 1:
	case name == "len":
		if size, ok := length(args[0]); ok {
			return number(size)
		}
	case name == "str":
		if text, ok := plain(args[0]); ok {
			return Text(text)
		}
	case name == "staticmethod", name == "sys.intern", strings.HasPrefix(name, "copy."):
		return args[0]
	case name == "list", name == "tuple", name == "set", name == "frozenset", name == "sorted":
		return iterated(args[0])
	case strings.HasSuffix(name, "OrderedDict"):
		if m, ok := args[0].(*Map); ok {
			return m
		}
	}
	return nil
}

// iterated gives the items that looping over a value gives, or nil.
func iterated(v Value) Value {
	switch v := v.(type) {
	case *List:
		return v
	case *Map:
		keys := &List{Open: v.Open}
		for _, p := range v.Pairs {
			keys.Items = append(keys.Items, p.Key)
		}
		return keys
	}
	return nil
}

func length(v Value) (int, bool) {
	switch v := v.(type) {
	case Text:
		return utf8.RuneCountInString(string(v)), true
	case *List:
		return len(v.Items), !v.Open
	case *Map:
		return len(v.Pairs), !v.Open
	}
	return 0, false
}

// getattr is getattr(object, name[, default]).
func (p *Project) getattr(args []Value, name string) Value {
	if c, ok := args[0].(*Class); ok && len(args) == 3 && c.Lookup(name) == nil {
		if len(c.Outside()) == 0 {
			return args[2]
		}
		return choose(p.attribute(c, name), args[2])
	}
	return p.attribute(args[0], name)
}

// hasattr is hasattr(class, name), as far as the bases of the class are known.
func (p *Project) hasattr(args []Value) Value {
	c, isClass := args[0].(*Class)
	name, isText := args[1].(Text)
	if !isClass || !isText {
		return nil
	}
	if c.Lookup(string(name)) != nil {
		return Bool(true)
	}
	return nil // a base that was not read, a metaclass or the framework may have it
}

func (p *Project) issubclass(args []Value) Value {
	c, ok := args[0].(*Class)
	of, isClass := args[1].(*Class)
	if !ok || !isClass {
		return nil
	}
	if slices.Contains(c.MRO(), of) {
		return Bool(true)
	}
	if len(c.Outside()) == 0 {
		return Bool(false)
	}
	return nil
}
