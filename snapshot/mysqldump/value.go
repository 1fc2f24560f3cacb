package mysqldump

import (
	"strconv"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// ValueKind says how a value is written.
type ValueKind uint8

// The ways of writing a value.
const (
	Null    ValueKind = iota // NULL
	Default                  // DEFAULT
	Number                   // -12.5e3
	Text                     // 'text'
	Hex                      // 0x0A, x'0A'
	Bit                      // 0b01, b'01'
)

// Value is one value of a row as the dump writes it. It shares the memory of
// the Rows it comes from.
type Value struct {
	Kind ValueKind
	// Quote is the quote around a Text, else 0.
	Quote byte
	// Introducer is the charset named before the literal, without its
	// underscore ("binary", "utf8mb4"); nil when there is none.
	Introducer []byte
	// Raw is what stands between the quotes, still escaped; the digits of a
	// Hex or Bit; a number with its sign; nil for NULL and DEFAULT.
	Raw []byte
}

const errDefault = problem("DEFAULT is no value")

// AppendBytes appends the bytes that the value stands for: escapes undone,
// hexadecimal and bit literals as bytes (an odd number of digits is padded on
// the left), a number as its text. Bytes stay in the charset of the dump. NULL
// appends nothing; DEFAULT is an error.
func (v Value) AppendBytes(dst []byte, m ddl.Mode) ([]byte, error) {
	switch v.Kind {
	case Text:
		return ddl.AppendUnescaped(dst, v.Raw, v.Quote, m), nil
	case Hex:
		return appendDigits(dst, v.Raw, 2, 16), nil
	case Bit:
		return appendDigits(dst, v.Raw, 8, 2), nil
	case Number:
		return append(dst, v.Raw...), nil
	case Default:
		return dst, errDefault
	case Null:
	}
	return dst, nil
}

// appendDigits appends digits as bytes, width of them a byte.
func appendDigits(dst, digits []byte, width, base int) []byte {
	for n := len(digits) % width; len(digits) > 0; n = 0 {
		if n == 0 {
			n = width
		}
		b, _ := strconv.ParseUint(string(digits[:n]), base, 8) // digits were checked by the scanner
		dst = append(dst, byte(b))
		digits = digits[n:]
	}
	return dst
}
