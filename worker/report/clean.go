package report

import (
	"strings"
	"unicode/utf8"
)

// clean is text from outside, fit to be shown: valid UTF-8, without ANSI codes;
// a control character is replaced by its picture, and what would reorder the text
// around it by U+FFFD. The result is not escaped.
func clean(s string) string { return string(appendClean(nil, []byte(s))) }

// appendClean appends what clean makes of src.
func appendClean(dst, src []byte) []byte {
	for len(src) > 0 {
		c := src[0]
		switch {
		case c >= ' ' && c < 0x7f || c == '\t':
			dst, src = append(dst, c), src[1:]
		case c == 0x1b:
			n := ansiLen(src)
			if n == 0 {
				dst, n = append(dst, "␛"...), 1
			}
			src = src[n:]
		default:
			r, n := utf8.DecodeRune(src)
			dst, src = utf8.AppendRune(dst, shown(r)), src[n:]
		}
	}
	return dst
}

// shown is the character in whose place r is shown; mostly r itself.
func shown(r rune) rune {
	switch {
	case r < ' ' && r != '\t':
		return 0x2400 + r // the pictures of control characters
	case r == 0x7f:
		return '␡'
	case r > 0x7f && r < 0xa0, // more control characters
		r == 0x061c, r == 0x200e, r == 0x200f, // marks of direction
		r >= 0x2028 && r <= 0x202e, // separators of lines; embeddings, overrides
		r >= 0x2066 && r <= 0x2069, // isolates
		r&0xfffe == 0xfffe, r >= 0xfdd0 && r <= 0xfdef:
		return utf8.RuneError
	}
	return r
}

// ansiLen is the length of the ANSI code, such as a colour, that b begins with (ECMA-48,
// control sequences: ESC [, parameters, a final byte); 0 when it is none.
func ansiLen(b []byte) int {
	if len(b) < 2 || b[1] != '[' {
		return 0
	}
	i := 2
	for i < len(b) && b[i] >= '0' && b[i] <= '?' { // parameters
		i++
	}
	for i < len(b) && b[i] >= ' ' && b[i] <= '/' { // intermediate bytes
		i++
	}
	if i == len(b) || b[i] < '@' || b[i] > '~' {
		return 0
	}
	return i + 1
}

// How much of a text is shown. report.json has all of it.
const (
	nameChars  = 80   // of a version, a dataset's or a file's name
	titleChars = 300  // of a step's title
	textChars  = 2000 // of anything else
)

// brief is clean text, cut after so many characters.
func brief(s string, chars int) string {
	const maxRuneBytes = 4
	if n := (chars + 1) * maxRuneBytes; len(s) > n {
		s = s[:n]
	}
	r := []rune(clean(s))
	if len(r) <= chars {
		return string(r)
	}
	return string(r[:chars-1]) + "…"
}

// oneLine is brief text on one line, with single spaces.
func oneLine(s string, chars int) string {
	return brief(strings.Join(strings.Fields(s), " "), chars)
}
