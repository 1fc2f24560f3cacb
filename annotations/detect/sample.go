package detect

import (
	"hash/maphash"
	"math/bits"
	"unicode/utf8"
)

const (
	// fewest is the count below which a profile says nothing.
	fewest = 10
	// firstRows of a table are looked at, all of them; then, each time thinRows more were, only every second of those before.
	firstRows, thinRows = 2000, 1000
	// fewDistinct is what fewer different values than twice as many are reported as.
	fewDistinct = 16
	// mostDistinct bounds how many different values are told apart.
	mostDistinct = 1024
	// longestChars is the length in which the last class of lengths ends.
	longestChars = 1 << 30
)

// A sampler chooses rows: all at the start of a table, then ever fewer, so that the work and the memory for a table grow with the
// logarithm of its length. It needs no randomness.
type sampler struct {
	rows, taken int64
	stride      int64
}

// next reports whether the next row is looked at.
func (s *sampler) next() bool {
	if s.stride == 0 {
		s.stride = 1
	}
	take := s.rows%s.stride == 0
	s.rows++
	if !take {
		return false
	}
	s.taken++
	if s.taken >= firstRows && (s.taken-firstRows)%thinRows == 0 {
		s.stride *= 2
	}
	return true
}

// counts is what was counted of one column. It holds no value, only hashes of some under a seed of this process.
type counts struct {
	seen, null, empty int64
	shapes            map[Shape]int64
	chars             [32]int64 // by the number of bits of the length less one
	distinct          map[uint64]struct{}
}

func newCounts() *counts {
	return &counts{shapes: map[Shape]int64{}, distinct: map[uint64]struct{}{}}
}

// note counts a value.
func (c *counts) note(d *Detector, seed maphash.Seed, v []byte) {
	c.seen++
	if len(v) == 0 {
		c.empty++
		return
	}
	c.shapes[d.shapeOf(v)]++
	c.chars[bits.Len(uint(min(utf8.RuneCount(v), longestChars)-1))]++
	if len(c.distinct) < mostDistinct {
		c.distinct[maphash.Bytes(seed, v)] = struct{}{}
	}
}

func (c *counts) noteNull() {
	c.seen++
	c.null++
}

// fill writes down what may be known.
func (c *counts) fill(p *ColumnProfile) {
	p.NullShare = share(c.null, c.seen)
	p.EmptyShare = share(c.empty, c.seen)
	filled := c.seen - c.null - c.empty
	if filled < fewest {
		return
	}
	p.DistinctAbout = max(powerBelow(len(c.distinct)), fewDistinct) // one value more may be one person's
	for shape, n := range c.shapes {
		if s := share(n, filled); s > 0 {
			if p.Shapes == nil {
				p.Shapes = map[Shape]float64{}
			}
			p.Shapes[shape] = s
		}
	}
	for i, n := range c.chars {
		if s := share(n, filled); s > 0 {
			p.Chars = append(p.Chars, LengthShare{UpTo: 1 << i, Share: s})
		}
	}
}

// share rounds a share down, to at most one digit that counts, and to none when fewer than ten have it. Nor can it be told when fewer
// than ten have it not: then it is the share as if nine had it not, at most 0.95.
func share(n, of int64) float64 {
	if n < fewest || of == 0 {
		return 0
	}
	f := float64(max(min(n, of-(fewest-1)), fewest)) / float64(of)
	for _, step := range []float64{0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0.05, 0.02, 0.01} {
		if f >= step {
			return step
		}
	}
	return 0.01
}

// powerBelow gives the greatest power of two that is not more than n; 0 for 0.
func powerBelow[N int | int64](n N) N {
	if n < 1 {
		return 0
	}
	return 1 << (bits.Len64(uint64(n)) - 1)
}
