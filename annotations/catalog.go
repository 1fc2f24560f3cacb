package annotations

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// A catalog is every table known from the dump and from models, with what is decided about its columns.
type catalog struct {
	tables   []*tableInfo // those of the dump first, in its order
	exact    map[tableKey]*tableInfo
	folded   map[tableKey][]*tableInfo // by name in lower case
	problems Problems
}

type tableKey struct{ database, name string }

type tableInfo struct {
	database, name string
	listed         bool // decisions about it are asked for
	columns        []*columnInfo
	byName         map[string]*columnInfo // by name in lower case
	models         []*ModelTable
	original       *tableInfo // of shadow_X: X
	rows           *RowsMark
	personal       []string // of a bookkeeping table: columns that name people
	bookkeeping    bool
}

func (t *tableInfo) String() string {
	if t.database == "" {
		return t.name
	}
	return t.database + "." + t.name
}

func (t *tableInfo) column(name string) *columnInfo { return t.byName[strings.ToLower(name)] }

func (t *tableInfo) columnNames() []string {
	var names []string
	for _, c := range t.columns {
		names = append(names, c.name)
	}
	for _, m := range t.models {
		for _, c := range m.Columns {
			if t.column(c.Name) == nil {
				names = append(names, c.Name)
			}
		}
	}
	return names
}

// modelColumn gives what a model says about a column, or nil.
func (t *tableInfo) modelColumn(name string) *ModelColumn {
	for _, m := range t.models {
		if i := m.Column(name); i >= 0 {
			return &m.Columns[i]
		}
	}
	return nil
}

// partial reports whether models may declare more columns than are known.
func (t *tableInfo) partial() bool {
	for _, m := range t.models {
		if m.Partial {
			return true
		}
	}
	return len(t.models) == 0
}

type columnInfo struct {
	table     *tableInfo
	name      string
	typ       string
	generated bool
	surrogate bool
	boolean   bool
	targets   []target
	decision
	settled  bool
	visiting bool
}

func (c *columnInfo) String() string { return c.table.String() + "." + c.name }

// A target is the column that a foreign key refers to.
type target struct {
	column *columnInfo
	key    string // the foreign key's name, or "" when only a model knows it
}

// newCatalog lists the tables of the dump and those that only models know.
func newCatalog(tables []DumpTable, markups []*Markup, listModels bool) *catalog {
	cat := &catalog{exact: map[tableKey]*tableInfo{}, folded: map[tableKey][]*tableInfo{}}
	for _, t := range tables {
		cat.addDump(t)
	}
	dumped := cat.tables
	for _, m := range markups {
		for i := range m.Tables {
			cat.addModel(&m.Tables[i], dumped, listModels)
		}
	}
	for _, m := range markups { // behind all tables that are asked about
		for i := range m.Beside {
			cat.addModel(&m.Beside[i], dumped, false)
		}
	}
	for _, t := range tables {
		cat.dumpKeys(t)
	}
	for _, t := range cat.tables {
		cat.modelKeys(t)
		if rest, ok := strings.CutPrefix(t.name, "shadow_"); ok {
			t.original = cat.find(t.database, rest)
		}
	}
	return cat
}

func (cat *catalog) add(t *tableInfo) {
	t.byName = make(map[string]*columnInfo, len(t.columns))
	for _, c := range t.columns {
		t.byName[strings.ToLower(c.name)] = c
	}
	t.personal, t.bookkeeping = bookkeepingColumns(t.name)
	cat.tables = append(cat.tables, t)
	cat.exact[tableKey{t.database, t.name}] = t
	low := tableKey{t.database, strings.ToLower(t.name)}
	cat.folded[low] = append(cat.folded[low], t)
}

func (cat *catalog) addDump(d DumpTable) {
	t := &tableInfo{database: d.Database, name: d.Name, listed: true}
	for _, c := range d.Columns {
		t.columns = append(t.columns, &columnInfo{
			table: t, name: c.Name, typ: typeText(c.Type),
			generated: c.Generated != ddl.NotGenerated,
			surrogate: isSurrogate(d.Table, c),
			boolean:   isBoolean(c.Type),
		})
	}
	cat.add(t)
}

// addModel joins a model to the tables of the dump that it describes, or adds its table when there is none.
func (cat *catalog) addModel(m *ModelTable, dumped []*tableInfo, listed bool) {
	found := false
	for _, t := range dumped {
		if matchDatabase(m.Database, t.database) && t.name == m.Name {
			t.models = append(t.models, m)
			found = true
		}
	}
	if found {
		return
	}
	for _, t := range dumped {
		if matchDatabase(m.Database, t.database) && equalFold(t.name, m.Name) {
			t.models = append(t.models, m)
			cat.warn(m.Position, "table %s is taken for the dump's %s, which differs in case", m.Name, t)
			found = true
		}
	}
	if found {
		return
	}
	if t := cat.exact[tableKey{m.Database, m.Name}]; t != nil { // from another model
		t.models = append(t.models, m)
		for _, c := range m.Columns {
			if t.column(c.Name) == nil {
				t.columns = append(t.columns, fromModel(t, m, c))
				t.byName[strings.ToLower(c.Name)] = t.columns[len(t.columns)-1]
			}
		}
		return
	}
	t := &tableInfo{database: m.Database, name: m.Name, listed: listed, models: []*ModelTable{m}}
	for _, c := range m.Columns {
		t.columns = append(t.columns, fromModel(t, m, c))
	}
	cat.add(t)
}

func fromModel(t *tableInfo, m *ModelTable, c ModelColumn) *columnInfo {
	return &columnInfo{
		table: t, name: c.Name, typ: cmp.Or(c.TypeText, c.Type),
		generated: c.Generated, surrogate: modelSurrogate(m, c), boolean: c.Boolean,
	}
}

// find gives the table of a name, in any case when there is but one; of a database that has none, nil.
func (cat *catalog) find(database, name string) *tableInfo {
	if t := cat.exact[tableKey{database, name}]; t != nil {
		return t
	}
	if all := cat.folded[tableKey{database, strings.ToLower(name)}]; len(all) == 1 {
		return all[0]
	}
	return nil
}

// dumpKeys adds the foreign keys of a table of the dump, column by column.
func (cat *catalog) dumpKeys(d DumpTable) {
	t := cat.exact[tableKey{d.Database, d.Name}]
	for _, fk := range d.ForeignKeys {
		ref := cat.find(cmp.Or(fk.RefDatabase, d.Database), fk.RefTable)
		if ref == nil || len(fk.Columns) != len(fk.RefColumns) {
			continue
		}
		for i, name := range fk.Columns {
			link(t.column(name), ref.column(fk.RefColumns[i]), cmp.Or(fk.Name, "unnamed"))
		}
	}
}

// modelKeys adds the foreign keys that only models know.
func (cat *catalog) modelKeys(t *tableInfo) {
	for _, m := range t.models {
		for _, c := range m.Columns {
			for _, fk := range c.ForeignKeys {
				ref := cat.find(cmp.Or(fk.Database, t.database), fk.Table)
				if ref == nil {
					ref = cat.find(fk.Database, fk.Table)
				}
				if ref != nil {
					link(t.column(c.Name), ref.column(fk.Column), "")
				}
			}
		}
	}
}

// link notes a foreign key, unless it is known or refers to the column itself.
func link(from, to *columnInfo, key string) {
	if from == nil || to == nil || from == to {
		return
	}
	for _, t := range from.targets {
		if t.column == to {
			return
		}
	}
	from.targets = append(from.targets, target{to, key})
}

func (cat *catalog) warn(p Position, format string, args ...any) {
	cat.problems = append(cat.problems, Problem{Position: p, Severity: Warning, Msg: fmt.Sprintf(format, args...)})
}

func (cat *catalog) errorf(p Position, format string, args ...any) {
	cat.problems = append(cat.problems, Problem{Position: p, Severity: Error, Msg: fmt.Sprintf(format, args...)})
}

// matchDatabase reports whether markup for a database holds for another; "" is markup for every one.
func matchDatabase(markup, database string) bool { return markup == "" || markup == database }
