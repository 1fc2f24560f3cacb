package python

import "slices"

// mutate gives what a method that changes a list or dict makes of it. Not ok when it is no such method.
func mutate(v Value, name string, args []Arg) (Value, bool) {
	switch of := v.(type) {
	case *List:
		switch name {
		case "append", "add", "insert":
			if len(args) == 0 {
				return v, false
			}
			return &List{Items: append(slices.Clone(of.Items), args[len(args)-1].Value()), Open: of.Open}, true
		case "extend", "update":
			if len(args) == 1 {
				if more, ok := args[0].Value().(*List); ok {
					return &List{Items: slices.Concat(of.Items, more.Items), Open: of.Open || more.Open}, true
				}
			}
			return &List{Items: of.Items, Open: true}, true
		case "remove", "pop", "clear", "discard":
			return &List{Open: true}, true
		}
	case *Map:
		return mutateMap(of, name, args)
	}
	return v, false
}

func mutateMap(m *Map, name string, args []Arg) (Value, bool) {
	switch name {
	case "update":
		for _, a := range args {
			more, ok := a.Value().(*Map)
			switch {
			case a.Name != "":
				m = m.with(Text(a.Name), a.Value())
			case ok && !a.Splat:
				m = m.merged(more)
			default:
				m = &Map{Pairs: m.Pairs, Open: true}
			}
		}
		return m, true
	case "setdefault":
		if len(args) == 2 {
			if key, ok := args[0].Value().(Text); ok && m.Get(string(key)) == nil {
				return m.with(key, args[1].Value()), true
			}
		}
		return m, true
	case "pop":
		if len(args) > 0 {
			key := args[0].Value()
			c := &Map{Pairs: slices.Clone(m.Pairs), Open: m.Open || !constant(key)}
			c.Pairs = slices.DeleteFunc(c.Pairs, func(p MapPair) bool { return same(p.Key, key) })
			return c, true
		}
	case "clear", "popitem":
		return &Map{Open: true}, true
	}
	return m, false
}
