package anonymize

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// comparer compares values of one class of types with literals, as servers do.
type comparer interface {
	// literal makes a literal ready, or says why values are not compared with it. equality: only equal will be asked.
	literal(l literal, equality bool) (boundLiteral, error)
	equal(v []byte, l *boundLiteral) (bool, error)
	compare(v []byte, l *boundLiteral) (int, error)
}

// boundLiteral is a literal as a comparer wants it.
type boundLiteral struct {
	text   string
	number numberText
	double float64
	moment [momentBytes]byte
}

// numberText is the text of a number taken apart: no zeros before the first digit or behind the last of the fraction.
type numberText struct {
	negative        bool
	whole, fraction string
}

// texts compares text, ENUM members and bytes.
type texts struct {
	c       *collation
	members []string // of an ENUM; nil for all else
}

func (t texts) literal(l literal, equality bool) (boundLiteral, error) {
	if l.kind != literalText {
		return boundLiteral{}, errors.New("text is compared with text in quotes")
	}
	if !equality && !t.c.ordered {
		return boundLiteral{}, fmt.Errorf("the order of text under collation %s is not known here; use =, IN or LIKE, or write COLLATE utf8mb4_bin after the column", t.c.name)
	}
	if !equality { // trailing spaces have an order
		_, err := t.c.literal(l.text)
		return boundLiteral{text: l.text}, err
	}
	text, err := t.c.literal(l.text)
	if err == nil && !t.mayHold(text) {
		err = errors.New("a literal is no member of the ENUM, so nothing is ever equal to it")
	}
	return boundLiteral{text: text}, err
}

// mayHold is false for a literal that is no member of an ENUM. A server compares it all the same; but here it is a slip of the pen, by which
// a case for rows to be hidden holds for none. "" is what a server stores for an error.
func (t texts) mayHold(literal string) bool {
	return t.members == nil || literal == "" || slices.ContainsFunc(t.members, func(m string) bool { return t.c.equal([]byte(m), literal) })
}

func (t texts) equal(v []byte, l *boundLiteral) (bool, error) { return t.c.equal(v, l.text), nil }

func (t texts) compare(v []byte, l *boundLiteral) (int, error) { return t.c.compare(v, l.text), nil }

// numbers compares whole and decimal numbers digit by digit, exactly, however long.
type numbers struct{ bits bool }

func (numbers) literal(l literal, _ bool) (boundLiteral, error) {
	if l.kind != literalNumber {
		return boundLiteral{}, errors.New("numbers are compared with numbers, not with text in quotes")
	}
	n, ok := splitNumber(l.text)
	if !ok {
		return boundLiteral{}, errors.New("a number with an exponent would be compared inexactly")
	}
	return boundLiteral{number: n}, nil
}

func (c numbers) equal(v []byte, l *boundLiteral) (bool, error) {
	o, err := c.compare(v, l)
	return o == 0, err
}

func (c numbers) compare(v []byte, l *boundLiteral) (int, error) {
	var buf [20]byte
	if c.bits {
		if len(v) > 8 {
			return 0, errShape
		}
		var word [8]byte
		copy(word[8-len(v):], v)
		v = strconv.AppendUint(buf[:0], binary.BigEndian.Uint64(word[:]), 10)
	}
	return compareNumber(v, &l.number)
}

// splitNumber takes a number apart; not ok for an exponent, or what is no number.
func splitNumber(s string) (n numberText, ok bool) {
	p, ok := recognize.SplitNumber([]byte(s))
	if !ok || p.Exponent > 0 {
		return n, false
	}
	n.negative = s[0] == '-'
	n.whole, n.fraction, _ = strings.Cut(s[p.Sign:], ".")
	n.whole, n.fraction = strings.TrimLeft(n.whole, "0"), strings.TrimRight(n.fraction, "0")
	n.negative = n.negative && n.whole+n.fraction != ""
	return n, true
}

// compareNumber orders the text of a number and a literal, without allocating.
func compareNumber(v []byte, l *numberText) (int, error) {
	p, ok := recognize.SplitNumber(v)
	if !ok || p.Exponent > 0 {
		return 0, errShape
	}
	negative := v[0] == '-'
	whole, fraction, _ := bytes.Cut(v[p.Sign:], []byte{'.'})
	whole, fraction = trimZeros(whole, fraction)
	negative = negative && len(whole)+len(fraction) > 0
	if negative != l.negative {
		if negative {
			return -1, nil
		}
		return 1, nil
	}
	o := order(len(whole), len(l.whole))
	if o == 0 {
		o = compareText(whole, l.whole)
	}
	if o == 0 {
		o = compareText(fraction, l.fraction)
	}
	if negative {
		o = -o
	}
	return o, nil
}

func trimZeros(whole, fraction []byte) (w, f []byte) {
	for len(whole) > 0 && whole[0] == '0' {
		whole = whole[1:]
	}
	for len(fraction) > 0 && fraction[len(fraction)-1] == '0' {
		fraction = fraction[:len(fraction)-1]
	}
	return whole, fraction
}

// compareText orders by bytes; the one that the other begins with comes first.
func compareText(a []byte, b string) int {
	for i := range min(len(a), len(b)) {
		if a[i] != b[i] {
			return order(a[i], b[i])
		}
	}
	return order(len(a), len(b))
}

// doubles compares DOUBLE, which dumps write so that it reads back the same.
type doubles struct{}

func (doubles) literal(l literal, _ bool) (boundLiteral, error) {
	if l.kind != literalNumber {
		return boundLiteral{}, errors.New("numbers are compared with numbers, not with text in quotes")
	}
	f, err := strconv.ParseFloat(l.text, 64)
	if err != nil || math.IsInf(f, 0) {
		return boundLiteral{}, errors.New("the number is out of range")
	}
	return boundLiteral{double: f}, nil
}

func (c doubles) equal(v []byte, l *boundLiteral) (bool, error) {
	o, err := c.compare(v, l)
	return o == 0, err
}

func (doubles) compare(v []byte, l *boundLiteral) (int, error) {
	f, err := strconv.ParseFloat(string(v), 64)
	switch {
	case err != nil:
		return 0, errShape
	case f < l.double:
		return -1, nil
	case f > l.double:
		return 1, nil
	}
	return 0, nil
}

// momentBytes is the length of "2014-02-14 10:31:22.000001".
const momentBytes = 26

// moments compares DATE, DATETIME and TIMESTAMP, the latter in the dump's time zone. A date is its midnight.
type moments struct{}

func (moments) literal(l literal, _ bool) (boundLiteral, error) {
	if l.kind != literalText {
		return boundLiteral{}, errors.New("dates are compared with '2014-02-14' or '2014-02-14 10:31:22'")
	}
	var b boundLiteral
	if !spellMoment([]byte(l.text), &b.moment) {
		return b, errors.New("want a date as '2014-02-14' or '2014-02-14 10:31:22'")
	}
	m, _ := parseMoment([]byte(l.text))
	zero := m.year == 0 && m.month == 0 && m.day == 0 && m.clock == 0
	if !zero && (m.year == 0 || m.month == 0 || m.day == 0 || m.day > daysIn(m.year, m.month)) {
		return b, errors.New("no such date")
	}
	return b, nil
}

func (c moments) equal(v []byte, l *boundLiteral) (bool, error) {
	o, err := c.compare(v, l)
	return o == 0, err
}

func (moments) compare(v []byte, l *boundLiteral) (int, error) {
	var spelled [momentBytes]byte
	if !spellMoment(v, &spelled) {
		return 0, errShape
	}
	return bytes.Compare(spelled[:], l.moment[:]), nil
}

// spellMoment writes a date with or without a time in full.
func spellMoment(v []byte, out *[momentBytes]byte) bool {
	m, ok := parseMoment(v)
	if !ok || len(m.suffix) > 0 || len(v) > 10 && v[10] != ' ' || len(v) > momentBytes || m.hasTime && len(v) == 20 {
		return false
	}
	copy(out[:], "0000-00-00 00:00:00.000000")
	copy(out[:], v)
	return true
}
