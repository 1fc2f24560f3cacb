package permute

import (
	"crypto/aes"
	"math/bits"
	"slices"
)

// longRounds is the number of rounds for digit strings with more than 2^63 values.
const longRounds = 10

// maxProduct bounds the product of the radices taken from one 64-bit word, and
// with it the bias: 2^40/2^64.
const maxProduct = 1 << 40

// Digits maps a mixed-radix string to another with the same radices, in place.
// Digit i is below radix[i]; radices are from 1 to 65535. It is a bijection for
// each key, t and list of radices; lists that differ need tweaks that differ where
// they are to be independent. It panics when a digit is not below its radix or the
// lengths differ. Time is linear in the length.
func (p *Permuter) Digits(t Tweak, radix, digits []uint16) {
	if len(radix) != len(digits) {
		panic("permute: as many radices as digits are needed")
	}
	n, ok := product(radix)
	if ok {
		p.shortDigits(t, n, radix, digits)
		return
	}
	m := len(digits) / 2
	wide := slices.Max(radix) > 256
	for i := byte(0); i < longRounds; i += 2 {
		p.longRound(t, i, wide, digits[m:], radix[:m], digits[:m])
		p.longRound(t, i+1, wide, digits[:m], radix[m:], digits[m:])
	}
}

// product returns the number of strings, and whether it is at most 2^63.
func product(radix []uint16) (uint64, bool) {
	n := uint64(1)
	for _, r := range radix {
		hi, lo := bits.Mul64(n, uint64(r))
		if hi != 0 || lo > 1<<63 {
			return 0, false
		}
		n = lo
	}
	return n, true
}

// shortDigits permutes a string that has a number.
func (p *Permuter) shortDigits(t Tweak, n uint64, radix, digits []uint16) {
	var x uint64
	for i, d := range digits {
		if d >= radix[i] {
			panic("permute: a digit is not below its radix")
		}
		x = x*uint64(radix[i]) + uint64(d)
	}
	x = p.Uint64(t, n, x)
	for i := len(digits) - 1; i >= 0; i-- {
		q := x / uint64(radix[i])
		digits[i] = uint16(x - q*uint64(radix[i]))
		x = q
	}
}

// longRound adds to the digits dst a pseudorandom string computed from the half h.
func (p *Permuter) longRound(t Tweak, i byte, wide bool, h, radix, dst []uint16) {
	if wide {
		p.absorbWide(t, i, h)
	} else {
		p.absorb(t, i, h)
	}
	seed := p.x
	word, room, next, block := p.word(0), uint64(maxProduct), 1, uint64(0)
	for k, r := range radix {
		if uint64(r) > room {
			if next == 2 {
				block++
				p.expand(seed, block)
				next = 0
			}
			word, room = p.word(next), maxProduct
			next++
		}
		if dst[k] >= r {
			panic("permute: a digit is not below its radix")
		}
		room /= uint64(r)
		hi, lo := bits.Mul64(word, uint64(r))
		word = lo
		sum := uint32(dst[k]) + uint32(hi)
		if sum >= uint32(r) {
			sum -= uint32(r)
		}
		dst[k] = uint16(sum)
	}
}

// absorb leaves the CBC-MAC of round and half in the block, for digits of one byte:
// the first block holds 15 digits and the round, each other one 16 digits.
func (p *Permuter) absorb(t Tweak, i byte, h []uint16) {
	p.x = t
	p.x[15] ^= i
	k, end := 0, aes.BlockSize-1
	for _, d := range h {
		if k == end {
			p.encrypt()
			k, end = 0, aes.BlockSize
		}
		p.x[k] ^= byte(d)
		k++
	}
	p.encrypt()
}

// absorbWide is absorb for digits of two bytes: 7 in the first block, 8 in others.
func (p *Permuter) absorbWide(t Tweak, i byte, h []uint16) {
	p.x = t
	p.x[15] ^= i
	k, end := 0, aes.BlockSize-2
	for _, d := range h {
		if k == end {
			p.encrypt()
			k, end = 0, aes.BlockSize
		}
		p.x[k] ^= byte(d)
		p.x[k+1] ^= byte(d >> 8)
		k += 2
	}
	p.encrypt()
}

// expand leaves output block j ≥ 1 of a seed in the block.
func (p *Permuter) expand(seed Tweak, j uint64) {
	p.x = seed
	for k := range 8 {
		p.x[k] ^= byte(j >> (8 * k))
	}
	p.encrypt()
}
