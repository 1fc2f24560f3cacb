package mysqldump

import (
	"bytes"
	"io"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// RowScanner splits a block of rows into values. It allocates nothing. It is
// for one goroutine; scanners of different blocks may run at the same time.
type RowScanner struct {
	b    []byte
	pos  int
	x    lexical
	rows *Rows
	row  int64

	commented bool
}

// NewRowScanner returns a scanner at the first row of b, which must not change
// until the scanner is done with. Mode is that of the Insert's session.
func NewRowScanner(b *Rows, m ddl.Mode) *RowScanner {
	s := &RowScanner{}
	s.Reset(b, m)
	return s
}

// Reset makes the scanner start over with another block.
func (s *RowScanner) Reset(b *Rows, m ddl.Mode) {
	*s = RowScanner{b: b.Raw, rows: b, row: b.First - 1, x: lexical{delimiter: ";", mode: m, eof: true}}
}

// Row is the ordinal in its statement of the row that Next returned last, from
// 1.
func (s *RowScanner) Row() int64 { return s.row }

// Commented reports whether a comment stands between the values or rows read so far.
func (s *RowScanner) Commented() bool { return s.commented }

// Problems inside rows.
const (
	errRow        = problem("expected a row in parentheses")
	errValue      = problem("expected a value")
	errExpression = problem("a value that is not a plain literal")
	errString     = problem("a string is not closed")
	errSeparator  = problem("expected a comma between rows")
	errDigits     = problem("a literal with digits that do not belong in it")
	errColumns    = problem("more values than a table can have columns")
)

// Next appends the next row's values to dst and returns it; io.EOF after the
// last row, else a *SyntaxError. Values are literals: an expression is an
// error.
func (s *RowScanner) Next(dst []Value) ([]Value, error) {
	s.blanks()
	if s.pos == len(s.b) {
		return dst, io.EOF
	}
	s.row++
	if s.b[s.pos] != '(' {
		return dst, s.fail(errRow)
	}
	s.pos++
	if s.blanks(); s.pos < len(s.b) && s.b[s.pos] == ')' { // (): every column its default
		s.pos++
		return dst, s.separator()
	}
	for start := len(dst); ; {
		if len(dst)-start == ddl.MaxColumns {
			return dst, s.fail(errColumns)
		}
		v, ok := s.plain()
		if !ok {
			var err error
			if v, err = s.value(); err != nil {
				return dst, s.fail(err)
			}
		}
		dst = append(dst, v)
		switch s.at() {
		case ',':
			s.pos++
		case ')':
			s.pos++
			return dst, s.separator()
		default:
			return dst, s.fail(errExpression)
		}
	}
}

// plain reads the values that nearly all are, integers, NULL and strings, when
// a comma or parenthesis follows at once. For anything else it moves nothing.
func (s *RowScanner) plain() (v Value, ok bool) {
	b, i := s.b[s.pos:], 0
	if len(b) < 5 {
		return v, false
	}
	switch c := b[0]; {
	case c == '\'':
		v.Kind, v.Quote = Text, c
		if i = ddl.QuotedEnd(b, !s.x.mode.NoBackslashEscapes); i < 0 {
			return v, false
		}
		v.Raw = b[1 : i-1]
	case c == 'N':
		if string(b[:4]) != "NULL" {
			return v, false
		}
		i = 4
	case c == '-' || c >= '1' && c <= '9': // not 0x0A
		i = 1
		for i < len(b) && b[i] >= '0' && b[i] <= '9' {
			i++
		}
		if c == '-' && i == 1 {
			return v, false
		}
		v.Kind, v.Raw = Number, b[:i]
	}
	if i == 0 || i >= len(b) || b[i] != ',' && b[i] != ')' {
		return Value{}, false
	}
	s.pos += i
	return v, true
}

func (s *RowScanner) fail(err error) error {
	return &SyntaxError{
		Offset: s.rows.Offset + int64(s.pos), Statement: Insert.String(), Table: s.rows.Table,
		Row: s.row, Msg: err.Error(),
	}
}

// separator steps over the comma after a row.
func (s *RowScanner) separator() error {
	s.blanks()
	if s.pos == len(s.b) {
		return nil
	}
	if s.b[s.pos] != ',' {
		return s.fail(errSeparator)
	}
	s.pos++
	return nil
}

// at returns the byte at pos, blanks skipped; 0 at the end.
func (s *RowScanner) at() byte {
	if s.pos < len(s.b) && (s.b[s.pos] == ',' || s.b[s.pos] == ')') {
		return s.b[s.pos]
	}
	if s.blanks(); s.pos < len(s.b) {
		return s.b[s.pos]
	}
	return 0
}

func (s *RowScanner) blanks() {
	if s.pos < len(s.b) {
		if c := s.b[s.pos]; c > ' ' && c != '-' && c != '#' && c != '/' {
			return
		}
		n, _ := s.x.leading(s.b[s.pos:]) // a comment that is not closed is no value
		s.commented = s.commented || len(bytes.TrimSpace(s.b[s.pos:s.pos+n])) > 0
		s.pos += n
	}
}

// value reads one value.
func (s *RowScanner) value() (Value, error) {
	s.blanks()
	if s.pos >= len(s.b) {
		return Value{}, errValue
	}
	switch c := s.b[s.pos]; {
	case c == '\'' || c == '"' && !s.x.mode.ANSIQuotes:
		return s.text(Value{Kind: Text})
	case c == '-' || c == '+' || c == '.' || c >= '0' && c <= '9':
		return s.number()
	case c == '_':
		return s.introduced()
	case ddl.IsNameByte(c):
		return s.word()
	}
	return Value{}, errValue
}

// text reads a quoted string.
func (s *RowScanner) text(v Value) (Value, error) {
	start, q := s.pos, s.b[s.pos]
	for {
		n := ddl.QuotedEnd(s.b[s.pos:], !s.x.mode.NoBackslashEscapes)
		if n < 0 {
			return v, errString
		}
		s.pos += n
		if s.pos == len(s.b) || s.b[s.pos] != q { // a doubled quote goes on
			break
		}
	}
	v.Quote = q
	v.Raw = s.b[start+1 : s.pos-1]
	return v, nil
}

// number reads a number with its sign, or a 0x or 0b literal.
func (s *RowScanner) number() (Value, error) {
	start := s.pos
	b := s.b[start:]
	if len(b) > 2 && b[0] == '0' && (b[1] == 'x' || b[1] == 'b') {
		return s.digits(start+2, s.nameEnd(start+2), b[1])
	}
	i := 0
	if b[0] == '-' || b[0] == '+' {
		i = 1
	}
	n := ddl.NumberLen(b[i:])
	if n == 0 || i+n < len(b) && ddl.IsNameByte(b[i+n]) {
		return Value{}, errExpression
	}
	s.pos += i + n
	return Value{Kind: Number, Raw: b[:i+n]}, nil
}

// digits makes a value of the digits in s.b[start:end] and steps over them.
func (s *RowScanner) digits(start, end int, base byte) (Value, error) {
	v := Value{Kind: Hex, Raw: s.b[start:end]}
	if base == 'b' || base == 'B' {
		v.Kind = Bit
	}
	for _, c := range v.Raw {
		ok := c == '0' || c == '1'
		if v.Kind == Hex {
			ok = c >= '0' && c <= '9' || c >= 'a' && c <= 'f' || c >= 'A' && c <= 'F'
		}
		if !ok {
			return v, errDigits
		}
	}
	s.pos = end
	return v, nil
}

func (s *RowScanner) nameEnd(i int) int {
	for i < len(s.b) && ddl.IsNameByte(s.b[i]) {
		i++
	}
	return i
}

// introduced reads a literal with a charset introducer.
func (s *RowScanner) introduced() (Value, error) {
	end := s.nameEnd(s.pos)
	introducer := s.b[s.pos+1 : end]
	s.pos = end
	v, err := s.value()
	if err != nil {
		return v, err
	}
	if v.Introducer != nil || v.Kind != Text && v.Kind != Hex && v.Kind != Bit || len(introducer) == 0 {
		return v, errExpression
	}
	v.Introducer = introducer
	return v, nil
}

// word reads NULL, DEFAULT, and x'…', b'…', n'…'.
func (s *RowScanner) word() (Value, error) {
	end := s.nameEnd(s.pos)
	word := s.b[s.pos:end]
	if len(word) == 1 && end < len(s.b) && s.b[end] == '\'' {
		return s.prefixed(word[0], end)
	}
	switch {
	case string(word) == "NULL", bytes.EqualFold(word, []byte("NULL")):
		s.pos = end
		return Value{Kind: Null}, nil
	case bytes.EqualFold(word, []byte("DEFAULT")):
		s.pos = end
		return Value{Kind: Default}, nil
	}
	return Value{}, errExpression
}

// prefixed reads a string after a letter that says what it means.
func (s *RowScanner) prefixed(letter byte, quote int) (Value, error) {
	switch letter {
	case 'x', 'X', 'b', 'B':
		n := bytes.IndexByte(s.b[quote+1:], '\'')
		if n < 0 {
			return Value{}, errString
		}
		v, err := s.digits(quote+1, quote+1+n, letter)
		s.pos++
		return v, err
	case 'n', 'N':
		s.pos = quote
		return s.text(Value{Kind: Text, Introducer: []byte("utf8mb3")})
	}
	return Value{}, errExpression
}
