package anonymize

import (
	"github.com/turbo-hipster/turbo-hipster/anonymize/permute"
	"github.com/turbo-hipster/turbo-hipster/anonymize/recognize"
)

// text treats free text: self-delimiting identifiers as those, every other character
// replaced by one of its class, drawn from a sequence that the whole value keys. One
// character changed changes all, so that words of two texts cannot be matched up. Time
// is linear in the length.
func (d *domain) text(dst, v []byte) []byte {
	p := d.perm(familyText)
	return d.replaceText(dst, v, p.Stream(p.Tweak(v)), charRule{})
}

func (d *domain) replaceText(dst, v []byte, s permute.Stream, rule charRule) []byte {
	for from := 0; from < len(v); {
		start, end, kind := recognize.Next(v, from)
		dst = d.replaceChars(dst, v[from:start], &s, rule)
		if kind != recognize.None {
			dst = d.identifier(dst, v[start:end], kind)
		}
		from = end
	}
	return dst
}

// replaceChars appends v with every character replaced by the sequence.
func (d *domain) replaceChars(dst, v []byte, s *permute.Stream, rule charRule) []byte {
	for i := 0; i < len(v); {
		class, _, n := d.class(v, i, rule)
		if class == classKept {
			dst = append(dst, v[i:i+n]...)
		} else {
			dst = d.appendChar(dst, v[i:], class, s.Uint16n(uint16(d.chars.size(class))))
		}
		i += n
	}
	return dst
}

// maxPermutedBlob is how many bytes are permuted: few enough to be cheap, and so many that longer values, which are hashed, do
// not collide.
const maxPermutedBlob = 16

// blob replaces every byte, keyed by the whole value. Short values are permuted among those of their length, so that distinct
// ones stay distinct.
func (d *domain) blob(dst, v []byte) []byte {
	p := d.perm(familyBlob)
	if len(v) <= maxPermutedBlob {
		s := &d.s
		s.radix, s.digits = s.radix[:0], s.digits[:0]
		for _, c := range v {
			s.radix, s.digits = append(s.radix, 256), append(s.digits, uint16(c))
		}
		p.Digits(p.Tweak([]byte{'b', byte(len(v))}), s.radix, s.digits)
		for _, digit := range s.digits {
			dst = append(dst, byte(digit))
		}
		return dst
	}
	s := p.Stream(p.Tweak(v))
	return appendRandomBytes(dst, len(v), &s)
}

func appendRandomBytes(dst []byte, n int, s *permute.Stream) []byte {
	for n > 0 {
		w := s.Uint64()
		for range min(n, 8) {
			dst = append(dst, byte(w))
			w >>= 8
		}
		n -= min(n, 8)
	}
	return dst
}
