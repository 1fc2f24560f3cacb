package anonymize

import "strconv"

// moment is the text of a date, with or without a time, taken apart.
type moment struct {
	year, month, day int
	hasTime          bool
	clock            uint64 // in units of the last fractional digit
	units            uint64 // a second in those units
	fraction         int    // fractional digits
	suffix           []byte // "Z", "+01:00": kept
}

// parseMoment reads "2014-02-14", "2014-02-14 10:31:22.000001" and the same with T and
// a zone.
func parseMoment(v []byte) (m moment, ok bool) {
	if len(v) < 10 || v[4] != '-' || v[7] != '-' {
		return m, false
	}
	var okDate [3]bool
	m.year, okDate[0] = parseDigits(v[:4])
	m.month, okDate[1] = parseDigits(v[5:7])
	m.day, okDate[2] = parseDigits(v[8:10])
	if okDate != [3]bool{true, true, true} || m.month > 12 || m.day > 31 {
		return m, false
	}
	if len(v) == 10 {
		return m, true
	}
	if len(v) < 19 || v[10] != ' ' && v[10] != 'T' {
		return m, false
	}
	m.hasTime = true
	return m, m.parseClock(v[11:])
}

// parseClock reads "10:31:22.000001" and a zone.
func (m *moment) parseClock(v []byte) bool {
	h, ok1 := parseDigits(v[:2])
	minute, ok2 := parseDigits(v[3:5])
	s, ok3 := parseDigits(v[6:8])
	if !ok1 || !ok2 || !ok3 || v[2] != ':' || v[5] != ':' || h > 23 || minute > 59 || s > 59 {
		return false
	}
	m.units, m.clock = 1, uint64(h*3600+minute*60+s)
	v = v[8:]
	if len(v) > 1 && v[0] == '.' {
		v = v[1:]
		for len(v) > 0 && v[0]-'0' < 10 && m.fraction < 9 {
			m.clock, m.units = m.clock*10+uint64(v[0]-'0'), m.units*10
			m.fraction++
			v = v[1:]
		}
		if m.fraction == 0 {
			return false
		}
	}
	m.suffix = v
	return isZone(v)
}

// isZone reports whether v is nothing, "Z", "+00", "+00:00" or "+0000".
func isZone(v []byte) bool {
	switch {
	case len(v) == 0, len(v) == 1 && v[0] == 'Z':
		return true
	case v[0] != '+' && v[0] != '-':
		return false
	}
	v = v[1:]
	if len(v) == 5 && v[2] == ':' {
		_, ok1 := parseDigits(v[:2])
		_, ok2 := parseDigits(v[3:])
		return ok1 && ok2
	}
	_, ok := parseDigits(v)
	return ok && (len(v) == 2 || len(v) == 4)
}

func parseDigits(v []byte) (int, bool) {
	x := 0
	for _, c := range v {
		if c-'0' >= 10 {
			return 0, false
		}
		x = x*10 + int(c-'0')
	}
	return x, len(v) > 0
}

// days returns the days that day may become: those of the month, or those after its
// end for an invalid date. Where TIMESTAMP begins and ends the days are kept apart, so
// that the mapping does not depend on a column's type; low > high means that the value
// stays, being one of the days next to such a limit.
func (m moment) days() (low, high int) {
	last := daysIn(m.year, m.month)
	if m.day > last {
		return last + 1, 31
	}
	low, high = 1, last
	for _, limit := range [...]struct{ year, month, first, last int }{
		{1970, 1, 1, 1},   // 1970-01-01 00:00:01 in UTC, and zones either way
		{2038, 1, 18, 20}, // 2038-01-19 03:14:07
		{2106, 2, 6, 8},   // 2106-02-07 06:28:15, MariaDB 11.5
	} {
		switch {
		case m.year != limit.year || m.month != limit.month:
		case m.day < limit.first:
			high = limit.first - 1
		case m.day > limit.last:
			low = limit.last + 1
		default:
			return 1, 0
		}
	}
	return low, high
}

func daysIn(year, month int) int {
	switch {
	case month == 2 && year%4 == 0 && (year%100 != 0 || year%400 == 0):
		return 29
	case month == 2:
		return 28
	case month == 4 || month == 6 || month == 9 || month == 11:
		return 30
	}
	return 31
}

func dateKind() *shapeKind {
	return &shapeKind{
		accepts: func(v []byte) bool { _, ok := parseMoment(v); return ok },
		apply:   (*domain).date,
	}
}

// date keeps year and month, and permutes the day, or day and time together. Midnight
// stays midnight, because such a value is a date; zero and partly zero dates stay.
func (d *domain) date(dst, v []byte) []byte {
	m, _ := parseMoment(v)
	low, high := m.days()
	if m.year == 0 || m.month == 0 || m.day == 0 || low > high {
		return append(dst, v...)
	}
	span := uint64(1) // of the clock, midnight left out
	index := uint64(m.day - low)
	tweak := [8]byte{'d', byte(m.year), byte(m.year >> 8), byte(m.month), byte(low)}
	if m.clock > 0 {
		span = 86400*m.units - 1
		index = index*span + m.clock - 1
		tweak[5], tweak[6] = 't', byte(m.fraction)
	}
	p := d.perm(familyDate)
	index = p.Uint64(p.Tweak(tweak[:]), uint64(high-low+1)*span, index)
	day, clock := low+int(index/span), uint64(0)
	if m.clock > 0 {
		clock = index%span + 1
	}
	dst = append(dst, v[:8]...)
	dst = append(dst, '0'+byte(day/10), '0'+byte(day%10))
	if !m.hasTime {
		return dst
	}
	dst = append(dst, v[10])
	dst = appendClock(dst, clock/m.units/3600, clock, m.units, m.fraction)
	return append(dst, m.suffix...)
}

// appendClock appends hours, and the minutes, seconds and fraction of clock.
func appendClock(dst []byte, hours, clock, units uint64, fraction int) []byte {
	seconds := clock / units
	dst = appendPadded(dst, hours, 2)
	dst = appendPadded(append(dst, ':'), seconds/60%60, 2)
	dst = appendPadded(append(dst, ':'), seconds%60, 2)
	if fraction > 0 {
		dst = appendPadded(append(dst, '.'), clock%units, fraction)
	}
	return dst
}

// appendPadded appends x with at least width digits.
func appendPadded(dst []byte, x uint64, width int) []byte {
	var buf [20]byte
	digits := strconv.AppendUint(buf[:0], x, 10)
	for range width - len(digits) {
		dst = append(dst, '0')
	}
	return append(dst, digits...)
}

// timeOfDay treats a value of type TIME: sign and hours stay; minutes, seconds and
// fraction are permuted, except all zero and the last hour of the type's range.
func (d *domain) timeOfDay(dst, v []byte) ([]byte, bool) {
	sign := 0
	if len(v) > 0 && v[0] == '-' {
		sign = 1
	}
	colon := sign
	for colon < len(v) && v[colon]-'0' < 10 {
		colon++
	}
	var m moment
	hours, ok := parseDigits(v[sign:colon])
	if !ok || len(v) < colon+6 {
		return dst, false
	}
	var buf [40]byte
	if !m.parseClock(append(append(buf[:0], "00"...), v[colon:]...)) || len(m.suffix) > 0 {
		return dst, false
	}
	if m.clock == 0 || hours >= 838 {
		return append(dst, v...), true
	}
	p := d.perm(familyDate)
	tweak := [6]byte{'h', byte(hours), byte(hours >> 8), byte(sign), byte(m.fraction)}
	clock := 1 + p.Uint64(p.Tweak(tweak[:]), 3600*m.units-1, m.clock-1)
	dst = append(dst, v[:sign]...)
	return appendClock(dst, uint64(hours), clock, m.units, m.fraction), true
}

// year permutes a value of type YEAR within its decade and the type's range,
// 1901 to 2155; 0000 stays.
func (d *domain) year(dst, v []byte) ([]byte, bool) {
	y, ok := parseDigits(v)
	if !ok || len(v) != 4 {
		return dst, false
	}
	if y < 1901 || y > 2155 {
		return append(dst, v...), true
	}
	low := max(y/10*10, 1901)
	high := min(y/10*10+9, 2155)
	p := d.perm(familyDate)
	tweak := p.Tweak([]byte{'y', byte(low), byte(low >> 8)})
	return strconv.AppendUint(dst, uint64(low)+p.Uint64(tweak, uint64(high-low+1), uint64(y-low)), 10), true
}
