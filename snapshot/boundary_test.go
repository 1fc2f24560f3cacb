package snapshot

import (
	"encoding/binary"
	"math"
	"testing"
)

func TestBoundaryLevels(t *testing.T) {
	for _, tc := range []struct {
		name            string
		table, snapshot int64
		target          int64
	}{
		{"start", 0, 0, 4 << 20},
		{"large table", 1 << 30, 1 << 30, 8 << 20},
		{"larger table", 2 << 30, 2 << 30, 16 << 20},
		{"small table of a large snapshot", 0, 9 << 30, 16 << 20},
		{"terabyte", 1 << 40, 1 << 40, 8 << 30},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := boundaryAt(tc.table, tc.snapshot); got != boundaryOf(tc.target) {
				t.Errorf("got %+v", got)
			}
		})
	}
}

// What ends a chunk of one level ends one of each level below, and chunks have
// the target's size on average.
func TestBoundariesNest(t *testing.T) {
	low, high := boundaryOf(64<<10), boundaryOf(128<<10)
	row := make([]byte, 100)
	var chunks, bytes, n int64
	for i := range uint64(400_000) {
		binary.LittleEndian.PutUint64(row, i)
		if high.ends(row, high.min) && !low.ends(row, low.min) {
			t.Fatal("a boundary of the level above is none")
		}
		n += 100
		if low.ends(row, n) {
			chunks, bytes, n = chunks+1, bytes+n, 0
		}
	}
	if mean := float64(bytes) / float64(chunks); math.Abs(mean/(64<<10)-1) > 0.1 {
		t.Errorf("chunks have %.0f bytes on average", mean)
	}
	if low.ends(row, low.min-1) || !low.ends(row, low.max) {
		t.Error("minimum or maximum is not kept")
	}
}

// A manifest of a terabyte in a thousand tables stays under the limit.
func TestManifestOfATerabyte(t *testing.T) {
	const entryBytes = 480
	var total, chunks int64
	for total < 1<<40 {
		const table = 1 << 30
		for position := int64(0); position < table; {
			target := boundaryAt(position, total).min * 4
			position, total, chunks = position+target, total+target, chunks+1
		}
	}
	if size := chunks * entryBytes; size > MaxManifestBytes {
		t.Errorf("%d chunks need %d bytes", chunks, size)
	}
}
