package snapshot

import (
	"context"
	"errors"
	"fmt"
	"io"
	"sync/atomic"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/sync/errgroup"

	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// VerifyOptions are the settings of [Verify]; the zero value works.
type VerifyOptions struct {
	// Jobs is how many chunks are read side by side; below 1 means 1.
	Jobs int
	// Progress is called with the compressed bytes verified so far and in all, from
	// several goroutines. It may be nil.
	Progress func(done, total int64)
}

// Verify reads every blob of a snapshot and holds it against the manifest:
// sizes, digests of the blobs and of the uncompressed rows, counts of rows, and
// the number and form of each row's fields. What differs is a [*CorruptError]
// that names the blob.
func Verify(ctx context.Context, blobs Fetcher, manifest ocispec.Descriptor, o VerifyOptions) (*Snapshot, error) {
	s, err := Load(ctx, blobs, manifest)
	if err != nil {
		return nil, err
	}
	var total int64
	var done atomic.Int64
	for _, c := range s.Chunks {
		total += c.Descriptor.Size
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(max(o.Jobs, 1))
	for _, c := range s.Chunks {
		columns := len(s.Config.Table(c.Database, c.Table).Layout.Columns)
		group.Go(func() error {
			if err := verifyChunk(ctx, blobs, c, columns); err != nil {
				return err
			}
			if n := done.Add(c.Descriptor.Size); o.Progress != nil {
				o.Progress(n, total)
			}
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return s, nil
}

// verifyChunk reads one chunk, and takes the digest of the blob on the way.
func verifyChunk(ctx context.Context, blobs Fetcher, c Chunk, columns int) error {
	if err := ctx.Err(); err != nil {
		return context.Cause(ctx)
	}
	hashed := &hashingFetcher{blobs: blobs, digester: digest.Canonical.Digester()}
	rows, err := ChunkReader{Blobs: hashed}.Rows(ctx, c)
	if err != nil {
		return err
	}
	defer rows.Close()
	var fields []rowtext.Field
	in := rowtext.NewReader(rows, columns, 0)
	for err == nil {
		fields, err = in.Next(fields)
	}
	var syntax *rowtext.SyntaxError
	what := "a chunk of table " + tableKey{c.Database, c.Table}.String()
	switch {
	case errors.As(err, &syntax):
		return &CorruptError{Blob: c.Descriptor.Digest, What: what, Err: err}
	case !errors.Is(err, io.EOF):
		return fmt.Errorf("verify: %w", err)
	case hashed.digester.Digest() != c.Descriptor.Digest:
		return &CorruptError{Blob: c.Descriptor.Digest, What: what, Err: errDigest}
	}
	return nil
}

// hashingFetcher takes the digest of the one blob that it opens.
type hashingFetcher struct {
	blobs    Fetcher
	digester digest.Digester
}

func (h *hashingFetcher) Open(ctx context.Context, d ocispec.Descriptor) (io.ReadCloser, error) {
	r, err := h.blobs.Open(ctx, d)
	if err != nil {
		return nil, err
	}
	return &hashedBlob{Reader: io.TeeReader(r, h.digester.Hash()), Closer: r}, nil
}

type hashedBlob struct {
	io.Reader
	io.Closer
}
