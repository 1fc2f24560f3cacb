package anonymize

import (
	"math"
	"strconv"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// integerLimits are where the types of MySQL end, for each sign as magnitudes. A range
// of numbers that are replaced by one another never crosses one, so that the mapping
// does not depend on a column's type and always fits it.
func integerLimits(negative bool) []uint64 {
	if negative {
		return []uint64{1 << 7, 1 << 15, 1 << 23, 1 << 31, 1 << 63}
	}
	return []uint64{
		1<<7 - 1, 1<<8 - 1, 1<<15 - 1, 1<<16 - 1, 1<<23 - 1, 1<<24 - 1,
		1<<31 - 1, 1<<32 - 1, 1<<63 - 1, math.MaxUint64,
	}
}

// magnitude returns the range of numbers with as many digits as x, between the same
// limits.
func magnitude(x uint64, negative bool) (low, high uint64) {
	low, high = 1, 9
	for x > high {
		low *= 10
		if high > math.MaxUint64/10 {
			high = math.MaxUint64
			break
		}
		high = high*10 + 9
	}
	for _, limit := range integerLimits(negative) {
		if x <= limit {
			return low, min(high, limit)
		}
		low = max(low, limit+1)
	}
	return low, high
}

// number treats a number: an optional sign, digits, a point, digits, an exponent.
// Zeros before the first and, after a point, behind the last other digit stay, so that
// the number keeps its order of magnitude and no two spellings become one number.
func (d *domain) number(dst, v []byte) []byte {
	p, _ := recognize.SplitNumber(v)
	if p.Point+p.Exponent > 0 {
		return d.fraction(dst, v, p)
	}
	dst, digits := append(dst, v[:p.Sign]...), v[p.Sign:]
	for len(digits) > 1 && digits[0] == '0' { // ZEROFILL
		dst, digits = append(dst, '0'), digits[1:]
	}
	x, err := strconv.ParseUint(string(digits), 10, 64)
	switch {
	case err != nil:
		return d.significant(dst, digits, nil, func(out []byte) bool { return !isUint64(out) })
	case x == 0:
		return append(dst, digits...)
	}
	negative := p.Sign == 1 && v[0] == '-'
	low, high := magnitude(x, negative)
	tweak := [10]byte{'i'}
	if negative {
		tweak[0] = '-'
	}
	for i := range 8 {
		tweak[1+i] = byte(low >> (8 * i))
	}
	perm := d.perm(familyNumber)
	x = low + perm.Uint64(perm.Tweak(tweak[:]), high-low+1, x-low)
	return strconv.AppendUint(dst, x, 10)
}

func isUint64(digits []byte) bool {
	const most = "18446744073709551615"
	return len(digits) < len(most) || len(digits) == len(most) && string(digits) <= most
}

// fraction treats a number with a point or an exponent. One with an exponent stays
// within the same limits of FLOAT and DOUBLE.
func (d *domain) fraction(dst, v []byte, p recognize.NumberParts) []byte {
	dst, v = append(dst, v[:p.Sign]...), v[p.Sign:]
	digits, exponent := v[:len(v)-p.Exponent], v[len(v)-p.Exponent:]
	if p.Exponent == 0 {
		return d.significant(dst, digits, nil, nil)
	}
	var buf [64]byte
	class := func(digits []byte) int {
		return floatClass(append(append(buf[:0], digits...), exponent...))
	}
	want := class(digits)
	dst = d.significant(dst, digits, exponent, func(out []byte) bool { return class(out) == want })
	return append(dst, exponent...)
}

// floatClass says between which limits of FLOAT and DOUBLE a number lies.
func floatClass(text []byte) int {
	x, err := strconv.ParseFloat(string(text), 64)
	class := 0
	for _, limit := range [...]float64{0, 2.3e-308, 1.2e-38, 3.4028234e38, math.MaxFloat64} {
		if x > limit {
			class++
		}
	}
	if err != nil {
		return -1
	}
	return class
}

// significant permutes the digits from the first to the last that is not zero, a point
// between them kept; the first and the last stay other than zero. Without a point the
// last may become anything.
func (d *domain) significant(dst, digits, more []byte, accept func([]byte) bool) []byte {
	first, last, point := -1, -1, false
	for i, c := range digits {
		switch {
		case c == '.':
			point = true
		case c != '0':
			last = i
			if first < 0 {
				first = i
			}
		}
	}
	if first < 0 {
		return append(dst, digits...)
	}
	if !point {
		last = len(digits) // no digit is the last of a fraction
	}
	d.resetPlaces()
	d.s.shape = append(appendLower(append(d.s.shape, 'f'), more), '|')
	for i, c := range digits {
		switch {
		case c == '.':
			d.s.shape = append(d.s.shape, '.', byte(i))
		case i < first || i > last:
			d.s.shape = append(d.s.shape, '0', byte(i))
		case i == first || i == last:
			d.addPlace(int(c-'0'), 1, 9, 1)
		default:
			d.addPlace(int(c-'0'), 0, 9, 1)
		}
	}
	base := len(dst)
	dst = append(dst, digits...)
	d.permutePlaces(familyNumber, func() bool {
		k := 0
		for i := first; i <= min(last, len(digits)-1); i++ {
			if digits[i] != '.' {
				dst[base+i] = '0' + byte(d.placeValue(k))
				k++
			}
		}
		return accept == nil || accept(dst[base:])
	})
	return dst
}

func numberKind() *shapeKind {
	return &shapeKind{
		accepts: func(v []byte) bool { _, ok := recognize.SplitNumber(v); return ok && len(v) < 300 },
		apply:   (*domain).number,
	}
}

func phoneKind() *shapeKind {
	return &shapeKind{accepts: recognize.IsPhone, apply: (*domain).phone}
}

// phone permutes the digits after leading zeros; the first of them stays other than
// zero.
func (d *domain) phone(dst, v []byte) []byte {
	d.resetPlaces()
	leading := true
	for _, c := range v {
		switch {
		case c-'0' >= 10 || leading && c == '0':
			d.s.shape = append(d.s.shape, 'k', c)
		case leading:
			leading = false
			d.s.shape = append(d.s.shape, 'd')
			d.addPlace(int(c-'0'), 1, 9, 1)
		default:
			d.s.shape = append(d.s.shape, 'd')
			d.addPlace(int(c-'0'), 0, 9, 1)
		}
	}
	if leading {
		return append(dst, v...)
	}
	base := len(dst)
	d.permutePlaces(familyPhone, func() bool {
		dst = dst[:base]
		k, leading := 0, true
		for _, c := range v {
			if c-'0' >= 10 || leading && c == '0' {
				dst = append(dst, c)
				continue
			}
			leading = false
			dst = append(dst, '0'+byte(d.placeValue(k)))
			k++
		}
		return notWhole(dst[base:])
	})
	return dst
}

func digitsKind() *shapeKind {
	return &shapeKind{
		accepts: func([]byte) bool { return true },
		apply: func(d *domain, dst, v []byte) []byte {
			return d.permuteChars(dst, v, familyDigits, charRule{keepSymbols: true, keepLetters: true}, nil, notWhole)
		},
	}
}
