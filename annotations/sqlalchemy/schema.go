package sqlalchemy

import "github.com/turbo-hipster/turbo-hipster/annotations/python"

// schema gives the schema that a class's __table_args__, or its metadata, names.
func (r *reader) schema(c *python.Class) string {
	for _, k := range c.MRO() {
		if k != c && r.mapping(k).mapped && !r.mapping(k).busy {
			continue
		}
		for _, item := range r.argsOf(c, k) {
			m, ok := item.(*python.Map)
			if !ok {
				continue
			}
			if v := m.Get("schema"); v != nil && v != python.Value(python.None{}) {
				return r.schemaText(c.Module(), c.Node, v)
			}
		}
		if len(k.Own("__table_args__")) > 0 {
			break
		}
	}
	return r.schemaText(c.Module(), c.Node, classSchema(c, 0))
}

// schemaText gives the name of a schema, "" for none; one that cannot be worked out is reported, and the table taken to be in any.
func (r *reader) schemaText(m *python.Module, at *python.Node, v python.Value) string {
	switch v.(type) {
	case nil, python.None:
		return ""
	case python.Text:
	default:
		if python.Last(python.Name(v)) == "BLANK_SCHEMA" {
			return ""
		}
		if !r.reported[at] {
			r.reported[at] = true
			r.project.Warn(m, at, "the schema of a table cannot be resolved: its markup counts in every database")
		}
	}
	text, _ := textOf(v)
	return text
}

// classSchema gives what the metadata of a class says its schema is, or nil: that of the class or of a base, of its registry, or of
// what made its declarative base.
func classSchema(c *python.Class, depth int) python.Value {
	for _, name := range []string{"metadata", "registry"} {
		for _, b := range c.Lookup(name) {
			if v := metadataSchema(b.Value(), depth+1); v != nil {
				return v
			}
		}
	}
	for _, k := range c.MRO() {
		for _, d := range k.Decorators {
			if v := metadataSchema(c.Module().Eval(d), depth+1); v != nil {
				return v
			}
		}
	}
	for _, b := range c.Outside() {
		if v := metadataSchema(b.Value, depth+1); v != nil {
			return v
		}
	}
	return nil
}

// metadataSchema gives the schema of a MetaData(…), or of the one that a registry, a declarative base or the like holds; nil when
// there is none.
func metadataSchema(v python.Value, depth int) python.Value {
	if depth > maxDepth {
		return nil
	}
	switch v := v.(type) {
	case *python.Class:
		return classSchema(v, depth+1)
	case *python.Attribute: // Base.metadata, registry.mapped, db.Model
		return metadataSchema(v.Of, depth+1)
	case *python.Call:
		position := -1
		switch python.Last(v.Callee()) {
		case "MetaData":
			if a, ok := v.Arg(-1, "schema"); ok {
				return a.Value()
			}
			return nil
		case "declarative_base":
			position = 1
		case "registry":
			position = 0
		case "as_declarative", "SQLAlchemy":
		case "generate_base", "as_declarative_base":
			return metadataSchema(v.Func, depth+1)
		default:
			return nil
		}
		for _, name := range []string{"metadata", "registry"} {
			if a, ok := v.Arg(position, name); ok {
				return metadataSchema(a.Value(), depth+1)
			}
			position = -1
		}
	}
	return nil
}
