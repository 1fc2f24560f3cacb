package anonymize

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// foldsText says for each collation which characters it takes for printable ASCII, or for nothing: what a server's WEIGHT_STRING
// says. A test compares it with a server, and writes it.
//
//go:embed folds.txt
var foldsText string

// collation compares text as a collation of MySQL and MariaDB does, as far as it can be told from characters that the collation takes
// for ASCII. It does not change and is safe for concurrent use.
type collation struct {
	name string
	// bytes: values are bytes, compared as such. exact: characters are equal to themselves only, and ordered by code point where
	// ordered is set. Otherwise folds decides.
	bytes, exact, ordered bool
	// pad: trailing spaces do not count.
	pad bool
	// afterL: a middle dot after l does not count.
	afterL bool
	folds  []fold // ascending
}

// fold says what the characters from low to high are equal to: text, or, with step, the ASCII characters that follow one another from
// text on.
type fold struct {
	low, high rune
	step      bool
	text      string
}

// collations makes collations by name, each once.
type collations struct {
	mu     sync.Mutex
	byName map[string]*collation
}

// get returns a collation, or an error where the comparison of text under it is not known exactly. charset decides when the name is
// "".
func (c *collations) get(name, charset string) (*collation, error) {
	if name == "" {
		name = defaultCollation(charset)
	}
	if name == "" {
		return nil, fmt.Errorf("the dump names no collation for it; write COLLATE utf8mb4_bin after the column")
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if found := c.byName[name]; found != nil {
		return found, nil
	}
	found := newCollation(name)
	if found == nil {
		return nil, fmt.Errorf("text under collation %s cannot be compared exactly; write COLLATE utf8mb4_bin (or utf8mb4_general_ci) after the column", name)
	}
	if c.byName == nil {
		c.byName = map[string]*collation{}
	}
	c.byName[name] = found
	return found, nil
}

// newCollation returns nil for a collation that is not known.
func newCollation(name string) *collation {
	if name == "binary" {
		return &collation{name: name, bytes: true, exact: true, ordered: true}
	}
	rule := strings.Replace(name, "_nopad", "", 1)
	c := &collation{name: name, pad: rule == name}
	charset, rule, _ := strings.Cut(rule, "_")
	switch {
	case name == "utf8mb4_0900_bin":
		c.pad, rule = false, "bin"
	case charset == "ascii" && rule == "general_ci":
		charset = "utf8mb4" // the two agree on ASCII
	case charset == "utf8" || charset == "utf8mb3":
		charset = "utf8mb4" // the same rules for fewer characters
	}
	if rule == "bin" {
		// Code points have another order than the bytes of most charsets.
		c.exact, c.ordered = true, charset == "utf8mb4" || charset == "ascii"
		return c
	}
	var ok bool
	if c.folds, ok = parseFolds(charset + "_" + rule); !ok {
		return nil
	}
	c.afterL = rule == "uca1400_ai_ci"
	return c
}

// parseFolds reads one collation of foldsText: lines of low, high and text, with + before the text of steps.
func parseFolds(name string) (out []fold, ok bool) {
	_, section, ok := strings.Cut(foldsText, "\n= "+name+"\n")
	for line := range strings.Lines(section) {
		fields := strings.SplitN(strings.TrimSuffix(line, "\n"), " ", 3)
		if fields[0] == "=" || len(fields) != 3 {
			break // the next collation
		}
		low, _ := strconv.ParseUint(fields[0], 16, 32)
		high, _ := strconv.ParseUint(fields[1], 16, 32)
		quoted, step := strings.CutPrefix(fields[2], "+")
		text, _ := strconv.Unquote(quoted)
		out = append(out, fold{rune(low), rune(high), step, text})
	}
	return out, ok
}

// spelled are the printable ASCII characters in lower case, so that what one character is equal to is a part of it.
const spelled = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"

func asciiText(c byte) string {
	if c >= 'A' && c <= 'Z' {
		c |= 0x20
	}
	return spelled[c-' ' : c-' '+1]
}

// of returns the printable ASCII text in lower case that a character is equal to; ok is false when there is none.
func (c *collation) of(r rune) (text string, ok bool) {
	if r >= ' ' && r < 0x7f {
		return asciiText(byte(r)), true
	}
	low, high := 0, len(c.folds)
	for low < high {
		mid := (low + high) / 2
		if c.folds[mid].high < r {
			low = mid + 1
		} else {
			high = mid
		}
	}
	if low == len(c.folds) || r < c.folds[low].low {
		return "", false
	}
	f := &c.folds[low]
	if f.step {
		return asciiText(f.text[0] + byte(r-f.low)), true
	}
	return f.text, true
}

// foldText returns the ASCII text that a whole text is equal to, without trailing spaces where they do not count.
func (c *collation) foldText(s string) (folded string, ok bool) {
	var b strings.Builder
	var last rune
	for _, r := range s {
		text, ok := c.of(r)
		if c.dropped(last, r) {
			text, ok = "", true
		}
		if !ok {
			return "", false
		}
		b.WriteString(text)
		last = r
	}
	folded = b.String()
	if c.pad {
		folded = strings.TrimRight(folded, " ")
	}
	return folded, true
}

// dropped reports whether a character makes one with the l before it: the only contraction of the root collation that has ASCII in it.
func (c *collation) dropped(last, r rune) bool {
	return c.afterL && (last == 'l' || last == 'L') && (r == 0xb7 || r == 0x387)
}

// literal returns what equal compares values with.
func (c *collation) literal(s string) (string, error) {
	switch {
	case !utf8.ValidString(s):
		return "", errNotUTF8
	case c.bytes:
		for i := range len(s) {
			if s[i] >= utf8.RuneSelf {
				return "", fmt.Errorf("a column of bytes is compared with ASCII text only")
			}
		}
		return s, nil
	case c.exact && c.pad:
		return strings.TrimRight(s, " "), nil
	case c.exact:
		return s, nil
	}
	folded, ok := c.foldText(s)
	if !ok {
		return "", fmt.Errorf("the text has characters that cannot be compared exactly under collation %s; write COLLATE utf8mb4_bin after the column", c.name)
	}
	return folded, nil
}

// equal reports whether a value is equal to a literal.
func (c *collation) equal(v []byte, literal string) bool {
	if c.exact {
		if c.pad {
			v, _ = splitSpaces(v)
		}
		return string(v) == literal
	}
	i := 0
	var last rune
	for len(v) > 0 {
		r, n := rune(v[0]), 1
		if r >= utf8.RuneSelf {
			r, n = utf8.DecodeRune(v)
		}
		v = v[n:]
		text, ok := c.of(r)
		if c.dropped(last, r) {
			text, ok = "", true
		}
		if !ok {
			return false
		}
		last = r
		for j := range len(text) {
			switch {
			case i < len(literal) && text[j] == literal[i]:
				i++
			case i == len(literal) && c.pad && text[j] == ' ':
			default:
				return false
			}
		}
	}
	return i == len(literal)
}

// compare orders a value and a literal; only for collations that are ordered.
func (c *collation) compare(v []byte, literal string) int {
	n := min(len(v), len(literal))
	for i := range n { // UTF-8 has the order of code points
		if v[i] != literal[i] {
			return order(v[i], literal[i])
		}
	}
	switch {
	case len(v) == len(literal):
		return 0
	case !c.pad:
		return order(len(v), len(literal))
	}
	for _, b := range v[n:] { // the shorter one continues with spaces
		if b != ' ' {
			return order(b, ' ')
		}
	}
	for i := n; i < len(literal); i++ {
		if literal[i] != ' ' {
			return order(' ', literal[i])
		}
	}
	return 0
}

func order[T byte | int](a, b T) int {
	if a < b {
		return -1
	}
	if a > b {
		return 1
	}
	return 0
}
