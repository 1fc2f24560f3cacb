package annotations

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// unreached warns of markup that applies to no table at all, because it names a database that the dump, or the models, do not
// name, or because they have none of its tables: columns stay undecided then, and nothing else would say why.
func (d *decider) unreached(markups []*Markup) {
	known := map[string]bool{}
	reached := map[*ModelTable]bool{}
	for _, t := range d.tables {
		if t.listed {
			known[t.database] = true
		}
		for _, m := range t.models {
			reached[m] = t.listed
		}
	}
	for _, m := range markups {
		for _, database := range slices.Sorted(maps.Keys(m.databases())) {
			if database == "" || known[database] {
				continue
			}
			d.elsewhere[database] = true
			if d.concerns(m, database) {
				d.warn(m.first(database), "%s", m.unknownDatabase(database, known, d.modelsOnly))
			}
		}
		switch {
		case d.modelsOnly:
		case m.Source == Models && m.nowhere(reached) && !d.elsewhere[m.Tables[0].Database]:
			d.warn(m.first(m.Tables[0].Database), "the dump has none of the models' tables, so that their marks apply to nothing")
		case m.Source == Rules && d.nothingMatches(m):
			d.warn(m.first(""), "no pattern of these rules matches a table of the dump")
		}
	}
}

// concerns reports whether it matters that what a markup says about a database is not used. Without a dump rules may well be for
// tables that the models do not have; but not for one that they do, in a database that they do not name.
func (d *decider) concerns(m *Markup, database string) bool {
	if !d.modelsOnly {
		return true
	}
	return slices.ContainsFunc(d.tables, func(t *tableInfo) bool {
		return t.listed && t.database == "" && slices.ContainsFunc(m.Marks, func(k Mark) bool {
			of := k.Database
			k.Database = ""
			return of == database && (&tracked{Mark: k}).matchesTable(t)
		})
	})
}

// nothingMatches reports whether rules have patterns of tables only, none of which matches: a name that matches none gets a warning
// of its own.
func (d *decider) nothingMatches(m *Markup) bool {
	marks := slices.Clone(m.Marks)
	for _, r := range m.Rows {
		marks = append(marks, Mark{Database: r.Database, Table: r.Table, Source: r.Source})
	}
	matches := func(k Mark) bool {
		return slices.ContainsFunc(d.tables, func(t *tableInfo) bool { return t.listed && (&tracked{Mark: k}).matchesTable(t) })
	}
	return len(marks) > 0 && !slices.ContainsFunc(marks, func(k Mark) bool { return !isPattern(k.Table) || d.elsewhere[k.Database] || matches(k) })
}

// databases gives the databases that marks and tables are for; "" is every one.
func (m *Markup) databases() map[string]bool {
	all := map[string]bool{}
	m.each(func(database string, _ Position) { all[database] = true })
	return all
}

// first gives the first position of what is for a database.
func (m *Markup) first(database string) Position {
	var first Position
	m.each(func(d string, p Position) {
		if d == database && (first.File == "" || cmp.Or(strings.Compare(p.File, first.File), p.Line-first.Line) < 0) {
			first = p
		}
	})
	return first
}

// each goes through the marks and tables.
func (m *Markup) each(do func(database string, at Position)) {
	for _, k := range m.Marks {
		do(k.Database, k.Position)
	}
	for _, r := range m.Rows {
		do(r.Database, r.Position)
	}
	for _, t := range m.Tables {
		do(t.Database, t.Position)
	}
}

// nowhere reports whether models have tables, none of which was reached.
func (m *Markup) nowhere(reached map[*ModelTable]bool) bool {
	for i := range m.Tables {
		if reached[&m.Tables[i]] {
			return false
		}
	}
	return len(m.Tables) > 0
}

// unknownDatabase says why markup for a database applies to nothing, and what to do.
func (m *Markup) unknownDatabase(database string, known map[string]bool, modelsOnly bool) string {
	what := fmt.Sprintf("markup for database %s applies to no table: ", database)
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(known)), func(name string) bool { return name == "" })
	switch {
	case modelsOnly:
		return what + fmt.Sprintf("give the path of its models as %s=PATH", database)
	case len(names) == 0 && m.Database == database:
		return what + fmt.Sprintf("the dump names no database; leave out %s= before the path, or make the dump with --databases", database)
	case len(names) == 0 && m.Source == Models:
		return what + "the dump names no database; mark its tables in rules, under tables:, or make the dump with --databases"
	case len(names) == 0:
		return what + "the dump names no database; put it under tables:, or make the dump with --databases"
	}
	meant := hint(database, names)
	if meant == "" {
		const most = 5
		meant = ", only " + strings.Join(names[:min(most, len(names))], ", ")
		if len(names) > most {
			meant += ", …"
		}
	}
	return what + "the dump has no such database" + meant
}
