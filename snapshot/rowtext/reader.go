package rowtext

import (
	"bufio"
	"errors"
	"fmt"
	"io"
)

// DefaultMaxRowBytes bounds the length of one row that a [Reader] takes: two
// hex digits for each byte of the largest packet (1 GiB) a server accepts.
const DefaultMaxRowBytes = 2 << 30

// Reader reads rows from a stream, one at a time. It is not safe for concurrent
// use.
type Reader struct {
	r       *bufio.Reader
	line    []byte // a row that is longer than the buffer
	columns int
	max     int
	row     int64
}

// NewReader returns a reader of rows with the given number of columns. Rows
// longer than maxRowBytes are an error; 0 means [DefaultMaxRowBytes].
func NewReader(r io.Reader, columns, maxRowBytes int) *Reader {
	if maxRowBytes <= 0 {
		maxRowBytes = DefaultMaxRowBytes
	}
	return &Reader{r: bufio.NewReaderSize(r, 256<<10), columns: columns, max: maxRowBytes}
}

// Row returns the ordinal of the row that Next returned last, from 1.
func (r *Reader) Row() int64 { return r.row }

// Next appends the next row's fields to dst[:0] and returns them. They are valid
// until the next call. After the last row it returns io.EOF; bytes that are not
// rows of the format are a [*SyntaxError], other errors are the stream's.
func (r *Reader) Next(dst []Field) ([]Field, error) {
	line, err := r.readLine()
	if err != nil {
		return dst[:0], err
	}
	return splitRow(dst, line, r.columns, r.row)
}

// readLine returns the next row without its terminator.
func (r *Reader) readLine() ([]byte, error) {
	r.row++
	line, err := r.r.ReadSlice(Terminator)
	if err == nil {
		return line[:len(line)-1], nil
	}
	r.line = append(r.line[:0], line...)
	for errors.Is(err, bufio.ErrBufferFull) {
		if len(r.line) > r.max {
			return nil, &SyntaxError{Row: r.row, Msg: fmt.Sprintf("longer than %d bytes", r.max)}
		}
		line, err = r.r.ReadSlice(Terminator)
		r.line = append(r.line, line...)
	}
	switch {
	case err == nil:
		return r.line[:len(r.line)-1], nil
	case !errors.Is(err, io.EOF):
		return nil, err
	case len(r.line) > 0:
		return nil, &SyntaxError{Row: r.row, Msg: "the last row has no end"}
	}
	r.row--
	return nil, io.EOF
}
