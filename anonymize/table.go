package anonymize

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// tableCompiler makes the Rows of a table.
type tableCompiler struct {
	a       *Anonymizer
	policy  *TablePolicy
	rows    *Rows
	domains map[domainKey]*domain
	chars   *charTable // of the current column
	random  *randomness
}

// Rows prepares the treatment of one table's rows, for one goroutine. The error is a
// *PolicyError, naming table and column, when the policy cannot be carried out: the
// table or a column is missing in it or undecided, a kind cannot treat a column's
// type, a treatment would break a unique index or a foreign key.
//
// Call it for every table of a dump before rows of any are treated, as often as is
// useful: in a column that only foreign keys of other tables make a key, the kind redact
// gives pseudonyms when it knows of them, and a table whose foreign key comes too late is
// refused.
func (a *Anonymizer) Rows(database string, t *ddl.Table) (*Rows, error) {
	policy := a.policy.Table(database, t.Name)
	if policy == nil {
		return nil, &PolicyError{Database: database, Table: t.Name, Msg: "the policy does not know the table"}
	}
	r := &Rows{
		database: database, table: t, refs: &a.refs, seed: a.observations.seed,
		columns: make([]*column, len(t.Columns)), reads: make([]bool, len(t.Columns)), nulls: make([]bool, len(t.Columns)),
		unlinked: a.policy.choosesRows && len(t.ForeignKeys) > 0,
	}
	if policy.Rows == NoRows {
		r.drop = true
		return r, nil
	}
	c := &tableCompiler{a: a, policy: policy, rows: r, domains: map[domainKey]*domain{}}
	for i := range t.Columns {
		col, err := c.column(&t.Columns[i])
		if err != nil {
			name := t.Columns[i].Name
			return nil, &PolicyError{Database: database, Table: t.Name, Column: name, Position: policy.Column(name).Position, Msg: err.Error()}
		}
		if col == nil {
			continue
		}
		r.columns[i] = col
		r.read(i)
		if col.cases != nil {
			r.cased = append(r.cased, i)
		} else {
			r.active = append(r.active, i)
		}
	}
	r.chosen = make([]*column, len(r.cased))
	if err := c.checkForeignKeys(); err != nil {
		return nil, err
	}
	var err error
	if r.keeps, err = c.rowRule(); err != nil {
		return nil, &PolicyError{Database: database, Table: t.Name, Position: policy.RowsPosition, Msg: "rows: " + err.Error()}
	}
	r.setSpecial()
	return r, c.uniqueChecks()
}

// column compiles one column; nil means that it stays as it is.
func (c *tableCompiler) column(col *ddl.Column) (*column, error) {
	decision := c.policy.Column(col.Name)
	if col.Generated != ddl.NotGenerated {
		if decision.Status == Treated {
			return nil, fmt.Errorf("the column is generated: treat the columns that its expression reads")
		}
		return nil, nil
	}
	switch decision.Status {
	case Public:
		return nil, nil
	case Undecided:
		return nil, fmt.Errorf("nobody decided whether the column is confidential")
	case Treated:
	}
	if err := decision.validate(); err != nil {
		return nil, err
	}
	c.chars = c.a.charsOf(col.Charset)
	t := c.treatment(col)
	if t.Kind == kindPublic {
		return nil, nil
	}
	unique, prefix := c.uniqueIndex(col)
	if prefix && t.Kind != kindNull && t.Prefix == "" {
		return nil, fmt.Errorf("a unique index covers only a prefix of the column, which only {kind: string, prefix: preserve} keeps unique (blob for bytes)")
	}
	if err := c.checkUnique(col, t); err != nil {
		return nil, err
	}
	if t.Kind == kindCases {
		return c.cases(col, decision.Cases)
	}
	if t.Kind == kindSecret && c.inForeignKey(col) {
		return nil, fmt.Errorf("kind secret would break a foreign key")
	}
	if t.Kind == kindRedact && !unique && !c.inForeignKey(col) {
		return c.redact(col, t)
	}
	return c.compile(col, t, true)
}

// redact compiles a column that holds constants unless a foreign key of some table refers to it.
func (c *tableCompiler) redact(col *ddl.Column, t Treatment) (*column, error) {
	out, err := c.compile(col, t, false)
	if err != nil || out.isNull || !mayBeReferred(c.rows.table, col) {
		return out, err
	}
	pseudonyms, err := c.compile(col, t, true)
	if err != nil && c.a.refs.constant(ColumnRef{c.rows.database, c.rows.table.Name, col.Name}) {
		return out, nil // JSON, which no foreign key can refer to; one that does is refused
	}
	out.instead = pseudonyms
	return out, err
}

// mayBeReferred reports whether a column is part of an index, without which no foreign key can refer to it.
func mayBeReferred(t *ddl.Table, col *ddl.Column) bool {
	for i := range t.Indexes {
		if t.Indexes[i].Kind == "" && hasPart(&t.Indexes[i], col.Name) {
			return true
		}
	}
	return false
}

// uniqueIndex reports whether a unique index has the column as a part, and whether
// one has only a prefix of it that is shorter than the column.
func (c *tableCompiler) uniqueIndex(col *ddl.Column) (unique, prefix bool) {
	unique = col.Unique || col.PrimaryKey
	for _, index := range c.rows.table.Indexes {
		if !index.Unique && !index.Primary {
			continue
		}
		for _, part := range index.Parts {
			if !strings.EqualFold(part.Column, col.Name) {
				continue
			}
			unique = true
			if part.Prefix > 0 && (col.Type.Length < 0 || part.Prefix < col.Type.Length) {
				prefix = true
			}
		}
	}
	return unique, prefix
}

func (c *tableCompiler) inForeignKey(col *ddl.Column) bool {
	for _, fk := range c.rows.table.ForeignKeys {
		for _, name := range fk.Columns {
			if strings.EqualFold(name, col.Name) {
				return true
			}
		}
	}
	return false
}

// checkForeignKeys reports a foreign key whose column is treated otherwise than the
// column it refers to. NULL refers to nothing, so a column may become that.
func (c *tableCompiler) checkForeignKeys() error {
	for _, fk := range c.rows.table.ForeignKeys {
		database := fk.RefDatabase
		if database == "" {
			database = c.rows.database
		}
		parent := c.a.policy.Table(database, fk.RefTable)
		if parent == nil {
			continue // not in the dump
		}
		for i, name := range fk.Columns {
			if i >= len(fk.RefColumns) || parent.Rows == NoRows {
				continue
			}
			child, to := c.policy.Column(name), ColumnRef{database, fk.RefTable, fk.RefColumns[i]}
			msg := ""
			switch {
			case !sameTreatment(child, parent.Column(to.Column)):
				msg = "treated otherwise than " + to.String() + ", to which a foreign key refers"
			case child.Treatment.Kind == kindRedact && !c.a.refs.refer(to):
				msg = "a foreign key refers to " + to.String() + ", whose rows were redacted before this table was prepared"
			}
			if msg != "" {
				return &PolicyError{Database: c.rows.database, Table: c.rows.table.Name, Column: name, Position: child.Position, Msg: msg}
			}
		}
	}
	return nil
}

func sameTreatment(child, parent Decision) bool {
	if child.Status == Treated {
		if kind, _ := KindByName(child.Treatment.Kind); kind.Name == kindNull {
			return true
		}
	}
	if child.Status != parent.Status || len(child.Cases)+len(parent.Cases) > 0 {
		return false
	}
	return child.Status != Treated || child.Treatment.Equal(parent.Treatment)
}

// domainKey is a domain's name and the characters of the column.
type domainKey struct {
	name  string
	chars *charTable
}

func (c *tableCompiler) domain(name string) *domain {
	key := domainKey{name, c.chars}
	if c.domains[key] == nil {
		c.domains[key] = newDomain(c.a.key, name, c.chars)
	}
	return c.domains[key]
}

func (c *tableCompiler) randomness() (*randomness, error) {
	if c.random == nil {
		r, err := newRandomness(c.a.random)
		if err != nil {
			return nil, err
		}
		c.random = r
	}
	return c.random, nil
}
