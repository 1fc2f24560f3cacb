package anonymize

import (
	"bytes"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// ipv6 permutes the addresses of the same spelling: groups keep their number of digits
// and leading zeros, zero groups and "::" stay, so that a canonical spelling stays one.
// The unspecified and the loopback address stay, as do the first group of link-local
// and multicast addresses, fc and fd of local ones, and the block 2000::/3. An IPv4
// tail gets the pseudonym of the IPv4 address. For prefix see ipv4.
func (d *domain) ipv6(dst, v []byte, prefix int) []byte {
	if i := bytes.LastIndexByte(v, ':') + 1; bytes.IndexByte(v[i:], '.') >= 0 {
		return d.ipv4(append(dst, v[:i]...), v[i:], tailPrefix(prefix))
	}
	address, _ := recognize.ParseIPv6(v)
	if isLoopback(address) {
		return append(dst, v...)
	}
	network := prefix != noPrefix && hostBits(address[:], prefix) == 0
	d.resetPlaces()
	d.s.shape = append(d.s.shape, '6')
	if network {
		d.s.shape = append(d.s.shape, byte(prefix))
	}
	d.readGroups(v, prefix, network)
	base := len(dst)
	d.permutePlaces(familyIP, func() bool {
		dst = d.appendHex(dst[:base], v)
		out, ok := recognize.ParseIPv6(dst[base:])
		return ok && !isLoopback(out) && (network || prefix == noPrefix || hostBits(out[:], prefix) != 0)
	})
	return dst
}

// tailPrefix is the part of an IPv6 prefix length that falls into an IPv4 tail.
func tailPrefix(prefix int) int {
	if prefix == noPrefix {
		return noPrefix
	}
	return max(prefix-96, 0)
}

// isLoopback reports whether the address is :: or ::1.
func isLoopback(address [16]byte) bool {
	address[15] &^= 1
	return address == [16]byte{}
}

// readGroups adds the places of an address.
func (d *domain) readGroups(v []byte, prefix int, network bool) {
	gap := bytes.Index(v, []byte("::"))
	after := bytes.Count(v[max(gap, 0):], []byte(":")) - 1 // groups after the gap
	if gap >= 0 && gap+2 == len(v) {
		after = 0
	}
	group := 0
	for i := 0; i < len(v); {
		d.s.shape = append(d.s.shape, v[i]|0x80)
		if v[i] == ':' {
			if i == gap {
				group = 8 - after
				i++
				d.s.shape = append(d.s.shape, ':')
			} else if i > 0 {
				group++
			}
			i++
			continue
		}
		end := i
		for end < len(v) && v[end] != ':' {
			end++
		}
		d.s.shape[len(d.s.shape)-1] = byte(end - i)
		d.readGroup(v[i:end], group, prefix, network)
		i = end
	}
}

// readGroup adds the places of one group of digits, the nth of the address.
func (d *domain) readGroup(digits []byte, n, prefix int, network bool) {
	leading := true
	for i, c := range digits {
		value := hexValue(c)
		if leading && value == 0 {
			d.keepPlace(0)
			continue
		}
		low, high, step := 0, 15, 1
		if leading {
			low = 1
		}
		leading = false
		if n == 0 && len(digits) == 4 {
			low, high = firstGroup(digits, i, low)
		}
		if network {
			bit := 16*n + 4*(4-len(digits)+i) // of the digit's first bit
			step = 1 << min(max(bit+4-prefix, 0), 4)
		}
		if low == high {
			d.keepPlace(value)
			continue
		}
		d.addMultiple(value, low, high, step)
	}
}

// firstGroup bounds digit i of a first group of four, which says what the address is
// for.
func firstGroup(digits []byte, i, low int) (int, int) {
	first, second, value := hexValue(digits[0]), hexValue(digits[1]), hexValue(digits[i])
	switch {
	case first == 15 && (i == 0 || second >= 14 || i == 1 && second >= 12):
		return value, value // fe80, ff02; fc, fd
	case first == 15 && i == 1:
		return 0, 11
	case i > 0:
		return low, 15
	case first == 2 || first == 3:
		return 2, 3
	case first >= 4:
		return 4, 14
	}
	return value, value
}
