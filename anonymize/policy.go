package anonymize

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Position is a place in a source file. Line counts from 1; 0 means unknown.
type Position struct {
	File string `json:"file,omitempty"`
	Line int    `json:"line,omitempty"`
}

// String returns "models.py:12", the file alone without a line, or "".
func (p Position) String() string {
	if p.Line == 0 {
		return p.File
	}
	return p.File + ":" + strconv.Itoa(p.Line)
}

// Status says whether somebody decided about a column.
type Status int

// The statuses of a column. The zero value is the one that stops a run.
const (
	Undecided Status = iota // nobody said anything
	Public                  // reviewed: the values stay as they are
	Treated                 // the values are replaced
)

// String returns the status as JSON has it.
func (s Status) String() string {
	switch s {
	case Public:
		return "public"
	case Treated:
		return "treated"
	default:
		return "undecided"
	}
}

// MarshalText returns the status as JSON has it.
func (s Status) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// Decision is what was decided about one column, by whom, and why.
type Decision struct {
	Status Status `json:"status"`
	// Treatment holds for the status Treated only, and when there are no Cases.
	Treatment Treatment `json:"treatment,omitzero"`
	// Cases treat a row's value by a condition over the row: the first that holds decides. The last has no condition. Only for
	// the status Treated; a case may have the kind public.
	Cases []Case `json:"cases,omitempty"`
	// Origin names the source: "models", "rules", "ddl", "builtin", "inherited",
	// "flag".
	Origin   string   `json:"origin,omitempty"`
	Position Position `json:"position,omitzero"`
	Reason   string   `json:"reason,omitempty"`
}

// Column returns the decision about a column; case does not matter. A column
// that the policy does not know is undecided.
func (t *TablePolicy) Column(name string) Decision {
	return t.Columns[strings.ToLower(name)]
}

// ColumnRef names a column.
type ColumnRef struct {
	Database string `json:"database,omitempty"`
	Table    string `json:"table"`
	Column   string `json:"column"`
}

// String returns "database.table.column", or "table.column".
func (c ColumnRef) String() string {
	return tableName(c.Database, c.Table) + "." + c.Column
}

func tableName(database, table string) string {
	if database == "" {
		return table
	}
	return database + "." + table
}

type tableKey struct{ database, table string }

// Policy is what was decided about every table. Its zero value knows no table.
// Building is for one goroutine; a Policy that no longer changes is safe for
// concurrent use.
type Policy struct {
	tables      map[tableKey]*TablePolicy
	choosesRows bool // a table may lose rows
}

// Add adds a table, which the policy then owns. It fails for a table that is
// there already and for a treatment that is not valid, naming table and column.
func (p *Policy) Add(t *TablePolicy) error {
	k := tableKey{t.Database, t.Table}
	if p.tables[k] != nil {
		return fmt.Errorf("policy: table %s is there twice", tableName(t.Database, t.Table))
	}
	for _, name := range slices.Sorted(maps.Keys(t.Columns)) {
		d := t.Columns[name]
		if d.Status != Treated {
			continue
		}
		if err := d.validate(); err != nil {
			return &PolicyError{Database: t.Database, Table: t.Table, Column: name, Position: d.Position, Msg: err.Error()}
		}
	}
	if err := t.validateRows(); err != nil {
		return &PolicyError{Database: t.Database, Table: t.Table, Position: t.RowsPosition, Msg: err.Error()}
	}
	if p.tables == nil {
		p.tables = map[tableKey]*TablePolicy{}
	}
	p.tables[k] = t
	p.choosesRows = p.choosesRows || t.Rows != AllRows
	return nil
}

// Table returns what was decided about a table, or nil. Names are compared byte
// by byte, as servers with lower_case_table_names=0 do.
func (p *Policy) Table(database, table string) *TablePolicy {
	return p.tables[tableKey{database, table}]
}

// Tables returns all tables, sorted by database and name.
func (p *Policy) Tables() []*TablePolicy {
	return slices.SortedFunc(maps.Values(p.tables), func(a, b *TablePolicy) int {
		return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Table, b.Table))
	})
}

// Undecided returns the columns nobody decided about, sorted. Tables whose rows
// are all dropped have none.
func (p *Policy) Undecided() []ColumnRef {
	var refs []ColumnRef
	for _, t := range p.Tables() {
		if t.Rows == NoRows {
			continue
		}
		for _, name := range slices.Sorted(maps.Keys(t.Columns)) {
			if t.Columns[name].Status == Undecided {
				refs = append(refs, ColumnRef{t.Database, t.Table, name})
			}
		}
	}
	return refs
}

// Digest returns "sha256:…" over what the policy does to values: two policies
// with the same digest turn equal dumps into equal copies under one key. Origins,
// positions and reasons do not count.
func (p *Policy) Digest() string {
	h := sha256.New()
	for _, t := range p.Tables() {
		_, _ = fmt.Fprintf(h, "table %q %q rows %s\n", t.Database, t.Table, t.describeRows())
		for _, name := range slices.Sorted(maps.Keys(t.Columns)) {
			d := t.Columns[name]
			_, _ = fmt.Fprintf(h, "column %q %s", name, d.Status)
			if d.Status == Treated {
				_, _ = io.WriteString(h, " "+d.canonical())
			}
			_, _ = io.WriteString(h, "\n")
		}
	}
	return "sha256:" + hex.EncodeToString(h.Sum(nil))
}

// MarshalJSON writes the tables sorted, {"tables": [...]}; equal policies give
// equal bytes.
func (p *Policy) MarshalJSON() ([]byte, error) {
	tables := p.Tables()
	if tables == nil {
		tables = []*TablePolicy{}
	}
	return json.Marshal(struct {
		Tables []*TablePolicy `json:"tables"`
	}{tables})
}
