package anonymize

import (
	"errors"
	"fmt"
	"math"

	"github.com/turbo-hipster/turbo-hipster/anonymize/permute"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// rowRule decides which rows of a table are kept, by the row alone.
type rowRule interface {
	keep(row []Value) (bool, error)
}

// rowRule makes the rule of a table; nil when all rows are kept.
func (c *tableCompiler) rowRule() (rowRule, error) {
	switch {
	case c.policy.Rows != SomeRows:
		return nil, nil
	case c.policy.Where != "":
		cond, err := ParseCondition(c.policy.Where)
		if err != nil {
			return nil, err
		}
		b, err := c.a.collations.bind(cond, c.rows.table)
		if err != nil {
			return nil, err
		}
		c.rows.read(b.reads...)
		return where{b}, nil
	}
	parts, err := c.a.keyParts(c.rows.table, primaryKey(c.rows.table))
	if err != nil {
		return nil, err
	}
	for _, part := range parts {
		c.rows.read(part.column)
	}
	// The database has no part in it: dumps of one schema under other names keep the same rows.
	p := permute.New(c.a.key.derive("rows", c.rows.table.Name))
	return &fraction{p: p, parts: parts, below: uint64(math.Ldexp(c.policy.Fraction, 64))}, nil
}

type where struct{ condition *bound }

func (w where) keep(row []Value) (bool, error) { return w.condition.holds(row) }

// fraction keeps a row when a number that the key makes of its primary key is small.
type fraction struct {
	p     *permute.Permuter
	parts []keyPart
	below uint64
	buf   []byte
}

func (f *fraction) keep(row []Value) (bool, error) {
	var null bool
	f.buf, null = appendKey(f.buf[:0], f.parts, row)
	if null {
		return false, errors.New("the primary key is NULL")
	}
	s := f.p.Stream(f.p.Tweak(f.buf))
	return s.Uint64() < f.below, nil
}

// primaryKey returns the columns of a table's primary key.
func primaryKey(t *ddl.Table) []string {
	for i := range t.Indexes {
		if t.Indexes[i].Primary {
			var names []string
			for _, part := range t.Indexes[i].Parts {
				names = append(names, part.Column)
			}
			return names
		}
	}
	return nil
}

// keyPart is a column of a key, and how its values are spelled so that equal ones are spelled alike.
type keyPart struct {
	column int
	number bool
	text   *collation // of text whose collation is known
}

// keyParts prepares the columns of a key. Text under a collation that is not known is compared byte by byte.
func (a *Anonymizer) keyParts(t *ddl.Table, columns []string) ([]keyPart, error) {
	if len(columns) == 0 {
		return nil, errors.New("a fraction is chosen by the primary key, and the table has none")
	}
	var parts []keyPart
	for _, name := range columns {
		i := t.ColumnIndex(name)
		if i < 0 {
			return nil, fmt.Errorf("a key names column %s, which the table does not have", name)
		}
		col := &t.Columns[i]
		if col.Generated != ddl.NotGenerated {
			return nil, fmt.Errorf("column %s of a key is generated, and dumps leave its values out", col.Name)
		}
		part := keyPart{column: i}
		switch col.Type.Class() {
		case ddl.Integer, ddl.Decimal:
			part.number = true
		case ddl.Text:
			part.text, _ = a.collations.get(col.Collation, col.Charset)
		default:
		}
		parts = append(parts, part)
	}
	return parts, nil
}

// appendKey spells a row's key. null: a part is NULL, so that the key refers to nothing and nothing refers to it.
func appendKey(dst []byte, parts []keyPart, row []Value) (key []byte, null bool) {
	for i := range parts {
		v := row[parts[i].column]
		if v.Null {
			return dst, true
		}
		at := len(dst)
		dst = append(dst, 0, 0, 0, 0) // room for the length
		dst = parts[i].spell(dst, v.Bytes)
		n := len(dst) - at - 4
		dst[at], dst[at+1], dst[at+2], dst[at+3] = byte(n), byte(n>>8), byte(n>>16), byte(n>>24)
	}
	return dst, false
}

// spell appends a value such that values that are equal to the server are spelled alike. It may spell two alike values differently,
// where a collation takes characters outside ASCII for equal, and never two different ones alike.
func (p *keyPart) spell(dst, v []byte) []byte {
	switch {
	case p.number && len(v) > 0:
		if v[0] == '-' {
			dst, v = append(dst, '-'), v[1:]
		}
		for len(v) > 1 && v[0] == '0' && v[1]-'0' < 10 {
			v = v[1:] // ZEROFILL
		}
		return append(dst, v...)
	case p.text == nil:
		return append(dst, v...)
	}
	if p.text.pad {
		v, _ = splitSpaces(v)
	}
	if p.text.exact {
		return append(dst, v...)
	}
	at := len(dst)
	dst = append(dst, 'f')
	var last rune
	for _, r := range string(v) {
		text, ok := p.text.of(r)
		if p.text.dropped(last, r) {
			text, ok = "", true
		}
		if !ok {
			return append(append(dst[:at], 'r'), v...)
		}
		dst, last = append(dst, text...), r
	}
	if p.text.pad {
		for dst[len(dst)-1] == ' ' && len(dst) > at+1 {
			dst = dst[:len(dst)-1]
		}
	}
	return dst
}
