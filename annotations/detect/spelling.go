package detect

import (
	"slices"
	"strings"
)

// marked are letters with marks, and how those who have none on their keyboard write them.
var marked = strings.NewReplacer(strings.Fields(`à a á a â a ã a ä a å a ą a ç c ć c č c ď d è e é e ê e ë e ę e ě e ğ g ì i í i î i ï i ı i ł l ñ n
	ń n ň n ò o ó o ô o õ o ö o ø o ő o ř r ś s š s ş s ș s ß ss ť t ț t ù u ú u û u ü u ů u ű u ý y ÿ y ź z ż z ž z æ ae œ oe
	À A Á A Â A Ã A Ä A Å A Ç C Č C È E É E Ê E Ë E Í I İ I Î I Ł L Ñ N Ò O Ó O Ô O Õ O Ö O Ø O Ś S Š S Ş S Ù U Ú U Û U Ü U Ý Y Ż Z Ž Z`)...)

// unmarked gives a name with plain letters: "contraseña" is contrasena.
func unmarked(name string) string {
	for i := range len(name) {
		if name[i] >= 0x80 {
			return marked.Replace(name)
		}
	}
	return name
}

// headToEnd puts the first word of a name last where a language begins names with what they are about, as English does not:
// "numero_tarjeta" is tarjeta numero, "data_di_nascita" nascita data. Such a language is told by another word of the name.
func (s *speller) headToEnd(parts []string) []string {
	if len(parts) < 2 || !slices.ContainsFunc(parts[1:], s.isForeign) {
		return parts
	}
	small := set(particles)
	parts = slices.DeleteFunc(slices.Clone(parts), func(w string) bool { return small[w] })
	if len(parts) < 2 || !s.leading[parts[0]] && !slices.ContainsFunc(singulars(parts[0]), func(w string) bool { return s.leading[w] }) {
		return parts
	}
	head := parts[0]
	if head == "data" { // of Italian, Portuguese and Polish
		head = "date"
	}
	return append(parts[1:], head)
}

func (s *speller) isForeign(w string) bool {
	_, ok := s.foreign[w]
	return ok || slices.ContainsFunc(singulars(w), func(one string) bool { return s.foreign[one] != nil })
}

// withoutVowels gives a word as who abbreviates writes it: the first letter, then consonants, doubled ones once: "cntct" of contact.
func withoutVowels(w string) string {
	var b []byte
	for i := range len(w) {
		if i > 0 && (strings.IndexByte("aeiou", w[i]) >= 0 || w[i] == b[len(b)-1]) {
			continue
		}
		b = append(b, w[i])
	}
	return string(b)
}

// The lengths from which a word without vowels, or the beginning of a word, stands for one word only.
const (
	shortest  = 3
	beginning = 4
)

// abbreviated gives the word that w is short for: its consonants, or its beginning if no other word begins so. "" for none.
func (s *speller) abbreviated(w string) string {
	if len(w) >= shortest && w == withoutVowels(w) {
		return s.short[w]
	}
	if len(w) < beginning {
		return ""
	}
	i, _ := slices.BinarySearch(s.sorted, w)
	if i == len(s.sorted) || !strings.HasPrefix(s.sorted[i], w) || i+1 < len(s.sorted) && strings.HasPrefix(s.sorted[i+1], w) {
		return ""
	}
	if has([]string{s.sorted[i][len(w):]}, "s d ed ing er or al ly") { // "forward" is not short for "forwarded"
		return ""
	}
	return s.sorted[i]
}
