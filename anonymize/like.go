package anonymize

import (
	"errors"
	"fmt"
	"unicode/utf8"
)

// likePattern is a pattern of LIKE, taken apart. LIKE compares character by character, without contractions and with trailing spaces.
type likePattern struct {
	c     *collation
	items []likeItem
}

// likeItem is %, _, or a character.
type likeItem struct {
	many, any bool
	r         rune   // where characters are equal to themselves only
	text      string // of one byte; otherwise
}

// likePatternOf reads a pattern; escape is 0 where none is given.
func (c *collation) likePatternOf(pattern string, escape byte) (*likePattern, error) {
	p := &likePattern{c: c}
	if !utf8.ValidString(pattern) {
		return nil, errNotUTF8
	}
	escaped := false
	for _, r := range pattern {
		switch {
		case !escaped && escape != 0 && r == rune(escape):
			escaped = true
			continue
		case !escaped && r == '%':
			p.items = append(p.items, likeItem{many: true})
		case !escaped && r == '_':
			p.items = append(p.items, likeItem{any: true})
		case c.bytes && r >= utf8.RuneSelf:
			return nil, errors.New("a column of bytes is compared with ASCII text only")
		case c.exact:
			p.items = append(p.items, likeItem{r: r})
		default:
			text, ok := c.of(r)
			if !ok || len(text) != 1 {
				return nil, fmt.Errorf("the pattern has characters that cannot be compared exactly under collation %s", c.name)
			}
			p.items = append(p.items, likeItem{text: text})
		}
		escaped = false
	}
	if escaped {
		return nil, errors.New("the pattern ends with its escape sign")
	}
	return p, nil
}

// matches reports whether a value is like the pattern. A % takes as little as possible; when the rest does not match, the last % takes
// one character more.
func (p *likePattern) matches(v []byte) bool {
	i, at := 0, 0
	afterMany, from := -1, 0
	for at < len(v) || i < len(p.items) {
		if i < len(p.items) && p.items[i].many {
			i++
			afterMany, from = i, at
			continue
		}
		if at < len(v) {
			n := p.width(v[at:])
			if i < len(p.items) && p.one(&p.items[i], v[at:at+n]) {
				i, at = i+1, at+n
				continue
			}
		}
		if afterMany < 0 || from >= len(v) {
			return false
		}
		from += p.width(v[from:])
		i, at = afterMany, from
	}
	return true
}

// width is the length of the first character.
func (p *likePattern) width(v []byte) int {
	if p.c.bytes || v[0] < utf8.RuneSelf {
		return 1
	}
	_, n := utf8.DecodeRune(v)
	return n
}

// one reports whether a character is like an item.
func (p *likePattern) one(item *likeItem, char []byte) bool {
	if item.any {
		return true
	}
	r := rune(char[0])
	if len(char) > 1 {
		r, _ = utf8.DecodeRune(char)
	}
	if p.c.exact {
		return r == item.r
	}
	text, ok := p.c.of(r)
	return ok && text == item.text
}
