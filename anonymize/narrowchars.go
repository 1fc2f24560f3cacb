package anonymize

import (
	"slices"
	"unicode"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
)

// within returns a table for text in a one-byte charset: no character is replaced by one that the charset lacks. Classes that the
// charset has in full are the same as in t, and so are the pseudonyms of text made of them. The charset's other characters are in
// classes of their own, by case and by length in UTF-8.
func (t *charTable) within(set *charset.OneByte) *charTable {
	out := *t
	out.dense, out.classes, out.ranges = slices.Clone(t.dense), slices.Clone(t.classes), nil
	type group struct {
		bytes                int
		lower, upper, letter bool
	}
	var order []group
	members := map[group][]rune{}
	for _, r := range set.Runes() {
		if r < utf8.RuneSelf || isKept(r) || t.closed(r, set) {
			continue
		}
		g := group{utf8.RuneLen(r), unicode.IsLower(r), unicode.IsUpper(r), unicode.IsLetter(r)}
		if members[g] == nil {
			order = append(order, g)
		}
		members[g] = append(members[g], r)
	}
	for _, g := range order {
		out.addRunes(members[g])
	}
	out.ranges = append(out.ranges, t.ranges...) // after the new ones, which go first
	if !set.ASCII() {
		for _, c := range symbols {
			out.ascii[c] = classKept
		}
	}
	return &out
}

// closed reports whether a character belongs to a class whose characters the charset all has.
func (t *charTable) closed(r rune, set *charset.OneByte) bool {
	class, rank := t.of(r)
	members := t.classes[class-classOther]
	return members[rank] == r && !slices.ContainsFunc(members, func(m rune) bool { return !set.Has(m) })
}
