package scrub

import (
	"bufio"
	"crypto/aes"
	"crypto/cipher"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync/atomic"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// Source is a dump that can be read from its start as often as needed: once for its definitions, once for its rows.
type Source interface {
	// Open starts a new reading of the dump's text, decompressed. read counts the bytes taken from the stored,
	// possibly compressed, form; it may be read while the text is.
	Open() (text io.ReadCloser, read *atomic.Int64, err error)
	// SizeBytes is the size of the stored form, in bytes.
	SizeBytes() int64
	// Close releases what the source holds. A File holds nothing.
	Close() error
}

// Open returns the Source for a path: a dump in a file, or a directory that mydumper wrote, of which jobs files are decompressed at a
// time.
func Open(path string, jobs int) (Source, error) {
	info, err := os.Stat(path)
	switch {
	case err != nil:
		return nil, fmt.Errorf("open dump: %w", err)
	case !info.IsDir():
		return OpenFile(path)
	case !mydumper.IsDir(path):
		return nil, fmt.Errorf("open dump %s: a directory, but none that mydumper wrote: it has no file metadata", path)
	}
	return mydumper.Open(path, jobs)
}

// File is the Source for a dump in a regular file, plain or compressed.
type File struct {
	path string
	size int64
}

// OpenFile checks that path is a readable regular file and returns it as a Source.
func OpenFile(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open dump: %w", err)
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, fmt.Errorf("open dump: %w", err)
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("open dump %s: not a regular file (pipe a stream into - instead)", path)
	}
	return &File{path: path, size: info.Size()}, nil
}

// SizeBytes is the size of the file.
func (f *File) SizeBytes() int64 { return f.size }

// Close does nothing: every reading closes its own handle.
func (f *File) Close() error { return nil }

// Open starts a new reading of the file.
func (f *File) Open() (io.ReadCloser, *atomic.Int64, error) {
	file, err := os.Open(f.path)
	if err != nil {
		return nil, nil, fmt.Errorf("open dump: %w", err)
	}
	return decompressed(file, file)
}

// Spool is the Source for a dump that arrives only once, on standard input. Its bytes are kept, as they came, in a
// temporary file that has no name and is encrypted (AES-256-CTR) under a key that exists in this process's memory
// only: nothing of the dump can be read from the disk, whatever ends the process.
type Spool struct {
	file  *os.File
	block cipher.Block
	size  int64
}

// NewSpool copies r into an encrypted, unnamed temporary file in dir. random gives the key.
func NewSpool(r io.Reader, dir string, random io.Reader) (*Spool, error) {
	var key [32]byte
	if _, err := io.ReadFull(random, key[:]); err != nil {
		return nil, fmt.Errorf("spool standard input: %w", err)
	}
	block, err := aes.NewCipher(key[:])
	if err != nil {
		return nil, fmt.Errorf("spool standard input: %w", err)
	}
	file, err := os.CreateTemp(dir, ".spool-*")
	if err != nil {
		return nil, fmt.Errorf("spool standard input: %w", err)
	}
	if err := os.Remove(file.Name()); err != nil {
		return nil, errors.Join(fmt.Errorf("spool standard input: %w", err), file.Close())
	}
	w := bufio.NewWriterSize(cipher.StreamWriter{S: stream(block), W: file}, 1<<20)
	n, err := io.Copy(w, r)
	if err == nil {
		err = w.Flush()
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("spool standard input to %s: %w", filepath.Clean(dir), err), file.Close())
	}
	return &Spool{file: file, block: block, size: n}, nil
}

// SizeBytes is the number of bytes that came.
func (s *Spool) SizeBytes() int64 { return s.size }

// Close frees the temporary file.
func (s *Spool) Close() error { return s.file.Close() }

// Open starts a new reading of the spooled bytes.
func (s *Spool) Open() (io.ReadCloser, *atomic.Int64, error) {
	section := io.NewSectionReader(s.file, 0, s.size)
	return decompressed(cipher.StreamReader{S: stream(s.block), R: section}, io.NopCloser(nil))
}

// stream is the key stream of the spool's only file: one key, one use, so that a zero counter block is safe.
func stream(block cipher.Block) cipher.Stream {
	return cipher.NewCTR(block, make([]byte, aes.BlockSize))
}

func decompressed(stored io.Reader, closer io.Closer) (io.ReadCloser, *atomic.Int64, error) {
	counted := &countingReader{r: stored}
	text, err := mysqldump.Decompress(counted)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("read dump: %w", err), closer.Close())
	}
	return &dumpText{ReadCloser: text, stored: closer}, &counted.n, nil
}

// dumpText closes the decompressor and then the stored form.
type dumpText struct {
	io.ReadCloser
	stored io.Closer
}

func (d *dumpText) Close() error {
	err := d.ReadCloser.Close()
	if cerr := d.stored.Close(); err == nil {
		err = cerr
	}
	return err
}

type countingReader struct {
	r io.Reader
	n atomic.Int64
}

func (c *countingReader) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n.Add(int64(n))
	return n, err
}
