package anonymize

import (
	"bytes"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"unicode/utf8"
)

// textKey makes keys of texts: two are equal where a collation takes the texts for equal. It does not change and is safe for
// concurrent use.
type textKey struct {
	// levels are compared one after the other; without any, characters (or bytes) are equal to themselves only.
	levels []*level
	// spaces are the weights of a space at each level. Where the collation pads, trailing ones do not count; at other levels than the
	// first they never do (MariaDB 10.11: é = e under utf8mb4_uca1400_nopad_ai_cs, whose third level has one weight more for the accent).
	spaces [][]byte
	pad    bool
	// fills: MariaDB without padding compares CHAR with the spaces that fill it up, so that ss and ß differ in CHAR(2) (InnoDB 10.11).
	// MySQL does not (its 0900 collations).
	fills bool
	// plain says of each weight of the first level whether a printable ASCII character has it.
	plain map[uint16]bool
	// exactASCII: printable ASCII characters are equal to themselves only. foldedASCII: and to those that differ in letter case. With
	// neither, nothing is known of them.
	exactASCII, foldedASCII bool
}

// errNoWeights is returned for a collation whose weights are not known.
var errNoWeights = errors.New("the weights of the collation are not known")

// defaultCollation is what a charset means where the dump names no collation: dump programs leave the default out, and those that do
// know only one. It is "" for others.
func defaultCollation(charset string) string {
	return map[string]string{
		"utf8": "utf8mb3_general_ci", "utf8mb3": "utf8mb3_general_ci", "utf8mb4": "utf8mb4_general_ci",
		"latin1": "latin1_swedish_ci", "ascii": "ascii_general_ci", "binary": "binary",
	}[charset]
}

// textKey returns what makes keys under a collation; errNoWeights for one that is not known.
func (l *levels) textKey(name string) (*textKey, error) {
	rule := strings.Replace(name, "_nopad", "", 1)
	k := &textKey{pad: rule == name && name != "binary", fills: rule != name}
	charset, rule, _ := strings.Cut(rule, "_")
	switch charset {
	case "utf8", "utf8mb3", "ascii":
		charset = "utf8mb4" // the same rules for fewer characters
	}
	if root, ok := strings.CutPrefix(rule, "0900_"); ok { // of MySQL: the rules of uca1400, older
		k.pad, rule = false, "uca1400_"+root
	}
	if name == "binary" || rule == "bin" || rule == "uca1400_bin" {
		k.exactASCII = true
		return k, nil
	}
	collation, numbers := charset+"_"+rule, "1"
	switch rule {
	case "uca1400_ai_ci", "uca1400_as_ci", "uca1400_ai_cs", "uca1400_as_cs":
		collation = "utf8mb4_uca1400_as_cs"
		if strings.Contains(rule, "as") {
			numbers += "2"
		}
		if strings.HasSuffix(rule, "cs") {
			numbers += "3"
		}
	}
	for _, number := range numbers {
		found, err := l.get(collation + "." + string(number))
		if err != nil {
			return nil, err
		}
		if found == nil {
			return nil, errNoWeights
		}
		space, _ := found.appendWeights(nil, []byte{' '})
		k.levels, k.spaces = append(k.levels, found), append(k.spaces, space)
	}
	k.learnASCII()
	return k, nil
}

// learnASCII finds what is equal to what among printable ASCII characters, and which weights they have.
func (k *textKey) learnASCII() {
	k.plain = map[uint16]bool{}
	k.exactASCII, k.foldedASCII = true, true
	byKey := map[string]byte{}
	for c := byte(' '); c < 0x7f; c++ {
		weights, _ := k.levels[0].appendWeights(nil, []byte{c})
		for i := 0; i < len(weights); i += 2 {
			k.plain[binary.BigEndian.Uint16(weights[i:])] = true
		}
		one, _ := k.append(nil, []byte{'!', c, '!'})
		switch other, ok := byKey[string(one)]; {
		case len(weights) != 2:
			k.exactASCII, k.foldedASCII = false, false
		case ok && other|0x20 == c && other >= 'A' && other <= 'Z':
			k.exactASCII = false
		case ok:
			k.exactASCII, k.foldedASCII = false, false
		default:
			byKey[string(one)] = c
		}
	}
	if letters := len(byKey); letters != 95-26 {
		k.foldedASCII = false
	}
	for c := range k.levels[0].contractions {
		if c[0] < utf8.RuneSelf && c[1] < utf8.RuneSelf {
			k.exactASCII, k.foldedASCII = false, false
		}
	}
}

// append appends the key of a text. plain reports whether a text of printable ASCII could have the same.
func (k *textKey) append(dst, text []byte) (key []byte, plain bool) {
	if len(k.levels) == 0 {
		if k.pad {
			text, _ = splitSpaces(text)
		}
		return append(dst, text...), printableASCII(text)
	}
	plain = true
	for i, l := range k.levels {
		start := len(dst)
		var ok bool
		if dst, ok = l.appendWeights(dst, text); !ok {
			// A character that its charset lacks, which is refused elsewhere: equal to nothing else.
			dst = append(append(dst[:start], 0xff), text...)
			plain = false
		}
		for (k.pad || i > 0) && len(dst)-start >= len(k.spaces[i]) && bytes.HasSuffix(dst, k.spaces[i]) {
			dst = dst[:len(dst)-len(k.spaces[i])]
		}
		for j := start; i == 0 && plain && j+1 < len(dst); j += 2 {
			plain = k.plain[binary.BigEndian.Uint16(dst[j:])]
		}
		dst = binary.BigEndian.AppendUint32(dst, uint32(len(dst)-start)) // levels are told apart by their lengths
	}
	return dst, plain
}

// appendChar appends the key of a text of type CHAR, or of its first characters.
func (k *textKey) appendChar(dst, text []byte, chars int) (key []byte, plain bool) {
	text, _ = splitSpaces(text) // not stored
	if missing := chars - utf8.RuneCount(text); k.fills && missing > 0 {
		text = append(slices.Clip(text), bytes.Repeat([]byte{' '}, missing)...)
	}
	return k.append(dst, text)
}

func printableASCII(text []byte) bool {
	return !slices.ContainsFunc(text, func(c byte) bool { return c < ' ' || c >= 0x7f })
}
