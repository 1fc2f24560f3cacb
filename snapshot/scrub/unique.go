package scrub

import (
	"context"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// uniqueness compares the rows that go out by the unique indexes that treatments may break. Only rows whose values are not kept
// distinct by construction are remembered: one entry of 24 bytes (about 40 with the table around them) for each and for each index.
// Rows that are, are compared with those in a second reading, where one may be equal to some.
type uniqueness struct {
	tables map[string]*uniqueTable
}

// uniqueTable is what was seen of one table.
type uniqueTable struct {
	seen  map[int]map[[16]byte]int64 // by index: the offset of the block of rows that has the key
	again map[int]bool               // the indexes for which the other rows are to be compared
}

// rowKey is a key and the row that it is of, by its ordinal in its statement.
type rowKey struct {
	anonymize.UniqueKey
	row int64
}

// uniqueKeys collects the keys of the current row, which was treated. again is as for anonymize.Rows.UniqueKeys.
func (w *worker) uniqueKeys(t *task, again func(index int) bool) error {
	var err error
	if w.keys, err = w.rows.UniqueKeys(w.keys[:0], again, w.outgoing); err != nil {
		return w.fail(t, -1, err)
	}
	for _, key := range w.keys {
		t.keys = append(t.keys, rowKey{key, w.scanner.Row()})
	}
	return nil
}

// outgoing returns a value of the current row as it goes out.
func (w *worker) outgoing(column int) (v anonymize.Value, absent bool, err error) {
	if w.rows.Needs(column) {
		return w.row[column], false, nil
	}
	if !w.plan.isGiven[column] || w.byIndex[column].Kind == mysqldump.Default {
		return anonymize.Value{}, true, nil
	}
	if err := w.decode(w.plan, column); err != nil {
		return anonymize.Value{}, false, err
	}
	return w.row[column], false, nil
}

// add remembers the keys of a block, and fails when one was there before. Blocks come in the dump's order, whoever rendered them.
func (u *uniqueness) add(t *task) error {
	for i := range t.keys {
		k := &t.keys[i]
		table := u.table(t.plan)
		if table.seen[k.Index] == nil {
			table.seen[k.Index] = map[[16]byte]int64{}
		}
		if at, ok := table.seen[k.Index][k.Sum]; ok {
			return collision(t, k, at)
		}
		table.seen[k.Index][k.Sum] = t.rows.Offset
		if k.MeetsProven {
			table.again[k.Index] = true
		}
	}
	return nil
}

func (u *uniqueness) table(p *plan) *uniqueTable {
	name := key(p.database, p.table.Name)
	if u.tables[name] == nil {
		u.tables[name] = &uniqueTable{seen: map[int]map[[16]byte]int64{}, again: map[int]bool{}}
	}
	return u.tables[name]
}

// again reports whether rows of a table are to be compared in a second reading.
func (u *uniqueness) again(database, table string) bool {
	t := u.tables[key(database, table)]
	return t != nil && len(t.again) > 0
}

// meets looks for the keys of a block among those that were remembered.
func (u *uniqueness) meets(t *task) error {
	for i := range t.keys {
		k := &t.keys[i]
		if at, ok := u.table(t.plan).seen[k.Index][k.Sum]; ok {
			return collision(t, k, at)
		}
	}
	return nil
}

// collision names the row of a key, and where the row is that is equal to it.
func collision(t *task, k *rowKey, at int64) error {
	index := &t.plan.table.Indexes[k.Index]
	e := &CollisionError{Index: index.Name, Offset: at}
	for _, part := range index.Parts {
		e.Columns = append(e.Columns, part.Column)
	}
	return &RowError{Database: t.plan.database, Table: t.plan.table.Name, Offset: t.rows.Offset, Row: k.row, Err: e}
}

// check reads the dump, and once more where rows that are distinct by construction may be equal to others.
func (r *run) check(ctx context.Context) error {
	r.unique = &uniqueness{tables: map[string]*uniqueTable{}}
	if err := r.do(ctx); err != nil {
		return err
	}
	if !slices.ContainsFunc(r.survey.Tables, func(d Definition) bool { return r.unique.again(d.Database, d.Table.Name) }) {
		return nil
	}
	again := &run{
		source: r.source, survey: r.survey, options: r.options, selection: r.selection,
		render:    func(w *worker, t *task) error { return w.again(t, r.unique.table(t.plan)) },
		statement: func(*mysqldump.Statement, *plan) ([]byte, error) { return nil, nil },
		emit:      r.unique.meets,
		skip:      func(database, table string) bool { return !r.unique.again(database, table) },
	}
	return again.do(ctx)
}

// again treats the rows of a block once more, for the keys of those that are distinct by construction.
func (w *worker) again(t *task, table *uniqueTable) error {
	return w.treated(t, func() error {
		return w.uniqueKeys(t, func(index int) bool { return table.again[index] })
	})
}
