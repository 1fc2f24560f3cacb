package sqlalchemy

import (
	"cmp"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A tableKey names a table, with the schema that its model names.
type tableKey struct{ schema, name string }

// markup puts together what all modules say.
func (p *project) markup() *annotations.Markup {
	b := &builder{project: p, tables: map[tableKey]*annotations.ModelTable{}, marked: map[markID]bool{}, out: &annotations.Markup{Source: annotations.Models}}
	for _, m := range p.modules {
		b.out.Problems = append(b.out.Problems, m.problems...)
		if m.library {
			continue
		}
		for _, t := range m.tables {
			b.tableObject(t)
		}
		for _, c := range m.classes {
			b.class(c)
		}
	}
	b.finish()
	return b.out
}

// A builder turns classes and Table objects into tables and marks.
type builder struct {
	project *project
	tables  map[tableKey]*annotations.ModelTable
	marked  map[markID]bool
	used    map[*class]bool // classes whose markup reached a table
	pending []pendingReference
	out     *annotations.Markup
}

// A pendingReference is a foreign key to resolve once every table is known.
type pendingReference struct {
	module *module
	class  *class
	table  tableKey
	column string
	reference
}

// table gives the table to add to, made when it is new.
func (b *builder) table(key tableKey, class string, at annotations.Position) *annotations.ModelTable {
	t := b.tables[key]
	if t == nil {
		t = &annotations.ModelTable{Database: key.schema, Name: key.name, Class: class, Position: at}
		b.tables[key] = t
	}
	return t
}

func (b *builder) tableObject(call *tableCall) {
	key := tableKey{call.schema, call.name}
	b.table(key, call.label, call.module.at(call.node))
	b.columns(key, call.module, nil, call.columns)
	b.constraints(key, call.module, nil, call.options)
	for _, c := range call.columns {
		if c.mark != nil {
			b.mark(key, c.Name, *c.mark, false)
		}
	}
}

// class adds the table of a model, or nothing for any other class.
func (b *builder) class(c *class) {
	key, ok := b.tableOf(c)
	if !ok {
		return
	}
	at := c.module.at(c.node)
	table := b.table(key, c.name, at)
	lineage, partial := b.lineage(c, key)
	if partial != "" && !table.Partial {
		table.Partial = true
		c.module.warnf(c.node, "base class %s of %s was not read: columns and markup that it brings are unknown", partial, c.name)
		b.out.Problems = append(b.out.Problems, c.module.problems[len(c.module.problems)-1])
	}
	b.columns(key, c.module, c, attributes(lineage))
	for _, k := range lineage {
		b.constraints(key, k.module, k, k.options)
	}
	b.classMarks(key, c, lineage)
}

// tableOf gives the table of a class: its own, or for single-table inheritance that of a base.
func (b *builder) tableOf(c *class) (tableKey, bool) {
	if c.abstract || c.factoryMade {
		return tableKey{}, false
	}
	for _, k := range b.project.linear(c) {
		if k != c && k.abstract && k.tableName != "" {
			continue
		}
		if t := k.tableObject(); t != nil {
			return tableKey{t.schema, t.name}, true
		}
		switch {
		case k == c && c.noTable:
			continue
		case k.tableName != "":
			return tableKey{b.schema(c), k.tableName}, b.project.declarative(c)
		case k.derived != nil && (k == c && k.derived.Kind() == "function_definition" || !b.project.declarative(c)):
			return tableKey{}, false // a base that names its models' tables, or a mixin
		case k.derived != nil:
			name, ok := k.derive(last(c.name))
			if !ok {
				b.unnamed(c, k)
			}
			return tableKey{b.schema(c), name}, ok
		}
	}
	return tableKey{}, false
}

// tableObject gives the Table that a class is mapped to by __table__, or nil.
func (c *class) tableObject() *tableCall {
	if c.tableCall != nil {
		return c.tableCall
	}
	return c.module.objects[c.tableRef]
}

// unnamed reports a table name that only running the code would tell: an error when markup would be lost with it.
func (b *builder) unnamed(c, from *class) {
	p := c.module.problem(c.node, "the table name of %s cannot be resolved (%s)", c.name, from.module.at(from.derived))
	p.Severity = annotations.Warning
	for _, k := range b.project.linear(c) {
		if len(k.marks) > 0 || len(k.rows) > 0 || slices.ContainsFunc(attributes([]*class{k}), func(c *column) bool { return c.mark != nil }) {
			p.Severity = annotations.Error
		}
	}
	b.out.Problems = append(b.out.Problems, *p)
}

func (b *builder) schema(c *class) string {
	for _, k := range b.project.linear(c) {
		if k.schema != "" {
			return k.schema
		}
	}
	return ""
}

// lineage gives the classes whose columns are in the table of c, most derived first: not those of a base that has a table
// of its own. It names a base that could not be read, or "".
func (b *builder) lineage(c *class, key tableKey) (lineage []*class, partial string) {
	skip := map[*class]bool{}
	linear := b.project.linear(c)
	for _, k := range linear[1:] {
		if other, ok := b.tableOf(k); ok && other != key {
			for _, s := range b.project.linear(k) {
				skip[s] = true
			}
		}
	}
	for _, k := range linear {
		if k.unreadable {
			partial = cmp.Or(partial, "of "+k.name)
		}
		for _, name := range k.bases {
			if r := b.project.resolve(k, name); r.class == nil && !r.known {
				partial = cmp.Or(partial, name)
			}
		}
		if !skip[k] {
			lineage = append(lineage, k)
		}
	}
	return lineage, partial
}

// attributes gives the columns of a lineage, base classes first, without those that a derived class hides.
func attributes(lineage []*class) []*column {
	var columns []*column
	for i, l := range slices.Backward(lineage) {
		for _, name := range l.order {
			hidden := slices.ContainsFunc(lineage[:i], func(k *class) bool { _, ok := k.attributes[name]; return ok })
			if !hidden {
				columns = append(columns, l.attributes[name]...)
			}
		}
	}
	return columns
}

// columns adds columns to a table; those it has already are completed.
func (b *builder) columns(key tableKey, m *module, c *class, columns []*column) {
	t := b.tables[key]
	for _, col := range columns {
		i := t.Column(col.Name)
		if i < 0 {
			i = len(t.Columns)
			t.Columns = append(t.Columns, col.ModelColumn)
		}
		known := &t.Columns[i]
		known.Uncertain = known.Uncertain || col.Uncertain
		if known.Type == "" {
			known.Type, known.TypeText, known.Boolean, known.Integer = col.Type, col.TypeText, col.Boolean, col.Integer
		}
		for _, ref := range col.refs {
			b.pending = append(b.pending, pendingReference{m, c, key, col.Name, ref})
		}
		if col.notCounted {
			known.AutoIncrement = false
		}
	}
}

func (b *builder) constraints(key tableKey, m *module, c *class, o options) {
	t := b.tables[key]
	for _, name := range o.primaryKey {
		if i := t.Column(name); i >= 0 {
			t.Columns[i].PrimaryKey = true
		}
	}
	for _, fk := range o.foreignKeys {
		for i, ref := range fk.refs {
			b.pending = append(b.pending, pendingReference{m, c, key, fk.columns[i], ref})
		}
	}
}

// finish resolves foreign keys, orders what was found, and reports markup that belongs to no table.
func (b *builder) finish() {
	for _, r := range b.pending {
		b.reference(r)
	}
	for _, t := range b.tables {
		countUp(t)
		b.out.Tables = append(b.out.Tables, *t)
	}
	slices.SortFunc(b.out.Tables, func(x, y annotations.ModelTable) int {
		return cmp.Or(cmp.Compare(x.Database, y.Database), cmp.Compare(x.Name, y.Name))
	})
	for _, m := range b.project.modules {
		for _, c := range m.classes {
			if len(c.marks)+len(c.rows) > 0 && !b.used[c] {
				p := m.problem(c.confidence, "the markup of class %s belongs to no table", c.name)
				p.Severity = annotations.Warning
				b.out.Problems = append(b.out.Problems, *p)
			}
		}
	}
	b.out.Problems.Sort()
	b.out.Problems = slices.Compact(b.out.Problems)
}

// countUp marks the column that SQLAlchemy lets the database count up: the only column of the primary key, of an integer
// type, that refers to no other.
func countUp(t *annotations.ModelTable) {
	only := -1
	for i, c := range t.Columns {
		if !c.PrimaryKey {
			continue
		}
		if only >= 0 {
			return
		}
		only = i
	}
	if only >= 0 && t.Columns[only].Integer && len(t.Columns[only].ForeignKeys) == 0 {
		t.Columns[only].AutoIncrement = true
	}
}

// reference resolves the target of a foreign key.
func (b *builder) reference(r pendingReference) {
	t := b.tables[r.table]
	i := t.Column(r.column)
	if i < 0 {
		return
	}
	target, ok := b.target(r)
	if !ok {
		r.module.warnf(r.node, "the target of a foreign key of %s.%s cannot be resolved", t.Name, r.column)
		b.out.Problems = append(b.out.Problems, r.module.problems[len(r.module.problems)-1])
		return
	}
	if !slices.Contains(t.Columns[i].ForeignKeys, target) {
		t.Columns[i].ForeignKeys = append(t.Columns[i].ForeignKeys, target)
	}
}

func (b *builder) target(r pendingReference) (annotations.ModelReference, bool) {
	if r.text != "" {
		parts := strings.Split(r.text, ".")
		switch len(parts) {
		case 2:
			return annotations.ModelReference{Table: parts[0], Column: parts[1]}, true
		case 3:
			return annotations.ModelReference{Database: parts[0], Table: parts[1], Column: parts[2]}, true
		}
		return annotations.ModelReference{}, false
	}
	owner, attribute, _ := cutLast(r.name)
	owner = strings.TrimSuffix(owner, ".c") // of a Table object
	if t := r.module.objects[owner]; t != nil {
		return annotations.ModelReference{Database: t.schema, Table: t.name, Column: attribute}, true
	}
	if owner == "" && r.class != nil {
		return b.attribute(r.class, attribute)
	}
	asks := r.class
	if asks == nil {
		asks = &class{module: r.module, node: r.module.root}
	}
	if found := b.project.resolve(asks, owner); found.class != nil {
		return b.attribute(found.class, attribute)
	}
	if r.class != nil && owner == r.class.name {
		return b.attribute(r.class, attribute)
	}
	return annotations.ModelReference{}, false
}

// attribute gives the column that an attribute of a class stands for.
func (b *builder) attribute(c *class, name string) (annotations.ModelReference, bool) {
	key, ok := b.tableOf(c)
	if !ok {
		return annotations.ModelReference{}, false
	}
	for _, k := range b.project.linear(c) {
		for _, col := range k.attributes[name] {
			return annotations.ModelReference{Database: key.schema, Table: key.name, Column: col.Name}, true
		}
	}
	return annotations.ModelReference{}, false
}

func cutLast(dotted string) (before, after string, found bool) {
	if i := strings.LastIndexByte(dotted, '.'); i >= 0 {
		return dotted[:i], dotted[i+1:], true
	}
	return "", dotted, false
}
