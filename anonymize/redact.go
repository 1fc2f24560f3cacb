package anonymize

import (
	"unicode"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// redactText appends x for every letter (X for an upper-case one), 0 for every digit
// and * for every other character; white space stays. A character outside ASCII
// becomes one inside, so that only the length in characters is kept.
func redactText(dst, v []byte) []byte {
	for len(v) > 0 {
		r, n := utf8.DecodeRune(v)
		switch {
		case unicode.IsSpace(r):
			dst = append(dst, v[:n]...)
		case unicode.IsUpper(r):
			dst = append(dst, 'X')
		case unicode.IsLetter(r):
			dst = append(dst, 'x')
		case unicode.IsDigit(r):
			dst = append(dst, '0')
		default:
			dst = append(dst, '*')
		}
		v = v[n:]
	}
	return dst
}

// redactNumber appends 0 with as many fractional digits.
func redactNumber(dst, v []byte) []byte {
	dst = append(dst, '0')
	for i, c := range v {
		if c != '.' {
			continue
		}
		dst = append(dst, '.')
		for j := i + 1; j < len(v) && v[j]-'0' < 10; j++ {
			dst = append(dst, '0')
		}
		break
	}
	return dst
}

// redactDate appends a fixed moment in the format of v, one that every type and time
// zone has: the second day of 1970.
func redactDate(dst, v []byte, class ddl.Class) []byte {
	if class == ddl.Year {
		return append(dst, "1970"...)
	}
	if class == ddl.Date || class == ddl.DateTime {
		n := min(len(v), 10)
		dst, v = append(dst, "1970-01-02"...), v[n:]
	}
	for _, c := range v {
		if c-'0' < 10 {
			c = '0'
		}
		if c != '-' {
			dst = append(dst, c)
		}
	}
	return dst
}
