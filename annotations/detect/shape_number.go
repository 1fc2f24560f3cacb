package detect

import (
	"bytes"
	"strconv"
)

// numberShape tells the shapes of what is mostly digits.
func numberShape(v []byte) Shape {
	switch {
	case isCard(v):
		return shapeCard
	case isIBAN(v):
		return shapeIBAN
	case isNationalNumber(v):
		return shapeNational
	case isPosition(v):
		return shapeGeo
	case isPhone(v):
		return shapePhone
	case len(v) >= 9 && len(v) <= 12 && v[0] == '0' && v[1] != '0' && isNumber(string(v)):
		return shapeDigits
	}
	return ""
}

// digitsOf gives the digits of v, and whether all else is one of the signs.
func digitsOf(v []byte, signs string) (digits []byte, ok bool) {
	for _, c := range v {
		switch {
		case c >= '0' && c <= '9':
			digits = append(digits, c)
		case bytes.IndexByte([]byte(signs), c) < 0:
			return nil, false
		}
	}
	return digits, true
}

// isCard reports whether v is the number of a payment card: 13 to 19 digits that begin as a brand's do, with a right check digit.
func isCard(v []byte) bool {
	if len(v) < 13 || len(v) > 23 {
		return false
	}
	digits, ok := digitsOf(v, " -")
	if !ok || len(digits) < 13 || len(digits) > 19 || digits[0] < '2' || digits[0] > '6' {
		return false
	}
	sum := 0 // Luhn, ISO/IEC 7812-1
	for i := range digits {
		n := int(digits[len(digits)-1-i] - '0')
		if i%2 == 1 {
			if n *= 2; n > 9 {
				n -= 9
			}
		}
		sum += n
	}
	return sum%10 == 0
}

// isPhone reports whether v is a telephone number beyond doubt: with a plus, or grouped as people group them.
func isPhone(v []byte) bool {
	for _, extension := range []string{" x", " ext. ", " ext "} {
		if number, own, ok := bytes.Cut(v, []byte(extension)); ok && isNumber(string(own)) {
			v = number
		}
	}
	if len(v) < 7 || len(v) > 24 {
		return false
	}
	digits, ok := digitsOf(v, "+ -./()")
	if !ok || len(digits) < 7 || len(digits) > 15 || len(digits) == len(v) {
		return false
	}
	if v[0] == '+' {
		return true
	}
	// "1.5", "2014-02", "10.0.0.1" and "1-2-3" are none: groups have two digits or more, and there are two at least.
	groups := bytes.FieldsFunc(v, func(r rune) bool { return r < '0' || r > '9' })
	if bytes.IndexByte(v, '.') >= 0 {
		return isDottedPhone(groups)
	}
	for _, g := range groups {
		if len(g) < 2 {
			return false
		}
	}
	if len(groups) == 3 && len(groups[0]) == 2 && len(groups[1]) == 2 && len(groups[2]) == 4 {
		return false // a date
	}
	return len(groups) > 1 && (v[0] == '0' || v[0] == '(' || len(groups) > 2)
}

// isDottedPhone reports whether the groups are those of a telephone number with dots, as people in the United States (415.555.0123) and
// in France (06.12.34.56.78) write it: those of a version are shorter.
func isDottedPhone(groups [][]byte) bool {
	switch len(groups) {
	case 3:
		return len(groups[0]) == 3 && len(groups[1]) == 3 && len(groups[2]) == 4
	case 5:
		for _, g := range groups {
			if len(g) != 2 {
				return false
			}
		}
		return groups[0][0] == '0'
	}
	return false
}

// isIBAN reports whether v is the number of a bank account with right check digits (ISO 13616), in groups or without.
func isIBAN(v []byte) bool {
	if len(v) < 15 || len(v) > 42 || v[0] < 'A' || v[0] > 'Z' {
		return false
	}
	plain := bytes.ReplaceAll(v, []byte(" "), nil)
	if len(plain) < 15 || len(plain) > 34 || plain[1] < 'A' || plain[1] > 'Z' || !isNumber(string(plain[2:4])) {
		return false
	}
	rest := 0 // of the number that letters as 10 to 35 make, after the country and check digits are moved to its end
	for i := range plain {
		switch c := plain[(i+4)%len(plain)]; {
		case c >= '0' && c <= '9':
			rest = (rest*10 + int(c-'0')) % 97
		case c >= 'A' && c <= 'Z':
			rest = (rest*100 + int(c-'A') + 10) % 97
		default:
			return false
		}
	}
	return rest == 1
}

// isNationalNumber reports whether v is a number of a person that its form or its check digits give away: social security numbers of the
// United States, a Brazilian CPF with its points, a Spanish DNI or NIE, an Italian codice fiscale.
func isNationalNumber(v []byte) bool {
	switch {
	case len(v) == 11 && v[3] == '-' && v[6] == '-':
		return isNumber(string(v[:3])) && isNumber(string(v[4:6])) && isNumber(string(v[7:])) && v[0] != '9' && string(v[:3]) != "000"
	case len(v) == 14 && v[3] == '.' && v[7] == '.' && v[11] == '-':
		digits, ok := digitsOf(v, ".-")
		return ok && len(digits) == 11 && isCPF(digits)
	case len(v) == 9:
		return isDNI(v)
	case len(v) == 16:
		return matches(v, "AAAAAA00A00A000A")
	}
	return false
}

// isCPF checks the last two of eleven digits (Receita Federal).
func isCPF(digits []byte) bool {
	for _, n := range []int{9, 10} {
		sum := 0
		for i, c := range digits[:n] {
			sum += int(c-'0') * (n + 1 - i)
		}
		if int(digits[n]-'0') != sum*10%11%10 {
			return false
		}
	}
	return true
}

// isDNI checks the letter after eight digits (Ministerio del Interior); X, Y and Z stand for a first digit of foreigners.
func isDNI(v []byte) bool {
	text := string(v[:8])
	if i := bytes.IndexByte([]byte("XYZ"), v[0]); i >= 0 {
		text = strconv.Itoa(i) + text[1:]
	}
	n, err := strconv.Atoi(text)
	return err == nil && isNumber(text) && v[8] == "TRWAGMYFPDXBNJZSQVHLCKE"[n%23]
}

// matches reports whether v is letters where pattern has A, and digits where it has 0.
func matches(v []byte, pattern string) bool {
	for i, c := range v {
		if letter := c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z'; letter != (pattern[i] == 'A') || !letter && (c < '0' || c > '9') {
			return false
		}
	}
	return true
}

// leastFraction is the number of decimals from which a latitude and a longitude tell a place to about ten meters.
const leastFraction = 4

// isPosition reports whether v is a latitude and a longitude with decimals enough to tell a house.
func isPosition(v []byte) bool {
	first, second, ok := bytes.Cut(bytes.Trim(v, "()"), []byte(","))
	if !ok {
		return false
	}
	return isDegrees(first, 90) && isDegrees(bytes.TrimSpace(second), 180)
}

func isDegrees(v []byte, most float64) bool {
	_, fraction, ok := bytes.Cut(v, []byte("."))
	if !ok || len(fraction) < leastFraction || !isNumber(string(fraction)) {
		return false
	}
	f, err := strconv.ParseFloat(string(v), 64)
	return err == nil && f >= -most && f <= most
}
