package recognize

// IsUUID reports whether b is 32 hexadecimal digits, or 8-4-4-4-12 of them. The
// version is not looked at.
func IsUUID(b []byte) bool {
	switch len(b) {
	case 32:
		return allHex(b)
	case 36:
		return b[8] == '-' && b[13] == '-' && b[18] == '-' && b[23] == '-' &&
			allHex(b[:8]) && allHex(b[9:13]) && allHex(b[14:18]) && allHex(b[19:23]) && allHex(b[24:])
	}
	return false
}

// IsMAC reports whether b is a MAC address: 01:23:45:67:89:ab, 01-23-45-67-89-ab or
// 0123.4567.89ab.
func IsMAC(b []byte) bool {
	switch len(b) {
	case 17:
		if b[2] != ':' && b[2] != '-' {
			return false
		}
		for i := 0; i < 17; i += 3 {
			if !isHex(b[i]) || !isHex(b[i+1]) || i > 0 && b[i-1] != b[2] {
				return false
			}
		}
		return true
	case 14:
		return b[4] == '.' && b[9] == '.' && allHex(b[:4]) && allHex(b[5:9]) && allHex(b[10:])
	}
	return false
}

// IsHex reports whether b is hexadecimal digits, at least one, with or without 0x.
func IsHex(b []byte) bool {
	if len(b) > 2 && b[0] == '0' && b[1]|0x20 == 'x' {
		b = b[2:]
	}
	return allHex(b)
}

// IsEC2ID reports whether b is an EC2 identifier: a short word of letters, "-", 8 or
// 17 hexadecimal digits (i-0000002a, ami-0abcdef1234567890).
func IsEC2ID(b []byte) bool {
	i := 0
	for i < len(b) && isLetter(b[i]) {
		i++
	}
	if i == 0 || i > 8 || i == len(b) || b[i] != '-' {
		return false
	}
	digits := b[i+1:]
	return (len(digits) == 8 || len(digits) == 17) && allHex(digits)
}
