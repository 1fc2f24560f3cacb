package detect

import (
	"maps"
	"slices"
	"strings"
	"unicode"
)

// split takes a name apart at everything that is no letter or digit, at changes of case, and before and after digits, in
// lower case: "homeAddress2", "HOME-address_2" and "Home Address 2" are home, address, 2.
func split(name string) []string {
	var words []string
	var word []rune
	flush := func() {
		if len(word) > 0 {
			words = append(words, strings.ToLower(string(word)))
		}
		word = word[:0]
	}
	runes := []rune(name)
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			flush()
			continue
		case i == 0:
		case unicode.IsDigit(r) != unicode.IsDigit(runes[i-1]):
			flush()
		case unicode.IsUpper(r) && (unicode.IsLower(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]) && !plural(runes[i:])):
			flush()
		}
		word = append(word, r)
	}
	flush()
	return words
}

// plural reports whether runes are the last letter of an acronym and its plural's s, as in "userIDs".
func plural(runes []rune) bool {
	return len(runes) == 2 && runes[1] == 's'
}

// A speller turns names into words that the lexicon knows.
type speller struct {
	known    map[string]bool
	synonyms map[string][]string
	foreign  map[string][]string // synonyms of languages whose compounds begin with what they are
	leading  map[string]bool
	short    map[string]string // words by what is left of them without their vowels; "" where that is no single one
	sorted   []string          // known words
}

// newSpeller knows the words given, other spellings for some of them, and words of other languages.
func newSpeller(known map[string]bool, synonyms map[string]string) *speller {
	s := &speller{
		known: known, synonyms: make(map[string][]string, len(synonyms)), foreign: map[string][]string{},
		leading: set(leading), short: map[string]string{}, sorted: slices.Sorted(maps.Keys(known)),
	}
	for from, to := range synonyms {
		s.synonyms[from] = strings.Fields(to)
	}
	s.learn(s.synonyms, headLast())
	s.learn(s.foreign, headFirst())
	for _, w := range s.sorted {
		if short := withoutVowels(w); len(short) < len(w) {
			if _, twice := s.short[short]; twice {
				w = ""
			}
			s.short[short] = w
		}
	}
	return s
}

// learn adds words of other languages, but for those that mean something in English.
func (s *speller) learn(to map[string][]string, translations []translation) {
	for _, t := range translations {
		for w := range strings.FieldsSeq(t.words) {
			if !s.isKnown(w) {
				to[w] = strings.Fields(t.to)
			}
		}
	}
}

// words gives the words of a name: taken apart, in the singular, in the lexicon's spelling and order.
func (s *speller) words(name string) []string {
	var out []string
	parts := s.headToEnd(split(unmarked(name)))
	for i := 0; i < len(parts); i++ {
		// What digits belong to: ipv 4, x 509, sha 256, md 5, oauth 2, icd 10; and what is known as one word only: sv nummer.
		if i+1 < len(parts) && s.isKnown(parts[i]+parts[i+1]) && (isNumber(parts[i+1]) || !s.isKnown(parts[i])) {
			out = append(out, s.word(parts[i]+parts[i+1])...)
			i++
			continue
		}
		out = append(out, s.word(parts[i])...)
	}
	return out
}

// word gives the words that one part of a name stands for.
func (s *speller) word(w string) []string {
	for _, one := range append([]string{w}, singulars(w)...) {
		if to, ok := s.synonyms[one]; ok {
			return to
		}
		if s.known[one] {
			return []string{one}
		}
		if to, ok := s.foreign[one]; ok {
			return to
		}
	}
	if parts := s.apart(w); parts != nil {
		return parts
	}
	if to := s.abbreviated(w); to != "" {
		return []string{to}
	}
	return []string{w}
}

func (s *speller) isKnown(w string) bool {
	_, synonym := s.synonyms[w]
	return synonym || s.known[w]
}

// singulars gives what a word may be the plural of.
func singulars(w string) []string {
	var out []string
	if rest, ok := strings.CutSuffix(w, "ies"); ok {
		out = append(out, rest+"y")
	}
	if rest, ok := strings.CutSuffix(w, "es"); ok {
		out = append(out, rest)
	}
	if rest, ok := strings.CutSuffix(w, "s"); ok && !strings.HasSuffix(rest, "s") {
		out = append(out, rest)
	}
	return out
}

// longestApart bounds the words that are taken apart: longer ones are no names.
const longestApart = 40

// apart takes words apart that were written together, such as "floatingipaddress": into known words only, as few as
// possible, and none shorter than three letters but "ip", "id" and "no" at either end, "to", "from" and "db" at the start. It gives nil when that is not possible.
func (s *speller) apart(w string) []string {
	n := len(w)
	if n < 4 || n > longestApart {
		return nil
	}
	cost := make([]int, n+1) // of the best way to take w[:i] apart
	from := make([]int, n+1)
	for i := 1; i <= n; i++ {
		cost[i] = -1
		for j := range i {
			if cost[j] < 0 || i-j == n || !s.piece(w, j, i) {
				continue
			}
			if c := cost[j] + 1; cost[i] < 0 || c < cost[i] {
				cost[i], from[i] = c, j
			}
		}
	}
	if cost[n] < 0 {
		return nil
	}
	var parts []string
	for i := n; i > 0; i = from[i] {
		parts = append(parts, w[from[i]:i])
	}
	slices.Reverse(parts)
	var out []string
	for _, p := range parts {
		out = append(out, s.word(p)...)
	}
	return out
}

// piece reports whether w[from:to] may stand alone when w is taken apart. Short abbreviations are found in any word, so they may not.
func (s *speller) piece(w string, from, to int) bool {
	p := w[from:to]
	if p == "for" || p == "str" {
		return false // forward, strip
	}
	if p == "to" || p == "from" || p == "db" {
		return from == 0
	}
	if len(p) < 3 {
		return (p == "ip" || p == "id" || p == "no") && (from == 0 || to == len(w))
	}
	if s.known[p] || len(p) > 3 && s.isKnown(p) {
		return true
	}
	return slices.ContainsFunc(singulars(p), func(one string) bool { return len(one) > 2 && s.known[one] })
}

func isNumber(w string) bool {
	return w != "" && strings.Trim(w, "0123456789") == ""
}

// has reports whether any of the words of a blank-separated list is among words.
func has(words []string, list string) bool {
	for w := range strings.FieldsSeq(list) {
		if slices.Contains(words, w) {
			return true
		}
	}
	return false
}
