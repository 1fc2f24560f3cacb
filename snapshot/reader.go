package snapshot

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"

	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// ChunkReader reads the rows of chunks. It is safe for concurrent use if Blobs
// is.
type ChunkReader struct{ Blobs Fetcher }

// Rows returns a chunk's rows, uncompressed. It reads one stream, with about
// 10 MiB of memory. Bytes are handed out before the chunk is verified: only
// io.EOF says that the rows were the right ones, all of them. If they were not,
// the last Read returns a [*CorruptError] in its place. The caller must Close it.
func (r ChunkReader) Rows(ctx context.Context, c Chunk) (io.ReadCloser, error) {
	what := "a chunk of table " + tableKey{c.Database, c.Table}.String()
	blob, err := open(ctx, r.Blobs, c.Descriptor, what)
	if err != nil {
		return nil, err
	}
	in := &countingReader{r: blob}
	dec, err := newDecoder(in)
	if err != nil {
		return nil, errors.Join(fmt.Errorf("read %s: %w", what, err), blob.Close())
	}
	return &rowsReader{
		ctx: ctx, chunk: c, what: what, blob: blob, in: in, dec: dec, digester: digest.Canonical.Digester(),
	}, nil
}

// rowsReader verifies what it reads.
type rowsReader struct {
	ctx         context.Context
	chunk       Chunk
	what        string
	blob        io.Closer
	in          *countingReader
	dec         *zstd.Decoder
	digester    digest.Digester
	rows, bytes int64
	err         error // sticky
}

func (r *rowsReader) Read(b []byte) (int, error) {
	if r.err == nil && r.ctx.Err() != nil {
		r.err = context.Cause(r.ctx)
	}
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.dec.Read(b)
	r.digester.Hash().Write(b[:n])
	r.bytes += int64(n)
	r.rows += int64(bytes.Count(b[:n], []byte{rowtext.Terminator}))
	switch {
	case r.bytes > r.chunk.Bytes:
		r.err = r.corrupt(errRowsBytes)
		return 0, r.err
	case errors.Is(err, io.EOF):
		r.err = r.verify()
	case err != nil && r.in.err != nil:
		r.err = fmt.Errorf("read %s (blob %s): %w", r.what, r.chunk.Descriptor.Digest, r.in.err)
	case err != nil:
		r.err = r.corrupt(fmt.Errorf("decompress: %w", err))
	}
	return n, r.err
}

// verify returns io.EOF if everything read was right.
func (r *rowsReader) verify() error {
	switch {
	case r.in.n != r.chunk.Descriptor.Size:
		return r.corrupt(errSize)
	case r.bytes != r.chunk.Bytes:
		return r.corrupt(errRowsBytes)
	case r.rows != r.chunk.Rows:
		return r.corrupt(errRows)
	case r.digester.Digest() != r.chunk.RowsDigest:
		return r.corrupt(errRowsDigest)
	}
	return io.EOF
}

func (r *rowsReader) corrupt(err error) error {
	return &CorruptError{Blob: r.chunk.Descriptor.Digest, What: r.what, Err: err}
}

// Close releases the decoder and the blob. Closing early is no error.
func (r *rowsReader) Close() error {
	r.dec.Close()
	return r.blob.Close()
}

// countingReader tells the blob's own errors from those of its content.
type countingReader struct {
	r   io.Reader
	n   int64
	err error // of r, but io.EOF
}

func (c *countingReader) Read(b []byte) (int, error) {
	n, err := c.r.Read(b)
	c.n += int64(n)
	if err != nil && !errors.Is(err, io.EOF) {
		c.err = err
	}
	return n, err
}
