package ddl

import (
	"bytes"
	"encoding/binary"
	"math/bits"
)

// IsNameByte reports whether an unquoted name may contain c: letters, digits,
// $, _ and every byte of a multi-byte character.
func IsNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || isDigit(c) || c == '_' || c == '$' || c >= 0x80
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

func isSpace(c byte) bool { return c == ' ' || c >= '\t' && c <= '\r' }

// QuotedEnd returns the length of the quoted text that b starts with, up to and
// with its closing quote, or -1 when b ends before. With backslash, a backslash
// takes away the next byte's meaning. A doubled quote counts as an end and a
// new beginning, which makes no difference to who only skips strings.
//
// A quote is escaped when an odd number of backslashes stands right before it,
// so only quotes need to be looked for.
//
// Most strings are short, so up to 32 bytes are looked at in words of 8 before
// bytes.IndexByte is called.
func QuotedEnd(b []byte, backslash bool) int {
	q := b[0]
	pattern := uint64(q) * lowBits
	for i, words := 1, 0; ; {
		if words < 4 && i+8 <= len(b) {
			words++
			x := binary.LittleEndian.Uint64(b[i:]) ^ pattern
			zero := (x - lowBits) &^ x & highBits // its lowest bit is exact
			if zero == 0 {
				i += 8
				continue
			}
			i += bits.TrailingZeros64(zero) / 8
		} else {
			n := bytes.IndexByte(b[i:], q)
			if n < 0 {
				return -1
			}
			i += n
		}
		if !backslash || b[i-1] != '\\' || !escaped(b[:i]) {
			return i + 1
		}
		i++
		words = 0
	}
}

const (
	lowBits  = 0x0101010101010101
	highBits = 0x8080808080808080
)

// escaped reports whether b, which starts with a quote, ends with an odd number
// of backslashes.
func escaped(b []byte) bool {
	i := len(b)
	for i > 1 && b[i-1] == '\\' {
		i--
	}
	return (len(b)-i)%2 == 1
}

// ConditionalOpen returns the length of the opening of a conditional comment
// that b starts with ("/*!", "/*!50003", "/*M!100301"), or 0.
func ConditionalOpen(b []byte) int {
	n := 0
	switch {
	case bytes.HasPrefix(b, []byte("/*!")):
		n = 3
	case bytes.HasPrefix(b, []byte("/*M!")):
		n = 4
	default:
		return 0
	}
	for digits := 0; digits < 6 && n < len(b) && isDigit(b[n]); digits++ {
		n++
	}
	return n
}

// PlainComment returns the length of the plain comment that b starts with, a
// line comment's end of line included; 0 when there is none; -1 when it does
// not end in b. A line comment that b ends with is ended.
func PlainComment(b []byte) int {
	switch {
	case b[0] == '#':
	case b[0] == '-':
		// "--" starts a comment only before white space or a control character.
		if len(b) < 2 || b[1] != '-' || len(b) > 2 && b[2] > ' ' {
			return 0
		}
	case b[0] == '/' && len(b) >= 2 && b[1] == '*':
		if ConditionalOpen(b) > 0 {
			return 0
		}
		n := bytes.Index(b[2:], []byte("*/"))
		if n < 0 {
			return -1
		}
		return n + 4
	default:
		return 0
	}
	if n := bytes.IndexByte(b, '\n'); n >= 0 {
		return n + 1
	}
	return len(b)
}

// NumberLen returns the length of the unsigned number that b starts with
// (digits, fraction, exponent), or 0.
func NumberLen(b []byte) int {
	i, digits := 0, 0
	for i < len(b) && isDigit(b[i]) {
		i++
		digits++
	}
	if i < len(b) && b[i] == '.' {
		i++
		for i < len(b) && isDigit(b[i]) {
			i++
			digits++
		}
	}
	if digits == 0 {
		return 0
	}
	if i < len(b) && (b[i] == 'e' || b[i] == 'E') {
		j := i + 1
		if j < len(b) && (b[j] == '+' || b[j] == '-') {
			j++
		}
		if j < len(b) && isDigit(b[j]) {
			for j < len(b) && isDigit(b[j]) {
				j++
			}
			i = j
		}
	}
	return i
}
