package recognize

// IsInteger reports whether b is a whole number as SQL prints one: an optional minus
// sign, digits without leading zeros; not "-0".
func IsInteger(b []byte) bool {
	if len(b) > 1 && b[0] == '-' {
		return b[1] != '0' && allDigits(b[1:])
	}
	return allDigits(b) && (len(b) == 1 || b[0] != '0')
}

// NumberParts are the parts of a number, as lengths in this order: sign, digits
// before the point, the point (0 or 1), digits after it, and the exponent with its
// letter.
type NumberParts struct {
	Sign, Whole, Point, Fraction, Exponent int
}

// SplitNumber returns the parts of a number: sign, digits, point, digits, exponent
// ("-273.15", ".5", "1e-7"). At least one digit must stand before the exponent.
func SplitNumber(b []byte) (NumberParts, bool) {
	var p NumberParts
	rest := b
	if len(rest) > 0 && (rest[0] == '-' || rest[0] == '+') {
		p.Sign, rest = 1, rest[1:]
	}
	p.Whole = digitRun(rest)
	rest = rest[p.Whole:]
	if len(rest) > 0 && rest[0] == '.' {
		p.Point = 1
		p.Fraction = digitRun(rest[1:])
		rest = rest[1+p.Fraction:]
	}
	if p.Whole+p.Fraction == 0 {
		return p, false
	}
	if len(rest) == 0 {
		return p, true
	}
	p.Exponent = len(rest)
	if rest[0]|0x20 != 'e' {
		return p, false
	}
	rest = rest[1:]
	if len(rest) > 0 && (rest[0] == '-' || rest[0] == '+') {
		rest = rest[1:]
	}
	return p, allDigits(rest)
}

func digitRun(b []byte) int {
	n := 0
	for n < len(b) && isDigit(b[n]) {
		n++
	}
	return n
}
