package sqlalchemy

import (
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// abstract reports whether a class says that it has no table.
func abstract(c *python.Class) bool {
	for _, b := range c.Own("__abstract__") {
		if b.Value() == python.Value(python.Bool(true)) {
			return true
		}
	}
	return false
}

// isBaseMaker reports whether a class is the declarative base itself.
func isBaseMaker(c *python.Class) bool {
	if python.HasDecorator(c.Decorators, "as_declarative", "as_declarative_base") {
		return true
	}
	for _, b := range c.Bases() {
		if x, ok := b.Value.(*python.External); ok && isDeclarativeBase(x.Name) {
			return true
		}
	}
	return false
}

func isDeclarativeBase(name string) bool {
	last := python.Last(name)
	return last == "DeclarativeBase" || last == "DeclarativeBaseNoMeta"
}

// declarative reports whether a class may be a model.
func (r *reader) declarative(c *python.Class) declarativity {
	most := notDeclarative
	for _, k := range c.MRO() {
		if r.declared[k] || python.HasDecorator(k.Decorators, "mapped", "mapped_as_dataclass", "as_declarative", "as_declarative_base") ||
			strings.Contains(textOrNothing(k.Keyword("metaclass")), "DeclarativeMeta") {
			return declarative
		}
	}
	for _, b := range c.Outside() {
		most = max(most, baseKind(b))
	}
	return most
}

func textOrNothing(n *python.Node) string {
	if n == nil {
		return ""
	}
	return n.Text()
}

// baseKind says what a base that is no class that was read makes of a class.
func baseKind(b python.Base) declarativity {
	switch v := b.Value.(type) {
	case *python.External:
		switch {
		case isDeclarativeBase(v.Name):
			return declarative
		case isFlask(v):
			return declarative
		case isPlain(v.Name):
			return notDeclarative
		}
	case *python.Call:
		switch python.Last(v.Callee()) {
		case "declarative_base", "generate_base", "automap_base":
			return declarative
		case "with_metaclass":
			if first, ok := v.Arg(0, "meta"); ok && strings.Contains(python.Name(first.Value()), "DeclarativeMeta") {
				return declarative
			}
			return notDeclarative
		case "namedtuple", "NamedTuple", "TypedDict":
			return notDeclarative
		}
	case *python.Attribute:
		if isFlask(v) {
			return declarative
		}
	}
	return perhaps
}

// isFlask reports whether a base is the Model of a SQLAlchemy() of Flask-SQLAlchemy.
func isFlask(v python.Value) bool {
	of, ok := v.(*python.Attribute)
	return ok && of.Name == "Model" && isFlaskDatabase(of.Of)
}

// isFlaskDatabase reports whether a value is a SQLAlchemy() of Flask-SQLAlchemy.
func isFlaskDatabase(v python.Value) bool {
	call, ok := v.(*python.Call)
	return ok && python.Last(call.Callee()) == "SQLAlchemy"
}

// isPlain reports whether a name is that of a class without columns: Python's own, and SQLAlchemy's mixins.
func isPlain(name string) bool { return strings.HasPrefix(name, "sqlalchemy.") || python.IsPlain(name) }
