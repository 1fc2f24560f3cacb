package anonymize

// A place is a digit of an identifier that is not a plain class of characters: its
// value is low + step·k for k below its radix. These helpers collect places in the
// scratch space and permute them together.

func (d *domain) resetPlaces() {
	s := &d.s
	s.radix, s.digits, s.low, s.step = s.radix[:0], s.digits[:0], s.low[:0], s.step[:0]
	s.shape = s.shape[:0]
}

// addPlace adds a place that holds low, low+step, … up to high; value is one of them.
func (d *domain) addPlace(value, low, high, step int) {
	s := &d.s
	s.radix = append(s.radix, uint16((high-low)/step+1))
	s.digits = append(s.digits, uint16((value-low)/step))
	s.low = append(s.low, uint16(low))
	s.step = append(s.step, uint16(step))
}

// addMultiple adds a place that holds the multiples of step from low to high.
func (d *domain) addMultiple(value, low, high, step int) {
	d.addPlace(value, (low+step-1)/step*step, high, step)
}

// keepPlace adds a place that cannot change, and enters its value into the shape.
func (d *domain) keepPlace(value int) {
	d.addPlace(value, value, value, 1)
	d.s.shape = append(d.s.shape, 'k', byte(value), byte(len(d.s.radix)))
}

// permutePlaces permutes the places until accept takes them; nil takes all. The
// radices, lows and the shape are the tweak.
func (d *domain) permutePlaces(f family, accept func() bool) {
	s := &d.s
	for i := range s.radix {
		s.shape = append(s.shape, byte(s.radix[i]), byte(s.radix[i]>>8), byte(s.low[i]), byte(s.low[i]>>8))
	}
	p := d.perm(f)
	tweak := p.Tweak(s.shape)
	for {
		p.Digits(tweak, s.radix, s.digits)
		if accept == nil || accept() {
			return
		}
	}
}

// placeValue returns the value of place i.
func (d *domain) placeValue(i int) int {
	s := &d.s
	return int(s.low[i]) + int(s.step[i])*int(s.digits[i])
}
