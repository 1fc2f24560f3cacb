package sqlalchemy

import (
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A tableCall is what one Table(…) says.
type tableCall struct {
	module  *python.Module
	call    *python.Call
	name    string // in the database
	label   string // the variable or attribute that holds it
	schema  string
	comment string
	columns []*column
	partial bool
	options
}

// options are the constraints and settings of a table: what Table(…) and __table_args__ share.
type options struct {
	primaryKey  []string
	foreignKeys []compositeKey
}

// A compositeKey is one ForeignKeyConstraint.
type compositeKey struct {
	columns []string
	refs    []reference
}

// isTable reports whether a call makes a table: it has a name and what holds it.
func isTable(c *python.Call) bool {
	if python.Last(c.Callee()) != "Table" {
		return false
	}
	if _, ok := c.Arg(0, "name"); !ok {
		return false
	}
	_, ok := c.Arg(1, "metadata")
	return ok
}

// tableObject reads Table('name', metadata, Column(…), …), once, or gives nil when its name cannot be resolved.
func (r *reader) tableObject(m *python.Module, call *python.Call, label string) *tableCall {
	if t, ok := r.calls[call]; ok {
		return t
	}
	r.calls[call] = nil
	r.used[call.Node] = true
	first, _ := call.Arg(0, "name")
	name, ok := textOf(first.Value())
	if !ok {
		r.project.Unresolved(m, call.Node, "the name of a table cannot be resolved")
		return nil
	}
	t := &tableCall{module: m, call: call, name: name, label: label}
	r.calls[call] = t
	r.tableArguments(t)
	return t
}

func (r *reader) tableArguments(t *tableCall) {
	positional := 0
	var schema, metadata python.Value
	for _, a := range t.call.Args {
		switch {
		case a.Splat:
			t.partial = true
			r.project.Unresolved(t.module, a.Node(), "arguments of table %s cannot be read", t.name)
		case a.Name == "schema":
			schema = a.Value()
		case a.Name == "comment":
			t.comment, _ = textOf(a.Value())
		case a.Name == "autoload" && a.Value() == python.Value(python.Bool(true)), a.Name == "autoload_with":
			t.partial = true
			r.project.Unresolved(t.module, t.call.Node, "the columns of table %s are only known to the database (%s)", t.name, a.Name)
		case a.Name == "metadata", a.Name == "" && positional == 1 && !isItem(a.Value()):
			metadata = a.Value()
			positional++
		case a.Name == "" && positional > 0:
			r.tableItem(t, a.Value(), a)
			positional++
		case a.Name == "":
			positional++
		}
	}
	if schema == nil || schema == python.Value(python.None{}) {
		schema = metadataSchema(metadata, 0)
	}
	t.schema = r.schemaText(t.module, t.call.Node, schema)
}

// isItem reports whether what stands in the place of a table's MetaData is a column or constraint: Flask-SQLAlchemy's Table does without.
func isItem(v python.Value) bool {
	call, ok := v.(*python.Call)
	return ok && (isColumn(call) || strings.HasSuffix(call.Callee(), "Constraint"))
}

// tableItem reads one positional argument of a table behind its name and metadata.
func (r *reader) tableItem(t *tableCall, v python.Value, a python.Arg) {
	calls, ok := columnCalls(v)
	if !ok {
		t.partial = true
		at := a.Node()
		if at == nil {
			at = t.call.Node
		}
		r.project.Unresolved(t.module, at, "an argument of table %s cannot be read: it may be a column", t.name)
	}
	for _, call := range calls {
		if c := r.column(t.module, "", call); c != nil {
			t.columns = append(t.columns, c)
		}
	}
	if call, isCall := v.(*python.Call); isCall && len(calls) == 0 {
		r.constraint(t.module, nil, &t.options, call)
	}
}

// constraint reads a primary key or a foreign key of the table of a class, if it is one's; other constraints say nothing
// here.
func (r *reader) constraint(m *python.Module, c *python.Class, o *options, call *python.Call) {
	switch python.Last(call.Callee()) {
	case "PrimaryKeyConstraint":
		for _, a := range call.Args {
			if a.Name != "" || a.Splat {
				continue
			}
			if s, ok := r.columnIn(c, a.Value()); ok {
				o.primaryKey = append(o.primaryKey, s)
			}
		}
	case "ForeignKeyConstraint":
		var key compositeKey
		columns, _ := call.Arg(0, "columns")
		targets, ok := call.Arg(1, "refcolumns")
		if !ok {
			return
		}
		if l, isList := columns.Value().(*python.List); isList {
			for _, v := range l.Items {
				if s, ok := r.columnIn(c, v); ok {
					key.columns = append(key.columns, s)
				}
			}
		}
		key.refs = r.targets(targets)
		if len(key.columns) == 0 || len(key.columns) != len(key.refs) {
			r.project.Unresolved(m, call.Node, "the columns of a foreign key cannot be resolved")
			return
		}
		o.foreignKeys = append(o.foreignKeys, key)
	}
}

// columnIn gives the name of a column that a constraint names by text, or by the column itself.
func (r *reader) columnIn(c *python.Class, v python.Value) (string, bool) {
	if name, ok := columnName(v); ok || c == nil {
		return name, ok
	}
	call, _ := v.(*python.Call)
	for _, k := range c.MRO() {
		for _, b := range k.Bindings() {
			for _, col := range r.columnsOf(c, k, b) {
				if col.call != nil && col.call == call {
					return col.Name, true
				}
			}
		}
	}
	return "", false
}

// columnName gives the name that a text, or a column, says itself.
func columnName(v python.Value) (string, bool) {
	if s, ok := textOf(v); ok {
		return s, ok
	}
	if call, ok := v.(*python.Call); ok && isColumn(call) {
		if first, ok := call.Arg(0, "name"); ok {
			return textOf(first.Value())
		}
	}
	return "", false
}

// textOf gives the text of a constant, or of quoted_name('…', True).
func textOf(v python.Value) (string, bool) {
	if call, ok := v.(*python.Call); ok && python.Last(call.Callee()) == "quoted_name" {
		if first, ok := call.Arg(0, "value"); ok {
			v = first.Value()
		}
	}
	text, ok := v.(python.Text)
	return string(text), ok && text != ""
}
