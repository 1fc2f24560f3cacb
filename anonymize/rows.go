package anonymize

import (
	"errors"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Rows is the treatment of one table's rows, for one goroutine: it holds scratch
// space and a bounded memo of pseudonyms.
type Rows struct {
	database string
	table    *ddl.Table
	refs     *references
	drop     bool
	columns  []*column // by index in table.Columns; nil where nothing is done
	active   []int
	buf      []byte
}

// mapping appends the treated value to dst. It fails for a value it cannot treat, with
// an error that does not show the value.
type mapping func(dst, v []byte) ([]byte, error)

// column is the treatment of one column.
type column struct {
	ddl      *ddl.Column
	apply    mapping
	isNull   bool // every value becomes NULL
	needUTF8 bool
	fits     func(v, original []byte) error
	memo     *memo
	// instead takes this column's place when a foreign key refers to it; it is
	// nil where that is of no concern, or settled.
	instead *column
}

// Passthrough reports whether rows leave as they came: every row is kept and
// every column is public.
func (r *Rows) Passthrough() bool { return !r.drop && len(r.active) == 0 }

// Drops reports whether no row of the table is kept.
func (r *Rows) Drops() bool { return r.drop }

// Needs reports whether a column, by its index in the table's Columns, must be
// decoded and given to Apply.
func (r *Rows) Needs(column int) bool {
	return !r.drop && r.columns[column] != nil
}

// errNotUTF8 is returned for text that is not well formed.
var errNotUTF8 = errors.New("the text is not well-formed UTF-8")

// Apply treats one row in place. The row is indexed as the table's Columns; only the
// columns that Needs names are read and written. keep is false for a row that is to be
// dropped. What Apply writes is valid until the next call. NULL and the empty value
// stay what they are, except that the kind null makes both NULL.
//
// The error is a *ValueError; the row is then half treated and must not be used.
func (r *Rows) Apply(row []Value) (keep bool, err error) {
	if r.drop {
		return false, nil
	}
	r.buf = r.buf[:0]
	for _, i := range r.active {
		if r.columns[i].instead != nil {
			r.settle(i)
		}
		if err := r.applyColumn(r.columns[i], &row[i]); err != nil {
			return false, &ValueError{
				Database: r.database, Table: r.table.Name, Column: r.columns[i].ddl.Name, Msg: err.Error(),
			}
		}
	}
	return true, nil
}

// settle decides between constants and pseudonyms for a redacted column.
func (r *Rows) settle(i int) {
	c := r.columns[i]
	if r.refs.constant(ColumnRef{r.database, r.table.Name, c.ddl.Name}) {
		c.instead = nil
		return
	}
	r.columns[i] = c.instead
}

func (r *Rows) applyColumn(c *column, v *Value) error {
	if c.isNull {
		*v = Value{Null: true}
		return nil
	}
	if v.Null || len(v.Bytes) == 0 {
		return nil
	}
	start := len(r.buf)
	if out, ok := c.memo.get(v.Bytes); ok {
		r.buf = append(r.buf, out...)
		v.Bytes = r.buf[start:len(r.buf):len(r.buf)]
		return nil
	}
	if c.needUTF8 && !utf8.Valid(v.Bytes) {
		return errNotUTF8
	}
	out, err := c.apply(r.buf, v.Bytes)
	if err != nil {
		return err
	}
	r.buf = out
	out = out[start:len(out):len(out)]
	if err := c.fits(out, v.Bytes); err != nil {
		return err
	}
	c.memo.put(v.Bytes, out)
	v.Bytes = out
	return nil
}
