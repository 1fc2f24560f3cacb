package scrub

import (
	"errors"
	"fmt"
	"io"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// task is one block of rows on its way through the pipeline, or one statement that passes in order.
type task struct {
	plan *plan // nil for a statement
	// head and end mark the two halves of an INSERT around the rows, where rows may be left out: with no row left they go too.
	head, end bool
	rows      mysqldump.Rows
	out       []byte
	ends      []int // of the rows in out; ToSnapshot only
	kept      int64
	keys      []rowKey // of the rows that are not distinct by construction
}

// worker renders blocks of rows, one after the other. Each goroutine has its own.
type worker struct {
	anonymizer *anonymize.Anonymizer
	selection  *anonymize.Selection
	scanner    *mysqldump.RowScanner

	// of the plan that the last block had
	plan *plan
	rows *anonymize.Rows
	row  []anonymize.Value // parallel to the table's columns

	values  []mysqldump.Value
	byIndex []mysqldump.Value // values by column
	scratch [][]byte          // decoded bytes by column
	keys    []anonymize.UniqueKey
	decoded []byte
}

func newWorker(a *anonymize.Anonymizer, s *anonymize.Selection) *worker {
	return &worker{anonymizer: a, selection: s, scanner: mysqldump.NewRowScanner(&mysqldump.Rows{}, ddl.Mode{})}
}

// scan reads the block's rows and calls row for each. In row, w.byIndex holds the values as the dump has them and w.row those that the
// anonymizer reads.
func (w *worker) scan(t *task, row func() error) error {
	if err := w.prepare(t.plan); err != nil {
		return err
	}
	w.scanner.Reset(&t.rows, t.plan.mode)
	t.out, t.ends, t.kept, t.keys = t.out[:0], t.ends[:0], 0, t.keys[:0]
	for {
		var err error
		w.values, err = w.scanner.Next(w.values[:0])
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err != nil {
			return err
		}
		if err := w.read(t); err != nil {
			return err
		}
		if err := row(); err != nil {
			return err
		}
	}
}

// treated reads the block's rows, treats them, and calls row for those that are kept. In row, w.row holds the treated values.
func (w *worker) treated(t *task, row func() error) error {
	return w.scan(t, func() error {
		keep, err := w.rows.Apply(w.row)
		if err != nil {
			return w.fail(t, -1, err)
		}
		if !keep {
			return nil
		}
		return row()
	})
}

// eachRow has write render the treated rows that are kept, and notes the keys of those that are to be compared.
func (w *worker) eachRow(t *task, write func() (ddlColumn int, err error)) error {
	return w.treated(t, func() error {
		if column, err := write(); err != nil {
			return w.fail(t, column, err)
		}
		if w.rows.Unproven() {
			if err := w.uniqueKeys(t, nil); err != nil {
				return err
			}
		}
		t.kept++
		return nil
	})
}

func (w *worker) prepare(p *plan) error {
	if w.plan == p {
		return nil
	}
	if w.plan == nil || w.plan.table != p.table {
		rows, err := w.anonymizer.Rows(p.database, p.table)
		if err != nil {
			return err
		}
		rows.Link(w.selection)
		w.rows = rows
	}
	n := len(p.columns)
	w.plan = p
	w.row, w.byIndex, w.scratch = make([]anonymize.Value, n), make([]mysqldump.Value, n), make([][]byte, n)
	return nil
}

// read puts the row's values in their columns' places and decodes those that the anonymizer reads.
func (w *worker) read(t *task) error {
	if len(w.values) != len(t.plan.given) {
		return w.fail(t, -1, fmt.Errorf("the row has %d values, its table %d columns", len(w.values), len(t.plan.given)))
	}
	for i, column := range t.plan.given {
		w.byIndex[column] = w.values[i]
		if !w.rows.Reads(column) {
			continue
		}
		if err := w.decode(t.plan, column); err != nil {
			return w.fail(t, column, err)
		}
	}
	return nil
}

// decode decodes a needed value for the anonymizer.
func (w *worker) decode(p *plan, column int) error {
	v, c := w.byIndex[column], &p.columns[column]
	if v.Kind == mysqldump.Null {
		w.row[column] = anonymize.Value{Null: true}
		return nil
	}
	buf, err := w.value(w.scratch[column][:0], v, c, p.mode)
	if err != nil {
		return err
	}
	w.scratch[column] = buf
	w.row[column] = anonymize.Value{Bytes: buf}
	return nil
}

var (
	errNotText = errors.New("not well-formed text in its character set")
	errLiteral = errors.New("a literal that does not belong in a column of its type")
)

// value appends a value that is not NULL: text as UTF-8, numbers and dates as their text, binary values as bytes.
func (w *worker) value(dst []byte, v mysqldump.Value, c *columnPlan, m ddl.Mode) ([]byte, error) {
	switch {
	case !c.text:
		return appendBinary(dst, v, c, m)
	case c.address && v.IsBytes():
		out, err := v.AppendBytes(dst, m)
		if err == nil && !mysqldump.IsAddressText(c.def.Type, out[len(dst):]) {
			err = errLiteral
		}
		return out, err
	}
	switch v.Kind {
	case mysqldump.Number:
		if class := c.def.Type.Class(); class == ddl.Enum || class == ddl.Set { // the rank of a member, which its name may be, too
			return dst, errLiteral
		}
		return append(dst, v.Raw...), nil
	case mysqldump.Text, mysqldump.Hex:
		if v.Kind == mysqldump.Hex && !isCharacter(c.def) {
			return dst, errLiteral
		}
		var err error
		if w.decoded, err = v.AppendBytes(w.decoded[:0], m); err != nil {
			return dst, err
		}
		cs, err := c.charsetOf(v)
		if err != nil {
			return dst, err
		}
		out, ok := cs.appendUTF8(dst, w.decoded)
		if !ok {
			return dst, errNotText
		}
		return out, nil
	default:
		return dst, errLiteral
	}
}

// appendBinary appends the bytes of a value of a hex column. A number in a BIT column is the number its bits make.
func appendBinary(dst []byte, v mysqldump.Value, c *columnPlan, m ddl.Mode) ([]byte, error) {
	if v.Kind != mysqldump.Number {
		return v.AppendBytes(dst, m)
	}
	if !c.layout.Bit {
		return dst, errLiteral
	}
	var n uint64
	for _, digit := range v.Raw {
		if digit < '0' || digit > '9' || n > (1<<64-1-9)/10 {
			return dst, errLiteral
		}
		n = n*10 + uint64(digit-'0')
	}
	for shift := 56; shift >= 0; shift -= 8 {
		dst = append(dst, byte(n>>shift))
	}
	return dst, nil
}

// fail puts the position on an error. column -1 means the row.
func (w *worker) fail(t *task, column int, err error) error {
	e := &RowError{
		Database: t.plan.database, Table: t.plan.table.Name, Offset: t.rows.Offset, Row: w.scanner.Row(), Err: err,
	}
	if column >= 0 {
		e.Column = t.plan.columns[column].def.Name
	}
	return e
}

// rowtext renders a block in the snapshot's row format.
func (w *worker) rowtext(t *task) error {
	return w.eachRow(t, func() (int, error) {
		first := true
		for i := range t.plan.columns {
			c := &t.plan.columns[i]
			if c.generated {
				continue
			}
			if !first {
				t.out = rowtext.AppendSeparator(t.out)
			}
			first = false
			var err error
			if t.out, err = w.field(t.out, i, c, t.plan.mode); err != nil {
				return i, err
			}
		}
		t.out = rowtext.AppendRowEnd(t.out)
		t.ends = append(t.ends, len(t.out))
		return 0, nil
	})
}

// field appends one field of a row in the snapshot's format.
func (w *worker) field(dst []byte, i int, c *columnPlan, m ddl.Mode) ([]byte, error) {
	if w.rows.Needs(i) {
		if w.row[i].Null {
			return rowtext.AppendNull(dst), nil
		}
		return c.layout.AppendValue(dst, w.row[i].Bytes)
	}
	if c.missing != nil {
		return append(dst, c.missing...), nil
	}
	v := w.byIndex[i]
	switch {
	case v.Kind == mysqldump.Null:
		return rowtext.AppendNull(dst), nil
	case c.text && v.Kind == mysqldump.Number:
		return rowtext.AppendText(dst, v.Raw), nil
	case c.text && v.Kind == mysqldump.Text && v.Quote == '\'' && v.Introducer == nil && c.charset.isUTF8() && !c.address:
		start := len(dst)
		out, err := rowtext.AppendFromSQL(dst, v.Raw, m.NoBackslashEscapes)
		if err == nil && !rowtext.ValidText(out[start:]) {
			err = errNotText
		}
		return out, err
	}
	buf, err := w.value(w.scratch[i][:0], v, c, m)
	if err != nil {
		return dst, err
	}
	w.scratch[i] = buf
	return c.layout.AppendValue(dst, buf)
}
