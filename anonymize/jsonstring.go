package anonymize

import (
	"unicode/utf16"
	"unicode/utf8"
)

// spelling is how a character of a string was written.
type spelling uint8

const (
	plain   spelling = iota // itself, or the short escape that it needs
	slash                   // \/
	escaped                 // \uXXXX
)

// string treats a string token. Characters keep their spelling.
func (j *document) string(token []byte, l *leaf) {
	switch {
	case l.literal != nil:
		j.out = append(j.out, l.literal...)
		return
	case l.text == nil:
		j.out = append(j.out, token...)
		return
	}
	v := j.decode(token)
	var err error
	j.mapped, err = l.text(j.mapped[:0], v)
	if err != nil && j.failed == nil {
		j.failed = err
	}
	j.out = append(j.out, '"')
	rest := j.mapped
	for k := 0; len(rest) > 0; k++ {
		_, n := utf8.DecodeRune(rest)
		how := plain
		if k < len(j.spelled) {
			how = j.spelled[k]
		}
		j.out = appendJSONChar(j.out, rest[:n], how)
		rest = rest[n:]
	}
	j.out = append(j.out, '"')
}

// decode returns the text of a string token, and leaves how it was written in spelled.
func (j *document) decode(token []byte) []byte {
	j.decoded, j.spelled = j.decoded[:0], j.spelled[:0]
	token = token[1 : len(token)-1]
	for i := 0; i < len(token); {
		how := plain
		switch {
		case token[i] != '\\':
			_, n := utf8.DecodeRune(token[i:])
			j.decoded = append(j.decoded, token[i:i+n]...)
			i += n
		case token[i+1] == 'u':
			r := hex4(token[i+2:])
			i += 6
			if utf16.IsSurrogate(r) && i+6 <= len(token) && token[i] == '\\' && token[i+1] == 'u' {
				if pair := utf16.DecodeRune(r, hex4(token[i+2:])); pair != utf8.RuneError {
					r = pair
					i += 6
				}
			}
			j.decoded = utf8.AppendRune(j.decoded, r)
			how = escaped
		default:
			j.decoded = append(j.decoded, unescape(token[i+1]))
			if token[i+1] == '/' {
				how = slash
			}
			i += 2
		}
		j.spelled = append(j.spelled, how)
	}
	return j.decoded
}

func unescape(c byte) byte {
	switch c {
	case 'b':
		return '\b'
	case 'f':
		return '\f'
	case 'n':
		return '\n'
	case 'r':
		return '\r'
	case 't':
		return '\t'
	}
	return c // " \ /
}

func hex4(b []byte) rune {
	var r rune
	for _, c := range b[:4] {
		r = r<<4 | rune(hexValue(c))
	}
	return r
}

// appendJSONChar appends one character of a string, escaped as needed or asked for.
func appendJSONChar(dst, char []byte, how spelling) []byte {
	const digits = "0123456789abcdef"
	r, _ := utf8.DecodeRune(char)
	if how == escaped {
		if r > 0xffff {
			high, low := utf16.EncodeRune(r)
			dst = append(dst, '\\', 'u', digits[high>>12], digits[high>>8&15], digits[high>>4&15], digits[high&15])
			r = low
		}
		return append(dst, '\\', 'u', digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15])
	}
	switch r {
	case '/':
		if how == slash {
			return append(dst, '\\', '/')
		}
	case '"', '\\':
		return append(dst, '\\', byte(r))
	case '\n':
		return append(dst, '\\', 'n')
	case '\r':
		return append(dst, '\\', 'r')
	case '\t':
		return append(dst, '\\', 't')
	case '\b':
		return append(dst, '\\', 'b')
	case '\f':
		return append(dst, '\\', 'f')
	}
	if r < 0x20 {
		return append(dst, '\\', 'u', '0', '0', digits[r>>4], digits[r&15])
	}
	return append(dst, char...)
}
