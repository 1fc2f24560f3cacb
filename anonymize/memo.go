package anonymize

import (
	"bytes"
	"hash/maphash"
)

// memoSlots and memoBytes bound a column's memo: 1024 values of at most 64 bytes each,
// some 200 KiB with what they become.
const (
	memoSlots = 1 << 10
	memoBytes = 64
)

// memo remembers what became of recent values of a column: real columns repeat values
// a lot. A nil memo remembers nothing.
type memo struct {
	seed  maphash.Seed
	slots []memoSlot
}

type memoSlot struct{ in, out []byte }

func newMemo() *memo {
	return &memo{seed: maphash.MakeSeed(), slots: make([]memoSlot, memoSlots)}
}

func (m *memo) slot(v []byte) *memoSlot {
	return &m.slots[maphash.Bytes(m.seed, v)%memoSlots]
}

// get returns what became of v, if that is remembered; it is valid until the next put.
func (m *memo) get(v []byte) ([]byte, bool) {
	if m == nil || len(v) > memoBytes {
		return nil, false
	}
	s := m.slot(v)
	if len(s.in) == 0 || !bytes.Equal(s.in, v) {
		return nil, false
	}
	return s.out, true
}

// put remembers what became of v.
func (m *memo) put(v, out []byte) {
	if m == nil || len(v) > memoBytes || len(out) > 2*memoBytes {
		return
	}
	s := m.slot(v)
	s.in = append(s.in[:0], v...)
	s.out = append(s.out[:0], out...)
}
