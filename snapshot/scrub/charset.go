package scrub

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// textCharset converts text of a dump to UTF-8 and back. The zero value is UTF-8.
type textCharset struct {
	set *charset.OneByte
}

// columnCharset says what charset a column's text is in, in a dump whose client charset is client. A dump made with
// --default-character-set=binary has each column's text in the column's own charset.
func columnCharset(client string, c ddl.Column) (textCharset, error) {
	name := strings.ToLower(client)
	if name == "binary" {
		name = strings.ToLower(c.Charset)
	}
	if set := charset.Of(name); set != nil {
		return textCharset{set}, nil
	}
	if name == "" || charset.UTF8(name) {
		return textCharset{}, nil
	}
	return textCharset{}, fmt.Errorf("text in character set %s is not supported; dump with --default-character-set=utf8mb4", name)
}

// isUTF8 reports whether text in the charset needs no conversion.
func (c textCharset) isUTF8() bool { return c.set == nil }

// appendUTF8 appends text, which is in the charset, as UTF-8. ok is false when it is not well-formed.
func (c textCharset) appendUTF8(dst, text []byte) (out []byte, ok bool) {
	if c.isUTF8() {
		return append(dst, text...), rowtext.ValidText(text)
	}
	return c.set.AppendUTF8(dst, text)
}

// appendFrom appends UTF-8 text in the charset. ok is false when a character is not in it.
func (c textCharset) appendFrom(dst, text []byte) (out []byte, ok bool) {
	if c.isUTF8() {
		return append(dst, text...), true
	}
	return c.set.AppendFrom(dst, text)
}
