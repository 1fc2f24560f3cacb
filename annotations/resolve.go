package annotations

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
)

// Resolve decides about every column of the dump's tables. The error is of type Problems and holds every mistake of the
// markup; columns that nothing decides are no error here (see Resolution.Undecided). The Resolution is never nil, so that
// what could be decided can be shown beside the mistakes.
func Resolve(tables []DumpTable, markups []*Markup, opts Options) (*Resolution, error) {
	return resolve(tables, markups, opts, false)
}

// ResolveModels decides about every column that models declare, for a listing without a dump. Foreign keys, surrogate keys
// and booleans are taken from the models.
func ResolveModels(markups []*Markup, opts Options) (*Resolution, error) {
	return resolve(nil, markups, opts, true)
}

func resolve(tables []DumpTable, markups []*Markup, opts Options, listModels bool) (*Resolution, error) {
	d := &decider{catalog: newCatalog(tables, markups, listModels), opts: opts, modelsOnly: listModels, missing: map[string]bool{}, elsewhere: map[string]bool{}}
	var rows []RowsMark
	for _, m := range markups {
		d.problems = append(d.problems, m.Problems...)
		rows = append(rows, m.Rows...)
		for _, mark := range m.Marks {
			d.marks = append(d.marks, &tracked{Mark: mark})
		}
	}
	d.run()
	d.agree()
	d.unreached(markups)
	d.rowsOf(rows)
	d.unmatched()
	r := &Resolution{Policy: &anonymize.Policy{}, unsafe: d.unsafe}
	for _, t := range d.tables {
		if t.listed {
			d.list(r, t)
		}
	}
	if listModels {
		d.kindsFit()
	}
	d.problems.Sort()
	r.Problems = compact(d.problems)
	return r, r.Problems.err()
}

// compact leaves out problems that were found twice.
func compact(all Problems) Problems {
	var out Problems
	seen := make(map[Problem]bool, len(all))
	for _, p := range all {
		if !seen[p] {
			out = append(out, p)
		}
		seen[p] = true
	}
	return out
}

// list adds a table to the policy and to the entries.
func (d *decider) list(r *Resolution, t *tableInfo) {
	policy := &anonymize.TablePolicy{Database: t.database, Table: t.name, Columns: make(map[string]anonymize.Decision, len(t.columns))}
	if t.rows != nil {
		r.Entries = append(r.Entries, rowsEntry(t))
		spec := t.rows.Spec
		policy.Rows, policy.Fraction, policy.Where, policy.Children = spec.treatment(), spec.Fraction, spec.Where, spec.Children
		policy.RowsPosition = t.rows.Position
		d.condition(t, t.rows.Position, spec.Where)
	}
	for _, c := range t.columns {
		decision := anonymize.Decision{
			Status: c.status, Treatment: c.spec.Treatment, Origin: c.origin, Position: c.position, Reason: c.reason,
		}
		for _, s := range c.spec.Cases {
			decision.Cases = append(decision.Cases, anonymize.Case{When: s.When, Treatment: s.Treatment})
			d.condition(t, c.position, s.When)
		}
		policy.Columns[strings.ToLower(c.name)] = decision
		if policy.Rows != anonymize.NoRows {
			r.Entries = append(r.Entries, entry(c))
		}
	}
	if d.problems.err() != nil {
		return // a policy made of mistakes is of no use
	}
	if err := r.Policy.Add(policy); err != nil {
		d.errorf(Position{}, "%v", err)
	}
}

// condition checks that a table has the columns that a condition names.
func (d *decider) condition(t *tableInfo, at Position, text string) {
	if text == "" {
		return
	}
	c, err := anonymize.ParseCondition(text)
	if err != nil {
		d.errorf(at, "%v", err)
		return
	}
	for _, name := range c.Columns() {
		if t.column(name) == nil && !(d.modelsOnly && t.partial()) {
			d.errorf(at, "a condition names column %s, which table %s does not have%s", name, t, hint(name, t.columnNames()))
		}
	}
}

func entry(c *columnInfo) Entry {
	e := Entry{
		Database: c.table.database, Table: c.table.name, Column: c.name, Type: c.typ, Status: c.status.String(),
		Origin: c.origin, Position: c.position.String(), Reason: c.reason,
	}
	if c.status == anonymize.Treated {
		e.Kind, e.Options = c.spec.Treatment.Kind, DescribeOptions(c.spec.Treatment)
	}
	for i, s := range c.spec.Cases {
		text := strings.TrimSpace(s.Treatment.Kind + " " + DescribeOptions(s.Treatment))
		if s.When != "" {
			text = fmt.Sprintf("%s when %s", text, s.When)
		}
		if i > 0 {
			text = e.Options + "; " + text
		}
		e.Options = text
	}
	return e
}

func rowsEntry(t *tableInfo) Entry {
	return Entry{
		Database: t.database, Table: t.name, Status: statusRows, Options: t.rows.Spec.describe(),
		Origin: t.rows.Source.String(), Position: t.rows.Position.String(), Reason: t.rows.Reason,
	}
}

// rowsOf decides which rows of each table are kept.
func (d *decider) rowsOf(marks []RowsMark) {
	matched := make([]bool, len(marks))
	for _, t := range d.tables {
		var best *RowsMark
		for i := range marks {
			m := &marks[i]
			if !m.matches(t) {
				continue
			}
			matched[i] = true
			best = d.better(t, best, m)
		}
		t.rows = best
	}
	for _, t := range d.tables {
		if t.rows == nil && t.original != nil && t.original.rows != nil {
			t.rows = t.original.rows
		}
	}
	for i, m := range marks {
		if !matched[i] && m.Source == Rules && !isPattern(m.Table) && !d.elsewhere[m.Database] {
			d.noTable(m.Position, m.Table)
		}
	}
}

func (m *RowsMark) matches(t *tableInfo) bool {
	mark := tracked{Mark: Mark{Database: m.Database, Table: m.Table, Source: m.Source}}
	return mark.matchesTable(t)
}

// better gives the mark that decides about a table's rows, of two.
func (d *decider) better(t *tableInfo, a, b *RowsMark) *RowsMark {
	if a == nil {
		return b
	}
	exact := func(m *RowsMark) int {
		if m.Source == Rules && isPattern(m.Table) {
			return 0
		}
		return 1
	}
	switch order := cmp.Or(cmp.Compare(a.Source, b.Source), cmp.Compare(exact(a), exact(b))); {
	case order == 0 && a.Spec != b.Spec:
		d.errorf(b.Position, "rows %s of %s disagree with rows %s at %s", b.Spec.describe(), t, a.Spec.describe(), a.where())
		return a
	case order < 0:
		a, b = b, a
	}
	if a.Source == Rules && b.Source == Models && !a.Override && b.Spec != a.Spec && !a.Spec.None {
		d.errorf(a.Position, "rows %s weakens rows %s of %s, as %s says; override: true and a reason are needed",
			a.Spec.describe(), b.Spec.describe(), t, b.where())
	}
	return a
}

// unmatched reports marks for tables and columns that do not exist.
func (d *decider) unmatched() {
	inherited := make(map[Position]bool)
	for _, m := range d.marks {
		inherited[m.Position] = inherited[m.Position] || m.column
	}
	for _, m := range d.marks {
		switch {
		case m.Inherited && inherited[m.Position], m.column, m.Column == CatchAll && m.table != nil:
		case m.table == nil && m.Source == Rules && !isPattern(m.Table) && !d.elsewhere[m.Database]:
			d.noTable(m.Position, m.Table)
		case m.table == nil:
		case m.Source == Rules && (isPattern(m.Table) || isPattern(m.Column)):
			d.warn(m.Position, "no column matches %s of %s", m.Column, m.Table)
		case m.Source == Rules && d.modelsOnly: // the dump may have it
			d.warn(m.Position, "the models' table %s has no column %s%s", m.table, m.Column, d.columnHint(m))
		case m.Source == Models && !m.table.listed && m.table.partial(), m.Source == Rules && !m.table.listed && m.table.partial():
			d.warn(m.Position, "table %s is known in part only: no column %s%s", m.table, m.Column, d.columnHint(m))
		default:
			d.errorf(m.Position, "table %s has no column %s%s", m.table, m.Column, d.columnHint(m))
		}
	}
}

// noTable warns once of a table that rules name and that does not exist. Without a dump only a name that looks like a table's
// is worth a warning: rules are written for tables that models do not know.
func (d *decider) noTable(p Position, name string) {
	if d.missing[name] {
		return
	}
	d.missing[name] = true
	names := make([]string, 0, len(d.tables))
	for _, t := range d.tables {
		names = append(names, t.name)
	}
	meant := hint(name, names)
	if d.modelsOnly && meant == "" {
		return
	}
	d.warn(p, "no table %s%s", name, meant)
}

// columnHint names the column that was probably meant: the one that an attribute of that name stands for, or the nearest.
func (d *decider) columnHint(m *tracked) string {
	for _, t := range m.table.models {
		for _, c := range t.Columns {
			if equalFold(c.Attribute, m.Column) {
				return fmt.Sprintf("; attribute %s is column %s", c.Attribute, c.Name)
			}
		}
	}
	return hint(m.Column, m.table.columnNames())
}
