package anonymize

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"math"
	"strconv"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// UniqueKey stands for what a unique index holds of one row: rows with equal ones are equal to the index.
type UniqueKey struct {
	// Index is the position of the index in the table's Indexes.
	Index int
	// Sum is 128 bits of a SHA-256: among 10^9 keys two different ones have the same with a probability of 10^-21.
	Sum [16]byte
	// MeetsProven reports whether a row whose values are proven by construction may have the same key.
	MeetsProven bool
}

// UncheckedIndex is a unique index over treated columns that cannot be checked here.
type UncheckedIndex struct {
	Database, Table, Index string
	// Reason says what is not known: "collation utf8mb4_danish_ci", "an expression".
	Reason string
}

// Name is "database.table.index", or "table.index" where the dump names no database.
func (u UncheckedIndex) Name() string {
	return ColumnRef{u.Database, u.Table, u.Index}.String()
}

// uniqueIndex makes the keys of one unique index.
type uniqueIndex struct {
	index int // in the table's Indexes
	parts []uniquePart
}

// uniquePart is a column of a unique index.
type uniquePart struct {
	column int
	prefix int // in characters, or bytes of a binary column; 0 for all
	// key appends what is equal where the values are. plain: for text, whether printable ASCII could have the same.
	key func(dst, v []byte) (key []byte, plain bool)
}

// uniqueChecks finds the unique indexes that treatments may break, what is needed to check them, and those that cannot be.
func (c *tableCompiler) uniqueChecks() error {
	r := c.rows
	if r.Passthrough() || len(r.active)+len(r.cased) == 0 {
		return nil
	}
	for i := range r.table.Indexes {
		if !c.needsCheck(i) {
			continue
		}
		index, reason, err := c.prepareIndex(i)
		switch {
		case err != nil:
			return err
		case reason != "":
			r.unchecked = append(r.unchecked, UncheckedIndex{r.database, r.table.Name, r.table.Indexes[i].Name, reason})
		default:
			r.unique = append(r.unique, index)
		}
	}
	return nil
}

// needsCheck reports whether an index is unique over treated or computed columns, may hold equal rows, and is not unique because
// another one is.
func (c *tableCompiler) needsCheck(i int) bool {
	index := &c.rows.table.Indexes[i]
	if !index.Unique && !index.Primary {
		return false
	}
	treated := false
	for _, part := range index.Parts {
		col := c.partColumn(part)
		switch {
		case col == nil || col.Generated != ddl.NotGenerated:
			treated = true
		case c.treatment(col).Kind == kindNull:
			return false // NULL is equal to nothing
		case c.treatment(col).Kind != kindPublic:
			treated = true
		}
	}
	if !treated {
		return false
	}
	for j := range c.rows.table.Indexes {
		if other := &c.rows.table.Indexes[j]; i != j && (other.Unique || other.Primary) && c.implies(other, index) && (j < i || !c.implies(index, other)) {
			return false
		}
	}
	return true
}

// implies reports whether rows that are equal to index are equal to other. Texts that are equal need not begin with equal ones (ß = ss
// under utf8mb4_unicode_ci, of which the first characters are not).
func (c *tableCompiler) implies(other, index *ddl.Index) bool {
	for _, part := range other.Parts {
		col := c.partColumn(part)
		found := false
		for _, p := range index.Parts {
			shorter := part.Prefix > 0 && (p.Prefix == 0 || part.Prefix <= p.Prefix) && col != nil && col.Type.Class() != ddl.Text
			found = found || p.Column != "" && strings.EqualFold(p.Column, part.Column) && (p.Prefix == part.Prefix || shorter)
		}
		if !found {
			return false
		}
	}
	return len(other.Parts) > 0
}

// prepareIndex prepares an index; reason says why it cannot be checked.
func (c *tableCompiler) prepareIndex(i int) (out uniqueIndex, reason string, err error) {
	out.index = i
	for _, part := range c.rows.table.Indexes[i].Parts {
		col := c.partColumn(part)
		switch {
		case col == nil:
			return out, "an expression", nil
		case col.Generated != ddl.NotGenerated:
			return out, "generated column " + col.Name, nil
		}
		var text *textKey
		if col.Type.Class() == ddl.Text {
			name := col.Collation
			if name == "" {
				name = defaultCollation(col.Charset)
			}
			text, err = c.a.levels.textKey(name)
			switch {
			case errors.Is(err, errNoWeights) && name == "" && col.Charset == "":
				return out, "a collation that the dump does not name", nil
			case errors.Is(err, errNoWeights) && name == "":
				return out, "the default collation of " + col.Charset, nil
			case errors.Is(err, errNoWeights):
				return out, "collation " + name, nil
			case err != nil:
				return out, "", err
			}
		}
		key := partKey(col.Type, part.Prefix, text)
		if key == nil {
			return out, "type " + col.Type.Name, nil
		}
		column := c.rows.table.ColumnIndex(part.Column)
		out.parts = append(out.parts, uniquePart{column, part.Prefix, key})
		c.setProver(column, text)
	}
	return out, "", nil
}

// setProver prepares what is known of a column's values, once.
func (c *tableCompiler) setProver(column int, text *textKey) {
	r, col := c.rows, &c.rows.table.Columns[column]
	t := c.treatment(col)
	if t.Kind == kindPublic {
		return
	}
	if r.provers == nil {
		r.provers, r.proofs = make([]prover, len(r.columns)), make([]proof, len(r.columns))
	}
	if p := c.prover(col, t, text); p != nil && r.provers[column] == nil {
		r.provers[column] = p
		r.proven = append(r.proven, column)
	}
}

// partKey returns what makes keys of values of a type, cut to prefix where that is not 0; nil for one whose values are not compared here.
func partKey(t ddl.Type, prefix int, text *textKey) func(dst, v []byte) ([]byte, bool) {
	exactly := func(f func(dst, v []byte) []byte) func(dst, v []byte) ([]byte, bool) {
		return func(dst, v []byte) ([]byte, bool) { return f(dst, v), printableASCII(v) }
	}
	switch t.Class() {
	case ddl.Text:
		if t.Name == "char" {
			return func(dst, v []byte) ([]byte, bool) { return text.appendChar(dst, v, cmp.Or(prefix, t.Length)) }
		}
		return text.append
	case ddl.Binary:
		if t.Name == "binary" {
			return exactly(func(dst, v []byte) []byte { return append(dst, bytes.TrimRight(v, "\x00")...) })
		}
		return exactly(func(dst, v []byte) []byte { return append(dst, v...) })
	case ddl.Bit:
		return exactly(func(dst, v []byte) []byte { return append(dst, bytes.TrimLeft(v, "\x00")...) })
	case ddl.Integer, ddl.Decimal:
		return exactly(appendNumberKey)
	case ddl.Float:
		return exactly(func(dst, v []byte) []byte { return appendFloatKey(dst, v, t.Name == "float") })
	case ddl.DateTime, ddl.Time:
		return exactly(appendTimeKey)
	case ddl.Enum, ddl.Set, ddl.Date, ddl.Year, ddl.UUID, ddl.INET:
		return exactly(appendLower)
	default:
		return nil
	}
}

// appendNumberKey spells a number in one way.
func appendNumberKey(dst, v []byte) []byte {
	n, ok := splitNumber(string(v))
	if !ok {
		return append(dst, v...)
	}
	if n.negative {
		dst = append(dst, '-')
	}
	return append(append(append(dst, n.whole...), '.'), n.fraction...)
}

// appendTimeKey spells a time without the zeros at its end that a column may add.
func appendTimeKey(dst, v []byte) []byte {
	if bytes.IndexByte(v, '.') >= 0 {
		v = bytes.TrimRight(bytes.TrimRight(v, "0"), ".")
	}
	return appendLower(dst, v)
}

// appendFloatKey spells a number as the column holds it.
func appendFloatKey(dst, v []byte, single bool) []byte {
	bits := 64
	if single {
		bits = 32
	}
	x, err := strconv.ParseFloat(string(v), bits)
	if err != nil {
		return append(dst, v...)
	}
	return binary.BigEndian.AppendUint64(dst, math.Float64bits(x+0)) // -0 is 0
}

// prove finds what is known of the row's values before they are treated.
func (r *Rows) prove(row []Value) {
	r.unsure = false
	for _, i := range r.proven {
		r.proofs[i] = proven
		if !row[i].Null && len(row[i].Bytes) > 0 {
			r.proofs[i] = r.provers[i](row[i].Bytes)
			r.unsure = r.unsure || r.proofs[i] != proven
		}
	}
}

// Unchecked are the unique indexes over treated columns that only a server can check, in the definition's order.
func (r *Rows) Unchecked() []UncheckedIndex { return r.unchecked }

// Unproven reports whether the row that Apply treated last has values that are not kept distinct by construction and are part of a
// unique index: the keys of the row are to be compared with others.
func (r *Rows) Unproven() bool { return r.unsure }

// proofOf says what is known of the row that Apply treated last, as far as an index sees it.
func (r *Rows) proofOf(u *uniqueIndex) proof {
	least := proven
	for _, part := range u.parts {
		if r.provers != nil {
			least = max(least, r.proofs[part.column])
		}
	}
	return least
}

// UniqueKeys appends the keys of the row that Apply treated last: without again, of the indexes for which it is not proven by
// construction that the row is distinct from others; with it, of those for which again says so and it is proven. value returns the
// row's value of a column as it goes out; an absent one is its default. A row with NULL has no key.
func (r *Rows) UniqueKeys(dst []UniqueKey, again func(index int) bool, value func(column int) (v Value, absent bool, err error)) ([]UniqueKey, error) {
	for i := range r.unique {
		u := &r.unique[i]
		if isProven := r.proofOf(u) == proven; isProven != (again != nil) || isProven && !again(u.index) {
			continue
		}
		key, ok, err := r.uniqueKey(u, value)
		if err != nil {
			return dst, err
		}
		if ok {
			dst = append(dst, key)
		}
	}
	return dst, nil
}

func (r *Rows) uniqueKey(u *uniqueIndex, value func(column int) (v Value, absent bool, err error)) (key UniqueKey, ok bool, err error) {
	key = UniqueKey{Index: u.index, MeetsProven: true}
	start := len(r.buf) // the row's values are before it
	defer func() { r.buf = r.buf[:start] }()
	for _, part := range u.parts {
		v, absent, err := value(part.column)
		if err != nil || v.Null {
			return key, false, err
		}
		text := v.Bytes
		if absent {
			if text = defaultOf(&r.table.Columns[part.column]); text == nil {
				return key, false, nil
			}
		}
		if part.prefix > 0 {
			text = r.cutPrefix(part, text)
		}
		at := len(r.buf)
		var plain bool
		r.buf, plain = part.key(r.buf, text)
		r.buf = binary.BigEndian.AppendUint32(r.buf, uint32(len(r.buf)-at)) // parts are told apart by their lengths
		if r.provers != nil && r.provers[part.column] != nil {
			p := r.proofs[part.column]
			key.MeetsProven = key.MeetsProven && p != provenApart && (p != provenByKey || plain)
		}
	}
	sum := sha256.Sum256(r.buf[start:])
	copy(key.Sum[:], sum[:])
	return key, true, nil
}

// defaultOf returns what a server puts into a column that a row does not give: nil for NULL and for what counts. An expression stands for
// itself, as if it were the same in all rows.
func defaultOf(col *ddl.Column) []byte {
	if col.AutoIncrement || strings.EqualFold(col.Default, "NULL") || col.Default == "" && col.Nullable {
		return nil
	}
	return append([]byte{}, strings.Trim(col.Default, "'")...)
}

// cutPrefix returns what an index on a prefix holds of a value.
func (r *Rows) cutPrefix(part uniquePart, v []byte) []byte {
	if r.table.Columns[part.column].Type.Class() == ddl.Text {
		return v[:firstChars(v, part.prefix)]
	}
	return v[:min(len(v), part.prefix)]
}
