package sqlalchemy

import (
	"cmp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// onColumn works out what an attribute of a class, or of one of its bases, is set to, for the class.
func (r *reader) onColumn(c *python.Class, b *python.Binding) python.Value {
	if b.Right == nil {
		return nil
	}
	v := b.Value()
	if computed(v) {
		return r.onClass(c, v)
	}
	return v
}

// columnsOf gives the columns that a binding in the class k makes in the table of c.
func (r *reader) columnsOf(c, k *python.Class, b *python.Binding) []*column {
	if special(b.Name) || b.Right.Is("class_definition") {
		return nil
	}
	id := columnID{binding: b}
	if b.Right != nil && computed(b.Value()) {
		id.of = c
	}
	if columns, ok := r.columnsAt[id]; ok {
		return columns
	}
	r.columnsAt[id] = nil // while they are read
	columns := r.readColumns(c, k, b)
	r.columnsAt[id] = columns
	return columns
}

// special reports whether an attribute means something to Python or SQLAlchemy and is no column.
func special(name string) bool {
	return strings.HasPrefix(name, "__") && strings.HasSuffix(name, "__") && name != ""
}

func (r *reader) readColumns(c, k *python.Class, b *python.Binding) []*column {
	inner := mapped(b.Type())
	v := r.onColumn(c, b)
	if _, isFunction := v.(*python.Function); isFunction || v == nil && inner == nil {
		return nil
	}
	var calls []*python.Call
	if v != nil {
		var fine bool
		if calls, fine = columnCalls(v); !fine {
			r.doubt(c, k, b, v)
		}
	}
	var columns []*column
	add := func(col *column) {
		if col == nil {
			return
		}
		if inner != nil {
			r.annotatedType(c.Module(), k, col, inner, b.Annotation.Text())
		}
		columns = append(columns, col)
	}
	for _, call := range calls {
		if b.Name == "" && !named(call) {
			r.project.Unresolved(c.Module(), b.Node, "class %s has a column whose name cannot be resolved", k.Name)
			continue
		}
		add(r.column(c.Module(), b.Name, call))
	}
	if v == nil && inner != nil {
		col := &column{}
		col.Name, col.Attribute, col.Position = b.Name, b.Name, b.Node.Position()
		add(col)
	}
	return columns
}

// named reports whether a column says its own name.
func named(call *python.Call) bool {
	_, ok := columnName(call)
	return ok
}

// doubt reports an attribute that may be a column and cannot be worked out.
func (r *reader) doubt(c, k *python.Class, b *python.Binding, v python.Value) {
	why := ""
	for _, a := range python.Alternatives(v) {
		switch a := a.(type) {
		case *python.Unknown:
			why = a.Why
		case *python.Call:
			why = cmp.Or(a.Callee(), "what is called") + " was not read"
		}
	}
	if !b.Right.Is("call", "function_definition") && b.Name != "" {
		return // a column comes of a call
	}
	if t := r.tables[r.mapping(c).key]; t != nil {
		t.Partial = true
	}
	r.doubtful(c, b.Node, "attribute %s of class %s may be a column: %s", b.Name, k.Name, why)
}

// argsOf gives the parts of the __table_args__ that a class's own body has.
func (r *reader) argsOf(c, k *python.Class) []python.Value {
	var items []python.Value
	for _, b := range k.Own("__table_args__") {
		if b.Right == nil {
			continue
		}
		for _, v := range python.Alternatives(r.onClass(c, b.Value())) {
			if l, ok := v.(*python.List); ok {
				items = append(items, l.Items...)
				continue
			}
			items = append(items, v)
		}
	}
	return items
}

// tableArgs reads the __table_args__ that a class's own body has.
func (r *reader) tableArgs(c, k *python.Class, t *table) options {
	var o options
	for _, item := range r.argsOf(c, k) {
		switch v := item.(type) {
		case *python.Call:
			if calls, _ := columnCalls(v); len(calls) > 0 {
				r.columns(r.mapping(c).key, k.Module(), c, []*column{r.column(c.Module(), "", v)})
				continue
			}
			r.constraint(c.Module(), c, &o, v)
		case *python.Map:
			if v.Get("autoload") == python.Value(python.Bool(true)) || v.Get("autoload_with") != nil {
				t.Partial = true
				r.project.Unresolved(c.Module(), c.Node, "the columns of table %s are only known to the database (autoload)", t.Name)
			}
			if text, ok := textOf(v.Get("comment")); ok {
				t.Doc = text
			}
		}
	}
	return o
}
