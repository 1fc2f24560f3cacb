package mydumper

import (
	"errors"
	"io"
	"sync"
)

const (
	// blockBytes is the unit in which text goes from the goroutines that decompress to the one that reads.
	blockBytes = 256 << 10
	// aheadBlocks is how many blocks may be held for each job, 16 MiB: files of that size are read as fast as all jobs together
	// decompress, much longer ones as fast as one does.
	aheadBlocks = 64
	// currentBlocks may always be held of the file that is being read, so that it never waits for those behind it.
	currentBlocks = 2
)

var errClosed = errors.New("the reading was closed")

// text is the text of files, one after the other. While a file is read those behind it are opened and decompressed, each by a goroutine
// of its own, as far as there is room for what comes out; the next ones go first. What is read does not depend on any of this.
type text struct {
	open func(file) (io.ReadCloser, error)
	jobs int

	mu      sync.Mutex
	changed *sync.Cond // signals any change of what follows
	waiting []file     // not opened yet
	streams []*stream  // opened, in order; the first is being read
	running int        // goroutines
	free    int        // blocks that may be filled; below zero by those that only the current file may have
	spare   [][]byte
	closed  bool
	ended   sync.WaitGroup

	// What follows belongs to the goroutine that reads.
	failed error
	block  []byte // of the current file
	rest   []byte // of block, not read yet
	places
}

// stream is what was read ahead of one file.
type stream struct {
	file   file
	blocks [][]byte
	err    error // ends the file after the blocks; io.EOF when it was whole, nil while it is read
	wants  bool  // waits for room
	begun  bool  // its first block was taken
}

// newText returns a text, of which at most jobs files are decompressed at a time.
func newText(files []file, jobs int, open func(file) (io.ReadCloser, error)) *text {
	t := &text{open: open, jobs: jobs, waiting: files, free: jobs * aheadBlocks}
	t.changed = sync.NewCond(&t.mu)
	return t
}

// Read implements io.Reader. The error of a file comes where the file stands in the text, and stays.
func (t *text) Read(p []byte) (int, error) {
	for len(t.rest) == 0 {
		if t.failed == nil {
			t.failed = t.next()
		}
		if t.failed != nil {
			return 0, t.failed
		}
	}
	n := copy(p, t.rest)
	t.pass(t.rest[:n])
	t.rest = t.rest[n:]
	return n, nil
}

// next waits for the next block.
func (t *text) next() error {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.block != nil {
		t.putBack(t.block)
		t.block = nil
	}
	for {
		t.start()
		if len(t.streams) == 0 {
			return io.EOF
		}
		s := t.streams[0]
		switch {
		case len(s.blocks) > 0:
			if !s.begun {
				s.begun = true
				t.enter(s.file)
			}
			t.block, s.blocks = s.blocks[0], s.blocks[1:]
			t.rest = t.block
			t.changed.Broadcast()
			return nil
		case errors.Is(s.err, io.EOF):
			t.streams = t.streams[1:]
			t.changed.Broadcast()
		case s.err != nil:
			return s.err
		default:
			t.changed.Wait()
		}
	}
}

// start opens more files, as many as may be. t.mu is held.
func (t *text) start() {
	for len(t.waiting) > 0 && !t.closed && t.running < t.jobs && (t.free > 0 || len(t.streams) == 0) {
		s := &stream{file: t.waiting[0]}
		t.waiting, t.streams = t.waiting[1:], append(t.streams, s)
		t.running++
		t.ended.Go(func() {
			err := t.fill(s)
			t.mu.Lock()
			defer t.mu.Unlock()
			s.err = err
			t.running--
			t.start()
			t.changed.Broadcast()
		})
	}
}

// fill reads a file into its stream, to its end: io.EOF, or what is wrong with it.
func (t *text) fill(s *stream) error {
	r, err := t.open(s.file)
	if err != nil {
		return err
	}
	for err == nil {
		var block []byte
		if block, err = t.room(s); err != nil {
			break
		}
		n := 0
		for n < len(block) && err == nil {
			var more int
			more, err = r.Read(block[n:])
			n += more
		}
		t.add(s, block[:n])
	}
	if cerr := r.Close(); cerr != nil && errors.Is(err, io.EOF) {
		err = errOpen(s.file, cerr)
	}
	return err
}

// room waits until a block of the stream may be filled.
func (t *text) room(s *stream) ([]byte, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	s.wants = true
	for !t.closed && !t.hasRoom(s) {
		t.changed.Wait()
	}
	s.wants = false
	if t.closed {
		return nil, errClosed
	}
	t.free--
	if n := len(t.spare); n > 0 {
		block := t.spare[n-1]
		t.spare = t.spare[:n-1]
		return block, nil
	}
	return make([]byte, blockBytes), nil
}

// hasRoom reports whether it is the stream's turn to fill a block. t.mu is held.
func (t *text) hasRoom(s *stream) bool {
	for i, o := range t.streams {
		switch {
		case o != s:
		case i == 0 && len(s.blocks) < currentBlocks:
			return true
		default:
			return t.free > 0
		}
		if o.wants {
			return false
		}
	}
	return false
}

func (t *text) add(s *stream, block []byte) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if len(block) == 0 {
		t.putBack(block)
	} else {
		s.blocks = append(s.blocks, block)
	}
	t.changed.Broadcast()
}

// putBack gives a block up. t.mu is held.
func (t *text) putBack(block []byte) {
	t.free++
	t.spare = append(t.spare, block[:cap(block)])
}

// Close ends all goroutines and waits for them.
func (t *text) Close() error {
	t.mu.Lock()
	t.closed = true
	t.changed.Broadcast()
	t.mu.Unlock()
	t.ended.Wait()
	return nil
}
