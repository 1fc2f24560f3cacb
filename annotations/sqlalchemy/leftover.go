package sqlalchemy

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// leftovers reports the columns and tables that a module makes and that reached no table: in type(…), in locals().update(…), in
// the fields of a dataclass. What a class's own body holds may be a mixin's, and is none of those.
func (r *reader) leftovers(m *python.Module) {
	aliases := aliasesOf(m)
	m.Reached(func(n *python.Node) bool {
		if !n.Is("call") || r.used[n] {
			return true
		}
		if slices.ContainsFunc(n.BasesOfCall(), r.maybeModel) {
			r.project.Unresolved(m, n, "the class that %s(…) makes is not read", n.Child("function").Text())
			return false
		}
		name := python.Last(n.Child("function").Dotted())
		if made, ok := aliases[name]; ok {
			name = made
		}
		switch {
		case name == "tometadata", name == "to_metadata":
			r.project.Unresolved(m, n, "the copy of a table that %s makes is not read", name)
		case slices.Contains(makers, name) && r.ofSQLAlchemy(m, n):
			r.project.Unresolved(m, n, "%s(…) belongs to no table that could be read", name)
			return false // what it holds would say the same
		}
		return true
	})
}

// maybeModel reports whether a base makes models.
func (r *reader) maybeModel(base python.Value) bool {
	if c, ok := base.(*python.Class); ok {
		return r.declarative(c) != notDeclarative || isBaseMaker(c)
	}
	return baseKind(python.Base{Value: base}) == declarative
}

// makers are the functions of SQLAlchemy's that make columns and tables.
var makers = []string{"Column", "mapped_column", "Table"}

// aliasesOf gives the names under which a module imports the makers.
func aliasesOf(m *python.Module) map[string]string {
	aliases := map[string]string{}
	for _, b := range m.Bindings() {
		if b.Node.Is("aliased_import") {
			if made := python.Last(b.Node.Child("name").Text()); slices.Contains(makers, made) {
				aliases[b.Name] = made
			}
		}
	}
	return aliases
}

// ofSQLAlchemy reports whether what is called is SQLAlchemy's, as far as the module's own names tell.
func (r *reader) ofSQLAlchemy(m *python.Module, call *python.Node) bool {
	switch f := m.Eval(call.Child("function")).(type) {
	case *python.External:
		return strings.Contains(f.Name, "sqlalchemy") || !strings.Contains(f.Name, ".") || strings.Contains("."+f.Name, ".db.")
	case *python.Attribute:
		return isFlaskDatabase(f.Of)
	}
	return false
}

// noteMixins notes the columns in the bodies of classes, whether a model extends them or not.
func (r *reader) noteMixins() {
	for _, c := range r.project.Classes() {
		for _, b := range c.Bindings() {
			if b.Right == nil {
				continue
			}
			calls, _ := columnCalls(b.Value())
			for _, call := range calls {
				r.used[call.Node] = true
			}
		}
	}
}
