package sqlalchemy

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// mapped gives what Mapped[…] maps, under any alias; nil for any other annotation.
func mapped(annotation python.Value) python.Value {
	g, ok := annotation.(*python.Generic)
	if !ok || python.Last(python.Name(g.Of)) != "Mapped" || len(g.Args) == 0 {
		return nil
	}
	return g.Args[0].Unquoted()
}

// annotatedType reads the type of a column, and what else Annotated[…] says about it, from what Mapped[…] maps.
func (r *reader) annotatedType(m *python.Module, owner *python.Class, c *column, inner python.Value, written string) {
	if t := r.registered(owner, inner); t.name != "" {
		c.setType(t, nil)
	}
	for range maxDepth {
		g, ok := inner.(*python.Generic)
		if !ok || len(g.Args) == 0 {
			break
		}
		switch python.Last(python.Name(g.Of)) {
		case "Optional":
			inner = g.Args[0].Unquoted()
			continue
		case "Union":
			inner = someType(g)
			continue
		case "Annotated":
			r.annotatedParts(m, c, g)
			inner = g.Args[0].Unquoted()
			if t := r.registered(owner, inner); !c.typed && t.name != "" {
				c.setType(t, nil)
			}
			continue
		}
		break
	}
	if t := pythonType(inner); !c.typed && t.name != "" {
		c.setType(t, nil)
	}
	c.TypeText = strings.Join(strings.Fields(written), " ")
}

// annotatedParts reads the mapped_column(…), or the type, among the parts of Annotated[…].
func (r *reader) annotatedParts(m *python.Module, c *column, g *python.Generic) {
	for _, part := range g.Args[1:] {
		if call, ok := part.Value().(*python.Call); ok && isColumn(call) {
			r.used[call.Node] = true
			r.columnArguments(m, c, call)
		}
	}
}

// someType gives the type of a union that is not None.
func someType(g *python.Generic) python.Value {
	for _, a := range g.Args {
		if v := a.Unquoted(); v != python.Value(python.None{}) {
			return v
		}
	}
	return python.None{}
}

// pythonType gives the type that SQLAlchemy takes for one of Python's.
func pythonType(v python.Value) sqlType {
	switch v := v.(type) {
	case *python.External:
		name := pythonTypes(v.Name)
		return sqlType{name: name, impl: name}
	case *python.Class:
		for _, b := range v.Outside() {
			if strings.Contains(python.Name(b.Value), "Enum") {
				return sqlType{name: "Enum", impl: "Enum"}
			}
		}
	case *python.Generic:
		if python.Last(python.Name(v.Of)) == "Literal" {
			return sqlType{name: "Enum", impl: "Enum"}
		}
	}
	return sqlType{}
}

// registered looks a type up in the type_annotation_map of a class's base.
func (r *reader) registered(owner *python.Class, v python.Value) sqlType {
	if owner == nil {
		return sqlType{}
	}
	for _, b := range slices.Concat(owner.Lookup("type_annotation_map"), owner.Lookup("registry")) {
		types, ok := b.Value().(*python.Map)
		if call, isCall := b.Value().(*python.Call); isCall {
			if arg, has := call.Arg(-1, "type_annotation_map"); has {
				types, ok = arg.Value().(*python.Map)
			}
		}
		if !ok {
			continue
		}
		for _, pair := range types.Pairs {
			if alike(pair.Key, v) {
				return typeOf(pair.Value)
			}
		}
	}
	return sqlType{}
}

// alike reports whether two types are the same one.
func alike(a, b python.Value) bool {
	x, ok1 := a.(*python.External)
	y, ok2 := b.(*python.External)
	return ok1 && ok2 && x.Name == y.Name || a == b
}
