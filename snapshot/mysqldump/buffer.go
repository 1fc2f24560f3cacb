package mysqldump

import (
	"bytes"
	"errors"
	"fmt"
	"io"
)

// MaxUnitBytes bounds one row, and one statement without rows: the largest
// max_allowed_packet that a server accepts.
const MaxUnitBytes = 1 << 30

const (
	// blockBytes is how long a block of rows gets, unless one row is longer.
	blockBytes = 1 << 20
	// bufferBytes holds a block and the beginning of the next.
	bufferBytes = 2 * blockBytes
	// firstBytes is the buffer at first; it doubles until it has bufferBytes.
	firstBytes = 64 << 10
)

// buffer is a window on the input: data[pos:end] is read and not yet consumed.
type buffer struct {
	src      io.Reader
	data     []byte
	pos, end int
	eof      bool
	err      error // of src, other than io.EOF
	limit    int
	offset   int64 // of data[pos] in the input
	line     int   // of data[pos], from 1
}

func (b *buffer) bytes() []byte { return b.data[b.pos:b.end] }

// consume moves the window's start over n bytes.
func (b *buffer) consume(n int) {
	b.line += bytes.Count(b.data[b.pos:b.pos+n], []byte{'\n'})
	b.offset += int64(n)
	b.pos += n
}

// more reads until the buffer is full or the input ends, after making room. It
// always fills the buffer, so that what the reader does never depends on the
// sizes in which the input arrives.
func (b *buffer) more() error {
	if b.err != nil {
		return b.err
	}
	rest := b.end - b.pos
	switch {
	case rest >= b.limit:
		return ErrTooLong
	case cap(b.data) > 4*bufferBytes && rest < bufferBytes/2: // after a long row
		b.move(make([]byte, bufferBytes))
	case b.data == nil:
		b.data = make([]byte, firstBytes)
	case rest > len(b.data)/2, len(b.data) < bufferBytes:
		b.move(make([]byte, min(2*len(b.data), b.limit+bufferBytes)))
	default:
		b.move(b.data)
	}
	return b.fill()
}

// fill reads until the window is full or the input ends. Only io.EOF is its end: a
// decompressor whose input was cut says io.ErrUnexpectedEOF, which io.ReadFull
// would hide.
func (b *buffer) fill() error {
	for empty := 0; b.end < len(b.data); {
		n, err := b.src.Read(b.data[b.end:])
		b.end += n
		switch {
		case err == io.EOF:
			b.eof = true
			return nil
		case errors.Is(err, io.ErrUnexpectedEOF):
			b.err = fmt.Errorf("read dump: %w: the compressed input ends early", ErrTruncated)
			return b.err
		case err != nil:
			b.err = err
			return err
		case n > 0:
			empty = 0
		case empty == maxEmptyReads:
			b.err = io.ErrNoProgress
			return b.err
		default:
			empty++
		}
	}
	return nil
}

// maxEmptyReads is how often a reader may give nothing before it is taken for
// broken; bufio's number.
const maxEmptyReads = 100

// move puts the window at the start of data.
func (b *buffer) move(data []byte) {
	b.end = copy(data, b.data[b.pos:b.end])
	b.pos = 0
	b.data = data
}
