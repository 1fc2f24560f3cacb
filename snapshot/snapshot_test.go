package snapshot_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

func TestSnapshotIsReadBack(t *testing.T) {
	rows, ends := tableRows(0, 100_000)
	m := newMemory()
	created := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d := build(t, m, snapshot.BuilderOptions{Jobs: 2, Created: created}, rows, ends)
	s, err := snapshot.Verify(t.Context(), m, d, snapshot.VerifyOptions{Jobs: 2})
	if err != nil {
		t.Fatal(err)
	}
	before, after := objects()
	if diff := cmp.Diff(before, s.Before) + cmp.Diff(after, s.After); diff != "" {
		t.Error(diff)
	}
	info := s.Config.Table("nova", "instances")
	if info.Rows != 100_000 || info.Bytes != int64(len(rows)) || info.Chunks != len(s.Chunks) || len(s.Chunks) < 2 {
		t.Errorf("table has %d rows, %d bytes, %d chunks", info.Rows, info.Bytes, info.Chunks)
	}
	if !s.Created.Equal(created) || s.Digest != d.Digest {
		t.Errorf("created %v, digest %s", s.Created, s.Digest)
	}
	var got []byte
	for _, c := range s.TableChunks("nova", "instances") {
		got = append(got, readChunk(t, m, c)...)
	}
	if !bytes.Equal(got, rows) {
		t.Errorf("rows differ: %d bytes, want %d", len(got), len(rows))
	}
}

func readChunk(t testing.TB, m snapshot.Fetcher, c snapshot.Chunk) []byte {
	t.Helper()
	r, err := snapshot.ChunkReader{Blobs: m}.Rows(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	data, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

// The digest depends on the rows, not on goroutines, calls or the clock.
func TestSameInputSameDigest(t *testing.T) {
	rows, ends := tableRows(0, 100_000)
	want := build(t, newMemory(), snapshot.BuilderOptions{}, rows, ends)
	if got := build(t, newMemory(), snapshot.BuilderOptions{Jobs: 5}, rows, ends); got.Digest != want.Digest {
		t.Error("with 5 jobs the digest differs")
	}
	m := newMemory()
	b := snapshot.NewBuilder(t.Context(), m, snapshot.BuilderOptions{Jobs: 2})
	defer b.Close()
	start := 0
	for i := 0; i < len(ends); i += 997 {
		part := slices.Clone(ends[i:min(i+997, len(ends))])
		end := part[len(part)-1]
		for j := range part {
			part[j] -= start
		}
		if err := b.Append("nova", "instances", rows[start:end], part); err != nil {
			t.Fatal(err)
		}
		start = end
	}
	before, after := objects()
	got, err := b.Finish(t.Context(), config(instances()), before, after)
	if err != nil || got.Digest != want.Digest {
		t.Errorf("rows in many calls: %v, digest equal: %v", err, got.Digest == want.Digest)
	}
	other := build(t, newMemory(), snapshot.BuilderOptions{Created: time.Unix(1, 0)}, rows, ends)
	if other.Digest == want.Digest {
		t.Error("the creation time is lost")
	}
}

func TestVersionsShareChunks(t *testing.T) {
	const n = 250_000 // about 24 MB
	rows, ends := tableRows(0, n)
	middle := n / 2
	cut := ends[middle-1]
	m := newMemory()
	options := snapshot.BuilderOptions{Jobs: 2, Level: zstd.SpeedFastest}
	old := chunkDigests(t, m, build(t, m, options, rows, ends))
	for _, tc := range []struct {
		name string
		edit func() ([]byte, []int)
	}{
		{"a row inserted", func() ([]byte, []int) { return splice(rows, cut, cut, row(n+1)) }},
		{"a row deleted", func() ([]byte, []int) { return splice(rows, cut, ends[middle], nil) }},
		{"a row changed", func() ([]byte, []int) { return splice(rows, cut, ends[middle], row(n+2)) }},
		{"rows appended", func() ([]byte, []int) { return splice(rows, len(rows), len(rows), row(n+3)) }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			edited, editedEnds := tc.edit()
			changed := chunkDigests(t, m, build(t, m, options, edited, editedEnds))
			shared := 0
			for _, d := range changed {
				if slices.Contains(old, d) {
					shared++
				}
			}
			t.Logf("%d chunks, %d then, %d shared", len(old), len(changed), shared)
			if len(old) < 5 || shared < len(old)-2 {
				t.Errorf("of %d chunks only %d are shared", len(old), shared)
			}
		})
	}
}

// splice replaces rows[from:to].
func splice(rows []byte, from, to int, with []byte) (out []byte, ends []int) {
	out = slices.Concat(rows[:from], with, rows[to:])
	for i, c := range out {
		if c == '\n' {
			ends = append(ends, i+1)
		}
	}
	return out, ends
}

func chunkDigests(t *testing.T, m *memory, d ocispec.Descriptor) (out []digest.Digest) {
	t.Helper()
	s, err := snapshot.Load(t.Context(), m, d)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range s.Chunks {
		out = append(out, c.Descriptor.Digest)
	}
	return out
}

func TestVerifyFindsDamage(t *testing.T) {
	rows, ends := tableRows(0, 1000)
	m := newMemory()
	d := build(t, m, snapshot.BuilderOptions{}, rows, ends)
	for _, name := range slices.Sorted(maps.Keys(m.blobs)) {
		blob := m.blobs[name]
		for i := 0; i < len(blob); i += 1 + len(blob)/12 {
			blob[i] ^= 1 << (i % 8)
			_, err := snapshot.Verify(t.Context(), m, d, snapshot.VerifyOptions{})
			var corrupt *snapshot.CorruptError
			if !errors.Is(err, snapshot.ErrCorrupt) || !errors.As(err, &corrupt) || corrupt.Blob != name {
				t.Fatalf("byte %d of %s: %v", i, name, err)
			}
			blob[i] ^= 1 << (i % 8)
		}
		for what, bad := range map[string][]byte{"cut": blob[:len(blob)-1], "longer": append(slices.Clone(blob), 0)} {
			m.blobs[name] = bad
			if _, err := snapshot.Verify(t.Context(), m, d, snapshot.VerifyOptions{}); !errors.Is(err, snapshot.ErrCorrupt) {
				t.Errorf("%s: %v", what, err)
			}
		}
		delete(m.blobs, name)
		if _, err := snapshot.Verify(t.Context(), m, d, snapshot.VerifyOptions{}); !errors.Is(err, snapshot.ErrCorrupt) {
			t.Errorf("missing: %v", err)
		}
		m.blobs[name] = blob
	}
}

// A chunk that is intact but not the one that its layer describes is refused by
// the reader alone, without Verify.
func TestRowsHoldsAChunkAgainstItsLayer(t *testing.T) {
	rows, ends := tableRows(0, 100)
	m := newMemory()
	s, err := snapshot.Load(t.Context(), m, build(t, m, snapshot.BuilderOptions{}, rows, ends))
	if err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		name string
		edit func(*snapshot.Chunk)
	}{
		{"rows", func(c *snapshot.Chunk) { c.Rows++ }},
		{"more bytes", func(c *snapshot.Chunk) { c.Bytes++ }},
		{"fewer bytes", func(c *snapshot.Chunk) { c.Bytes-- }},
		{"digest", func(c *snapshot.Chunk) { c.RowsDigest = digest.FromString("x") }},
		{"size", func(c *snapshot.Chunk) { c.Descriptor.Size++ }},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := s.Chunks[0]
			tc.edit(&c)
			r, err := snapshot.ChunkReader{Blobs: m}.Rows(t.Context(), c)
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			if _, err := io.ReadAll(r); !errors.Is(err, snapshot.ErrCorrupt) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestBuilderRefuses(t *testing.T) {
	finish := func(t *testing.T, m *memory, cfg snapshot.Config, before []snapshot.Object) error {
		t.Helper()
		b := snapshot.NewBuilder(t.Context(), m, snapshot.BuilderOptions{})
		defer b.Close()
		rows, ends := tableRows(0, 10)
		if err := b.Append("nova", "instances", rows, ends); err != nil {
			return err
		}
		_, err := b.Finish(t.Context(), cfg, before, nil)
		return err
	}
	for _, tc := range []struct {
		name   string
		config snapshot.Config
		before []snapshot.Object
		want   string
	}{
		{"rows of an unknown table", config(), nil, "not in the config"},
		{"a table twice", config(instances(), instances()), nil, "twice"},
		{"a definition not in UTF-8", config(instances()), []snapshot.Object{{Kind: "table", Name: "t", SQL: "\xff"}}, "not valid UTF-8"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if err := finish(t, newMemory(), tc.config, tc.before); err == nil || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v", err)
			}
		})
	}
	for failAt := 1; failAt <= 5; failAt++ { // chunk, config, before, after, manifest
		if err := finish(t, &memory{blobs: newMemory().blobs, failAt: failAt}, config(instances()), nil); !errors.Is(err, errFull) {
			t.Errorf("put %d fails: %v", failAt, err)
		}
	}
}

func TestAppendRefusesBadEnds(t *testing.T) {
	b := snapshot.NewBuilder(t.Context(), newMemory(), snapshot.BuilderOptions{})
	defer b.Close()
	for _, ends := range [][]int{{}, {1}, {2, 2, 4}, {2}, {4, 9}} {
		if err := b.Append("d", "t", []byte("a\nb\n"), ends); err == nil {
			t.Errorf("ends %v accepted", ends)
		}
	}
}

// The cause of a failure in the background, or of a cancellation, is what
// Append returns, and no goroutine stays.
func TestAppendReturnsTheCause(t *testing.T) {
	rows, ends := tableRows(0, 50_000)
	b := snapshot.NewBuilder(t.Context(), &memory{blobs: newMemory().blobs, failAt: 1}, snapshot.BuilderOptions{})
	defer b.Close()
	var err error
	for range 100 {
		if err = b.Append("nova", "instances", rows, ends); err != nil {
			break
		}
	}
	if !errors.Is(err, errFull) {
		t.Errorf("got %v", err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	b = snapshot.NewBuilder(ctx, newMemory(), snapshot.BuilderOptions{})
	defer b.Close()
	cancel(stopped)
	err = nil
	for i := 0; i < 100 && err == nil; i++ {
		err = b.Append("nova", "instances", rows, ends)
	}
	if !errors.Is(err, stopped) {
		t.Errorf("got %v", err)
	}
}

// Rows longer than a frame and than a chunk, and a table without columns.
func TestOddRows(t *testing.T) {
	long := append(bytes.Repeat([]byte("x"), 20<<20), '\n')
	m := newMemory()
	b := snapshot.NewBuilder(t.Context(), m, snapshot.BuilderOptions{Jobs: 2})
	defer b.Close()
	for _, table := range []string{"long", "none"} {
		rows, ends := long, []int{len(long)}
		if table == "none" {
			rows, ends = []byte("\n\n\n"), []int{1, 2, 3}
		}
		if err := b.Append("", table, rows, ends); err != nil {
			t.Fatal(err)
		}
	}
	wide := instances()
	wide.Layout.Columns = wide.Layout.Columns[:1]
	wide.Database, wide.Name = "", "long"
	d, err := b.Finish(t.Context(), config(wide, snapshot.TableInfo{Name: "none"}, snapshot.TableInfo{Name: "empty"}), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	s, err := snapshot.Verify(t.Context(), m, d, snapshot.VerifyOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if len(s.Chunks) != 2 || !bytes.Equal(readChunk(t, m, s.Chunks[0]), long) || s.Chunks[1].Rows != 3 || len(s.Before) != 0 {
		t.Errorf("%d chunks, the second of %d rows", len(s.Chunks), s.Chunks[1].Rows)
	}
}
