package anonymize

import (
	"encoding/binary"
	"encoding/hex"
	"net/netip"

	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// binaryMapping is what kinds do to bytes. Text kinds read them as UTF-8.
func (c *tableCompiler) binaryMapping(t Treatment) (mapping, error) {
	d := c.domain(t.Domain)
	switch t.Kind {
	case kindBlob:
		return infallible(d.blob), nil
	case kindRedact:
		return func(dst, v []byte) ([]byte, error) { return append(dst, make([]byte, len(v))...), nil }, nil
	case kindSecret:
		r, err := c.randomness()
		if err != nil {
			return nil, err
		}
		return func(dst, v []byte) ([]byte, error) { return appendRandomBytes(dst, len(v), &r.stream), nil }, nil
	}
	text, err := c.textMapping(t, false)
	if err != nil || text == nil {
		return nil, err
	}
	switch t.Kind {
	case kindUUID:
		return rawUUID(d, text), nil
	case kindIP:
		return rawIP(d, text), nil
	}
	return text, nil
}

// rawUUID treats 16 bytes as the uuid they are, so that they keep belonging to its
// text in other columns.
func rawUUID(d *domain, text mapping) mapping {
	return func(dst, v []byte) ([]byte, error) {
		if len(v) != 16 {
			return checkedText(dst, v, text)
		}
		var in, out [32]byte
		hex.Encode(in[:], v)
		var raw [16]byte
		if _, err := hex.Decode(raw[:], d.uuid(out[:0], in[:])); err != nil {
			return dst, errShape
		}
		return append(dst, raw[:]...), nil
	}
}

// rawIP treats 4 or 16 bytes as the address they are (INET6_ATON).
func rawIP(d *domain, text mapping) mapping {
	return func(dst, v []byte) ([]byte, error) {
		address, ok := netip.AddrFromSlice(v)
		if !ok {
			return checkedText(dst, v, text)
		}
		var in, out [64]byte
		spelled := address.AppendTo(in[:0])
		var mapped []byte
		if address.Is4() {
			mapped = d.ipv4(out[:0], spelled, noPrefix)
		} else {
			mapped = d.ipv6(out[:0], spelled, noPrefix)
		}
		if octets, ok := recognize.ParseIPv4(mapped); ok {
			return append(dst, octets[:]...), nil
		}
		raw, _ := recognize.ParseIPv6(mapped)
		return append(dst, raw[:]...), nil
	}
}

// checkedText treats bytes as text, if they are.
func checkedText(dst, v []byte, text mapping) ([]byte, error) {
	if !validText(v) {
		return dst, errNotUTF8
	}
	return text(dst, v)
}

// bitMapping permutes the numbers that a BIT column of the width holds.
func bitMapping(d *domain, kind string, width int) mapping {
	if kind != kindBlob && kind != kindRedact {
		return nil
	}
	width = max(width, 1)
	return func(dst, v []byte) ([]byte, error) {
		if kind == kindRedact {
			return append(dst, make([]byte, len(v))...), nil
		}
		var x uint64
		for _, c := range v {
			if x>>56 != 0 {
				return dst, errShape
			}
			x = x<<8 | uint64(c)
		}
		switch {
		case width >= 64:
			return d.blob(dst, binary.BigEndian.AppendUint64(nil, x)), nil
		case x>>width != 0:
			return dst, errShape
		}
		p := d.perm(familyBlob)
		x = p.Uint64(p.Tweak([]byte{'w', byte(width)}), 1<<width, x)
		var out [8]byte
		binary.BigEndian.PutUint64(out[:], x)
		return append(dst, out[8-(width+7)/8:]...), nil
	}
}

func uuidMapping(d *domain, kind string) mapping {
	switch kind {
	case kindRedact:
		return func(dst, _ []byte) ([]byte, error) {
			return append(dst, "00000000-0000-0000-0000-000000000000"...), nil
		}
	case kindUUID, kindString:
		return func(dst, v []byte) ([]byte, error) {
			if !recognize.IsUUID(v) {
				return dst, errShape
			}
			return d.uuid(dst, v), nil
		}
	}
	return nil
}

func inetMapping(d *domain, kind, name string) mapping {
	switch kind {
	case kindRedact:
		zero := "0.0.0.0"
		if name == "inet6" {
			zero = "::"
		}
		return func(dst, _ []byte) ([]byte, error) { return append(dst, zero...), nil }
	case kindIP, kindString:
		return func(dst, v []byte) ([]byte, error) {
			switch recognize.Whole(v) {
			case recognize.IPv4:
				return d.ipv4(dst, v, noPrefix), nil
			case recognize.IPv6:
				return d.ipv6(dst, v, noPrefix), nil
			default:
				return dst, errShape
			}
		}
	}
	return nil
}
