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
	targets   []*column // that its foreign keys refer to
	referred  bool      // foreign keys refer to it
	finding   finding
	group     *group // of the columns that foreign keys tie together, itself included
}

// A group is columns that foreign keys tie together: their values are equal, so they need one treatment.
type group struct {
	columns []*column
	finding finding
	kind    string
}

// Propose judges all columns of the tables, which must be all of the database's, and gives the proposals in their order.
func (d *Detector) Propose(tables []Table) []Proposal {
	columns := d.columnsOf(tables)
	var s surroundings
	for i, c := range columns {
		if i == 0 || c.table != columns[i-1].table {
			s = d.surroundings(c.table)
		}
		if !c.Generated {
			c.finding = d.judge(&s, c)
		}
	}
	for _, c := range columns {
		if c.group.columns[0] == c {
			c.group.decide()
		}
	}
	var out []Proposal
	for _, c := range columns {
		if p, ok := c.proposal(); ok {
			out = append(out, p)
		}
	}
	return out
}

// columnsOf takes the columns of the tables apart, and finds what foreign keys tie together.
func (d *Detector) columnsOf(tables []Table) []*column {
	var columns []*column
	of := make(map[string][]*column, len(tables)) // by table, in lower case
	for i := range tables {
		t := &tables[i]
		for j := range t.Columns {
			c := &column{Column: &t.Columns[j], table: t, rowsAbout: t.RowsAbout}
			c.name, c.typ, c.group = d.read(c.Name), d.typeOf(c.Column), &group{columns: []*column{c}}
			columns = append(columns, c)
			of[strings.ToLower(t.Name)] = append(of[strings.ToLower(t.Name)], c)
		}
	}
	for _, c := range columns {
		for _, ref := range c.References {
			for _, to := range of[strings.ToLower(ref.Table)] {
				if to != c && strings.EqualFold(to.Name, ref.Column) && (ref.Database == "" || ref.Database == to.table.Database) {
					c.targets = append(c.targets, to)
					to.referred = true
					c.group.join(to.group)
				}
			}
		}
	}
	return columns
}

// join makes one group of two.
func (g *group) join(other *group) {
	if g == other {
		return
	}
	g.columns = append(g.columns, other.columns...)
	for _, c := range other.columns {
		c.group = g
	}
}

// decide finds the best evidence about the columns of a group. What a column holds that refers to no other counts for the
// others too; that names of kinds of things are harmless holds wherever they are used.
func (g *group) decide() {
	var root *column
	for _, c := range g.columns {
		if len(c.targets) == 0 {
			root = c
			break
		}
	}
	if root == nil {
		root = g.columns[0] // they refer to each other
	}
	g.finding = root.finding
	for _, c := range g.columns {
		if c != root && !root.finding.harmless() && c.finding.class != "" && c.finding.better(g.finding) && fits(c.finding.class, root.typ) {
			g.finding = c.finding
			g.finding.reason += ", as " + c.table.Name + "." + c.Name
		}
	}
	g.kind = kindFor(root, g.finding.class)
}

// proposal gives what is proposed for a column, if anything is.
func (c *column) proposal() (Proposal, bool) {
	f := c.group.finding
	if f.class == "" || f.confidence < threshold || c.Generated {
		return Proposal{}, false
	}
	p := Proposal{
		Database: c.table.Database, Table: c.table.Name, Column: c.Name, Type: c.Type, Class: f.class, Tier: f.tier,
		Kind: c.group.kind, Confidence: f.confidence, Reason: f.reason,
	}
	if to := c.followed(); to != c {
		p.Inherited = to.table.Name + "." + to.Name
	}
	return p, true
}

// followed gives the column at the end of the foreign keys; in a circle it stays where it began.
func (c *column) followed() *column {
	seen := []*column{c}
	for to := c; len(to.targets) > 0; {
		to = to.targets[0]
		if slices.Contains(seen, to) {
			return c
		}
		seen = append(seen, to)
	}
	return seen[len(seen)-1]
}
