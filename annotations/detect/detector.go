package detect

import (
	"slices"
	"strings"
)

// A Proposal says how one column should be treated. It holds no value.
type Proposal struct {
	Database   string
	Table      string
	Column     string
	Type       string // as the table has it
	Class      Class
	Tier       Tier
	Kind       string  // of package anonymize; it fits the column's type
	Confidence float64 // between 0.5 and 1
	Reason     string
	// Inherited names the column that a foreign key refers to, "table.column": marking that one is enough. "" without one.
	Inherited string
}

// A Detector proposes treatments. It never changes, and is safe for concurrent use.
type Detector struct {
	lexicon *lexicon
	types   *typeParser
	signs   []sign
}

// New makes a Detector.
func New() *Detector {
	l := newLexicon()
	return &Detector{lexicon: l, types: newTypeParser(l.speller), signs: signs()}
}

// A column is one while it is judged.
type column struct {
	*Column
	table     *Table
	rowsAbout int64
	name      name
	typ       columnType
	target    *column // that its foreign key refers to, or nil
	referred  bool    // foreign keys refer to it
	finding   finding
}

// Propose judges all columns of the tables, which must be all of the database's, and gives the proposals in their order.
func (d *Detector) Propose(tables []Table) []Proposal {
	var columns []*column
	of := make(map[string][]*column, len(tables)) // by table, in lower case
	for i := range tables {
		t := &tables[i]
		for j := range t.Columns {
			c := &column{Column: &t.Columns[j], table: t, rowsAbout: t.RowsAbout}
			c.name, c.typ = d.read(c.Name), d.typeOf(c.Column)
			columns = append(columns, c)
			of[strings.ToLower(t.Name)] = append(of[strings.ToLower(t.Name)], c)
		}
	}
	for _, c := range columns {
		if c.target = target(c, of); c.target != nil {
			c.target.referred = true
		}
	}
	var s surroundings
	for i, c := range columns {
		if i == 0 || c.table != columns[i-1].table {
			s = d.surroundings(c.table)
		}
		if !c.Generated {
			c.finding = d.judge(&s, c)
		}
	}
	followKeys(columns)
	return d.proposals(columns)
}

// target gives the column that the foreign key of a column refers to, or nil.
func target(c *column, of map[string][]*column) *column {
	for _, ref := range c.References {
		for _, to := range of[strings.ToLower(ref.Table)] {
			if to != c && strings.EqualFold(to.Name, ref.Column) && (ref.Database == "" || ref.Database == to.table.Database) {
				return to
			}
		}
	}
	return nil
}

// root follows foreign keys to the column that none leaves; in a circle it stays where it began.
func (c *column) root() *column {
	seen := []*column{c}
	for to := c.target; to != nil; to = to.target {
		if slices.Contains(seen, to) {
			return c
		}
		seen = append(seen, to)
	}
	return seen[len(seen)-1]
}

// followKeys makes what was found about columns with foreign keys count for the columns that they refer to.
func followKeys(columns []*column) {
	for _, c := range columns {
		root := c.root()
		if root.finding.harmless() {
			continue // names of kinds of things are harmless wherever they are used
		}
		if root != c && c.finding.class != "" && c.finding.better(root.finding) && fits(c.finding.class, root.typ) {
			root.finding = c.finding
			root.finding.reason += ", as " + c.table.Name + "." + c.Name
		}
	}
}

// proposals makes what was found into proposals.
func (d *Detector) proposals(columns []*column) []Proposal {
	var out []Proposal
	for _, c := range columns {
		root := c.root()
		f := root.finding
		if f.class == "" || f.confidence < threshold || c.Generated || root.Generated {
			continue
		}
		p := Proposal{
			Database: c.table.Database, Table: c.table.Name, Column: c.Name, Type: c.Type, Class: f.class, Tier: f.tier,
			Kind: kindFor(root, f.class), Confidence: f.confidence, Reason: f.reason,
		}
		if root != c {
			p.Inherited = root.table.Name + "." + root.Name
		}
		out = append(out, p)
	}
	return out
}
