package recognize

// IsIPv4 reports whether b is four decimal octets without leading zeros.
func IsIPv4(b []byte) bool {
	_, ok := ParseIPv4(b)
	return ok
}

// ParseIPv4 returns the octets of an IPv4 address.
func ParseIPv4(b []byte) (octets [4]byte, ok bool) {
	if len(b) < 7 || len(b) > 15 {
		return octets, false
	}
	i := 0
	for k := range 4 {
		if k > 0 {
			if i >= len(b) || b[i] != '.' {
				return octets, false
			}
			i++
		}
		start, v := i, 0
		for i < len(b) && i-start < 3 && isDigit(b[i]) {
			v = v*10 + int(b[i]-'0')
			i++
		}
		if i == start || v > 255 || i-start > 1 && b[start] == '0' {
			return octets, false
		}
		octets[k] = byte(v)
	}
	return octets, i == len(b)
}

// IsIPv6 reports whether b is an IPv6 address as RFC 4291 writes it, without a zone.
func IsIPv6(b []byte) bool {
	_, ok := ParseIPv6(b)
	return ok
}

// ParseIPv6 returns the bytes of an IPv6 address.
func ParseIPv6(b []byte) (address [16]byte, ok bool) {
	if len(b) < 2 || len(b) > 45 {
		return address, false
	}
	i, n, gap := 0, 0, -1 // n bytes are set; "::" stands before byte gap
	if b[0] == ':' {
		if b[1] != ':' {
			return address, false
		}
		i, gap = 2, 0
	}
	for i < len(b) {
		start, v := i, 0
		for i < len(b) && i-start < 4 && isHex(b[i]) {
			v = v<<4 | int(hexValue(b[i]))
			i++
		}
		if i < len(b) && b[i] == '.' { // IPv4 tail
			octets, v4 := ParseIPv4(b[start:])
			if !v4 || n > 12 {
				return address, false
			}
			copy(address[n:], octets[:])
			n += 4
			break
		}
		if i == start || n > 14 {
			return address, false
		}
		address[n], address[n+1] = byte(v>>8), byte(v)
		n += 2
		if i == len(b) {
			break
		}
		if b[i] != ':' || i+1 == len(b) {
			return address, false
		}
		i++
		if b[i] == ':' {
			if gap >= 0 {
				return address, false
			}
			gap = n
			i++
		}
	}
	return fillGap(address, n, gap)
}

// fillGap moves what stands after "::" to the end.
func fillGap(address [16]byte, n, gap int) ([16]byte, bool) {
	if gap < 0 {
		return address, n == 16
	}
	if n > 14 {
		return address, false
	}
	tail := n - gap
	copy(address[16-tail:], address[gap:n])
	clear(address[gap : 16-tail])
	return address, true
}

// IsCIDR reports whether b is an address, "/" and a prefix length.
func IsCIDR(b []byte) bool {
	_, _, ok := SplitCIDR(b)
	return ok
}

// SplitCIDR returns the address and the prefix length of a network.
func SplitCIDR(b []byte) (address []byte, bits int, ok bool) {
	i := len(b) - 1
	for i >= 0 && len(b)-i <= 3 && isDigit(b[i]) {
		bits += int(b[i]-'0') * [...]int{1, 10, 100}[len(b)-1-i]
		i--
	}
	digits := len(b) - 1 - i
	if i < 0 || b[i] != '/' || digits == 0 || digits > 1 && b[i+1] == '0' {
		return nil, 0, false
	}
	address = b[:i]
	if IsIPv4(address) {
		return address, bits, bits <= 32
	}
	return address, bits, bits <= 128 && IsIPv6(address)
}
