package scrub

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// plan is how the rows of one INSERT are read and written. It is shared by the workers and does not change.
type plan struct {
	database string
	table    *ddl.Table
	mode     ddl.Mode
	// given[i] is the column, by index in table.Columns, of a row's i-th value.
	given   []int
	isGiven []bool // by column: given holds it
	// columns are parallel to table.Columns.
	columns []columnPlan
	// drop: no row is kept. verbatim: rows leave as they came, as SQL. chooses: rows may be left out one by one.
	drop, verbatim, chooses bool
}

type columnPlan struct {
	def     ddl.Column
	layout  rowtext.Column
	charset textCharset
	text    bool // values are text, in charset
	// address: a UUID, INET4 or INET6 among literals that are bytes, see [mysqldump.IsAddressText].
	address bool
	// missing is the field of a column that rows do not give, nil when they do.
	missing []byte
	// generated columns are in no layout; their values are never read.
	generated bool
}

// newPlan makes the plan of an Insert. rows is the policy's treatment of the table.
//
// wholeRows: what a row does not give must be written all the same.
func newPlan(st *mysqldump.Statement, d *Definition, rows *anonymize.Rows, wholeRows bool) (*plan, error) {
	t := d.Table
	p := &plan{
		database: st.Database, table: t, mode: st.Session.Mode(),
		columns: make([]columnPlan, len(t.Columns)),
		drop:    rows.Drops(), verbatim: rows.Passthrough(), chooses: rows.Chooses(),
	}
	if err := p.setGiven(st.Columns); err != nil {
		return nil, err
	}
	layout := rowtext.LayoutOf(t).Columns
	for i, def := range t.Columns {
		c := &p.columns[i]
		c.def, c.generated = def, def.Generated != ddl.NotGenerated
		if c.generated {
			continue
		}
		c.layout, layout = layout[0], layout[1:]
		c.text = !c.layout.Hex
		c.address = st.Session.Binary() && mysqldump.IsAddress(def.Type)
		p.verbatim = p.verbatim && !c.address
		var err error
		if c.charset, err = columnCharset(st.Session.CharacterSetClient, def); err != nil && isCharacter(def) {
			return nil, fmt.Errorf("table %s, column %s: %w", t.Name, def.Name, err)
		}
	}
	return p, p.setMissing(rows, d.Mode, wholeRows)
}

// charsetOf says what charset a literal of a text column is in: the dump's, unless it names another; a hexadecimal literal that names
// none has the bytes that the column stores.
func (c *columnPlan) charsetOf(v mysqldump.Value) (textCharset, error) {
	switch {
	case v.Introducer != nil:
		return columnCharset(string(v.Introducer), c.def)
	case v.Kind == mysqldump.Hex:
		return columnCharset("binary", c.def)
	}
	return c.charset, nil
}

func isCharacter(c ddl.Column) bool {
	switch c.Type.Class() {
	case ddl.Text, ddl.Enum, ddl.Set, ddl.JSON:
		return true
	default:
		return false
	}
}

// setGiven finds which column each value belongs to.
func (p *plan) setGiven(names []string) error {
	if names == nil {
		for i, c := range p.table.Columns {
			// An invisible column is given by name or not at all. The row start and end of system versioning are in a
			// definition only where they are columns like any other, and then their values are dumped too.
			if !c.Invisible {
				p.given = append(p.given, i)
			}
		}
		return nil
	}
	seen := make(map[int]bool, len(names))
	for _, name := range names {
		i := p.table.ColumnIndex(name)
		if i < 0 {
			return fmt.Errorf("table %s: rows name a column that the definition does not have", p.table.Name)
		}
		if seen[i] {
			return fmt.Errorf("table %s: rows name column %s twice", p.table.Name, p.table.Columns[i].Name)
		}
		seen[i] = true
		p.given = append(p.given, i)
	}
	return nil
}

// setMissing finds what to write for columns that rows do not give: the definition's default, when that is a constant.
func (p *plan) setMissing(rows *anonymize.Rows, m ddl.Mode, wholeRows bool) error {
	p.isGiven = make([]bool, len(p.columns))
	for _, i := range p.given {
		p.isGiven[i] = true
	}
	for i := range p.columns {
		c := &p.columns[i]
		if p.isGiven[i] || c.generated {
			continue
		}
		if rows.Reads(i) {
			return fmt.Errorf("table %s: column %s must be treated or decides about rows, but its rows do not give it; dump it with --complete-insert",
				p.table.Name, c.def.Name)
		}
		if !wholeRows {
			continue
		}
		field, ok := constantDefault(c, m)
		if !ok {
			return fmt.Errorf("table %s: rows do not give column %s, whose default is not a constant; dump it with --complete-insert",
				p.table.Name, c.def.Name)
		}
		c.missing = field
	}
	return nil
}

// constantDefault returns the field of a column's default, which was written under m.
func constantDefault(c *columnPlan, m ddl.Mode) ([]byte, bool) {
	text := strings.TrimSpace(c.def.Default)
	switch {
	case c.def.AutoIncrement:
		return nil, false
	case strings.EqualFold(text, "NULL"), text == "" && c.def.Nullable:
		return rowtext.AppendNull(nil), c.def.Nullable
	case text == "":
		return nil, false
	}
	number, negative := strings.CutPrefix(text, "-")
	lex := ddl.NewLexer([]byte(number), m)
	t := lex.Next()
	if t.End != len(number) || negative && t.Kind != ddl.Number {
		return nil, false
	}
	var value []byte
	switch t.Kind {
	case ddl.String:
		value = []byte(t.Unquote(m))
	case ddl.Number:
		value = []byte(text)
	default:
		return nil, false
	}
	if c.layout.Bit {
		return nil, false
	}
	field, err := c.layout.AppendValue(nil, value)
	return field, err == nil
}
