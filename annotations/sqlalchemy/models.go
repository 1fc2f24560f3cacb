package sqlalchemy

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A reader turns classes and Table objects into tables and marks.
type reader struct {
	project    *python.Project
	mappings   map[*python.Class]*mapping
	imperative map[*python.Class]*python.Call // by mapper(Class, table)
	declared   map[*python.Class]bool         // by a call such as registry.map_declaratively(Class)
	calls      map[*python.Call]*tableCall
	columnsAt  map[columnID][]*column
	tables     map[tableKey]*table
	order      []tableKey
	pending    []pendingReference
	reported   map[*python.Node]bool // attributes that were reported
	used       map[*python.Node]bool // calls that make a column or a table and were found as one
}

// A table is one that is put together.
type table struct {
	annotations.ModelTable
	node     *python.Node
	beside   *annotations.Markup // of a table of another package: whose foreign keys refer to it; or nil
	counting map[string]counting // by column
}

// A columnID says which columns were read: those that a binding of a class makes in the table of another one.
type columnID struct {
	of      *python.Class // nil unless they are computed for it
	binding *python.Binding
}

func newReader(p *python.Project) *reader {
	return &reader{
		project: p, mappings: map[*python.Class]*mapping{}, imperative: map[*python.Class]*python.Call{},
		declared: map[*python.Class]bool{},
		calls:    map[*python.Call]*tableCall{}, columnsAt: map[columnID][]*column{}, tables: map[tableKey]*table{},
		reported: map[*python.Node]bool{}, used: map[*python.Node]bool{},
	}
}

// read adds everything that the modules that were asked for declare.
func (r *reader) read() {
	var modules []*python.Module
	for _, m := range r.project.Given() {
		if !isMigration(m) {
			modules = append(modules, m)
		}
	}
	for _, m := range modules {
		r.tableObjects(m)
	}
	for _, m := range modules {
		r.effects(m)
	}
	for _, t := range r.ordered() {
		r.tableOf(t)
	}
	for _, c := range r.project.Classes() {
		if !isMigration(c.Module()) {
			r.class(c)
		}
	}
	for _, m := range modules {
		r.sweep(m)
	}
	r.finish()
	r.noteMixins()
	for _, m := range modules {
		r.leftovers(m)
	}
}

// table gives the table to add to, made when it is new.
func (r *reader) table(key tableKey, class string, at *python.Node) *table {
	t := r.tables[key]
	if t == nil {
		t = &table{node: at, counting: map[string]counting{}}
		t.Database, t.Name, t.Class, t.Position = key.schema, key.name, class, at.Position()
		r.tables[key] = t
		r.order = append(r.order, key)
	}
	return t
}

// tableOf adds the table of a Table object.
func (r *reader) tableOf(call *tableCall) {
	key := tableKey{r.project.Markup(call.module), call.schema, call.name}
	t := r.table(key, call.label, call.call.Node)
	t.Partial = t.Partial || call.partial
	if t.Doc == "" {
		t.Doc = call.comment
	}
	r.columns(key, call.module, nil, call.columns)
	r.constraints(key, call.module, nil, call.options)
	for _, c := range call.columns {
		if c.mark != nil {
			r.project.AddMark(r.marks(key), c.markOf(), false)
		}
	}
}

// marks is where the marks of a table go.
func (r *reader) marks(key tableKey) python.Table {
	has := func(column string) bool { return r.tables[key].Column(column) >= 0 }
	return python.Table{Markup: key.markup, Database: key.schema, Name: key.name, Has: has}
}

// markOf gives the mark in a column's info, for the column.
func (c *column) markOf() annotations.Mark {
	mark := *c.mark
	mark.Column = c.Name
	return mark
}

// class adds the table of a model, or nothing for any other class.
func (r *reader) class(c *python.Class) {
	m := r.mapping(c)
	lineage := r.lineage(c, m)
	switch {
	case m.unnamed != nil:
		r.unnamed(c, m, lineage)
	case !m.mapped:
		r.unmapped(c)
	default:
		t := r.table(m.key, c.Name, c.Node)
		if t.Doc == "" {
			t.Doc = c.Doc()
		}
		r.unread(c, t)
		r.columns(m.key, c.Module(), c, r.attributes(c, lineage))
		r.columns(m.key, c.Module(), c, r.cascading(c, lineage))
		for _, k := range lineage {
			r.constraints(m.key, k.Module(), c, r.tableArgs(c, k, t))
		}
		r.project.Mark(r.marks(m.key), c, lineage, func(k *python.Class) []annotations.Mark {
			var marks []annotations.Mark
			for _, col := range r.attributes(c, []*python.Class{k}) {
				if col.mark != nil {
					marks = append(marks, col.markOf())
				}
			}
			return marks
		})
	}
}

// unnamed reports a table name that only running the code would tell: an error when markup would be lost with it.
func (r *reader) unnamed(c *python.Class, m *mapping, lineage []*python.Class) {
	report := r.project.Unresolved
	for _, k := range lineage {
		marked := slices.ContainsFunc(r.attributes(c, []*python.Class{k}), func(c *column) bool { return c.mark != nil })
		if marked || len(k.Marks) > 0 || len(k.Rows) > 0 {
			report = r.project.Fail
		}
	}
	report(c.Module(), c.Node, "the table name of %s cannot be resolved (%s)", c.Name, m.unnamed.Position())
}

// unread reports the bases and metaclasses of a model that were not read, and tables that only the database knows.
func (r *reader) unread(c *python.Class, t *table) {
	for _, b := range c.Outside() {
		switch name := python.Last(python.Name(b.Value)); {
		case name == "DeferredReflection":
			t.Partial = true
			r.project.Unresolved(c.Module(), c.Node, "the columns of table %s are only known to the database (%s)", t.Name, name)
		case baseKind(b) == perhaps:
			t.Partial = true
			r.project.Unread(c, b)
		case isAutomap(b.Value):
			t.Partial = true
			r.project.Unresolved(c.Module(), c.Node, "the columns of table %s are only known to the database (automap_base)", t.Name)
		}
	}
	for _, b := range c.Metaclasses() {
		if !r.harmless(b.Value) {
			t.Partial = true
			r.doubtful(c, b.Node, "metaclass %s of %s may add columns", b.Node.Text(), b.Class.Name)
		}
	}
}

func isAutomap(v python.Value) bool {
	call, ok := v.(*python.Call)
	return ok && python.Last(call.Callee()) == "automap_base"
}

// harmless reports whether a metaclass is known to add no column.
func (r *reader) harmless(v python.Value) bool {
	switch v := v.(type) {
	case *python.External:
		return isPlain(v.Name)
	case *python.Class:
		return !slices.ContainsFunc(v.MRO(), func(k *python.Class) bool {
			text := k.Node.Text()
			return strings.Contains(text, "olumn(") || strings.Contains(text, "__tablename__") || strings.Contains(text, "setattr(")
		})
	case *python.Call:
		return v.Callee() == "type"
	}
	return false
}

// doubtful reports something about a class once for its place.
func (r *reader) doubtful(c *python.Class, at *python.Node, format string, args ...any) {
	if !r.reported[at] {
		r.reported[at] = true
		r.project.Unresolved(c.Module(), at, format, args...)
	}
}

// unmapped reports a class that has columns, and whose bases, which were not read, may make it a model.
func (r *reader) unmapped(c *python.Class) {
	for _, b := range c.Outside() {
		if x, ok := b.Value.(*python.External); ok && strings.HasPrefix(x.Name, "sqlmodel.") && c.Keyword("table") != nil {
			r.project.Unresolved(c.Module(), c.Node, "class %s is a model of SQLModel's, which are not read", c.Name)
			return
		}
	}
	if abstract(c) || isBaseMaker(c) || r.extended(c) {
		return
	}
	switch r.declarative(c) {
	case declarative:
		return
	case notDeclarative:
		if own := c.Own("__tablename__"); len(own) > 0 && own[0].Right != nil && !computed(own[0].Value()) {
			r.project.Unresolved(c.Module(), c.Node, "class %s names a table, but nothing that was read makes it a model", c.Name)
		}
		return
	case perhaps:
	}
	for _, b := range c.Bindings() {
		if calls, _ := columnCalls(b.Value()); b.Right.Is("call") && len(calls) > 0 {
			r.project.Unresolved(c.Module(), c.Node, "class %s has columns, but a base class that was not read must tell its table", c.Name)
			return
		}
	}
}

// extended reports whether a class is a base of a model.
func (r *reader) extended(c *python.Class) bool {
	for _, k := range r.project.Classes() {
		if k != c && slices.Contains(k.MRO(), c) && r.mapping(k).mapped {
			return true
		}
	}
	return false
}

// lineage gives the classes whose columns are in the table of c, most derived first: not those of a base that has a table
// of its own.
func (r *reader) lineage(c *python.Class, m *mapping) []*python.Class {
	skip := map[*python.Class]bool{}
	for _, k := range c.MRO()[1:] {
		if other := r.mapping(k); other.mapped && (other.key != m.key || !m.mapped) {
			for _, s := range k.MRO() {
				skip[s] = true
			}
		}
	}
	var lineage []*python.Class
	for _, k := range c.MRO() {
		if !skip[k] {
			lineage = append(lineage, k)
		}
	}
	return lineage
}

// attributes gives the columns of a lineage, base classes first, without those that a derived class hides.
func (r *reader) attributes(c *python.Class, lineage []*python.Class) []*column {
	var columns []*column
	for i, k := range slices.Backward(lineage) {
		seen := map[string]bool{}
		for _, first := range k.Bindings() {
			if seen[first.Name] {
				continue
			}
			seen[first.Name] = first.Name != ""
			hidden := slices.ContainsFunc(lineage[:i], func(d *python.Class) bool { return binds(d, first.Name) })
			if hidden {
				continue
			}
			for _, b := range k.Own(first.Name) {
				for _, col := range r.columnsOf(c, k, b) {
					if !slices.ContainsFunc(columns, func(o *column) bool { return o == col || o.call != nil && o.call == col.call }) {
						columns = append(columns, col)
					}
				}
			}
		}
	}
	return columns
}

// cascading gives the columns that declared_attr.cascading makes for a class though a base outside of its lineage has them for its
// own table.
func (r *reader) cascading(c *python.Class, lineage []*python.Class) []*column {
	var columns []*column
	mro := c.MRO()
	for i, k := range mro {
		if slices.Contains(lineage, k) {
			continue
		}
		for _, b := range k.Bindings() {
			f, ok := b.Value().(*python.Function)
			hidden := slices.ContainsFunc(mro[:i], func(d *python.Class) bool { return binds(d, b.Name) })
			if ok && !hidden && python.HasDecorator(f.Decorators, "cascading") {
				columns = append(columns, r.columnsOf(c, k, b)...)
			}
		}
	}
	return columns
}

// binds reports whether a class's own body says what an attribute is, so that it hides one of a base class.
func binds(c *python.Class, name string) bool {
	for _, b := range c.Own(name) {
		if b.Right != nil || mapped(b.Type()) != nil {
			return name != ""
		}
	}
	return false
}
