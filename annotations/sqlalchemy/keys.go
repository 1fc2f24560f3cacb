package sqlalchemy

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A reference is the target of a foreign key as written: text such as "users.id", an attribute of a class or of a table, or
// a column.
type reference struct {
	text      string
	of        python.Value // the class, or the table's "c", that has the attribute
	attribute string
	column    *python.Call
	node      *python.Node
}

// target reads one target of a foreign key.
func (r *reader) target(a python.Arg) reference {
	ref := reference{node: a.Node()}
	if of, name, ok := a.Attribute(); ok {
		switch of.(type) {
		case *python.Class, *python.Attribute:
			ref.of, ref.attribute = of, name
			return ref
		}
	}
	switch v := a.Value().(type) {
	case python.Text:
		ref.text = string(v)
	case *python.Call:
		ref.column = v
	case *python.Attribute:
		ref.of, ref.attribute = v.Of, v.Name
	}
	return ref
}

// targets reads the list of targets of a composite foreign key.
func (r *reader) targets(a python.Arg) []reference {
	var refs []reference
	l, ok := a.Value().(*python.List)
	if !ok {
		return nil
	}
	for i, item := range l.Items {
		ref := reference{node: a.Node()}
		switch v := item.(type) {
		case python.Text:
			ref.text = string(v)
		case *python.Attribute:
			ref.of, ref.attribute = v.Of, v.Name
		case *python.Call:
			ref.column = v
			if nodes := a.Node(); nodes.Is("list", "tuple") && len(nodes.Children()) == len(l.Items) {
				ref.node = nodes.Children()[i]
			}
		}
		refs = append(refs, ref)
	}
	return refs
}

// A pendingReference is a foreign key to resolve once every table is known.
type pendingReference struct {
	module *python.Module
	class  *python.Class
	table  tableKey
	column string
	reference
}

// reference resolves the target of a foreign key.
func (r *reader) reference(p pendingReference) {
	t := r.tables[p.table]
	i := t.Column(p.column)
	if i < 0 {
		return
	}
	target, ok := r.resolve(p)
	if !ok {
		at := p.node
		if at == nil {
			at = t.node
		}
		r.project.Unresolved(p.module, at, "the target of a foreign key of %s.%s cannot be resolved", t.Name, p.column)
		return
	}
	if !slices.Contains(t.Columns[i].ForeignKeys, target) {
		t.Columns[i].ForeignKeys = append(t.Columns[i].ForeignKeys, target)
	}
}

func (r *reader) resolve(p pendingReference) (annotations.ModelReference, bool) {
	switch {
	case p.text != "":
		return textReference(p.text)
	case p.reference.column != nil:
		return r.owner(p)
	}
	switch of := p.of.(type) {
	case *python.Class:
		return r.attribute(of, p.attribute)
	case *python.Attribute: // table.c.name, Class.__table__.c.name
		if of.Name != "c" && of.Name != "columns" {
			return annotations.ModelReference{}, false
		}
		return r.tableColumn(of.Of, strings.Trim(p.attribute, "[]"))
	}
	return annotations.ModelReference{}, false
}

// textReference takes "table.column" or "schema.table.column" apart.
func textReference(text string) (annotations.ModelReference, bool) {
	parts := strings.Split(text, ".")
	switch len(parts) {
	case 2:
		return annotations.ModelReference{Table: parts[0], Column: parts[1]}, true
	case 3:
		return annotations.ModelReference{Database: parts[0], Table: parts[1], Column: parts[2]}, true
	}
	return annotations.ModelReference{}, false
}

// tableColumn gives a column of a table that is named by the object that holds it.
func (r *reader) tableColumn(of python.Value, name string) (annotations.ModelReference, bool) {
	switch of := of.(type) {
	case *python.Call:
		if t := r.calls[of]; t != nil {
			return annotations.ModelReference{Database: t.schema, Table: t.name, Column: name}, true
		}
		if isTable(of) {
			first, _ := of.Arg(0, "name")
			table, ok := textOf(first.Value())
			return annotations.ModelReference{Table: table, Column: name}, ok
		}
	case *python.Attribute:
		if class, ok := of.Of.(*python.Class); ok && of.Name == "__table__" {
			if m := r.mapping(class); m.mapped {
				return annotations.ModelReference{Database: m.key.schema, Table: m.key.name, Column: name}, true
			}
		}
	}
	return annotations.ModelReference{}, false
}

// owner finds the attribute that holds a column that a foreign key of the same class names.
func (r *reader) owner(p pendingReference) (annotations.ModelReference, bool) {
	if p.class == nil {
		return annotations.ModelReference{}, false
	}
	m := r.mapping(p.class)
	name, ok := r.columnIn(p.class, p.reference.column)
	return annotations.ModelReference{Database: m.key.schema, Table: m.key.name, Column: name}, ok && m.mapped
}

// attribute gives the column that an attribute of a class stands for.
func (r *reader) attribute(c *python.Class, name string) (annotations.ModelReference, bool) {
	m := r.mapping(c)
	if !m.mapped {
		return annotations.ModelReference{}, false
	}
	for _, k := range c.MRO() {
		for _, b := range k.Own(name) {
			owner := m
			if km := r.mapping(k); km.mapped {
				owner = km
			}
			for _, col := range r.columnsOf(c, k, b) {
				return annotations.ModelReference{Database: owner.key.schema, Table: owner.key.name, Column: col.Name}, true
			}
		}
	}
	if m.call != nil {
		return annotations.ModelReference{Database: m.key.schema, Table: m.key.name, Column: name}, true
	}
	return annotations.ModelReference{}, false
}
