package anonymize

import (
	"cmp"
	"hash/maphash"
	"slices"
	"sync"
	"sync/atomic"
)

// FewValues is how many different values make a column of pseudonyms worth a warning: where there are fewer, whoever knows how often
// each occurs, or what they look like, can tell many of them.
const FewValues = 10_000

// observedBits is the size of the table that counts: 16 KiB a column.
const observedBits = 1 << 17

// fullBits is how many of the bits FewValues different values set, on average (K.-Y. Whang, B. Vander-Zanden and H. Taylor, A
// Linear-Time Probabilistic Counting Algorithm, 1990): observedBits·(1 - exp(-FewValues/observedBits)). It strays by under 1 %.
const fullBits = 9629

// observed counts the different values of a treated column, up to FewValues, for all goroutines together: each value sets one bit.
type observed struct {
	ref  ColumnRef
	kind string
	set  atomic.Int32 // how many bits are set
	bits atomic.Pointer[[observedBits / 32]atomic.Uint32]
}

// observations are those of an Anonymizer.
type observations struct {
	seed   maphash.Seed
	mu     sync.Mutex
	column map[ColumnRef]*observed
}

func newObservations() *observations {
	return &observations{seed: maphash.MakeSeed(), column: map[ColumnRef]*observed{}}
}

// of returns the count of a column.
func (o *observations) of(ref ColumnRef, kind string) *observed {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.column[ref] == nil {
		one := &observed{ref: ref, kind: kind}
		one.bits.Store(new([observedBits / 32]atomic.Uint32))
		o.column[ref] = one
	}
	return o.column[ref]
}

// note counts a value. It is cheap once FewValues were seen.
func (o *observed) note(seed maphash.Seed, v []byte) {
	if o == nil {
		return
	}
	bits := o.bits.Load()
	if bits == nil {
		return
	}
	h := maphash.Bytes(seed, v) % observedBits
	word, bit := &bits[h/32], uint32(1)<<(h%32)
	if word.Load()&bit != 0 || word.Or(bit)&bit != 0 {
		return
	}
	if o.set.Add(1) >= fullBits {
		o.bits.Store(nil)
	}
}

// SmallColumn is a column whose pseudonyms hide little because it has few different values.
type SmallColumn struct {
	ColumnRef
	// Kind is the treatment's, without aliases.
	Kind string `json:"kind"`
}

// FewValued returns the columns with deterministic treatments in which fewer than FewValues different values, give or take one in a
// hundred, were seen so far, sorted.
// A column without values is not among them. It is safe for concurrent use.
func (a *Anonymizer) FewValued() []SmallColumn {
	a.observations.mu.Lock()
	defer a.observations.mu.Unlock()
	var out []SmallColumn
	for _, o := range a.observations.column {
		if n := o.set.Load(); n > 0 && n < fullBits {
			out = append(out, SmallColumn{o.ref, o.kind})
		}
	}
	slices.SortFunc(out, func(a, b SmallColumn) int {
		return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Table, b.Table), cmp.Compare(a.Column, b.Column))
	})
	return out
}
