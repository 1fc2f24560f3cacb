package mysqldump

import (
	"bufio"
	"bytes"
	"compress/bzip2"
	"fmt"
	"io"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"
)

// maxWindowBytes bounds the memory that a compressed input may ask for: the
// window of zstd --ultra --long=31 is more than it, that of --long=27 is not.
const maxWindowBytes = 128 << 20

// Decompress returns r's content, decompressed when its first bytes are those
// of gzip, zstd, xz or bzip2. Closing it releases the decompressor, not r. A
// compressed input that ends early gives io.ErrUnexpectedEOF.
func Decompress(r io.Reader) (io.ReadCloser, error) {
	b := bufio.NewReaderSize(r, 1<<16)
	magic, err := b.Peek(6)
	if err != nil && err != io.EOF {
		return nil, fmt.Errorf("read dump: %w", err)
	}
	switch {
	case bytes.HasPrefix(magic, []byte{0x1f, 0x8b}):
		z, err := gzip.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("decompress gzip: %w", err)
		}
		return z, nil
	case bytes.HasPrefix(magic, []byte{0x28, 0xb5, 0x2f, 0xfd}), // a frame
		len(magic) >= 4 && magic[0]&0xf0 == 0x50 && bytes.Equal(magic[1:4], []byte{0x2a, 0x4d, 0x18}): // a skippable one
		z, err := zstd.NewReader(b, zstd.WithDecoderMaxWindow(maxWindowBytes), zstd.WithDecoderConcurrency(1))
		if err != nil {
			return nil, fmt.Errorf("decompress zstd: %w", err)
		}
		return z.IOReadCloser(), nil
	case bytes.HasPrefix(magic, []byte("\xfd7zXZ\x00")):
		z, err := xz.NewReader(b)
		if err != nil {
			return nil, fmt.Errorf("decompress xz: %w", err)
		}
		return io.NopCloser(z), nil
	case bytes.HasPrefix(magic, []byte("BZh")):
		return io.NopCloser(bzip2.NewReader(b)), nil
	}
	return io.NopCloser(b), nil
}
