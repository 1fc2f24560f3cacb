package anonymize

import (
	"errors"
	"fmt"
	"math"
	"strconv"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// PreservePrefix is the value of Treatment.Prefix.
const PreservePrefix = "preserve"

// Range is where pseudonyms stay: numbers or dates from Min to Max, both included.
type Range struct {
	Min string `json:"min"`
	Max string `json:"max"`
}

// Format says how many characters of a value stay as they are: the first and the last ones.
type Format struct {
	First int `json:"first,omitempty"`
	Last  int `json:"last,omitempty"`
}

// maxFormat bounds Format: longer heads are no head any more.
const maxFormat = 64

// validateOptions reports options that the kind does not take.
func (t Treatment) validateOptions(kind string) error {
	var errs []error
	if t.Prefix != "" && t.Prefix != PreservePrefix {
		errs = append(errs, errors.New("option prefix must be preserve"))
	}
	if t.Prefix != "" && kind != kindString && kind != kindBlob {
		errs = append(errs, fmt.Errorf("kind %s takes no prefix: only string and blob do", t.Kind))
	}
	if t.Range != nil {
		errs = append(errs, t.Range.validate(kind))
	}
	if t.Format != nil {
		errs = append(errs, t.Format.validate(kind))
	}
	if t.Format != nil && t.Prefix != "" {
		errs = append(errs, errors.New("prefix and format exclude each other"))
	}
	return errors.Join(errs...)
}

func (f *Format) validate(kind string) error {
	switch {
	case kind != kindString && kind != kindDigits:
		return errors.New("only string and digits take a format")
	case f.First < 0 || f.Last < 0 || f.First+f.Last == 0 || f.First > maxFormat || f.Last > maxFormat:
		return fmt.Errorf("a format keeps the first and the last characters, 1 to %d of them", maxFormat)
	}
	return nil
}

func (r *Range) validate(kind string) error {
	switch kind {
	case kindInteger:
		low, high, err := r.numbers()
		if err == nil && low >= high {
			err = errors.New("the range is empty")
		}
		return err
	case kindDatetime:
		low, ok1 := parseMoment([]byte(r.Min))
		high, ok2 := parseMoment([]byte(r.Max))
		switch {
		case !ok1 || !ok2 || low.hasTime || high.hasTime || !low.exists() || !high.exists():
			return errors.New("a range of dates is from one as '2014-02-14' to another")
		case r.Min >= r.Max:
			return errors.New("the range is empty")
		}
		return nil
	}
	return errors.New("only integer and datetime take a range")
}

// exists reports whether the day is one of its month.
func (m moment) exists() bool {
	return m.year > 0 && m.month > 0 && m.day > 0 && m.day <= daysIn(m.year, m.month)
}

// numbers returns the limits of a range of numbers.
func (r *Range) numbers() (low, high int64, err error) {
	low, err1 := strconv.ParseInt(r.Min, 10, 64)
	high, err2 := strconv.ParseInt(r.Max, 10, 64)
	if err1 != nil || err2 != nil {
		return 0, 0, errors.New("a range of numbers is from one whole number to another")
	}
	return low, high, nil
}

// canonicalOptions spells the options in one way only.
func (t Treatment) canonicalOptions() string {
	text := ""
	if t.Prefix != "" {
		text += " prefix=" + t.Prefix
	}
	if t.Range != nil {
		text += fmt.Sprintf(" range=%q..%q", t.Range.Min, t.Range.Max)
	}
	if t.Format != nil {
		text += fmt.Sprintf(" format=%d..%d", t.Format.First, t.Format.Last)
	}
	return text
}

// setRange reads {min: …, max: …}.
func (t *Treatment) setRange(value any) error {
	limits, ok := value.(map[string]any)
	low, ok1 := limits["min"].(string)
	high, ok2 := limits["max"].(string)
	if !ok || !ok1 || !ok2 || len(limits) != 2 {
		return errors.New("option range must be a map of min and max")
	}
	t.Range = &Range{Min: low, Max: high}
	return nil
}

// setFormat reads {first: …, last: …}.
func (t *Treatment) setFormat(value any) error {
	counts, ok := value.(map[string]any)
	t.Format = &Format{}
	for name, count := range counts {
		text, isText := count.(string)
		n, err := strconv.Atoi(text)
		switch {
		case !isText || err != nil:
			ok = false
		case name == "first":
			t.Format.First = n
		case name == "last":
			t.Format.Last = n
		default:
			ok = false
		}
	}
	if !ok {
		return errors.New("option format must be a map of first and last to numbers")
	}
	return nil
}

// optionMapping returns the mapping that the options of a treatment make; nil where there are none or the type does not take them.
func (c *tableCompiler) optionMapping(col *ddl.Column, t Treatment, class ddl.Class) (mapping, error) {
	d := c.domain(t.Domain)
	switch {
	case t.Prefix != "" && t.Kind == kindString && class == ddl.Text && !col.JSON():
		return infallible(d.prefixChars), nil
	case t.Prefix != "" && t.Kind == kindBlob && class == ddl.Binary:
		return infallible(d.prefixBytes), nil
	case t.Format != nil && (class == ddl.Text || class == ddl.Integer) && !col.JSON():
		if class == ddl.Integer {
			return nil, errors.New("a format is for text, and the column holds numbers")
		}
		return formatMapping(d, t), nil
	case t.Range != nil && t.Kind == kindInteger && class == ddl.Integer:
		return rangeMapping(d, t.Range)
	case t.Range != nil && t.Kind == kindDatetime && (class == ddl.Date || class == ddl.DateTime):
		return dateRangeMapping(d, t.Range), nil
	}
	return nil, fmt.Errorf("the options of kind %s are not for the type %s", t.Kind, col.Type.Name)
}

// hasOptions reports whether optionMapping makes the mapping.
func (t Treatment) hasOptions() bool { return t.Prefix != "" || t.Range != nil || t.Format != nil }

// prefixChars replaces every character by one of its class, by a bijection that all characters before it key: values that begin alike
// do so afterwards, and no others, however long the part that an index looks at. Letter case is no part of it.
func (d *domain) prefixChars(dst, v []byte) []byte {
	p := d.perm(familyPrefix)
	chain := p.Tweak([]byte{'c'})
	var buf [20]byte
	for i := 0; i < len(v); {
		class, rank, n := d.class(v, i, charRule{})
		if class == classKept {
			dst = append(dst, v[i:i+n]...)
		} else {
			dst = d.appendChar(dst, v[i:], class, uint16(p.Uint64(chain, uint64(d.chars.size(class)), uint64(rank))))
		}
		chain = p.Tweak(appendLower(append(buf[:0], chain[:]...), v[i:i+n]))
		i += n
	}
	return dst
}

// prefixBytes does to bytes what prefixChars does to characters.
func (d *domain) prefixBytes(dst, v []byte) []byte {
	p := d.perm(familyPrefix)
	chain := p.Tweak([]byte{'b'})
	var buf [20]byte
	for _, b := range v {
		dst = append(dst, byte(p.Uint64(chain, 256, uint64(b))))
		chain = p.Tweak(append(append(buf[:0], chain[:]...), b))
	}
	return dst
}

// formatMapping permutes the characters between the first and the last ones, which stay and key it. A value that has nothing between
// them is permuted whole.
func formatMapping(d *domain, t Treatment) mapping {
	rule := charRule{}
	if t.Kind == kindDigits {
		rule = charRule{keepSymbols: true, keepLetters: true}
	}
	first, last := t.Format.First, t.Format.Last
	return func(dst, v []byte) ([]byte, error) {
		text, spaces := splitSpaces(v)
		head := firstChars(text, first)
		tail := lastChars(text[head:], last)
		if head+tail == len(text) {
			head, tail = 0, 0
		}
		d.s.masked = append(append(append(d.s.masked[:0], text[:head]...), 0), text[len(text)-tail:]...)
		dst = append(dst, text[:head]...)
		dst = d.permuteChars(dst, text[head:len(text)-tail], familyFormat, rule, d.s.masked, nil)
		dst = append(dst, text[len(text)-tail:]...)
		return append(dst, spaces...), nil
	}
}

// firstChars returns the length in bytes of the first n characters.
func firstChars(v []byte, n int) int {
	for i := range string(v) {
		if n == 0 {
			return i
		}
		n--
	}
	return len(v)
}

// lastChars returns the length in bytes of the last n characters.
func lastChars(v []byte, n int) int {
	i := len(v)
	for ; i > 0 && n > 0; n-- {
		for i--; i > 0 && v[i]&0xc0 == 0x80; {
			i--
		}
	}
	return len(v) - i
}

// rangeMapping permutes the numbers of a range, zero included; a number outside becomes the limit next to it.
func rangeMapping(d *domain, r *Range) (mapping, error) {
	low, high, err := r.numbers()
	if err != nil {
		return nil, err
	}
	p := d.perm(familyRange)
	tweak := p.Tweak([]byte(r.Min + ".." + r.Max))
	size := uint64(high) - uint64(low) + 1
	if size == 0 {
		return nil, errors.New("the range is all numbers")
	}
	return func(dst, v []byte) ([]byte, error) {
		x, err := strconv.ParseInt(string(v), 10, 64)
		if err != nil {
			if _, uerr := strconv.ParseUint(string(v), 10, 64); uerr != nil {
				return dst, errShape
			}
			x = math.MaxInt64 // of a BIGINT UNSIGNED
		}
		switch {
		case x < low:
			x = low
		case x > high:
			x = high
		default:
			x = int64(uint64(low) + p.Uint64(tweak, size, uint64(x)-uint64(low)))
		}
		return strconv.AppendInt(dst, x, 10), nil
	}, nil
}

// dateRangeMapping treats dates as ever and moves those that come to lie outside to the limit next to them, the time of day kept. Zero
// and partly zero dates stay.
func dateRangeMapping(d *domain, r *Range) mapping {
	return func(dst, v []byte) ([]byte, error) {
		m, ok := parseMoment(v)
		if !ok {
			return dst, errShape
		}
		at := len(dst)
		dst = d.date(dst, v)
		if m.year == 0 || m.month == 0 || m.day == 0 {
			return dst, nil
		}
		day := dst[at : at+10]
		switch {
		case string(day) < r.Min:
			copy(day, r.Min)
		case string(day) > r.Max:
			copy(day, r.Max)
		}
		return dst, nil
	}
}

// keepsDistinct reports whether options leave what a kind promises about distinct values.
func (t Treatment) keepsDistinct() bool { return t.Range == nil }
