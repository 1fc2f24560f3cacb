package sqlalchemy

import (
	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// columns adds columns to a table; those it has already are completed.
func (r *reader) columns(key tableKey, m *python.Module, c *python.Class, columns []*column) {
	t := r.tables[key]
	for _, col := range columns {
		i := t.Column(col.Name)
		if i < 0 {
			i = len(t.Columns)
			t.Columns = append(t.Columns, col.ModelColumn)
		}
		known := &t.Columns[i]
		known.Uncertain = known.Uncertain || col.Uncertain
		if known.Type == "" {
			known.Type, known.TypeText, known.Impl, known.Length = col.Type, col.TypeText, col.Impl, col.Length
			known.Boolean, known.Integer = col.Boolean, col.Integer
		}
		for _, ref := range col.refs {
			r.pending = append(r.pending, pendingReference{m, c, key, col.Name, ref})
		}
		t.counting[col.Name] = max(t.counting[col.Name], col.counting())
	}
}

func (r *reader) constraints(key tableKey, m *python.Module, c *python.Class, o options) {
	t := r.tables[key]
	for _, name := range o.primaryKey {
		if i := t.Column(name); i >= 0 {
			t.Columns[i].PrimaryKey = true
		}
	}
	for _, fk := range o.foreignKeys {
		for i, ref := range fk.refs {
			r.pending = append(r.pending, pendingReference{m, c, key, fk.columns[i], ref})
		}
	}
}

// finish resolves foreign keys and hands the tables over.
func (r *reader) finish() {
	for _, p := range r.pending {
		r.reference(p)
	}
	r.project.Quietly(r.beside)
	for range maxDepth { // a type may be taken from a column that takes its own from another one
		for _, key := range r.order {
			r.inheritTypes(key)
		}
	}
	for _, key := range r.order {
		t := r.tables[key]
		t.countUp()
		if t.beside != nil {
			t.beside.Beside = append(t.beside.Beside, t.ModelTable)
			continue
		}
		key.markup.Tables = append(key.markup.Tables, t.ModelTable)
	}
}

// beside adds the tables of other packages that foreign keys refer to.
func (r *reader) beside() {
	known := map[string]bool{}
	for key := range r.tables {
		known[key.name] = true
	}
	wanted := map[string]*annotations.Markup{}
	for _, key := range r.order {
		for _, c := range r.tables[key].Columns {
			for _, fk := range c.ForeignKeys {
				if !known[fk.Table] && wanted[fk.Table] == nil {
					wanted[fk.Table] = key.markup
				}
			}
		}
	}
	if len(wanted) == 0 {
		return
	}
	for _, c := range r.project.Beside() {
		m := r.mapping(c)
		to := wanted[m.key.name]
		if !m.mapped || to == nil {
			continue
		}
		key := tableKey{to, m.key.schema, m.key.name}
		t := r.table(key, c.Name, c.Node)
		t.beside = to
		lineage := r.lineage(c, m)
		r.columns(key, c.Module(), c, r.attributes(c, lineage))
		for _, k := range lineage {
			r.constraints(key, k.Module(), c, r.tableArgs(c, k, t))
		}
	}
}

// inheritTypes gives columns without a type that of the column that they refer to, as SQLAlchemy does.
func (r *reader) inheritTypes(key tableKey) {
	t := r.tables[key]
	for i := range t.Columns {
		c := &t.Columns[i]
		if c.Type != "" {
			continue
		}
		for _, fk := range c.ForeignKeys {
			schema := fk.Database
			if schema == "" {
				schema = key.schema
			}
			to := r.tables[tableKey{key.markup, schema, fk.Table}]
			if to == nil {
				continue
			}
			if j := to.Column(fk.Column); j >= 0 {
				from := to.Columns[j]
				c.Type, c.Impl, c.Length, c.Boolean, c.Integer = from.Type, from.Impl, from.Length, from.Boolean, from.Integer
			}
		}
	}
}
