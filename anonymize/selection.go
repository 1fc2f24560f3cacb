package anonymize

import (
	"errors"
	"fmt"
	"hash/maphash"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// errUnlinked is a mistake of whoever writes rows.
var errUnlinked = errors.New("rows may depend on rows of other tables: call Link first")

// Source is a table of the dump that rows are chosen from.
type Source struct {
	Database string
	Table    *ddl.Table
}

// Selection knows which rows are kept of the tables that others refer to, so that no foreign key of a kept row refers to one that is
// not. It is made in three steps:
//
//	s := anonymizer.Selection(tables)
//	for every row of the tables that s.Gathers names: rows.Gather(…), s.Add(…)
//	s.Settle()
//
// It holds 20 bytes for each row that a table's own rule keeps, for each key of it that others refer to and each foreign key of it
// whose child rows are dropped; only of tables that lose rows and are referred to. After Settle it is safe for concurrent use.
type Selection struct {
	seeds  [2]maphash.Seed
	tables map[tableKey]*selected
}

// rowKey stands for a key's values: 128 bits of two keyed hashes. The zero rowKey is that of a key with NULL in it.
type rowKey [2]uint64

// selected is a table of a selection.
type selected struct {
	Source
	policy   *TablePolicy
	affected bool     // it may lose rows
	children Children // what becomes of those who refer to its lost rows
	keys     []*selectedKey
	links    []*link
	gathers  bool
	count    int // of rows that were added
	lost     []bool
}

// selectedKey is a key of a table that foreign keys refer to.
type selectedKey struct {
	columns []string
	parts   []keyPart
	dropped []*link  // the foreign keys to it whose rows go with it
	rows    []rowKey // by row; after Settle those that are kept, sorted
	byKey   []uint32 // rows, sorted by their key
}

// link is a foreign key to a table that may lose rows.
type link struct {
	of       *selected
	parts    []keyPart
	to       *selectedKey
	children Children
	nulls    []int // the columns that become NULL
	rows     []rowKey
	byKey    []uint32
}

// Selection prepares the choice of rows. The error joins a *PolicyError for each foreign key that cannot be followed.
func (a *Anonymizer) Selection(tables []Source) (*Selection, error) {
	s := &Selection{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, tables: map[tableKey]*selected{}}
	var all []*selected
	for _, t := range tables {
		policy := a.policy.Table(t.Database, t.Table.Name)
		if policy == nil {
			return nil, &PolicyError{Database: t.Database, Table: t.Table.Name, Msg: "the policy does not know the table"}
		}
		one := &selected{Source: t, policy: policy, affected: policy.Rows != AllRows, children: policy.Children}
		s.tables[tableKey{t.Database, t.Table.Name}] = one
		all = append(all, one)
	}
	s.spread(all)
	var errs []error
	for _, t := range all {
		errs = append(errs, s.link(a, t)...)
	}
	for _, t := range all {
		t.gathers = t.affected && t.policy.Rows != NoRows && len(t.keys) > 0
		errs = append(errs, s.checkNulls(t, all)...)
	}
	return s, errors.Join(errs...)
}

// Loses reports whether a table may lose rows, by its own treatment of rows or along its foreign keys.
func (s *Selection) Loses(database, table string) bool {
	t := s.tables[tableKey{database, table}]
	return t != nil && t.affected
}

// spread finds the tables that lose rows because of others.
func (s *Selection) spread(all []*selected) {
	for changed := true; changed; {
		changed = false
		for _, t := range all {
			if t.affected {
				continue
			}
			for i := range t.Table.ForeignKeys {
				if to := s.target(t, &t.Table.ForeignKeys[i]); to != nil && to.affected && to.children == DropChildren {
					t.affected, t.children, changed = true, DropChildren, true
				}
			}
		}
	}
}

// target returns the table that a foreign key refers to, nil when the dump does not have it.
func (s *Selection) target(t *selected, fk *ddl.ForeignKey) *selected {
	database := fk.RefDatabase
	if database == "" {
		database = t.Database
	}
	return s.tables[tableKey{database, fk.RefTable}]
}

// link prepares the foreign keys of a table that refer to tables that may lose rows.
func (s *Selection) link(a *Anonymizer, t *selected) (errs []error) {
	if t.policy.Rows == NoRows {
		return nil
	}
	for i := range t.Table.ForeignKeys {
		fk := &t.Table.ForeignKeys[i]
		to := s.target(t, fk)
		if to == nil || !to.affected || t.becomesNull(fk) {
			continue
		}
		l, err := s.newLink(a, t, to, fk)
		if err != nil {
			errs = append(errs, &PolicyError{
				Database: t.Database, Table: t.Table.Name, Column: strings.Join(fk.Columns, ", "), Position: to.policy.RowsPosition,
				Msg: fmt.Sprintf("a foreign key to %s, which loses rows, cannot be followed: %v", tableName(to.Database, to.Table.Name), err),
			})
			continue
		}
		t.links = append(t.links, l)
	}
	return errs
}

// becomesNull reports whether a foreign key refers to nothing in the copy, because the kind null treats one of its columns.
func (t *selected) becomesNull(fk *ddl.ForeignKey) bool {
	return slices.ContainsFunc(fk.Columns, func(name string) bool {
		d := t.policy.Column(name)
		kind, _ := KindByName(d.Treatment.Kind)
		return d.Status == Treated && len(d.Cases) == 0 && kind.Name == kindNull
	})
}

func (s *Selection) newLink(a *Anonymizer, t, to *selected, fk *ddl.ForeignKey) (*link, error) {
	if len(fk.Columns) == 0 || len(fk.Columns) != len(fk.RefColumns) {
		return nil, errors.New("it names other numbers of columns")
	}
	l := &link{of: t, children: to.children}
	var err error
	if l.parts, err = a.keyParts(t.Table, fk.Columns); err != nil {
		return nil, err
	}
	if l.to, err = to.key(a, fk.RefColumns); err != nil {
		return nil, err
	}
	switch l.children {
	case FailChildren:
		return l, nil
	case DropChildren:
		l.to.dropped = append(l.to.dropped, l)
		return l, nil
	case NullChildren:
	}
	for _, part := range l.parts {
		if t.Table.Columns[part.column].Nullable {
			l.nulls = append(l.nulls, part.column)
		}
	}
	if len(l.nulls) == 0 {
		return nil, errors.New("children are to become NULL, and its columns are NOT NULL")
	}
	return l, nil
}

// key returns the key of a table with these columns.
func (t *selected) key(a *Anonymizer, columns []string) (*selectedKey, error) {
	for _, k := range t.keys {
		if slices.EqualFunc(k.columns, columns, strings.EqualFold) {
			return k, nil
		}
	}
	parts, err := a.keyParts(t.Table, columns)
	if err != nil {
		return nil, err
	}
	k := &selectedKey{columns: columns, parts: parts}
	t.keys = append(t.keys, k)
	return k, nil
}

// checkNulls refuses columns that would become NULL while other tables refer to them.
func (s *Selection) checkNulls(t *selected, all []*selected) (errs []error) {
	for _, l := range t.links {
		for _, i := range l.nulls {
			name := t.Table.Columns[i].Name
			if slices.ContainsFunc(all, func(o *selected) bool { return s.refers(o, t, name) }) {
				errs = append(errs, &PolicyError{
					Database: t.Database, Table: t.Table.Name, Column: name,
					Msg: "children are to become NULL, and a foreign key refers to this column; let them be dropped",
				})
			}
		}
	}
	return errs
}

// refers reports whether a foreign key of o refers to a column of t.
func (s *Selection) refers(o, t *selected, column string) bool {
	for i := range o.Table.ForeignKeys {
		fk := &o.Table.ForeignKeys[i]
		if s.target(o, fk) == t && slices.ContainsFunc(fk.RefColumns, func(c string) bool { return strings.EqualFold(c, column) }) {
			return true
		}
	}
	return false
}

// NeedsRows reports whether rows must be added before Settle.
func (s *Selection) NeedsRows() bool {
	for _, t := range s.tables {
		if t.gathers {
			return true
		}
	}
	return false
}

// Gathers reports whether the rows of a table must be added.
func (s *Selection) Gathers(database, table string) bool {
	t := s.tables[tableKey{database, table}]
	return t != nil && t.gathers
}

// hash returns the rowKey of a row, spelling its key in buf.
func (s *Selection) hash(buf []byte, parts []keyPart, row []Value) (rowKey, []byte) {
	buf, null := appendKey(buf[:0], parts, row)
	if null {
		return rowKey{}, buf
	}
	k := rowKey{maphash.Bytes(s.seeds[0], buf), maphash.Bytes(s.seeds[1], buf)}
	if k == (rowKey{}) {
		k[0] = 1
	}
	return k, buf
}
