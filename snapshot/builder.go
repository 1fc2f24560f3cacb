package snapshot

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/klauspost/compress/zstd"

	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
)

// BuilderOptions are the settings of a [Builder]; the zero value works.
type BuilderOptions struct {
	// Jobs is how many goroutines compress; below 1 means 1. The result does not
	// depend on it. Memory is about 12 MiB for each, and 20 MiB.
	Jobs int
	// Level is the compression's; the zero value means zstd.SpeedDefault.
	Level zstd.EncoderLevel
	// Created goes into the manifest's annotation, to the second. The zero value leaves it out.
	Created time.Time
}

// Builder makes a snapshot from rows. It is used by one goroutine: Append for
// the rows of one table after the other, then Finish. Close releases it at any
// time.
type Builder struct {
	blobs   Blobs
	options BuilderOptions
	tables  map[tableKey]*tableCount
	total   int64 // bytes of rows
	pipe    *pipeline
	cancel  context.CancelFunc

	chunk *pendingChunk // the open one, nil between chunks
	rule  boundary      // of the open chunk
	frame []byte        // rows of the open chunk not yet sent
}

// tableCount is what a table has so far.
type tableCount struct {
	rows, bytes int64
	chunks      int
}

// ErrTooLarge reports a snapshot with more tables and chunks than one manifest
// can list.
var ErrTooLarge = errors.New("snapshot does not fit in one manifest")

// NewBuilder returns a builder that keeps blobs in blobs. Its goroutines end
// with Finish, Close or the context.
func NewBuilder(ctx context.Context, blobs Blobs, o BuilderOptions) *Builder {
	o.Jobs = max(o.Jobs, 1)
	if o.Level == 0 {
		o.Level = zstd.SpeedDefault
	}
	ctx, cancel := context.WithCancel(ctx)
	return &Builder{
		blobs:   blobs,
		options: o,
		tables:  make(map[tableKey]*tableCount),
		pipe:    startPipeline(ctx, blobs, o),
		cancel:  cancel,
	}
}

// Append adds rows to a table, spelled as package rowtext says. ends[i] is the
// offset in rows at which row i ends, its terminator included; the last one is
// len(rows). The builder keeps neither slice. A table's rows may come in many
// calls; how they are divided among calls does not change the result.
//
// An error is final, and may stem from rows given earlier.
func (b *Builder) Append(database, table string, rows []byte, ends []int) error {
	if err := checkEnds(rows, ends); err != nil {
		return fmt.Errorf("append rows of table %s: %w", tableKey{database, table}, err)
	}
	key := tableKey{database, table}
	if b.chunk != nil && b.chunk.key != key {
		if err := b.endChunk(); err != nil {
			return err
		}
	}
	count := b.tables[key]
	if count == nil {
		count = &tableCount{}
		b.tables[key] = count
	}
	written, start := 0, 0
	for _, end := range ends {
		if b.chunk == nil {
			b.beginChunk(key, count)
		}
		b.chunk.rows++
		b.chunk.bytes += int64(end - start)
		if b.rule.ends(rows[start:end], b.chunk.bytes) {
			if err := b.write(rows[written:end]); err != nil {
				return err
			}
			written = end
			if err := b.endChunk(); err != nil {
				return err
			}
		}
		start = end
	}
	return b.write(rows[written:])
}

// checkEnds returns an error unless ends divide rows into terminated rows.
func checkEnds(rows []byte, ends []int) error {
	start := 0
	for i, end := range ends {
		if end <= start || end > len(rows) || rows[end-1] != rowtext.Terminator {
			return fmt.Errorf("row %d of the call does not end at its offset", i+1)
		}
		start = end
	}
	if start != len(rows) {
		return errors.New("bytes after the last row")
	}
	return nil
}

func (b *Builder) beginChunk(key tableKey, count *tableCount) {
	count.chunks++
	b.chunk = &pendingChunk{key: key, count: count, number: count.chunks}
	b.rule = boundaryAt(count.bytes, b.total)
}

// write adds bytes to the open chunk and sends the frames that are full.
func (b *Builder) write(rows []byte) error {
	for len(rows) > 0 {
		if len(b.frame) == frameBytes {
			if err := b.sendFrame(false); err != nil {
				return err
			}
		}
		if b.frame == nil {
			b.frame = b.pipe.buffer()
		}
		n := min(len(rows), frameBytes-len(b.frame))
		b.frame = append(b.frame, rows[:n]...)
		rows = rows[n:]
	}
	return nil
}

// endChunk sends the open chunk's last frame, which is never empty.
func (b *Builder) endChunk() error {
	b.total += b.chunk.bytes
	b.chunk.count.bytes += b.chunk.bytes
	b.chunk.count.rows += b.chunk.rows
	err := b.sendFrame(true)
	b.chunk = nil
	return err
}

func (b *Builder) sendFrame(last bool) error {
	f := &frame{chunk: b.chunk, raw: b.frame, last: last, compressed: make(chan []byte, 1)}
	b.frame = nil
	return b.pipe.send(f)
}

// Close stops the builder's goroutines and waits for them. After Finish it does
// nothing. What was put stays with the blobs' owner.
func (b *Builder) Close() {
	b.cancel()
	_, _ = b.pipe.wait()
}
