// Package charset reads and writes text in the one-byte character sets of MariaDB and MySQL, exactly as their servers do.
//
// It knows those sets (latin1, cp1251, koi8r, …) by a table that a server made; see onebyte.txt. A byte that a server maps to no
// character, or to one that it maps to another byte, is no text here: a server that is given the character would store something else.
// UTF-8 needs no table, and other sets of several bytes a character are not read.
package charset

import (
	_ "embed"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

//go:embed onebyte.txt
var table string

// none stands for a byte without a character.
const none = -1

// OneByte is a character set of one byte a character. It does not change.
type OneByte struct {
	name  string
	runes [256]rune
	bytes map[rune]byte
	ascii bool
}

var sets = sync.OnceValue(func() map[string]*OneByte { return parse(table) })

// Of returns the one-byte character set of that name, in upper or lower case; nil when there is none.
func Of(name string) *OneByte { return sets()[strings.ToLower(name)] }

// UTF8 reports whether text in the character set is UTF-8.
func UTF8(name string) bool {
	switch strings.ToLower(name) {
	case "utf8", "utf8mb3", "utf8mb4":
		return true
	}
	return false
}

// Name is the server's name of the set, in lower case.
func (c *OneByte) Name() string { return c.name }

// ASCII reports whether the first 128 bytes are those of ASCII: whether SQL text can be in the set.
func (c *OneByte) ASCII() bool { return c.ascii }

// Runes returns the set's characters in the order of Unicode.
func (c *OneByte) Runes() []rune { return slices.Sorted(maps.Keys(c.bytes)) }

// Has reports whether the set has a character.
func (c *OneByte) Has(r rune) bool {
	_, ok := c.bytes[r]
	return ok
}

// AppendUTF8 appends text, which is in the set, as UTF-8. ok is false when a byte of it is no character.
func (c *OneByte) AppendUTF8(dst, text []byte) (out []byte, ok bool) {
	for _, b := range text {
		r := c.runes[b]
		if r == none {
			return dst, false
		}
		dst = utf8.AppendRune(dst, r)
	}
	return dst, true
}

// AppendFrom appends UTF-8 text in the set. ok is false when it has a character that the set lacks.
func (c *OneByte) AppendFrom(dst, text []byte) (out []byte, ok bool) {
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		b, ok := c.bytes[r]
		if !ok || r == utf8.RuneError && n == 1 { // tis620 has U+FFFD
			return dst, false
		}
		dst = append(dst, b)
		text = text[n:]
	}
	return dst, true
}

// parse reads the table. A line is a set's name, the first of sixteen bytes, and their characters, all in hexadecimal; "-" stands for
// none. Sixteen bytes without a line are those of ASCII.
func parse(table string) map[string]*OneByte {
	found := map[string]*OneByte{}
	for line := range strings.Lines(table) {
		words := strings.Fields(line)
		if len(words) == 0 || words[0] == "#" {
			continue
		}
		c := found[words[0]]
		if c == nil {
			c = &OneByte{name: words[0]}
			for b := range c.runes {
				c.runes[b] = rune(b)
			}
			found[c.name] = c
		}
		first, _ := strconv.ParseUint(words[1], 16, 8)
		for i, word := range words[2:] {
			r, err := strconv.ParseInt(word, 16, 32)
			if err != nil {
				r = none
			}
			c.runes[int(first)+i] = rune(r)
		}
	}
	for _, c := range found {
		c.finish()
	}
	return found
}

// finish makes the way back.
func (c *OneByte) finish() {
	c.bytes, c.ascii = make(map[rune]byte, len(c.runes)), true
	for b, r := range c.runes {
		if r != none {
			c.bytes[r] = byte(b)
		}
		c.ascii = c.ascii && (b >= utf8.RuneSelf || r == rune(b))
	}
}
