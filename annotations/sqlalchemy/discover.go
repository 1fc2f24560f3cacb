package sqlalchemy

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// isMigration reports whether a module is a step of Alembic's or of sqlalchemy-migrate's: the tables that it names are what
// once was.
func isMigration(m *python.Module) bool {
	if m.Mentions("down_revision") && m.Mentions("revision") && m.Mentions("def upgrade") {
		return true
	}
	return m.Mentions("def upgrade(migrate_engine")
}

// tableObjects finds the Table objects that a module holds, in variables and in the bodies of classes.
func (r *reader) tableObjects(m *python.Module) {
	for _, b := range m.Bindings() {
		r.tableBinding(m, b, b.Name)
	}
	for _, c := range m.Classes() {
		for _, b := range c.Bindings() {
			label := b.Name
			if label == "__table__" {
				label = c.Name
			}
			r.tableBinding(m, b, label)
		}
	}
}

func (r *reader) tableBinding(m *python.Module, b *python.Binding, label string) {
	if !b.Right.Is("call") || !mayBeTable(m, b.Right) {
		return
	}
	for _, v := range python.Alternatives(b.Value()) {
		if call, ok := v.(*python.Call); ok && isTable(call) {
			r.tableObject(m, call, label)
		}
	}
}

// mayBeTable reports whether a call may make a table: what is called has table in its name, or is a function of the module
// that makes one.
func mayBeTable(m *python.Module, call *python.Node) bool {
	name := call.Child("function").Dotted()
	if strings.Contains(strings.ToLower(name), "table") {
		return true
	}
	f := m.Function(name)
	return f != nil && strings.Contains(f.Node.Text(), "Table(")
}

// effects goes through the calls that a module makes for what they do: tables that nobody keeps, columns that are added to
// one, classes that are mapped to one.
func (r *reader) effects(m *python.Module) {
	for _, e := range m.Effects() {
		switch e.Method() {
		case "mapper", "map_imperatively":
			args := e.Args()
			if len(args) < 2 {
				continue
			}
			class, ok1 := args[0].Value().(*python.Class)
			call, ok2 := args[1].Value().(*python.Call)
			if ok1 && ok2 && isTable(call) && r.tableObject(m, call, class.Name) != nil {
				r.imperative[class] = call
			}
		case "append_column":
			r.appendColumn(e)
		case "mapped", "map_declaratively", "instrument_declarative":
			for _, a := range e.Args() {
				if class, ok := a.Value().(*python.Class); ok {
					r.declared[class] = true
				}
			}
		default:
			if e.Node.Is("call") && mayBeTable(m, e.Node) {
				if call, ok := e.Value().(*python.Call); ok && isTable(call) {
					r.tableObject(m, call, "")
				}
			}
		}
	}
}

// appendColumn goes through table.append_column(Column(…)), and the same of Model.__table__.
func (r *reader) appendColumn(e python.Effect) {
	args := e.Args()
	if len(args) == 0 {
		return
	}
	switch of := e.Object().(type) {
	case *python.Call:
		if t := r.calls[of]; t != nil {
			r.tableItem(t, args[0].Value(), args[0])
		}
	case *python.Attribute:
		if c, ok := of.Of.(*python.Class); ok && of.Name == "__table__" {
			c.Set(args[0], args[0], e.Node) // the column says its own name
		}
	}
}

// ordered gives the Table objects in the order of the source.
func (r *reader) ordered() []*tableCall {
	var all []*tableCall
	for _, t := range r.calls {
		if t != nil && t.module.Given {
			all = append(all, t)
		}
	}
	index := map[*python.Module]int{}
	for i, m := range r.project.Given() {
		index[m] = i
	}
	slices.SortFunc(all, func(a, b *tableCall) int {
		if a.module != b.module {
			return index[a.module] - index[b.module]
		}
		return a.call.Node.Start - b.call.Node.Start
	})
	return all
}
