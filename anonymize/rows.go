package anonymize

import (
	"errors"
	"hash/maphash"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Rows is the treatment of one table's rows, for one goroutine: it holds scratch
// space and a bounded memo of pseudonyms.
type Rows struct {
	database  string
	table     *ddl.Table
	refs      *references
	drop      bool
	columns   []*column // by index in table.Columns; nil where nothing is done
	active    []int     // the columns that are treated alike in all rows
	cased     []int     // those that are treated by conditions
	chosen    []*column // parallel to cased: what the current row needs
	keeps     rowRule   // nil when every row is kept
	links     []*link   // foreign keys to tables that lose rows
	gathered  *selected // what Link found about this table
	reads     []bool    // columns that must be decoded
	nulls     []bool    // columns that Apply may make NULL for children: null
	selection *Selection
	cuts      []bool // parallel to links: of the current row
	seed      maphash.Seed
	special   bool          // some of the above is set: Apply has more to do than to treat columns
	unlinked  bool          // Link was not called, but rows may depend on others
	unique    []uniqueIndex // those to check
	unchecked []UncheckedIndex
	proven    []int    // columns that provers are for
	provers   []prover // by column
	proofs    []proof  // by column, of the current row
	unsure    bool     // some of proofs is not proven
	buf       []byte
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
	observed *observed    // nil where the result does not depend on the value
	cases    []columnCase // when there are any, everything above but ddl is theirs
	// instead takes this column's place when a foreign key refers to it; it is
	// nil where that is of no concern, or settled.
	instead *column
}

// Passthrough reports whether rows leave as they came: every row is kept and
// every column is public.
func (r *Rows) Passthrough() bool { return !r.Chooses() && len(r.active)+len(r.cased) == 0 }

// Chooses reports whether rows may be left out, or depend on rows of other tables.
func (r *Rows) Chooses() bool { return r.drop || r.keeps != nil || len(r.links) > 0 }

// Drops reports whether no row of the table is kept.
func (r *Rows) Drops() bool { return r.drop }

// Needs reports whether Apply may change a column, by its index in the table's Columns: what it leaves in the row is to be written.
func (r *Rows) Needs(column int) bool {
	return !r.drop && (r.columns[column] != nil || r.nulls[column])
}

// Reads reports whether a column must be decoded and given to Apply: those that Needs names, and those that decide about a row.
func (r *Rows) Reads(column int) bool { return !r.drop && r.reads[column] }

func (r *Rows) read(columns ...int) {
	for _, i := range columns {
		r.reads[i] = true
	}
}

// errNotUTF8 is returned for text that is not well formed.
var errNotUTF8 = errors.New("the text is not well-formed UTF-8")

// Apply treats one row in place. The row is indexed as the table's Columns; only the
// columns that Reads names are read, and those that Needs names written. keep is false for a row that is to be
// dropped. What Apply writes is valid until the next call. NULL and the empty value
// stay what they are, except that the kind null makes both NULL.
//
// The error is a *ValueError; the row is then half treated and must not be used.
func (r *Rows) Apply(row []Value) (keep bool, err error) {
	if r.drop {
		return false, nil
	}
	r.buf = r.buf[:0]
	if r.special {
		if keep, err = r.before(row); !keep || err != nil {
			return false, err
		}
	}
	if r.proven != nil {
		r.prove(row)
	}
	for _, i := range r.active {
		if r.columns[i].instead != nil {
			r.settle(i)
		}
		if err := r.applyColumn(r.columns[i], &row[i]); err != nil {
			return false, r.fail(i, err)
		}
	}
	if r.special {
		return r.after(row)
	}
	return true, nil
}

// before decides whether a row is kept, and what its values need.
func (r *Rows) before(row []Value) (keep bool, err error) {
	if r.unlinked {
		return false, errUnlinked
	}
	if r.keeps != nil {
		if keep, err = r.keeps.keep(row); !keep || err != nil {
			return false, r.failRow(err)
		}
	}
	if keep, err = r.follow(row); !keep || err != nil {
		return false, err
	}
	return true, r.choose(row)
}

// after treats the values that depend on the row, and cuts its foreign keys to what was left out.
func (r *Rows) after(row []Value) (keep bool, err error) {
	if err := r.applyCases(row); err != nil {
		return false, err
	}
	r.cut(row)
	return true, nil
}

// fail names the column on an error.
func (r *Rows) fail(column int, err error) error {
	return &ValueError{Database: r.database, Table: r.table.Name, Column: r.table.Columns[column].Name, Msg: err.Error()}
}

// failRow names the table on an error of the row rule, if there is one.
func (r *Rows) failRow(err error) error {
	if err == nil {
		return nil
	}
	return &ValueError{Database: r.database, Table: r.table.Name, Column: "rows", Msg: err.Error()}
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
	c.observed.note(r.seed, v.Bytes)
	c.memo.put(v.Bytes, out)
	v.Bytes = out
	return nil
}
