package anonymize

import (
	"encoding/binary"
	"errors"
	"slices"
)

// recordBytes is the length of one key in what Gather appends.
const recordBytes = 16

// Gather appends what a selection has to know of a row, nothing for one that its own rule leaves out. The row is indexed as for Apply;
// the columns that Reads names are read. Only after Link, for a table that the selection gathers.
func (r *Rows) Gather(dst []byte, row []Value) ([]byte, error) {
	if r.gathered == nil {
		return dst, errUnlinked
	}
	if r.keeps != nil {
		if keep, err := r.keeps.keep(row); !keep || err != nil {
			return dst, r.failRow(err)
		}
	}
	s := r.selection
	add := func(parts []keyPart) {
		var k rowKey
		k, r.buf = s.hash(r.buf, parts, row)
		dst = binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64(dst, k[0]), k[1])
	}
	for _, k := range r.gathered.keys {
		add(k.parts)
	}
	for _, l := range r.gathered.links {
		if l.children == DropChildren {
			add(l.parts)
		}
	}
	return dst, nil
}

// Add takes what Gather appended for any number of rows of a table. It is for one goroutine.
func (s *Selection) Add(database, table string, records []byte) {
	t := s.tables[tableKey{database, table}]
	take := func() (k rowKey) {
		k[0], k[1] = binary.LittleEndian.Uint64(records), binary.LittleEndian.Uint64(records[8:])
		records = records[recordBytes:]
		return k
	}
	for len(records) > 0 {
		for _, k := range t.keys {
			k.rows = append(k.rows, take())
		}
		for _, l := range t.links {
			if l.children == DropChildren {
				l.rows = append(l.rows, take())
			}
		}
		t.count++
	}
}

// errTooManyRows is returned for a table with more rows than Settle can number.
var errTooManyRows = errors.New("choose rows: a table that others refer to keeps more than 4294967295 rows")

// Settle finds the rows that stay: those that their own rules keep and whose foreign keys, where child rows are dropped, refer to rows
// that stay. Rows that refer to one another in a circle stay together or go together. It takes time in proportion to the rows, times
// the logarithm of their number.
func (s *Selection) Settle() error {
	for _, t := range s.tables {
		if uint64(t.count) > 1<<32-1 {
			return errTooManyRows
		}
		t.lost = make([]bool, t.count)
		for _, k := range t.keys {
			k.byKey = sorted(k.rows)
		}
		for _, l := range t.links {
			l.byKey = sorted(l.rows)
		}
	}
	lose(s.orphans())
	for _, t := range s.tables {
		for _, k := range t.keys {
			k.keep(t.lost)
		}
		for _, l := range t.links {
			l.rows, l.byKey = nil, nil
		}
		t.lost = nil
	}
	return nil
}

// sorted returns the numbers of rows in the order of their keys.
func sorted(rows []rowKey) []uint32 {
	out := make([]uint32, len(rows))
	for i := range out {
		out[i] = uint32(i)
	}
	slices.SortFunc(out, func(a, b uint32) int { return compareKeys(rows[a], rows[b]) })
	return out
}

func compareKeys(a, b rowKey) int {
	switch {
	case a[0] != b[0]:
		if a[0] < b[0] {
			return -1
		}
		return 1
	case a[1] < b[1]:
		return -1
	case a[1] > b[1]:
		return 1
	}
	return 0
}

// with returns the numbers of the rows with a key.
func with(rows []rowKey, byKey []uint32, k rowKey) []uint32 {
	low, _ := slices.BinarySearchFunc(byKey, k, func(i uint32, k rowKey) int { return compareKeys(rows[i], k) })
	high := low
	for high < len(byKey) && rows[byKey[high]] == k {
		high++
	}
	return byKey[low:high]
}

// lostRow is a row that does not stay.
type lostRow struct {
	t   *selected
	row uint32
}

// orphans finds the rows whose parents were never there, or not kept by their own rule.
func (s *Selection) orphans() (lost []lostRow) {
	for _, t := range s.tables {
		for _, l := range t.links {
			for i, k := range l.rows {
				if k != (rowKey{}) && !t.lost[i] && len(with(l.to.rows, l.to.byKey, k)) == 0 {
					t.lost[i] = true
					lost = append(lost, lostRow{t, uint32(i)})
				}
			}
		}
	}
	return lost
}

// lose follows the foreign keys to lost rows, until no more are lost.
func lose(todo []lostRow) {
	for len(todo) > 0 {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, k := range next.t.keys {
			key := k.rows[next.row]
			if key == (rowKey{}) || slices.ContainsFunc(with(k.rows, k.byKey, key), func(i uint32) bool { return !next.t.lost[i] }) {
				continue // another row has the same key: the key need not be unique
			}
			todo = k.loseChildren(todo, key)
		}
	}
}

// loseChildren adds the rows whose foreign keys refer to a key that is gone.
func (k *selectedKey) loseChildren(todo []lostRow, key rowKey) []lostRow {
	for _, l := range k.dropped {
		for _, i := range with(l.rows, l.byKey, key) {
			if !l.of.lost[i] {
				l.of.lost[i] = true
				todo = append(todo, lostRow{l.of, i})
			}
		}
	}
	return todo
}

// keep leaves the keys of rows that stay, sorted.
func (k *selectedKey) keep(lost []bool) {
	kept := make([]rowKey, 0, len(k.rows))
	for _, i := range k.byKey {
		if !lost[i] && k.rows[i] != (rowKey{}) {
			kept = append(kept, k.rows[i])
		}
	}
	k.rows, k.byKey = kept, nil
}

func (k *selectedKey) has(key rowKey) bool {
	_, found := slices.BinarySearchFunc(k.rows, key, compareKeys)
	return found
}

// Link tells rows of the selection, which must be settled before Apply is called. Tables whose rows depend on no others take it too.
func (r *Rows) Link(s *Selection) {
	t := s.tables[tableKey{r.database, r.table.Name}]
	if r.drop || t == nil {
		return
	}
	r.unlinked, r.selection, r.gathered, r.links = false, s, t, t.links
	for _, k := range t.keys {
		r.readKey(k.parts)
	}
	for _, l := range t.links {
		r.readKey(l.parts)
		for _, i := range l.nulls {
			r.nulls[i] = true
		}
	}
	r.cuts = make([]bool, len(t.links))
	r.setSpecial()
}

func (r *Rows) setSpecial() {
	r.special = r.unlinked || r.keeps != nil || len(r.links) > 0 || len(r.cased) > 0
}

func (r *Rows) readKey(parts []keyPart) {
	for _, part := range parts {
		r.read(part.column)
	}
}

// errChild is returned for a row that may not stay and may not go.
var errChild = errors.New("it refers to a row that is not kept; say children: drop or null where the rows of that table are chosen")

// follow judges a row by the rows that it refers to.
func (r *Rows) follow(row []Value) (keep bool, err error) {
	keep = true
	for n, l := range r.links {
		var k rowKey
		k, r.buf = r.selection.hash(r.buf, l.parts, row)
		if r.cuts[n] = false; k == (rowKey{}) || l.to.has(k) {
			continue
		}
		switch l.children {
		case DropChildren:
			return false, nil
		case NullChildren:
			r.cuts[n] = true
		case FailChildren:
			err = r.fail(l.parts[0].column, errChild)
			keep = false
		}
	}
	return keep, err
}

// cut makes the foreign keys NULL that follow found to refer to nothing.
func (r *Rows) cut(row []Value) {
	for n, l := range r.links {
		if !r.cuts[n] {
			continue
		}
		for _, i := range l.nulls {
			row[i] = Value{Null: true}
		}
	}
}
