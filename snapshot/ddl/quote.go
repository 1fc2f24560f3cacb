package ddl

import (
	"bytes"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// AppendName appends name as a quoted identifier, in backticks, which every
// sql_mode understands.
func AppendName(dst []byte, name string) []byte {
	dst = append(dst, '`')
	for i := range len(name) {
		if name[i] == '`' {
			dst = append(dst, '`')
		}
		dst = append(dst, name[i])
	}
	return append(dst, '`')
}

// unescapes maps the byte after a backslash to what both stand for; other bytes
// stand for themselves. "\%" and "\_" keep their backslash (manual, "String
// Literals").
var unescapes = [256]byte{'0': 0, 'n': '\n', 'r': '\r', 't': '\t', 'b': '\b', 'Z': 0x1a}

// AppendUnescaped appends what the inside of a string literal stands for. raw
// is what stands between two quotes q.
func AppendUnescaped(dst, raw []byte, q byte, m Mode) []byte {
	for i := 0; i < len(raw); i++ {
		start := i
		for i < len(raw) && raw[i] != '\\' && raw[i] != q {
			i++
		}
		dst = append(dst, raw[start:i]...)
		if i == len(raw) {
			break
		}
		c := raw[i]
		switch {
		case c == '\\' && !m.NoBackslashEscapes && i+1 < len(raw):
			i++
			switch e := raw[i]; {
			case e == '%' || e == '_':
				dst = append(dst, '\\', e)
			case e == '0' || unescapes[e] != 0:
				dst = append(dst, unescapes[e])
			default:
				dst = append(dst, e)
			}
		case c == q && i+1 < len(raw) && raw[i+1] == q:
			i++
			dst = append(dst, c)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// Unquote returns what a String token stands for.
func (t Token) Unquote(m Mode) string {
	text := t.Text
	if len(text) > 0 && (text[0] == 'n' || text[0] == 'N') {
		text = text[1:]
	}
	if t.Kind != String || len(text) < 2 {
		return ""
	}
	return string(AppendUnescaped(nil, text[1:len(text)-1], text[0], m))
}

// maxNameChars is how long MySQL and MariaDB let a name be, in characters.
const maxNameChars = 64

// ValidName reports whether a name is one that a server accepts and that lost no quote: not empty, at most 64 characters long, on
// one line. (A server accepts line breaks. A name with one is what a name that lost its closing quote looks like, too.)
func ValidName(name string) bool {
	return name != "" && utf8.RuneCountInString(name) <= maxNameChars && !strings.ContainsAny(name, "\n\r")
}

// maxAliasChars is how long an alias may be, the longest thing between backticks.
const maxAliasChars = 256

// Lost reports whether the token is a name in quotes that cannot be one: it is too long even for an alias, or goes over lines. Its closing
// quote was lost, and it reaches to the next one, over whatever is between.
func (t Token) Lost() bool {
	return t.Kind == QuotedName && (bytes.ContainsAny(t.Text, "\n\r") || utf8.RuneCount(t.Text) > 2*maxAliasChars || utf8.RuneCountInString(t.Name()) > maxAliasChars)
}

// OverLines reports whether the token is a string that goes over several lines. Servers write line breaks in definitions as \n, so that one
// with a line break may be text from between two strings, after a quote was lost.
func (t Token) OverLines() bool { return t.Kind == String && bytes.ContainsAny(t.Text, "\n\r") }

// ShownName returns a name in quotes for an error message. A name with a character that names hardly have, but SQL text does, is
// not shown: in a damaged dump it may be text from between two names, rows included.
func ShownName(name string) string {
	odd := func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r) && !strings.ContainsRune("_-$.:#@ ", r)
	}
	if !ValidName(name) || strings.ContainsFunc(name, odd) {
		return "(a name that is not shown)"
	}
	return strconv.Quote(name)
}
