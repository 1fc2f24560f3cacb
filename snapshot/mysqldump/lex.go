package mysqldump

import (
	"bytes"
	"errors"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// errMore: the bytes at hand end before the thing that is looked for does.
var errMore = errors.New("more input is needed")

// problem is a syntax error whose position the caller knows. It is a constant
// text, so that no value can get in.
type problem string

func (p problem) Error() string { return string(p) }

// lexical is what the functions of this file need to know.
type lexical struct {
	delimiter string
	mode      ddl.Mode
	eof       bool // nothing follows the bytes at hand
}

// Bytes that mean something outside quotes; all others are stepped over.
var special = func() (t [256]bool) {
	for _, c := range []byte("'\"`()/-#*;\\") {
		t[c] = true
	}
	return t
}()

// leading returns the length of the blanks and plain comments that b starts
// with.
func (x *lexical) leading(b []byte) (int, error) {
	i := 0
	for {
		for i < len(b) && isSpace(b[i]) {
			i++
		}
		if i == len(b) {
			if x.eof {
				return i, nil
			}
			return i, errMore
		}
		n, err := x.comment(b, i)
		if n == 0 || err != nil {
			return i, err
		}
		i += n
	}
}

// comment returns the length of the plain comment at b[i]; 0 when there is
// none.
func (x *lexical) comment(b []byte, i int) (int, error) {
	c := b[i]
	if c != '-' && c != '#' && c != '/' {
		return 0, nil
	}
	rest := b[i:]
	if len(rest) < 4 && !x.eof { // "/*M!" and "-- " need to be seen whole
		return 0, errMore
	}
	n := ddl.PlainComment(rest)
	if n < 0 || c != '/' && n == len(rest) && n > 0 && rest[n-1] != '\n' && !x.eof {
		return 0, errMore
	}
	return n, nil
}

// statementEnd finds the terminator of the statement that b starts with, one
// without rows, and returns the statement's length without it.
func (x *lexical) statementEnd(b []byte) (int, error) {
	conditional := false
	first := x.delimiter[0]
	for i := 0; i < len(b); {
		c := b[i]
		if c == first {
			if len(b)-i < len(x.delimiter) && !x.eof {
				return 0, errMore
			}
			if bytes.HasPrefix(b[i:], []byte(x.delimiter)) {
				if conditional {
					return 0, problem("the delimiter stands inside a conditional comment")
				}
				return i, nil
			}
		}
		if !special[c] {
			i++
			continue
		}
		n, err := x.step(b, i, &conditional)
		if err != nil {
			return 0, err
		}
		i += n
	}
	return 0, errMore
}

// step returns the length of the quoted text, comment, opening or end of a
// conditional comment, or plain byte at b[i].
func (x *lexical) step(b []byte, i int, conditional *bool) (int, error) {
	switch c := b[i]; c {
	case '\'', '"', '`':
		n := ddl.QuotedEnd(b[i:], x.backslash(c))
		if n < 0 {
			return 0, errMore
		}
		return n, nil
	case '\\':
		return 0, problem("a backslash outside quotes: a command of the client")
	case '*':
		if i+1 == len(b) && !x.eof {
			return 0, errMore
		}
		if *conditional && i+1 < len(b) && b[i+1] == '/' {
			*conditional = false
			return 2, nil
		}
	case '/', '-', '#':
		n, err := x.comment(b, i)
		if err != nil || n > 0 {
			return n, err
		}
		if n := ddl.ConditionalOpen(b[i:]); n > 0 {
			if i+n == len(b) && !x.eof {
				return 0, errMore
			}
			*conditional = true
			return n, nil
		}
	}
	return 1, nil
}

// backslash reports whether a backslash escapes between quotes of this kind.
func (x *lexical) backslash(quote byte) bool {
	if x.mode.NoBackslashEscapes || quote == '`' {
		return false
	}
	return quote != '"' || !x.mode.ANSIQuotes
}

// rowEnd returns where the row ends that b starts with, parentheses included.
// It is the inner loop of a pass over a dump: strings are stepped over here,
// everything rare goes to step.
func (x *lexical) rowEnd(b []byte) (int, error) {
	escapes := !x.mode.NoBackslashEscapes
	depth := 0
	for i := 0; i < len(b); {
		c := b[i]
		if !special[c] {
			i++
			continue
		}
		switch c {
		case '\'':
			n := ddl.QuotedEnd(b[i:], escapes)
			if n < 0 {
				return 0, errMore
			}
			i += n
		case '(':
			depth++
			i++
		case ')':
			i++
			if depth--; depth == 0 {
				return i, nil
			}
		case ';':
			return 0, problem("a semicolon inside a row")
		default:
			conditional := false
			n, err := x.step(b, i, &conditional)
			if err != nil {
				return 0, err
			}
			if conditional {
				return 0, problem("a conditional comment inside a row")
			}
			i += n
		}
	}
	return 0, errMore
}

// rows returns the length and the number of the whole rows that b starts with.
// last: no row follows them. An error is about the row after them.
func (x *lexical) rows(b []byte) (n, count int, last bool, err error) {
	for n < blockBytes {
		end, err := x.rowEnd(b[n:])
		if err != nil {
			return x.partial(n, count, err)
		}
		end += n
		next, err := x.nextRow(b, end)
		if err != nil {
			return x.partial(n, count, err)
		}
		count++
		if next == 0 {
			return end, count, true, nil
		}
		n = next
	}
	return n, count, false, nil
}

// nextRow returns where the row starts that follows the one that ends at i; 0
// when none follows.
func (x *lexical) nextRow(b []byte, i int) (int, error) {
	if i+2 < len(b) && b[i] == ',' {
		if b[i+1] == '(' {
			return i + 1, nil
		}
		if b[i+1] == '\n' && b[i+2] == '(' {
			return i + 2, nil
		}
	}
	blanks, err := x.leading(b[i:])
	if err != nil {
		return 0, err
	}
	i += blanks
	if i == len(b) || b[i] != ',' {
		return 0, nil
	}
	blanks, err = x.leading(b[i+1:])
	switch i += 1 + blanks; {
	case err != nil:
		return 0, err
	case i == len(b):
		return 0, errMore
	case b[i] != '(':
		return 0, problem("expected a row after the comma")
	}
	return i, nil
}

// partial is the answer of rows when the row at n cannot be read: the rows
// before it, if there are any and more input may help.
func (x *lexical) partial(n, count int, err error) (int, int, bool, error) {
	if count > 0 && errors.Is(err, errMore) && !x.eof {
		return n, count, false, nil
	}
	return n, count, false, err
}

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }
