package rowtext

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// SyntaxError reports bytes that are not rows of this format. It never holds a
// value.
type SyntaxError struct {
	Row    int64 // ordinal of the row, from 1
	Column int   // ordinal of the field, from 1; 0 when it is the row's
	Msg    string
}

func (e *SyntaxError) Error() string {
	if e.Column == 0 {
		return fmt.Sprintf("row %d: %s", e.Row, e.Msg)
	}
	return fmt.Sprintf("row %d, field %d: %s", e.Row, e.Column, e.Msg)
}

var (
	errBadEscape = errors.New("not an escape of the row format")
	errBadHex    = errors.New("not upper-case hexadecimal digits")
)

// Field is one column's part of a row.
type Field struct {
	// Null says that the value is NULL; Raw is then the field `\N`.
	Null bool
	// Raw is the field as spelled, a part of the scanner's input.
	Raw []byte
}

// AppendValue appends the value: the text with its escapes undone, or the bytes
// of a hex column. Of a NULL it appends nothing. A spelling that is not the
// value's only one is an error, without the value.
func (f Field) AppendValue(dst []byte, hex bool) ([]byte, error) {
	if f.Null {
		return dst, nil
	}
	if hex {
		out, err := appendUnhex(dst, f.Raw)
		if err != nil {
			return dst, errBadHex
		}
		return out, nil
	}
	for raw := f.Raw; ; {
		n := bytes.IndexByte(raw, '\\')
		if n < 0 {
			return append(dst, raw...), nil
		}
		if n+1 == len(raw) {
			return dst, errBadEscape
		}
		c, ok := unescape(raw[n+1])
		if !ok {
			return dst, errBadEscape
		}
		dst = append(append(dst, raw[:n]...), c)
		raw = raw[n+2:]
	}
}

// unescape returns the byte that a backslash and c stand for.
func unescape(c byte) (byte, bool) {
	switch c {
	case '\\':
		return '\\', true
	case 't':
		return '\t', true
	case 'n':
		return '\n', true
	case '0':
		return 0, true
	}
	return 0, false
}

// Scanner reads rows from memory without copying. It is not safe for
// concurrent use.
type Scanner struct {
	rest    []byte
	columns int
	row     int64
}

// NewScanner returns a scanner over whole rows with the given number of
// columns. It keeps rows, which must not change while fields are in use.
func NewScanner(rows []byte, columns int) *Scanner {
	return &Scanner{rest: rows, columns: columns}
}

// Row returns the ordinal of the row that Next returned last, from 1.
func (s *Scanner) Row() int64 { return s.row }

// Next appends the next row's fields to dst[:0] and returns them; they are
// parts of the input. After the last row it returns io.EOF. A row with another
// number of fields than columns, and one without an end, is a [*SyntaxError].
func (s *Scanner) Next(dst []Field) ([]Field, error) {
	if len(s.rest) == 0 {
		return dst[:0], io.EOF
	}
	s.row++
	end := bytes.IndexByte(s.rest, Terminator)
	if end < 0 {
		return dst[:0], &SyntaxError{Row: s.row, Msg: "the last row has no end"}
	}
	line := s.rest[:end]
	s.rest = s.rest[end+1:]
	return splitRow(dst, line, s.columns, s.row)
}

// splitRow appends the fields of one row, given without its terminator.
func splitRow(dst []Field, line []byte, columns int, row int64) ([]Field, error) {
	dst = dst[:0]
	if bytes.IndexByte(line, 0) >= 0 {
		return dst, &SyntaxError{Row: row, Msg: "a zero byte is not escaped"}
	}
	if columns == 0 {
		if len(line) > 0 {
			return dst, &SyntaxError{Row: row, Msg: "a row of a table without columns is not empty"}
		}
		return dst, nil
	}
	for more := true; more; {
		var raw []byte
		raw, line, more = bytes.Cut(line, []byte{Separator})
		dst = append(dst, Field{Null: len(raw) == 2 && raw[0] == '\\' && raw[1] == 'N', Raw: raw})
	}
	if len(dst) != columns {
		return dst[:0], &SyntaxError{Row: row, Msg: fmt.Sprintf("%d fields, expected %d", len(dst), columns)}
	}
	return dst, nil
}
