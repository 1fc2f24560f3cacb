package export

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// mode sets the sql_mode for INSERTs. Both modes read backslash escapes.
func (e *exporter) mode(lenient bool) {
	e.lenient = lenient
	mode := rowtext.LoadSQLMode
	if lenient {
		mode = rowtext.LenientSQLMode
	}
	e.text("SET SQL_MODE = '%s';", mode)
}

// table writes the rows of one table.
func (e *exporter) table(ctx context.Context, t *snapshot.TableInfo) error {
	chunks := e.snap.TableChunks(t.Database, t.Name)
	if len(chunks) == 0 {
		return nil
	}
	if len(t.Layout.Columns) == 0 {
		return fmt.Errorf("table %q: %w", t.Name, errNoLayout)
	}
	s := &statement{e: e, table: t, head: head(t), numbers: e.numbers(t)}
	for _, c := range chunks {
		if err := s.chunk(ctx, c); err != nil {
			return fmt.Errorf("table %q: %w", t.Name, err)
		}
	}
	s.end()
	e.text("")
	return nil
}

// head is the beginning of an INSERT.
func head(t *snapshot.TableInfo) []byte {
	b := ddl.AppendName([]byte("INSERT INTO "), t.Name)
	for i, c := range t.Layout.Columns {
		b = append(b, ", "...)
		if i == 0 {
			b = append(b[:len(b)-2], " ("...)
		}
		b = ddl.AppendName(b, c.Name)
	}
	return append(b, ") VALUES\n"...)
}

// numbers tells which columns of the layout hold numbers, which need no quotes. A
// definition that cannot be read only costs the quotes.
func (e *exporter) numbers(t *snapshot.TableInfo) []bool {
	numbers := make([]bool, len(t.Layout.Columns))
	for _, o := range e.snap.Before {
		if o.Kind != snapshot.ObjectTable || o.Database != t.Database || o.Name != t.Name {
			continue
		}
		table, err := ddl.ParseCreateTable([]byte(o.SQL), ddl.ParseMode(o.SQLMode))
		if err != nil {
			return numbers
		}
		for i, c := range t.Layout.Columns {
			if j := table.ColumnIndex(c.Name); j >= 0 {
				switch table.Columns[j].Type.Class() {
				case ddl.Integer, ddl.Decimal, ddl.Float:
					numbers[i] = true
				default:
				}
			}
		}
	}
	return numbers
}

// A statement is the INSERT that is being written.
type statement struct {
	e       *exporter
	table   *snapshot.TableInfo
	head    []byte
	numbers []bool
	bytes   int // of the open statement; 0 when none is open
	row     []byte
	fields  []rowtext.Field
}

// chunk writes a chunk's rows.
func (s *statement) chunk(ctx context.Context, c snapshot.Chunk) error {
	rows, err := s.e.source.Rows(ctx, c)
	if err != nil {
		return err
	}
	defer func() { _ = rows.Close() }()
	in := rowtext.NewReader(rows, len(s.table.Layout.Columns), 0)
	for {
		s.fields, err = in.Next(s.fields)
		switch {
		case errors.Is(err, io.EOF):
			s.e.done += c.Bytes
			if s.e.opts.Progress != nil {
				s.e.opts.Progress(s.e.done, s.e.total)
			}
			return ctx.Err()
		case err != nil:
			return corrupt(rows, c, err)
		}
		if err := s.add(); err != nil {
			return err
		}
	}
}

// corrupt says of rows that are none that their chunk is corrupt. It reads the
// chunk to its end, which may tell why.
func corrupt(rows io.Reader, c snapshot.Chunk, err error) error {
	if _, ok := errors.AsType[*rowtext.SyntaxError](err); !ok {
		return err
	}
	if _, rerr := io.Copy(io.Discard, rows); rerr != nil {
		return rerr
	}
	return &snapshot.CorruptError{Blob: c.Descriptor.Digest, What: "a chunk", Err: err}
}

// add writes the row in fields, in the open statement or a new one.
func (s *statement) add() error {
	var zero bool
	s.row, zero = s.appendRow(s.row[:0])
	if s.bytes > 0 && (s.bytes+len(s.row) > s.e.opts.StatementBytes || zero != s.e.lenient) {
		s.end()
	}
	if s.bytes == 0 {
		if zero != s.e.lenient {
			s.e.mode(zero)
		}
		_, _ = s.e.w.Write(s.head)
		s.bytes = len(s.head)
	} else {
		_, _ = s.e.w.WriteString(",\n")
		s.bytes += 2
	}
	_, err := s.e.w.Write(s.row) // a writer's first error stays
	s.bytes += len(s.row)
	return err
}

// end ends the open statement.
func (s *statement) end() {
	if s.bytes > 0 {
		s.e.text(";")
	}
	s.bytes = 0
}

// appendRow appends the row in fields. It reports whether one is the empty error
// value of an ENUM.
func (s *statement) appendRow(dst []byte) (out []byte, zero bool) {
	dst = append(dst, '(')
	for i, f := range s.fields {
		if i > 0 {
			dst = append(dst, ',')
		}
		c := s.table.Layout.Columns[i]
		switch {
		case f.Null:
			dst = append(dst, "NULL"...)
		case c.Hex && len(f.Raw) > 0:
			dst = append(append(dst, "0x"...), f.Raw...)
		case s.numbers[i] && isNumber(f.Raw):
			dst = append(dst, f.Raw...)
		default:
			dst = appendString(dst, f.Raw)
			zero = zero || c.EnumZero && len(f.Raw) == 0
		}
	}
	return append(dst, ')'), zero
}

// appendString appends a text field as a string. The escapes of row text are
// escapes of SQL too, and mean the same; what is left are the quote, and two
// characters that programs on the way are known to touch.
func appendString(dst, field []byte) []byte {
	dst = append(dst, '\'')
	start := 0
	for i, c := range field {
		var e byte
		switch c {
		case '\'':
			e = '\''
		case '\r':
			e = 'r'
		case 0x1a:
			e = 'Z'
		default:
			continue
		}
		dst = append(append(dst, field[start:i]...), '\\', e)
		start = i + 1
	}
	return append(append(dst, field[start:]...), '\'')
}

// isNumber reports whether a field is a number as SQL reads it. A leading zero
// is left in quotes: it is a ZEROFILL column's, and harmless, but 0x and 0b are not
// numbers.
func isNumber(field []byte) bool {
	if len(field) > 1 && field[0] == '-' {
		field = field[1:]
	}
	return len(field) > 0 && ddl.NumberLen(field) == len(field)
}
