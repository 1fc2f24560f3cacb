package permute

import (
	"encoding/binary"
	"math"
	"math/bits"
)

// ShuffleMax is the largest domain that is permuted by a shuffled table. 4096 values
// make a table of 8 KiB in some tens of microseconds; above it, 24 Feistel rounds are
// cheaper than a table.
const ShuffleMax = 1 << 12

// maxCached bounds the entries of all tables together (512 KiB). Past it the tables
// are dropped and made again when needed: that changes speed, never a result.
const maxCached = 1 << 18

type tableKey struct {
	tweak Tweak
	n     uint16
}

// Uint64 maps x to a number of the same domain 0 … n-1, under tweak t. It is a
// bijection for each key, t and n; bijections of different n are independent. It
// panics when x ≥ n, which is a mistake of the caller.
func (p *Permuter) Uint64(t Tweak, n, x uint64) uint64 {
	if x >= n {
		panic("permute: the number is outside its domain")
	}
	if n == 1 {
		return 0
	}
	if n <= ShuffleMax {
		return uint64(p.table(t, n)[x])
	}
	t = p.domainTweak(t, n)
	net := newNetwork(n)
	for {
		x = p.feistel(t, net, x)
		if x < n {
			return x
		}
	}
}

// domainTweak mixes the size of the domain into a tweak.
func (p *Permuter) domainTweak(t Tweak, n uint64) Tweak {
	p.x = t
	binary.LittleEndian.PutUint64(p.x[:8], binary.LittleEndian.Uint64(p.x[:8])^n)
	p.x[15] ^= 0xd0 // apart from rounds, whose last byte is under 0x80
	p.encrypt()
	return p.x
}

// network is the shape of a Feistel network over Z_a × Z_b.
type network struct {
	a, b   uint64
	rounds byte
}

// newNetwork chooses a and b near the square root of n with n ≤ a·b < n + a.
func newNetwork(n uint64) network {
	a := uint64(math.Sqrt(float64(n)))
	for a > 1 && a > n/a {
		a--
	}
	b := n / a
	if n%a != 0 {
		b++
	}
	rounds := byte(10)
	switch {
	case n < 1<<20:
		rounds = 24
	case n < 1<<32:
		rounds = 16
	}
	return network{a: a, b: b, rounds: rounds}
}

// feistel runs the network once over x < a·b. For domains next to 2^64 the product may
// pass it; such a result is past every domain, so Uint64 walks on.
func (p *Permuter) feistel(t Tweak, net network, x uint64) uint64 {
	l, r := x/net.b, x%net.b
	for i := byte(0); i < net.rounds; i += 2 {
		l = addMod(l, p.round(t, i, r, net.a), net.a)
		r = addMod(r, p.round(t, i+1, l, net.b), net.b)
	}
	hi, lo := bits.Mul64(l, net.b)
	x, carry := bits.Add64(lo, r, 0)
	if hi+carry != 0 {
		return math.MaxUint64 // past every domain: walk on
	}
	return x
}

// round is the pseudorandom number below m of round i and the half h.
func (p *Permuter) round(t Tweak, i byte, h, m uint64) uint64 {
	p.x = t
	binary.LittleEndian.PutUint64(p.x[:8], binary.LittleEndian.Uint64(p.x[:8])^h)
	p.x[15] ^= i
	p.encrypt()
	hi, _ := bits.Mul64(p.word(0), m)
	return hi
}

// addMod adds two numbers below m.
func addMod(a, b, m uint64) uint64 {
	a += b
	if a >= m {
		a -= m
	}
	return a
}

// table returns the shuffled table of a small domain.
func (p *Permuter) table(t Tweak, n uint64) []uint16 {
	k := tableKey{t, uint16(n)}
	if table := p.tables[k]; table != nil {
		return table
	}
	if p.cached+int(n) > maxCached {
		clear(p.tables)
		p.cached = 0
	}
	table := make([]uint16, n)
	for i := range table {
		table[i] = uint16(i)
	}
	s := p.Stream(p.domainTweak(t, n))
	for i := n - 1; i > 0; i-- {
		j := s.Uint64n(i + 1)
		table[i], table[j] = table[j], table[i]
	}
	p.tables[k] = table
	p.cached += int(n)
	return table
}
