package anonymize

import (
	"unicode"
	"unicode/utf8"
)

// charRule says which characters a permutation of characters leaves alone beyond the
// kept ones.
type charRule struct {
	keepSymbols bool
	keepLetters bool
	// percent takes a percent-encoded byte (%2F) for one place, so that it stays one. It needs keepSymbols, which keeps every "%".
	percent bool
}

// Codes of permuted characters in a shape. A kept character stands for itself; kept
// ones among the codes are escaped by shapeKept. Classes outside ASCII are
// shapeClass and the class.
const (
	shapeLetter = 'a'
	shapeDigit  = '0'
	shapeSymbol = 0xf0
	shapeKept   = 0xf1
	shapeClass  = 0xf2
	shapeTweak  = 0xf3
)

// permuteChars appends the image of v under the bijection of its shape: each character
// is replaced by one of its class, all of them together. The shape, the classes and the
// kept characters, is the tweak, with more (without its case) appended where given. Letter case is not
// part of the value but applied to the result. Where accept is not nil the bijection
// is that of the accepted strings of the shape, to which v must belong: it walks on
// until the result is one.
func (d *domain) permuteChars(dst, v []byte, f family, rule charRule, more []byte, accept func([]byte) bool) []byte {
	d.readChars(v, rule)
	if len(d.s.radix) == 0 {
		return append(dst, v...)
	}
	if more != nil {
		d.s.shape = appendLower(append(d.s.shape, shapeTweak), more)
	}
	p := d.perm(f)
	tweak := p.Tweak(d.s.shape)
	base := len(dst)
	for {
		p.Digits(tweak, d.s.radix, d.s.digits)
		dst = d.writeChars(dst[:base], v, rule)
		if accept == nil || accept(dst[base:]) {
			return dst
		}
	}
}

// appendLower appends text with its ASCII letters in lower case.
func appendLower(dst, text []byte) []byte {
	for _, c := range text {
		if c >= 'A' && c <= 'Z' {
			c |= 0x20
		}
		dst = append(dst, c)
	}
	return dst
}

// class returns the class and rank of the character at v[i:], and its length.
func (d *domain) class(v []byte, i int, rule charRule) (charClass, uint16, int) {
	if rule.percent {
		if class, rank, n := percent(v, i); n > 0 {
			return class, rank, n
		}
	}
	c := v[i]
	if c < utf8.RuneSelf {
		class := d.chars.ascii[c]
		switch {
		case class == classSymbol && rule.keepSymbols, class == classLetter && rule.keepLetters:
			return classKept, 0, 1
		}
		return class, uint16(d.chars.rank[c]), 1
	}
	r, n := utf8.DecodeRune(v[i:])
	if rule.keepLetters && !unicode.IsDigit(r) || r == utf8.RuneError && n == 1 {
		return classKept, 0, n
	}
	class, rank := d.chars.of(r)
	return class, rank, n
}

// readChars fills radix, digits and shape.
func (d *domain) readChars(v []byte, rule charRule) {
	s := &d.s
	s.radix, s.digits, s.shape = s.radix[:0], s.digits[:0], s.shape[:0]
	for i := 0; i < len(v); {
		class, rank, n := d.class(v, i, rule)
		switch class {
		case classKept:
			for _, c := range v[i : i+n] {
				s.shape = appendKept(s.shape, c)
			}
			i += n
			continue
		case classLetter:
			s.shape = append(s.shape, shapeLetter)
		case classDigit:
			s.shape = append(s.shape, shapeDigit)
		case classSymbol:
			s.shape = append(s.shape, shapeSymbol)
		default:
			s.shape = append(s.shape, shapeClass, byte(class))
		}
		s.radix = append(s.radix, uint16(d.chars.size(class)))
		s.digits = append(s.digits, rank)
		i += n
	}
}

// appendKept writes a kept byte into a shape, without its case.
func appendKept(shape []byte, c byte) []byte {
	isCode := c >= shapeSymbol && c <= shapeTweak
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	if isCode || c == shapeDigit || c >= 'a' && c <= 'z' {
		shape = append(shape, shapeKept)
	}
	return append(shape, c)
}

// writeChars appends v with its permuted characters replaced.
func (d *domain) writeChars(dst, v []byte, rule charRule) []byte {
	k := 0
	for i := 0; i < len(v); {
		class, _, n := d.class(v, i, rule)
		if class == classKept {
			dst = append(dst, v[i:i+n]...)
		} else {
			dst = d.appendChar(dst, v[i:], class, d.s.digits[k])
			k++
		}
		i += n
	}
	return dst
}

// appendChar appends the character of a class and rank; letters take the case of those that old starts with.
func (d *domain) appendChar(dst, old []byte, class charClass, rank uint16) []byte {
	if class >= classHexLetter {
		return appendPercent(dst, old, class, rank)
	}
	switch class {
	case classLetter:
		return append(dst, 'A'+byte(rank)|old[0]&0x20)
	case classDigit:
		return append(dst, '0'+byte(rank))
	case classSymbol:
		return append(dst, symbols[rank])
	default:
		return utf8.AppendRune(dst, d.chars.classes[class-classOther][rank])
	}
}

func isHexDigit(c byte) bool { return c-'0' < 10 || c|0x20-'a' < 6 }
