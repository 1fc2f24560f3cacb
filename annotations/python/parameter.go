package python

import "slices"

// A parameter of a function.
type parameter struct {
	node     *Node
	name     string
	standard *Node // the default, or nil
}

func (f *Function) parameters() []parameter {
	list := f.Node.Child("parameters")
	if list == nil {
		return nil
	}
	var out []parameter
	for _, n := range list.Children() {
		p := parameter{node: n, standard: n.Child("value")}
		name := n
		switch {
		case n.Child("name") != nil:
			name = n.Child("name")
		case len(n.Children()) > 0:
			name = n.Children()[0]
		}
		if name.Is("list_splat_pattern", "dictionary_splat_pattern") { // with a type
			p.node = name
			name = name.Children()[0]
		}
		p.name = name.Text()
		out = append(out, p)
	}
	return out
}

// A matcher gives parameters their arguments.
type matcher struct {
	function *Function
	args     []Arg
	used     []bool
	open     bool // there are arguments that are not known
	// keywords is set behind * and *args: what follows has no positional arguments.
	keywords bool
}

// bind makes the scope of a function's body. Not ok when a parameter is left without a value.
func (f *Function) bind(args []Arg) (*scope, bool) {
	if f.self != nil {
		args = append([]Arg{{thunk: known(f.self)}}, args...)
	}
	m := &matcher{function: f, args: args, used: make([]bool, len(args))}
	m.open = slices.ContainsFunc(args, func(a Arg) bool { return a.Splat })
	s := &scope{module: f.Node.module, outer: f.scope, running: true}
	for _, p := range f.parameters() {
		var t *thunk
		switch p.node.Kind {
		case "positional_separator":
			continue
		case "keyword_separator":
			m.keywords = true
			continue
		case "list_splat_pattern":
			t = known(m.restOfList())
		case "dictionary_splat_pattern":
			t = known(m.restOfMap())
		default:
			if t = m.match(p); t == nil {
				return s, false
			}
		}
		s = s.with(p.name, t)
	}
	return s, true
}

// match gives the argument for a parameter, or its default; nil when there is neither.
func (m *matcher) match(p parameter) *thunk {
	if i := slices.IndexFunc(m.args, func(a Arg) bool { return a.Name == p.name }); i >= 0 {
		m.used[i] = true
		return m.args[i].thunk
	}
	if !m.keywords {
		if t := m.next(); t != nil {
			return t
		}
	}
	switch {
	case m.open:
		return known(&Unknown{Node: p.node, Why: "the argument is not known"})
	case p.standard != nil:
		return &thunk{node: p.standard, scope: m.function.scope}
	}
	return nil
}

// next gives the next positional argument, or nil.
func (m *matcher) next() *thunk {
	for i, a := range m.args {
		if !m.used[i] && a.Name == "" && !a.Splat {
			m.used[i] = true
			return a.thunk
		}
	}
	return nil
}

// restOfList gives what *args is.
func (m *matcher) restOfList() *List {
	m.keywords = true
	rest := &List{Open: m.open}
	for t := m.next(); t != nil; t = m.next() {
		rest.Items = append(rest.Items, t.force())
	}
	return rest
}

// restOfMap gives what **kwargs is.
func (m *matcher) restOfMap() *Map {
	rest := &Map{Open: m.open}
	for i, a := range m.args {
		if !m.used[i] && a.Name != "" {
			m.used[i] = true
			rest = rest.with(Text(a.Name), a.Value())
		}
	}
	return rest
}
