package annotations

import "strings"

// isPattern reports whether a name in rules stands for several.
func isPattern(name string) bool { return strings.ContainsAny(name, "*?") }

// matches reports whether a name fits a pattern, in which * stands for any characters, none included, and ? for one.
func matches(pattern, name string) bool {
	star, resume := -1, 0
	p, n := 0, 0
	for n < len(name) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, resume = p, n
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == name[n]):
			p++
			n++
		case star >= 0:
			resume++
			p, n = star+1, resume
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

// A tracked mark remembers what it matched, so that a mark that matches nothing can be reported.
type tracked struct {
	Mark
	table  *tableInfo // one that it matched
	column bool       // a column was matched, in the dump or in a model
}

// specific says how exactly a mark names a column: exact names count more than patterns, the table's before the column's.
func (m *tracked) specific() int {
	n := 0
	if !m.tablePattern() {
		n += 2
	}
	if !m.columnPattern() {
		n++
	}
	return n
}

func (m *tracked) tablePattern() bool  { return m.Source == Rules && isPattern(m.Table) }
func (m *tracked) columnPattern() bool { return m.Source == Rules && isPattern(m.Column) }

func (m *tracked) matchesTable(t *tableInfo) bool {
	if !matchDatabase(m.Database, t.database) {
		return false
	}
	if m.tablePattern() {
		return matches(m.Table, t.name)
	}
	return m.Table == t.name
}

func (m *tracked) matchesColumn(name string) bool {
	if m.columnPattern() {
		return matches(strings.ToLower(m.Column), strings.ToLower(name))
	}
	return equalFold(m.Column, name)
}

// marksOf gives the marks that match a table.
func marksOf(marks []*tracked, cat *catalog, t *tableInfo) []*tracked {
	var found []*tracked
	for _, m := range marks {
		exact := m.matchesTable(t)
		// A name that only differs in case counts when the dump has no table of exactly that name.
		folded := !exact && !m.tablePattern() && matchDatabase(m.Database, t.database) && equalFold(m.Table, t.name) &&
			cat.exact[tableKey{t.database, m.Table}] == nil
		if !exact && !folded {
			continue
		}
		if folded && m.Source == Rules && m.table == nil {
			cat.warn(m.Position, "table %s is taken for %s, which differs in case", m.Table, t)
		}
		if m.table == nil || t.listed {
			m.table = t
		}
		found = append(found, m)
		for _, name := range t.columnNames() {
			if m.Column == CatchAll || m.matchesColumn(name) {
				m.column = true
				break
			}
		}
	}
	return found
}
