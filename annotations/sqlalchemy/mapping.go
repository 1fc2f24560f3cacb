package sqlalchemy

import (
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A tableKey is a table of one of the paths that are read, with the schema that its model names.
type tableKey struct {
	markup       *annotations.Markup
	schema, name string
}

// A mapping is what a class is mapped to.
type mapping struct {
	mapped bool
	key    tableKey
	single bool         // by single-table inheritance: the table is that of a base
	call   *python.Call // the Table object, when there is one
	// unnamed is what the table's name is computed by, when that cannot be worked out.
	unnamed *python.Node
	busy    bool
}

// declarativity says whether a class's bases make it a model.
type declarativity int

const (
	notDeclarative declarativity = iota
	perhaps                      // a base was not read
	declarative
)

// mapping works out what a class is mapped to.
func (r *reader) mapping(c *python.Class) *mapping {
	if m, ok := r.mappings[c]; ok {
		return m
	}
	m := &mapping{busy: true}
	r.mappings[c] = m
	if call := r.imperative[c]; call != nil {
		r.mapTo(m, c, call)
	} else if r.declarative(c) != notDeclarative && !isBaseMaker(c) && !abstract(c) {
		r.declare(m, c)
	}
	m.busy = false
	return m
}

// declare works out the table of a class that declares one.
func (r *reader) declare(m *mapping, c *python.Class) {
	if call, own := r.tableAttribute(m, c); own {
		if call != nil {
			r.mapTo(m, c, call)
		}
		return
	}
	name, node, found := r.tableName(c)
	switch {
	case found && name != "":
		m.mapped, m.key = true, tableKey{r.project.Markup(c.Module()), r.schema(c), name}
		return
	case found && node != nil:
		m.unnamed = node
		return
	}
	for _, k := range c.MRO()[1:] {
		if base := r.mapping(k); base.mapped {
			m.mapped, m.single, m.key, m.call = true, true, base.key, base.call
			return
		}
	}
}

func (r *reader) mapTo(m *mapping, c *python.Class, call *python.Call) {
	if t := r.tableObject(c.Module(), call, c.Name); t != nil {
		m.mapped, m.call = true, call
		m.key = tableKey{r.project.Markup(t.module), t.schema, t.name}
	}
}

// tableAttribute finds the Table that a class is mapped to by __table__. own reports whether the class has the attribute.
func (r *reader) tableAttribute(m *mapping, c *python.Class) (call *python.Call, own bool) {
	for _, k := range c.MRO() {
		if k != c && r.mapping(k).mapped {
			continue
		}
		for _, b := range k.Own("__table__") {
			v := b.Value()
			if f, ok := v.(*python.Function); ok {
				v = c.Apply(f)
			}
			switch v := v.(type) {
			case python.None:
			case *python.Call:
				if isTable(v) {
					return v, true
				}
				m.unnamed = b.Node
				return nil, true
			default:
				if name := inMetadata(v); name != "" {
					m.mapped, m.key = true, tableKey{r.project.Markup(c.Module()), "", name}
					return nil, true
				}
				if k == c && b.Right != nil {
					m.unnamed = b.Node
					return nil, true
				}
			}
		}
	}
	return nil, false
}

// inMetadata gives the name of the table that metadata.tables['name'] stands for, or "".
func inMetadata(v python.Value) string {
	if g, ok := v.(*python.Generic); ok && python.Last(python.Name(g.Of)) == "tables" && len(g.Args) == 1 { // of metadata not read
		name, _ := textOf(g.Args[0].Value())
		return name
	}
	item, ok := v.(*python.Attribute)
	if !ok || !strings.HasPrefix(item.Name, "[") {
		return ""
	}
	if tables, ok := item.Of.(*python.Attribute); !ok || tables.Name != "tables" {
		return ""
	}
	return strings.Trim(item.Name, "[]")
}

// tableName works out __tablename__: "" with a node when it is computed in a way that cannot be followed, "" without one
// when it is None.
func (r *reader) tableName(c *python.Class) (name string, unresolved *python.Node, found bool) {
	for _, k := range c.MRO() {
		own := k.Own("__tablename__")
		if len(own) == 0 || own[0].Right == nil {
			continue
		}
		if k != c && r.mapping(k).mapped && !computed(own[0].Value()) {
			continue
		}
		for _, b := range c.Lookup("__tablename__") {
			switch v := r.onClass(c, b.Value()).(type) {
			case python.Text:
				name, found = string(v), true
			case python.None:
				found = true
			default:
				return "", b.Node, true
			}
		}
		return name, nil, found
	}
	return r.implicitName(c)
}

// computed reports whether a class attribute is computed for each class that inherits it.
func computed(v python.Value) bool {
	switch v := v.(type) {
	case *python.Function:
		return python.HasDecorator(v.Decorators, "declared_attr", "classproperty")
	case *python.Call:
		return python.Last(v.Callee()) == "declared_attr"
	}
	return false
}

// onClass works an attribute out for the class that it is looked up on.
func (r *reader) onClass(c *python.Class, v python.Value) python.Value {
	switch v := v.(type) {
	case *python.Function:
		return c.Apply(v)
	case *python.Call:
		if first, ok := v.Arg(0, "fget"); ok && computed(v) {
			if f, isFunction := first.Value().(*python.Function); isFunction {
				return c.Apply(f)
			}
		}
	}
	return v
}

// implicitName gives the name that Flask-SQLAlchemy makes of a class's, where the class has a primary key of its own.
func (r *reader) implicitName(c *python.Class) (name string, unresolved *python.Node, found bool) {
	flask := false
	for _, b := range c.Outside() {
		flask = flask || isFlask(b.Value)
	}
	if !flask {
		return r.subclassName(c)
	}
	key := false
	for _, k := range c.MRO() {
		if k != c && r.mapping(k).mapped {
			break
		}
		for _, b := range k.Bindings() {
			calls, _ := columnCalls(r.onColumn(c, b))
			for _, call := range calls {
				primary, ok := call.Arg(-1, "primary_key")
				key = key || ok && primary.Value() == python.Value(python.Bool(true))
			}
		}
	}
	if !key {
		return "", nil, false
	}
	return snakeCase(python.Last(c.Name)), nil, true
}

// subclassName gives the name that __init_subclass__ of a base sets.
func (r *reader) subclassName(c *python.Class) (name string, unresolved *python.Node, found bool) {
	for _, k := range c.MRO()[1:] {
		for _, b := range k.Own("__init_subclass__") {
			f, ok := b.Value().(*python.Function)
			if !ok || !strings.Contains(f.Node.Text(), "__tablename__") {
				continue
			}
			return "", b.Node, true
		}
	}
	return "", nil, false
}

// snakeCase is what Flask-SQLAlchemy makes of the name of a class.
func snakeCase(name string) string {
	name = regexp.MustCompile(`([a-z0-9])([A-Z])`).ReplaceAllString(name, "${1}_${2}")
	name = regexp.MustCompile(`([^_])([A-Z][a-z])`).ReplaceAllString(name, "${1}_${2}")
	return strings.TrimLeft(strings.ToLower(name), "_")
}
