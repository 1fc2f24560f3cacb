package snapshot_test

import (
	"context"
	"io"
	"testing"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// discard takes blobs and keeps none.
type discard struct{}

func (discard) Put(_ context.Context, _ string, r io.Reader) (ocispec.Descriptor, error) {
	d := digest.Canonical.Digester()
	n, err := io.Copy(d.Hash(), r)
	return ocispec.Descriptor{Digest: d.Digest(), Size: n}, err
}

func BenchmarkBuilder(b *testing.B) {
	rows, ends := tableRows(0, 400_000)
	b.SetBytes(int64(len(rows)))
	b.ReportAllocs()
	for b.Loop() {
		builder := snapshot.NewBuilder(b.Context(), discard{}, snapshot.BuilderOptions{Jobs: 2})
		if err := builder.Append("nova", "instances", rows, ends); err != nil {
			b.Fatal(err)
		}
		if _, err := builder.Finish(b.Context(), config(instances()), nil, nil); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkRows(b *testing.B) {
	rows, ends := tableRows(0, 400_000)
	m := newMemory()
	s, err := snapshot.Load(b.Context(), m, build(b, m, snapshot.BuilderOptions{Jobs: 2}, rows, ends))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(rows)))
	b.ReportAllocs()
	for b.Loop() {
		for _, c := range s.Chunks {
			r, err := snapshot.ChunkReader{Blobs: m}.Rows(b.Context(), c)
			if err != nil {
				b.Fatal(err)
			}
			if _, err := io.Copy(io.Discard, r); err != nil {
				b.Fatal(err)
			}
			_ = r.Close()
		}
	}
}
