package anonymize

import (
	"strconv"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// noPrefix is the prefix length of an address that is not a network.
const noPrefix = -1

// rangeV4 is a range of IPv4 addresses that are replaced by one another.
type rangeV4 uint8

const (
	v4Kept      rangeV4 = iota // 0.0.0.0, loopback, netmasks, broadcast
	v4Public                   // everything else
	v4Zero                     // 0.0.0.0/8
	v4Ten                      // 10.0.0.0/8, private
	v4Shared                   // 100.64.0.0/10
	v4Link                     // 169.254.0.0/16
	v4Private12                // 172.16.0.0/12
	v4Private16                // 192.168.0.0/16
	v4Multicast                // 224.0.0.0/4
	v4Reserved                 // 240.0.0.0/4 below 255
)

func rangeOfV4(o [4]byte) rangeV4 {
	switch {
	case o == [4]byte{} || o[0] == 127 || o[0] == 255:
		return v4Kept
	case o[0] == 0:
		return v4Zero
	case o[0] == 10:
		return v4Ten
	case o[0] == 100 && o[1]&0xc0 == 64:
		return v4Shared
	case o[0] == 169 && o[1] == 254:
		return v4Link
	case o[0] == 172 && o[1]&0xf0 == 16:
		return v4Private12
	case o[0] == 192 && o[1] == 168:
		return v4Private16
	case o[0] >= 240:
		return v4Reserved
	case o[0] >= 224:
		return v4Multicast
	}
	return v4Public
}

// bounds returns the smallest and largest value of the first two octets.
func (r rangeV4) bounds() (low, high [2]int) {
	switch r {
	case v4Zero:
		return [2]int{0, 0}, [2]int{0, 255}
	case v4Ten:
		return [2]int{10, 0}, [2]int{10, 255}
	case v4Shared:
		return [2]int{100, 64}, [2]int{100, 127}
	case v4Link:
		return [2]int{169, 254}, [2]int{169, 254}
	case v4Private12:
		return [2]int{172, 16}, [2]int{172, 31}
	case v4Private16:
		return [2]int{192, 168}, [2]int{192, 168}
	case v4Multicast:
		return [2]int{224, 0}, [2]int{239, 255}
	case v4Reserved:
		return [2]int{240, 0}, [2]int{254, 255}
	default:
		return [2]int{1, 0}, [2]int{223, 255}
	}
}

// ipv4 permutes the addresses of the same range whose octets have as many digits. Of a
// network, prefix bits long, with zero host bits, only the network bits change; an
// address with host bits keeps some.
func (d *domain) ipv4(dst, v []byte, prefix int) []byte {
	octets, _ := recognize.ParseIPv4(v)
	class := rangeOfV4(octets)
	if class == v4Kept {
		return append(dst, v...)
	}
	network := prefix != noPrefix && hostBits(octets[:], prefix) == 0
	d.resetPlaces()
	d.s.shape = append(d.s.shape, '4', byte(class))
	if network {
		d.s.shape = append(d.s.shape, byte(prefix))
	}
	low, high := class.bounds()
	for i, o := range octets {
		lo, hi := octetBounds(o)
		if i < 2 {
			lo, hi = max(lo, low[i]), min(hi, high[i])
		}
		step := 1
		if network {
			step = 1 << min(max(8*(i+1)-prefix, 0), 8)
		}
		d.addMultiple(int(o), lo, hi, step)
	}
	d.permutePlaces(familyIP, func() bool {
		out := d.octets()
		return rangeOfV4(out) == class && (network || prefix == noPrefix || hostBits(out[:], prefix) != 0)
	})
	for i, o := range d.octets() {
		if i > 0 {
			dst = append(dst, '.')
		}
		dst = strconv.AppendUint(dst, uint64(o), 10)
	}
	return dst
}

func (d *domain) octets() (o [4]byte) {
	for i := range o {
		o[i] = byte(d.placeValue(i))
	}
	return o
}

// octetBounds are the values with as many digits as o.
func octetBounds(o byte) (low, high int) {
	switch {
	case o < 10:
		return 0, 9
	case o < 100:
		return 10, 99
	}
	return 100, 255
}

// hostBits is zero when all bits of address after the first prefix ones are.
func hostBits(address []byte, prefix int) byte {
	var bits byte
	for i, b := range address {
		bits |= b & byte(0xff>>min(max(prefix-8*i, 0), 8))
	}
	return bits
}

// cidr permutes networks and keeps their prefix length. An address with host bits and
// a prefix length gets the pseudonym the address has alone, unless that has no host
// bits.
func (d *domain) cidr(dst, v []byte) []byte {
	address, prefix, _ := recognize.SplitCIDR(v)
	suffix := v[len(address):]
	if recognize.IsIPv4(address) {
		dst = d.ipv4(dst, address, fullPrefix(prefix, 32))
	} else {
		dst = d.ipv6(dst, address, fullPrefix(prefix, 128))
	}
	return append(dst, suffix...)
}

// fullPrefix takes a network of one address for the address.
func fullPrefix(prefix, bits int) int {
	if prefix == bits {
		return noPrefix
	}
	return prefix
}
