package permute

import "math/bits"

// Stream is a pseudorandom sequence that depends on the key and a tweak. It shares
// its Permuter's scratch space only while a method runs, so that it may be used in
// turns with the Permuter's other methods, by the same goroutine.
type Stream struct {
	p     *Permuter
	seed  Tweak
	block uint64
	words [2]uint64
	half  uint64 // the unused 32 bits of a word
	left  int    // words not used
	halfs bool   // half holds 32 bits
}

// Stream returns the sequence of a tweak, from its start.
func (p *Permuter) Stream(t Tweak) Stream {
	p.x = t
	p.x[15] ^= 0xe0 // apart from rounds and domains
	p.encrypt()
	return Stream{p: p, seed: p.x}
}

// Uint64 returns the next 64 bits.
func (s *Stream) Uint64() uint64 {
	if s.left == 0 {
		s.block++
		s.p.expand(s.seed, s.block)
		s.words = [2]uint64{s.p.word(0), s.p.word(1)}
		s.left = 2
	}
	s.left--
	return s.words[1-s.left]
}

// Uint64n returns a number below n, with a bias under n/2^64.
func (s *Stream) Uint64n(n uint64) uint64 {
	hi, _ := bits.Mul64(s.Uint64(), n)
	return hi
}

// Uint16n returns a number below n, with a bias under n/2^32: half the cost of
// Uint64n, for characters.
func (s *Stream) Uint16n(n uint16) uint16 {
	if !s.halfs {
		s.half, s.halfs = s.Uint64(), true
		return uint16((s.half >> 32) * uint64(n) >> 32)
	}
	s.halfs = false
	return uint16((s.half & (1<<32 - 1)) * uint64(n) >> 32)
}
