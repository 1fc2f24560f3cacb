package scrub

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// charset converts the text of a dump to UTF-8 and back. The zero value is UTF-8.
type charset struct {
	latin1 bool
}

// columnCharset says what charset a column's text is in, in a dump whose client charset is client. A dump made with
// --default-character-set=binary has each column's text in the column's own charset.
func columnCharset(client string, c ddl.Column) (charset, error) {
	name := strings.ToLower(client)
	if name == "binary" {
		name = strings.ToLower(c.Charset)
	}
	switch name {
	case "", "utf8", "utf8mb3", "utf8mb4", "ascii":
		return charset{}, nil
	case "latin1":
		return charset{latin1: true}, nil
	}
	return charset{}, fmt.Errorf("text in character set %s is not supported; dump with --default-character-set=utf8mb4", name)
}

// appendUTF8 appends text, which is in the charset, as UTF-8. ok is false when it is not well-formed.
func (c charset) appendUTF8(dst, text []byte) (out []byte, ok bool) {
	if !c.latin1 {
		return append(dst, text...), rowtext.ValidText(text)
	}
	for _, b := range text {
		dst = utf8.AppendRune(dst, latin1Rune(b))
	}
	return dst, true
}

// appendFrom appends UTF-8 text in the charset. ok is false when a character is not in it.
func (c charset) appendFrom(dst, text []byte) (out []byte, ok bool) {
	if !c.latin1 {
		return append(dst, text...), true
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		b, ok := latin1Byte(r)
		if !ok {
			return dst, false
		}
		dst = append(dst, b)
		text = text[n:]
	}
	return dst, true
}

// latin1Rune decodes a byte of MySQL's latin1, which is windows-1252 with the five bytes that windows-1252 leaves
// undefined mapped to the control characters of the same number.
// https://dev.mysql.com/doc/refman/8.4/en/charset-we-sets.html
func latin1Rune(b byte) rune {
	if r := charmap.Windows1252.DecodeByte(b); r != utf8.RuneError {
		return r
	}
	return rune(b)
}

func latin1Byte(r rune) (byte, bool) {
	if b, ok := charmap.Windows1252.EncodeRune(r); ok {
		return b, true
	}
	switch r {
	case 0x81, 0x8D, 0x8F, 0x90, 0x9D:
		return byte(r), true
	}
	return 0, false
}
