package django

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A reader turns models into tables and marks.
type reader struct {
	project  *python.Project
	models   map[*python.Class]*model
	byLabel  map[string]*python.Class // by "app.model"
	labels   map[*python.Module]label
	tables   map[tableKey]*annotations.ModelTable
	order    []tableKey
	reported map[*python.Node]bool
	outside  map[*model]bool // tables of other packages that were added
}

// A tableKey is a table of one of the paths that are read.
type tableKey struct {
	markup *annotations.Markup
	name   string
}

// read adds everything that the modules that were asked for declare.
func (r *reader) read() {
	r.effects()
	var models []*model
	for _, c := range r.project.Classes() {
		m := r.model(c)
		if !m.is {
			r.unmapped(c)
			continue
		}
		models = append(models, m)
		if !m.abstract && m.label != "" {
			r.byLabel[m.label+"."+name(c)] = c
		}
	}
	for _, m := range models {
		if !m.abstract {
			r.add(m)
		}
	}
	for _, m := range r.project.Given() {
		r.leftovers(m)
	}
	for _, key := range r.order {
		key.markup.Tables = append(key.markup.Tables, *r.tables[key])
	}
}

// effects goes through the calls that add fields to classes that stand elsewhere.
func (r *reader) effects() {
	for _, m := range r.project.Given() {
		for _, e := range m.Effects() {
			args := e.Args()
			if len(args) != 2 {
				continue
			}
			switch e.Method() {
			case "add_to_class":
				if c, ok := e.Object().(*python.Class); ok {
					c.Set(args[0], args[1], e.Node)
				}
			case "contribute_to_class":
				if c, ok := args[0].Value().(*python.Class); ok {
					c.Set(args[1], e.ObjectArg(), e.Node)
				}
			}
		}
	}
}

// unresolved reports what could not be worked out about a model, once.
func (r *reader) unresolved(c *python.Class, at *python.Node, format string, args ...any) {
	if at == nil {
		at = c.Node
	}
	if r.reported[at] {
		return
	}
	r.reported[at] = true
	r.project.Unresolved(c.Module(), at, format, args...)
}

// table gives the table to add to, made when it is new.
func (r *reader) table(key tableKey, class string, at *python.Node) *annotations.ModelTable {
	t := r.tables[key]
	if t == nil {
		t = &annotations.ModelTable{Name: key.name, Class: class, Position: at.Position()}
		r.tables[key] = t
		r.order = append(r.order, key)
	}
	return t
}

// add adds the table of a model, or the marks of a proxy to the table that it stands for.
func (r *reader) add(m *model) {
	of := r.concrete(m.class)
	if of.table == "" {
		r.unnamed(m, of)
		return
	}
	key := tableKey{r.project.Markup(m.class.Module()), of.table}
	if of == m {
		t := r.table(key, m.class.Name, m.class.Node)
		t.Doc = m.class.Doc()
		r.columns(m, t)
		r.unread(m, t)
		for _, f := range m.fields {
			if f.kind == manyToMany {
				r.joinTable(m, f)
			}
		}
	}
	has := func(column string) bool { return r.tables[key] != nil && r.tables[key].Column(column) >= 0 }
	r.project.Mark(python.Table{Markup: key.markup, Name: of.table, Has: has}, m.class, r.lineage(m), nil)
}

// unnamed reports a table whose name cannot be worked out: an error when markup would be lost with it.
func (r *reader) unnamed(m, of *model) {
	for _, k := range m.class.MRO() {
		if len(k.Marks)+len(k.Rows) > 0 {
			r.project.Fail(m.class.Module(), m.class.Node, "the table name of %s cannot be resolved", m.class.Name)
			return
		}
	}
	why := "no package above it has an AppConfig or a module models: give the directory of its app, or write Meta.app_label or db_table"
	if of.unnamed != nil && of.unnamed != of.class.Node {
		why = of.unnamed.Position().String()
	}
	r.unresolved(m.class, m.class.Node, "the table name of %s cannot be resolved (%s)", m.class.Name, why)
}

// columns adds the columns of a model to its table.
func (r *reader) columns(m *model, t *annotations.ModelTable) {
	primary := false
	for _, parent := range m.parents {
		own, column := r.link(m, parent)
		to := r.concrete(parent)
		if own != nil {
			own.primary = true
			primary = true
			continue
		}
		c := annotations.ModelColumn{
			Name: column, Attribute: strings.TrimSuffix(column, "_id"), Type: "OneToOneField", TypeText: "OneToOneField", Impl: "OneToOneField",
			PrimaryKey: !primary, Position: m.class.Position(),
			ForeignKeys: []annotations.ModelReference{{Table: to.table, Column: r.primaryKey(to)}},
		}
		primary = true
		add(t, c)
	}
	for _, f := range m.fields {
		primary = primary || f.primary
	}
	if !primary {
		auto := r.autoField(m)
		add(t, annotations.ModelColumn{
			Name: "id", Attribute: "id", Type: auto, TypeText: auto, Impl: auto, PrimaryKey: true, AutoIncrement: true, Integer: true,
			Position: m.class.Position(),
		})
	}
	for _, f := range m.fields {
		switch {
		case f.kind == manyToMany:
		case f.column == "":
			t.Partial = true
			r.unresolved(m.class, f.node, "the name of the column of field %s of class %s cannot be resolved", f.name, m.class.Name)
		default:
			add(t, r.modelColumn(m, f))
		}
	}
	if _, meta := r.meta(m.class); meta != nil && len(meta.Lookup("order_with_respect_to")) > 0 {
		add(t, annotations.ModelColumn{
			Name: "_order", Attribute: "_order", Type: "OrderWrt", TypeText: "OrderWrt", Impl: "IntegerField", Integer: true, Position: m.class.Position(),
		})
	}
}

// add adds a column that the table does not have yet; several models may be of one table.
func add(t *annotations.ModelTable, c annotations.ModelColumn) {
	i := t.Column(c.Name)
	if i < 0 {
		t.Columns = append(t.Columns, c)
		return
	}
	known := &t.Columns[i]
	known.Uncertain = known.Uncertain || c.Uncertain
	for _, ref := range c.ForeignKeys {
		if !slices.Contains(known.ForeignKeys, ref) {
			known.ForeignKeys = append(known.ForeignKeys, ref)
		}
	}
}

// unread reports the bases and metaclasses of a model that were not read.
func (r *reader) unread(m *model, t *annotations.ModelTable) {
	for _, b := range m.class.Outside() {
		if isKnownBase(b) {
			continue
		}
		t.Partial = true
		r.project.Unread(m.class, b)
	}
	for _, b := range m.class.Metaclasses() {
		switch v := b.Value.(type) {
		case *python.External:
			if isDjango(v.Name) || python.IsPlain(v.Name) {
				continue
			}
			t.Partial = true
			r.unresolved(m.class, b.Node, "metaclass %s of %s was not read: it may add columns", b.Node.Text(), b.Class.Name)
		case *python.Class:
			for _, k := range v.MRO() {
				if strings.Contains(k.Node.Text(), "add_to_class(") || strings.Contains(k.Node.Text(), "contribute_to_class(") {
					t.Partial = true
					r.unresolved(m.class, b.Node, "metaclass %s of %s adds attributes, perhaps columns", b.Node.Text(), b.Class.Name)
				}
			}
		}
	}
}

// isKnownBase reports whether a base that was not read is known to bring no column.
func isKnownBase(b python.Base) bool {
	switch v := b.Value.(type) {
	case *python.External:
		return isDjango(v.Name) || python.IsPlain(v.Name)
	case *python.Call:
		return python.Last(v.Callee()) == "with_metaclass"
	}
	return false
}

// unmapped reports a class that may be a model, as its bases, which were not read, must tell: it has fields of Django's, or
// stands among an app's models.
func (r *reader) unmapped(c *python.Class) {
	for _, b := range c.Outside() {
		if isKnownBase(b) || slices.ContainsFunc([]string{
			"Manager", "QuerySet", "Form", "Serializer", "Exception", "Error", "Enum", "Choices", "Config", "View", "Admin", "Field", "Mixin",
		}, func(s string) bool { return strings.HasSuffix(b.Node.Dotted(), s) }) {
			continue
		}
		switch {
		case slices.ContainsFunc(c.MRO(), hasFields):
			r.unresolved(c, c.Node, "class %s has fields, but base class %s, which was not read, must tell whether it is a model", c.Name, b.Node.Text())
		case slices.Contains(strings.Split(c.Module().Name, "."), "models") && c.Module().Mentions("django") && !strings.Contains(c.Name, "."):
			r.unresolved(c, c.Node, "class %s may be a model: base class %s was not read", c.Name, b.Node.Text())
		}
		return
	}
}

// hasFields reports whether a class's own body has fields of Django's.
func hasFields(c *python.Class) bool {
	return slices.ContainsFunc(c.Bindings(), func(b *python.Binding) bool {
		if !b.Right.Is("call") {
			return false
		}
		call, ok := b.Value().(*python.Call)
		if !ok {
			return false
		}
		x, external := call.Func.(*python.External)
		kind, _, _ := kindOf(call)
		return external && kind != noColumn && kind != unreadable && strings.HasPrefix(x.Name, "django.db")
	})
}
