package rowtext

import (
	"bytes"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"unicode/utf8"
)

const (
	// Separator stands between two fields of a row.
	Separator = '\t'
	// Terminator ends every row, the last one included.
	Terminator = '\n'
)

// ErrEscape reports that the text of an SQL string ends within an escape
// sequence or holds an unpaired quote.
var ErrEscape = errors.New("incomplete escape sequence in a string")

// AppendNull appends the field of a NULL.
func AppendNull(dst []byte) []byte { return append(dst, '\\', 'N') }

// AppendSeparator appends what stands between two fields.
func AppendSeparator(dst []byte) []byte { return append(dst, Separator) }

// AppendRowEnd appends what ends a row.
func AppendRowEnd(dst []byte) []byte { return append(dst, Terminator) }

// AppendText appends the field of a text column's value. Any bytes are
// spelled; whether they are well-formed is [ValidText]'s question.
func AppendText(dst, value []byte) []byte {
	for {
		n := plainPrefix(value)
		dst = append(dst, value[:n]...)
		if n == len(value) {
			return dst
		}
		dst = appendEscaped(dst, value[n])
		value = value[n+1:]
	}
}

// AppendHex appends the field of a hex column's value, byte for byte. Columns
// with a fixed width are spelled by [Column.AppendValue].
func AppendHex(dst, value []byte) []byte {
	const digits = "0123456789ABCDEF"
	for _, b := range value {
		dst = append(dst, digits[b>>4], digits[b&15])
	}
	return dst
}

// AppendFromSQL appends the field of a text column's value, given the inside of
// a single-quoted SQL string as a dump spells it: raw is what stands between
// the quotes. It is AppendText of the decoded value in one pass, and little
// more than a copy where nothing is escaped.
//
// It follows the server's rules: \0 \b \n \r \t \Z are control characters, \%
// and \_ keep their backslash, before any other character a backslash is
// dropped, and two quotes are one. With noBackslashEscapes (the sql_mode
// NO_BACKSLASH_ESCAPES) a backslash is a character like others.
func AppendFromSQL(dst, raw []byte, noBackslashEscapes bool) ([]byte, error) {
	for {
		n := plainSQLPrefix(raw)
		dst = append(dst, raw[:n]...)
		if n == len(raw) {
			return dst, nil
		}
		c := raw[n]
		raw = raw[n+1:]
		switch {
		case c == '\'':
			if len(raw) == 0 || raw[0] != '\'' {
				return dst, ErrEscape
			}
			dst, raw = append(dst, '\''), raw[1:]
		case c == '\\' && !noBackslashEscapes:
			if len(raw) == 0 {
				return dst, ErrEscape
			}
			dst, raw = appendUnescaped(dst, raw[0]), raw[1:]
		default:
			dst = appendEscaped(dst, c)
		}
	}
}

// appendUnescaped appends what a backslash and c mean in an SQL string.
func appendUnescaped(dst []byte, c byte) []byte {
	switch c {
	case '0', 't', 'n', '\\': // spelled alike on both sides
		return append(dst, '\\', c)
	case 'r':
		return append(dst, '\r')
	case 'b':
		return append(dst, '\b')
	case 'Z':
		return append(dst, 0x1a)
	case '%', '_':
		return append(dst, '\\', '\\', c)
	}
	return appendEscaped(dst, c)
}

// appendEscaped appends one byte of a text value.
func appendEscaped(dst []byte, c byte) []byte {
	switch c {
	case '\\':
		return append(dst, '\\', '\\')
	case '\t':
		return append(dst, '\\', 't')
	case '\n':
		return append(dst, '\\', 'n')
	case 0:
		return append(dst, '\\', '0')
	}
	return append(dst, c)
}

// Eight bytes are looked at together. For a word w and bytes all below n,
// (w - n*ones) &^ w & highs has the top bit of each byte set that is below n;
// borrows can set more, never fewer, which only costs a look byte by byte.
const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// plainPrefix returns the length of value's prefix that spells itself.
func plainPrefix(value []byte) int {
	i := 0
	for ; i+8 <= len(value); i += 8 {
		w := binary.LittleEndian.Uint64(value[i:])
		b := w ^ '\\'*ones
		if ((w-0x0b*ones)&^w|(b-ones)&^b)&highs != 0 {
			break
		}
	}
	for i < len(value) && !special(value[i]) {
		i++
	}
	return i
}

// plainSQLPrefix returns the length of raw's prefix that spells itself in an
// SQL string and in a field.
func plainSQLPrefix(raw []byte) int {
	i := 0
	for ; i+8 <= len(raw); i += 8 {
		w := binary.LittleEndian.Uint64(raw[i:])
		b, q := w^'\\'*ones, w^'\''*ones
		if ((w-0x0b*ones)&^w|(b-ones)&^b|(q-ones)&^q)&highs != 0 {
			break
		}
	}
	for i < len(raw) && !special(raw[i]) && raw[i] != '\'' {
		i++
	}
	return i
}

// special reports whether a byte of a text value must be escaped.
func special(c byte) bool { return c == '\\' || c == '\t' || c == '\n' || c == 0 }

// ValidText reports whether value is well-formed utf8mb4, which is what a text
// column takes. That is UTF-8, and the surrogates U+D800 … U+DFFF as three bytes
// each: MariaDB and MySQL store them.
func ValidText(value []byte) bool {
	for !utf8.Valid(value) {
		i := bytes.IndexByte(value, 0xed)
		if i < 0 || !utf8.Valid(value[:i]) || len(value) < i+3 ||
			value[i+1] < 0x80 || value[i+1] > 0xbf || value[i+2] < 0x80 || value[i+2] > 0xbf {
			return false
		}
		value = value[i+3:]
	}
	return true
}

// appendUnhex appends the bytes that the digits of a hex field stand for.
func appendUnhex(dst, digits []byte) ([]byte, error) {
	for _, c := range digits {
		if c >= 'a' { // encoding/hex takes both cases, the format one
			return dst, hex.InvalidByteError(c)
		}
	}
	return hex.AppendDecode(dst, digits)
}
