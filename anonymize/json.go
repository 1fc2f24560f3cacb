package anonymize

import (
	"encoding/json"
	"slices"
	"strconv"
)

// document treats JSON documents: structure, keys, white space, order and null stay byte
// for byte, and so do true and false but where a rule removes them; every string and number
// is replaced, by the rule of the longest path that leads to it, or else as free text or as
// number.
type document struct {
	d     *domain
	rules []pathRule
	rest  leaf // of leaves without a rule

	text, out []byte
	failed    error
	decoded   []byte
	mapped    []byte
	spelled   []spelling // by character of decoded
}

// leaf is what becomes of a string, a number, true or false.
type leaf struct {
	kind string
	// text maps a decoded string; nil keeps it.
	text   func(dst, v []byte) ([]byte, error)
	number func(dst, v []byte) []byte // nil keeps
	// truth says what becomes of true and false; nil keeps.
	truth func() bool
	// literal replaces every leaf, true and false too, by this token.
	literal []byte
}

type pathRule struct {
	steps []pathStep
	leaf  leaf
}

// apply treats one document; text that is none is treated as free text.
func (j *document) apply(dst, v []byte) ([]byte, error) {
	if !json.Valid(v) {
		return j.invalid(dst, v)
	}
	j.text, j.out, j.failed = v, dst, nil
	end := j.value(0, j.active())
	j.out = append(j.out, v[end:]...)
	out := j.out
	j.text, j.out = nil, nil
	return out, j.failed
}

// invalid treats text that is no JSON by the rule for everything.
func (j *document) invalid(dst, v []byte) ([]byte, error) {
	if j.rest.kind == kindRedact {
		return redactText(dst, v), nil
	}
	return j.d.text(dst, v), nil
}

// match is how far a rule has come: its number and the steps matched.
type match struct{ rule, steps int }

// active returns the rules that are under way at the root.
func (j *document) active() []match {
	var dst []match
	for i := range j.rules {
		dst = append(dst, match{rule: i})
	}
	return dst
}

// leafAt returns the leaf of the longest rule that is matched in full.
func (j *document) leafAt(at []match) *leaf {
	best := &j.rest
	longest := -1
	for _, m := range at {
		if rule := &j.rules[m.rule]; m.steps == len(rule.steps) && m.steps > longest {
			best, longest = &rule.leaf, m.steps
		}
	}
	return best
}

// step returns the matches below key, or below index where key is nil.
func (j *document) step(at []match, key []byte, index int) []match {
	if len(at) == 0 {
		return nil
	}
	var next []match
	for _, m := range at {
		steps := j.rules[m.rule].steps
		if m.steps == len(steps) { // matched above: holds below
			next = append(next, m)
			continue
		}
		s := steps[m.steps]
		switch {
		case key != nil && s.index == isKey && s.key == string(key),
			key == nil && (s.index == anyIndex || s.index == index):
			next = append(next, match{m.rule, m.steps + 1})
		}
	}
	return next
}

// value treats the value that starts at i or after white space; it returns its end.
func (j *document) value(i int, at []match) int {
	i = j.space(i)
	switch c := j.text[i]; c {
	case '{', '[':
		return j.container(i, c == '{', at)
	case '"':
		end := stringEnd(j.text, i)
		j.string(j.text[i:end], j.leafAt(at))
		return end
	case 't', 'f', 'n':
		end := i
		for end < len(j.text) && j.text[end] >= 'a' && j.text[end] <= 'z' {
			end++
		}
		j.word(j.text[i:end], j.leafAt(at))
		return end
	default:
		end := i
		for end < len(j.text) && isNumberByte(j.text[end]) {
			end++
		}
		j.number(j.text[i:end], j.leafAt(at))
		return end
	}
}

func isNumberByte(c byte) bool {
	return c-'0' < 10 || c == '-' || c == '+' || c == '.' || c|0x20 == 'e'
}

// container treats an object or an array.
func (j *document) container(i int, object bool, at []match) int {
	j.out = append(j.out, j.text[i])
	i = j.space(i + 1)
	for index := 0; j.text[i] != '}' && j.text[i] != ']'; index++ {
		next := at
		if object {
			end := stringEnd(j.text, i)
			j.out = append(j.out, j.text[i:end]...)
			if len(at) > 0 {
				next = j.step(at, j.decode(j.text[i:end]), 0)
			}
			i = j.space(end)
			j.out = append(j.out, ':')
			i++
		} else {
			next = j.step(at, nil, index)
		}
		i = j.space(j.value(i, next))
		if j.text[i] == ',' {
			j.out = append(j.out, ',')
			i = j.space(i + 1)
		}
	}
	j.out = append(j.out, j.text[i])
	return i + 1
}

// space copies white space and returns what comes after.
func (j *document) space(i int) int {
	start := i
	for i < len(j.text) && (j.text[i] == ' ' || j.text[i] == '\t' || j.text[i] == '\n' || j.text[i] == '\r') {
		i++
	}
	j.out = append(j.out, j.text[start:i]...)
	return i
}

// stringEnd returns the end of the string token that starts at i.
func stringEnd(text []byte, i int) int {
	for i++; text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// word treats true, false and null.
func (j *document) word(token []byte, l *leaf) {
	switch {
	case token[0] == 'n':
	case l.literal != nil:
		token = l.literal
	case l.truth != nil:
		j.out = strconv.AppendBool(j.out, l.truth())
		return
	}
	j.out = append(j.out, token...)
}

func (j *document) number(token []byte, l *leaf) {
	switch {
	case l.literal != nil:
		j.out = append(j.out, l.literal...)
	case l.number == nil:
		j.out = append(j.out, token...)
	default:
		j.out = l.number(j.out, token)
	}
}

// compileRules sorts the paths of a treatment into rules.
func compileRules(paths map[string]Treatment, compile func(Treatment) (leaf, error)) ([]pathRule, error) {
	var rules []pathRule
	names := make([]string, 0, len(paths))
	for name := range paths {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		steps, err := parsePath(name)
		if err != nil {
			return nil, err
		}
		l, err := compile(paths[name])
		if err != nil {
			return nil, err
		}
		rules = append(rules, pathRule{steps, l})
	}
	return rules, nil
}
