package anonymize

import "github.com/turbo-hipster/turbo-hipster/anonymize/recognize"

// hexPlaces reads the hexadecimal digits of v; other bytes are separators.
func hexPlaces(v []byte, add func(i, value int)) {
	i := 0
	for _, c := range v {
		if isHexDigit(c) {
			add(i, hexValue(c))
			i++
		}
	}
}

func hexValue(c byte) int {
	if c <= '9' {
		return int(c - '0')
	}
	return int(c|0x20) - 'a' + 10
}

// appendHex appends v with its hexadecimal digits replaced by the places. A letter
// takes the case of the letter it replaces, or else of the letter before it; leading
// ones that of the first letter. So text that is all lower or all upper case stays so.
func (d *domain) appendHex(dst, v []byte) []byte {
	lower := byte(0x20)
	for _, c := range v {
		if c >= 'A' && isHexDigit(c) {
			lower = c & 0x20
			break
		}
	}
	k := 0
	for _, c := range v {
		if !isHexDigit(c) {
			dst = append(dst, c)
			continue
		}
		if c >= 'A' {
			lower = c & 0x20
		}
		x := d.placeValue(k)
		k++
		if x < 10 {
			dst = append(dst, '0'+byte(x))
		} else {
			dst = append(dst, 'A'+byte(x-10)|lower)
		}
	}
	return dst
}

// uuid permutes the 122 bits that are neither version nor variant. The dashes are not
// part of the value, so that both spellings of a uuid keep belonging together. The nil
// and the max uuid stay.
func (d *domain) uuid(dst, v []byte) []byte {
	if uniform(v, '0') || uniform(v, 'f') {
		return append(dst, v...)
	}
	d.resetPlaces()
	hexPlaces(v, func(i, value int) {
		switch i {
		case 12: // version
			d.keepPlace(value)
		case 16: // two bits of variant, two of the value
			d.addPlace(value, value&^3, value|3, 1)
		default:
			d.addPlace(value, 0, 15, 1)
		}
	})
	d.permutePlaces(familyUUID, d.notUniform)
	return d.appendHex(dst, v)
}

// uniform reports whether all hexadecimal digits of v are digit.
func uniform(v []byte, digit byte) bool {
	for _, c := range v {
		if isHexDigit(c) && c|0x20 != digit|0x20 {
			return false
		}
	}
	return true
}

// notUniform reports whether the places are not all 0 nor all f: those are special.
func (d *domain) notUniform() bool {
	first := d.placeValue(0)
	if first != 0 && first != 15 {
		return true
	}
	for i := range d.s.digits {
		if d.placeValue(i) != first {
			return true
		}
	}
	return false
}

// mac permutes the 46 bits that do not say group or locally administered. All zero
// and broadcast stay.
func (d *domain) mac(dst, v []byte) []byte {
	if uniform(v, '0') || uniform(v, 'f') {
		return append(dst, v...)
	}
	d.resetPlaces()
	hexPlaces(v, func(i, value int) {
		if i == 1 {
			d.addPlace(value, value&3, 12|value&3, 4)
			d.s.shape = append(d.s.shape, byte(value&3))
			return
		}
		d.addPlace(value, 0, 15, 1)
	})
	d.permutePlaces(familyMAC, d.notUniform)
	return d.appendHex(dst, v)
}

func macKind() *shapeKind {
	return &shapeKind{
		// Without separators it is a MAC address only where one is expected.
		accepts: func(v []byte) bool { return len(v) == 12 && recognize.IsHex(v) && v[1]|0x20 != 'x' },
		apply:   (*domain).mac,
	}
}

func hexKind() *shapeKind {
	return &shapeKind{accepts: recognize.IsHex, apply: func(d *domain, dst, v []byte) []byte {
		if v[0] == '0' && len(v) > 2 && v[1]|0x20 == 'x' {
			dst, v = append(dst, v[:2]...), v[2:]
			if recognize.IsUUID(v) {
				return d.uuid(dst, v)
			}
		}
		d.resetPlaces()
		hexPlaces(v, func(_, value int) { d.addPlace(value, 0, 15, 1) })
		d.permutePlaces(familyHex, nil)
		return d.appendHex(dst, v)
	}}
}

func ec2Kind() *shapeKind {
	return &shapeKind{accepts: recognize.IsEC2ID, apply: func(d *domain, dst, v []byte) []byte {
		d.resetPlaces()
		i := 0
		for v[i] != '-' {
			d.s.shape = append(d.s.shape, v[i]|0x20)
			i++
		}
		dst, v = append(dst, v[:i+1]...), v[i+1:]
		hexPlaces(v, func(_, value int) { d.addPlace(value, 0, 15, 1) })
		d.permutePlaces(familyEC2, nil)
		return d.appendHex(dst, v)
	}}
}
