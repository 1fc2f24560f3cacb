package snapshot

import (
	"math"
	"math/bits"

	"github.com/cespare/xxhash/v2"
)

const (
	// baseTargetBytes is the size that chunks of level 0 have on average: few
	// enough for a manifest, and small enough that a changed row costs little.
	baseTargetBytes = 4 << 20
	// tableGrowthShift is log2 of the bytes of one table at which its level rises to
	// 1, which is after 256 chunks.
	tableGrowthShift = 30
	// snapshotGrowthShift is the same for all tables together. It bounds the number
	// of chunks where many tables are large.
	snapshotGrowthShift = 32
)

// boundary decides where a chunk ends; doc.go has the formula.
type boundary struct {
	min, max int64  // bytes of a chunk
	step     uint64 // hash values that end a chunk, for each byte of a row
}

// boundaryAt returns the rule for a chunk that begins after the given bytes of
// its table and of the snapshot.
func boundaryAt(table, snapshot int64) boundary {
	level := max(bits.Len64(uint64(table)>>tableGrowthShift), bits.Len64(uint64(snapshot)>>snapshotGrowthShift))
	return boundaryOf(baseTargetBytes << level)
}

func boundaryOf(target int64) boundary {
	// The minimum adds target/4 to the mean distance of hashes that end a chunk.
	return boundary{min: target / 4, max: 4 * target, step: math.MaxUint64 / uint64(target/4*3)}
}

// ends reports whether the chunk ends after this row, with which it has n bytes.
func (b boundary) ends(row []byte, n int64) bool {
	if n < b.min {
		return false
	}
	if n >= b.max {
		return true
	}
	hi, limit := bits.Mul64(b.step, uint64(len(row)))
	return hi > 0 || xxhash.Sum64(row) < limit
}
