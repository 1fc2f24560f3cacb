package snapshot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/zstd"
	"github.com/opencontainers/go-digest"
	"golang.org/x/sync/errgroup"
)

// frameBytes is how many bytes of rows one zstd frame holds. Frames are
// independent, so that they are compressed side by side, and a reader needs no
// larger window.
const frameBytes = 4 << 20

// pendingChunk is a chunk on its way. Rows and bytes are final when its last
// frame is sent.
type pendingChunk struct {
	key         tableKey
	count       *tableCount
	number      int // of the table's chunks, from 1
	rows, bytes int64
}

// frame is the unit of compression.
type frame struct {
	chunk      *pendingChunk
	raw        []byte
	last       bool        // of its chunk
	compressed chan []byte // receives one value
}

// pipeline compresses frames on several goroutines and puts chunks on one, in
// order:
//
//	send → ordered ───────────────→ writer → blobs
//	     → tasks → compressors ──↗
type pipeline struct {
	ctx            context.Context
	group          *errgroup.Group
	ordered, tasks chan *frame
	buffers        sync.Pool // of frameBytes
	end            func()    // closes the channels, once

	// Written by the writer, read after wait.
	chunks        []Chunk
	manifestBytes int
}

func startPipeline(ctx context.Context, blobs Blobs, o BuilderOptions) *pipeline {
	group, ctx := errgroup.WithContext(ctx)
	p := &pipeline{
		ctx: ctx, group: group,
		ordered: make(chan *frame, o.Jobs+1), tasks: make(chan *frame, o.Jobs+1),
	}
	p.buffers.New = func() any { return make([]byte, 0, frameBytes) }
	p.end = sync.OnceFunc(func() { close(p.ordered); close(p.tasks) })
	for range o.Jobs {
		group.Go(func() error { return p.compress(o.Level) })
	}
	group.Go(func() error { return p.write(blobs) })
	return p
}

// buffer returns an empty buffer for one frame.
func (p *pipeline) buffer() []byte {
	return p.buffers.Get().([]byte)[:0] //nolint:errcheck // New makes nothing else
}

// send queues a frame; it waits while the queue is full.
func (p *pipeline) send(f *frame) error {
	for _, queue := range []chan *frame{p.ordered, p.tasks} {
		select {
		case queue <- f:
		case <-p.ctx.Done():
			return context.Cause(p.ctx)
		}
	}
	return nil
}

// wait ends the pipeline after the frames sent so far.
func (p *pipeline) wait() ([]Chunk, error) {
	p.end()
	err := p.group.Wait()
	return p.chunks, err
}

// newEncoder returns an encoder whose output depends on its input alone.
func newEncoder(level zstd.EncoderLevel) (*zstd.Encoder, error) {
	return zstd.NewWriter(nil, zstd.WithEncoderLevel(level), zstd.WithEncoderConcurrency(1),
		zstd.WithWindowSize(frameBytes), zstd.WithZeroFrames(true))
}

// compress is a compressor's loop.
func (p *pipeline) compress(level zstd.EncoderLevel) error {
	enc, err := newEncoder(level)
	if err != nil {
		return fmt.Errorf("start compression: %w", err)
	}
	for {
		select {
		case f, ok := <-p.tasks:
			if !ok {
				return nil
			}
			f.compressed <- enc.EncodeAll(f.raw, p.buffer())
		case <-p.ctx.Done():
			return context.Cause(p.ctx)
		}
	}
}

// write is the writer's loop: one round is one chunk.
func (p *pipeline) write(blobs Blobs) error {
	for {
		f, err := p.next()
		if err != nil || f == nil {
			return err
		}
		c := f.chunk
		s := &chunkStream{pipe: p, next: f, digester: digest.Canonical.Digester()}
		desc, err := blobs.Put(p.ctx, MediaTypeRows, s)
		if err == nil && !s.done {
			err = errors.New("blob was not read to its end")
		}
		if err != nil {
			return fmt.Errorf("write chunk %d of table %s: %w", c.number, c.key, err)
		}
		chunk := Chunk{
			Database: c.key.database, Table: c.key.name, Rows: c.rows, Bytes: c.bytes,
			RowsDigest: s.digester.Digest(), Descriptor: desc,
		}
		if err := p.add(chunk); err != nil {
			return err
		}
	}
}

// add lists a chunk, unless the manifest cannot hold it.
func (p *pipeline) add(c Chunk) error {
	c.Descriptor.Annotations = chunkAnnotations(c)
	entry, err := json.Marshal(c.Descriptor)
	if err != nil {
		return fmt.Errorf("describe a chunk of table %s: %w", tableKey{c.Database, c.Table}, err)
	}
	p.manifestBytes += len(entry) + 1
	if p.manifestBytes > MaxManifestBytes {
		return fmt.Errorf("%w: it has more than %d chunks, which need over %d bytes",
			ErrTooLarge, len(p.chunks), MaxManifestBytes)
	}
	p.chunks = append(p.chunks, c)
	return nil
}

// next returns the next frame in order, nil after the last.
func (p *pipeline) next() (*frame, error) {
	select {
	case f := <-p.ordered:
		return f, nil
	case <-p.ctx.Done():
		return nil, context.Cause(p.ctx)
	}
}

// chunkStream reads one chunk's compressed frames as they are ready, and takes
// the digest of its rows on the way.
type chunkStream struct {
	pipe     *pipeline
	next     *frame // known but not yet read
	last     bool   // data is of the chunk's last frame
	data     []byte // compressed, not yet read
	buffer   []byte // that data is part of
	digester digest.Digester
	done     bool // everything was read
}

func (s *chunkStream) Read(b []byte) (int, error) {
	for len(s.data) == 0 {
		if s.last {
			s.done = true
			return 0, io.EOF
		}
		if err := s.advance(); err != nil {
			return 0, err
		}
	}
	n := copy(b, s.data)
	s.data = s.data[n:]
	return n, nil
}

// advance waits for the next frame.
func (s *chunkStream) advance() error {
	if s.buffer != nil {
		s.pipe.buffers.Put(s.buffer) //nolint:staticcheck // a slice header is small beside 4 MiB
		s.buffer = nil
	}
	f, err := s.next, error(nil)
	s.next = nil
	if f == nil {
		if f, err = s.pipe.next(); err != nil {
			return err
		}
		if f == nil {
			return errors.New("chunk has no end")
		}
	}
	s.digester.Hash().Write(f.raw)
	select {
	case s.data = <-f.compressed:
	case <-s.pipe.ctx.Done():
		return context.Cause(s.pipe.ctx)
	}
	s.buffer, s.last = s.data, f.last
	s.pipe.buffers.Put(f.raw) //nolint:staticcheck // as above
	return nil
}
