package anonymize

import (
	"unicode"
	"unicode/utf8"
)

// charClass numbers a set of characters that are replaced by one another. All
// characters of a class have the same length in UTF-8 and are in the same charsets.
type charClass uint8

const (
	classKept   charClass = iota // stays as it is: white space, controls, marks
	classLetter                  // ASCII letters; the case is kept apart
	classDigit                   // ASCII digits
	classSymbol                  // ASCII signs that are no separators
	classOther                   // the first class outside ASCII
)

// symbols are the ASCII signs that are replaced by one another. The others,
// - _ . / : @ " and \, give values their structure (words, paths, times, addresses,
// escapes) and stay.
const symbols = "!#$%&'()*+,;<=>?[]^`{|}~"

// charTable knows the class of every character and its rank there. It is read-only
// once made.
type charTable struct {
	ascii  [128]charClass
	rank   [128]uint8
	dense  []place // by rune - 0x80, below denseEnd
	ranges []runeRange
	// classes from classOther on: the characters by rank.
	classes [][]rune
	// the classes that characters of no class are replaced from, by length in UTF-8
	letters, signs [utf8.UTFMax + 1]charClass
}

type place struct {
	class charClass
	rank  uint16
}

// runeRange is a class of consecutive characters at denseEnd or later.
type runeRange struct {
	low, high rune
	class     charClass
}

const denseEnd = 0x2200

// newCharTable builds the table for Unicode. The classes are chosen so that most charsets have all or none of one: cp1252 (MySQL's
// latin1), the alphabets of other scripts. See within.
func newCharTable() *charTable {
	t := &charTable{dense: make([]place, denseEnd-0x80)}
	for c := range t.ascii {
		switch {
		case c|0x20 >= 'a' && c|0x20 <= 'z' && c >= 'A':
			t.ascii[c], t.rank[c] = classLetter, uint8(c|0x20-'a')
		case c >= '0' && c <= '9':
			t.ascii[c], t.rank[c] = classDigit, uint8(c-'0')
		}
	}
	for i, c := range symbols {
		t.ascii[c], t.rank[c] = classSymbol, uint8(i)
	}
	// Latin-1 and what cp1252 adds to it.
	t.add("àáâãäåçèéêëìíîïñòóôõöùúûüýÿ")
	t.add("ÀÁÂÃÄÅÇÈÉÊËÌÍÎÏÑÒÓÔÕÖÙÚÛÜÝ")
	t.add("ßæðøþ") // letters that collations take for two, or for others
	t.add("ÆÐØÞ")
	t.signs[2] = t.add("¡¢£¤¥¦§¨©ª«¬®¯°±²³´µ¶·¸¹º»¼½¾¿×÷")
	t.add("œšžƒ")
	t.add("ŒŠŽŸ")
	t.add("‚„…†‡‰‹‘’“”•–—™›€")
	t.addCased(0x100, 0x17f)
	t.addCased(0x1e00, 0x1eff)
	t.addRange(0x3b1, 0x3c1, 0x3c3, 0x3c9) // Greek without final sigma
	t.addRange(0x391, 0x3a1, 0x3a3, 0x3a9)
	t.letters[2] = t.addRange(0x430, 0x44f) // Cyrillic
	t.addRange(0x410, 0x42f)
	t.addRange(0x450, 0x45f)
	t.addRange(0x400, 0x40f)
	t.addRange(0x5d0, 0x5ea)               // Hebrew
	t.addRange(0x621, 0x63a, 0x641, 0x64a) // Arabic
	t.addRange(0x660, 0x669)
	t.addRange(0x904, 0x939)   // Devanagari
	t.addRange(0xe01, 0xe2e)   // Thai
	t.addRange(0x2190, 0x21ff) // arrows
	t.addRange(0x3041, 0x3096) // Hiragana
	t.addRange(0x30a1, 0x30fa) // Katakana
	t.addRange(0xac00, 0xd7a3) // Hangul
	t.letters[3] = t.addRange(0x4e00, 0x9fff)
	t.addRange(0xff10, 0xff19) // full width
	t.addRange(0xff21, 0xff3a)
	t.addRange(0xff41, 0xff5a)
	t.signs[3] = t.addRange(0x2600, 0x26ff)
	t.addRange(0x1f600, 0x1f64f) // faces
	t.signs[4] = t.addRange(0x1f300, 0x1f5ff)
	t.letters[4] = t.addRange(0x20000, 0x2a6df) // CJK extension B
	t.addRange(0x6f0, 0x6f9)                    // digits of Persian and Urdu
	t.addRange(0x966, 0x96f)                    // of Devanagari
	return t
}

// add makes a class of the characters of s and returns it.
func (t *charTable) add(s string) charClass { return t.addRunes([]rune(s)) }

// addRange makes a class of the characters from each low to its high, given in pairs.
func (t *charTable) addRange(bounds ...rune) charClass {
	var runes []rune
	for i := 0; i < len(bounds); i += 2 {
		for r := bounds[i]; r <= bounds[i+1]; r++ {
			runes = append(runes, r)
		}
	}
	return t.addRunes(runes)
}

// addCased makes one class of the lower and one of the upper case letters of a block
// that no class has yet.
func (t *charTable) addCased(low, high rune) {
	var lower, upper []rune
	for r := low; r <= high; r++ {
		switch {
		case t.dense[r-0x80].class != classKept:
		case unicode.IsLower(r) && r != 'ı' && r != 'ſ' && r != 'ŉ': // they fold into ASCII
			lower = append(lower, r)
		case unicode.IsUpper(r) && r != 'İ' && r != 'ẞ':
			upper = append(upper, r)
		}
	}
	t.addRunes(lower)
	t.addRunes(upper)
}

func (t *charTable) addRunes(runes []rune) charClass {
	class := classOther + charClass(len(t.classes))
	t.classes = append(t.classes, runes)
	if runes[0] >= denseEnd && int(runes[len(runes)-1]-runes[0]) == len(runes)-1 {
		t.ranges = append(t.ranges, runeRange{runes[0], runes[len(runes)-1], class})
		return class
	}
	for i, r := range runes {
		if r < denseEnd {
			t.dense[r-0x80] = place{class, uint16(i)}
		} else {
			t.ranges = append(t.ranges, runeRange{r, r, class})
		}
	}
	return class
}

// of returns the class of a character outside ASCII and its rank. A character of no
// class takes the place of one in the class of its length for letters or for signs:
// there two characters may share a place.
func (t *charTable) of(r rune) (charClass, uint16) {
	if r < denseEnd {
		if p := t.dense[r-0x80]; p.class != classKept {
			return p.class, p.rank
		}
		return t.stray(r)
	}
	for _, g := range t.ranges {
		if r >= g.low && r <= g.high {
			if g.low == g.high {
				return g.class, t.search(g.class, r)
			}
			return g.class, uint16(r - g.low)
		}
	}
	return t.stray(r)
}

// search finds the rank of a character of a class that is not consecutive.
func (t *charTable) search(class charClass, r rune) uint16 {
	for i, c := range t.classes[class-classOther] {
		if c == r {
			return uint16(i)
		}
	}
	return 0
}

// isKept reports whether a character outside ASCII stays as it is.
func isKept(r rune) bool {
	return r < 0xa0 || unicode.IsSpace(r) || unicode.Is(unicode.M, r) || unicode.Is(unicode.Cf, r)
}

// stray places a character of no class.
func (t *charTable) stray(r rune) (charClass, uint16) {
	if isKept(r) {
		return classKept, 0
	}
	n := utf8.RuneLen(r)
	class := t.signs[n]
	if unicode.IsLetter(r) {
		class = t.letters[n]
	}
	return class, uint16(int(r) % t.size(class))
}

// size returns the number of characters of a class.
func (t *charTable) size(class charClass) int {
	if class >= classHexLetter {
		return percentSize(class)
	}
	switch class {
	case classKept:
		return 1
	case classLetter:
		return 26
	case classDigit:
		return 10
	case classSymbol:
		return len(symbols)
	default:
		return len(t.classes[class-classOther])
	}
}
