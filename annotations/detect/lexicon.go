package detect

import (
	"slices"
	"strings"
)

// A phrase is words that, together in a name and including its head, say what a column is about.
type phrase struct {
	words []string
	finding
}

// An entry is phrases that say the same, as written in the list: divided by ";".
type entry struct {
	class      Class
	tier       Tier
	confidence float64
	phrases    string
}

// A lexicon is what the package knows about words.
type lexicon struct {
	speller *speller
	phrases map[string][]*phrase // by each of their words

	harmless   map[string]bool // heads of names of harmless columns
	wraps      map[string]bool // heads that say nothing themselves
	qualifies  map[string]bool // ends of names that say nothing at all
	containers map[string]bool // heads of names of documents
	people     map[string]bool
	catalogs   map[string]bool
}

func newLexicon() *lexicon {
	l := &lexicon{
		phrases: map[string][]*phrase{}, harmless: set(harmlessHeads), wraps: set(wrappingHeads), qualifies: set(qualifiers),
		containers: set(containerHeads), people: set(people), catalogs: set(catalogs),
	}
	known := set(strings.Join([]string{
		harmlessHeads, wrappingHeads, qualifiers, containerHeads, people, catalogs, placeWords, networkWords, healthWords, secretWords, hardwareWords, otherWords,
	}, " "))
	for _, e := range entries() {
		for text := range strings.SplitSeq(e.phrases, ";") {
			p := &phrase{strings.Fields(text), finding{e.class, e.tier, e.confidence, strings.Join(strings.Fields(text), " ")}}
			for _, w := range p.words {
				known[w] = true
				l.phrases[w] = append(l.phrases[w], p)
			}
		}
	}
	l.speller = newSpeller(known, synonyms())
	return l
}

// find gives the best phrase that is among words and includes one of them; nil when there is none. A longer phrase says more.
func (l *lexicon) find(words []string, including string) *phrase {
	var best *phrase
	for _, p := range l.phrases[including] {
		if best != nil && (len(p.words) < len(best.words) || len(p.words) == len(best.words) && p.confidence <= best.confidence) {
			continue
		}
		if !slices.ContainsFunc(p.words, func(w string) bool { return !slices.Contains(words, w) }) {
			best = p
		}
	}
	return best
}

// findAny gives the best phrase among words; nil when there is none.
func (l *lexicon) findAny(words []string) *phrase {
	var best *phrase
	for _, w := range words {
		p := l.find(words, w)
		switch {
		case p == nil, len(p.words) == 1 && l.harmless[w]:
		case best == nil, len(p.words) > len(best.words), len(p.words) == len(best.words) && p.better(best.finding):
			best = p
		}
	}
	return best
}

func set(words string) map[string]bool {
	m := map[string]bool{}
	for w := range strings.FieldsSeq(words) {
		m[w] = true
	}
	return m
}
