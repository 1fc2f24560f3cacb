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

// observed counts the different values of a treated column, up to FewValues, for all goroutines together.
type observed struct {
	ref  ColumnRef
	kind string
	full atomic.Bool
	mu   sync.Mutex
	seen map[uint64]struct{}
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
		o.column[ref] = &observed{ref: ref, kind: kind, seen: map[uint64]struct{}{}}
	}
	return o.column[ref]
}

// note counts a value. It is cheap once FewValues were seen.
func (o *observed) note(seed maphash.Seed, v []byte) {
	if o == nil || o.full.Load() {
		return
	}
	h := maphash.Bytes(seed, v)
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.seen == nil {
		return
	}
	o.seen[h] = struct{}{}
	if len(o.seen) >= FewValues {
		o.seen = nil
		o.full.Store(true)
	}
}

// SmallColumn is a column whose pseudonyms hide little because it has few different values.
type SmallColumn struct {
	ColumnRef
	// Kind is the treatment's, without aliases.
	Kind string `json:"kind"`
}

// FewValued returns the columns with deterministic treatments in which fewer than FewValues different values were seen so far, sorted.
// A column without values is not among them. It is safe for concurrent use.
func (a *Anonymizer) FewValued() []SmallColumn {
	a.observations.mu.Lock()
	defer a.observations.mu.Unlock()
	var out []SmallColumn
	for _, o := range a.observations.column {
		o.mu.Lock()
		if n := len(o.seen); n > 0 {
			out = append(out, SmallColumn{o.ref, o.kind})
		}
		o.mu.Unlock()
	}
	slices.SortFunc(out, func(a, b SmallColumn) int {
		return cmp.Or(cmp.Compare(a.Database, b.Database), cmp.Compare(a.Table, b.Table), cmp.Compare(a.Column, b.Column))
	})
	return out
}
