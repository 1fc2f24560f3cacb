package anonymize

import (
	"bytes"
	"hash/maphash"
)

// memoSets and memoBytes bound a column's memo: 2048 sets of two values of at most 64
// bytes each, half a MiB at most with what they become.
const (
	memoSets  = 1 << 11
	memoBytes = 64
)

// memo remembers what became of recent values of a column: real columns repeat values
// a lot. A nil memo remembers nothing.
type memo struct {
	seed maphash.Seed
	sets [][2]memoSlot // the latest value of a set first
}

type memoSlot struct{ in, out []byte }

func newMemo() *memo {
	return &memo{seed: maphash.MakeSeed(), sets: make([][2]memoSlot, memoSets)}
}

func (m *memo) set(v []byte) *[2]memoSlot {
	return &m.sets[maphash.Bytes(m.seed, v)%memoSets]
}

// get returns what became of v, if that is remembered; it is valid until the next put.
func (m *memo) get(v []byte) ([]byte, bool) {
	if m == nil || len(v) > memoBytes {
		return nil, false
	}
	set := m.set(v)
	for i := range set {
		if bytes.Equal(set[i].in, v) { // v is never empty
			return set[i].out, true
		}
	}
	return nil, false
}

// put remembers what became of v, in place of the older value of its set.
func (m *memo) put(v, out []byte) {
	if m == nil || len(v) > memoBytes || len(out) > 2*memoBytes {
		return
	}
	set := m.set(v)
	set[0], set[1] = set[1], set[0]
	set[0].in = append(set[0].in[:0], v...)
	set[0].out = append(set[0].out[:0], out...)
}
