package mysqldump_test

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"errors"
	"io"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

const packed = "DROP TABLE t;\n"

func compress(t *testing.T, open func(w io.Writer) (io.WriteCloser, error)) []byte {
	t.Helper()
	var b bytes.Buffer
	w, err := open(&b)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := io.WriteString(w, packed); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestDecompress(t *testing.T) {
	// printf 'DROP TABLE t;\n' | bzip2 | xxd -p: Go has no bzip2 writer.
	bzip2, err := hex.DecodeString(bzip2Hex)
	if err != nil {
		t.Fatal(err)
	}
	for name, data := range map[string][]byte{
		"plain": []byte(packed),
		"gzip":  compress(t, func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil }),
		"zstd":  compress(t, func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) }),
		"xz":    compress(t, func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) }),
		"bzip2": bzip2,
	} {
		t.Run(name, func(t *testing.T) {
			r, err := mysqldump.Decompress(bytes.NewReader(data))
			if err != nil {
				t.Fatal(err)
			}
			defer r.Close()
			got, err := io.ReadAll(r)
			if err != nil || string(got) != packed {
				t.Errorf("got %q, %v", got, err)
			}
			if name == "plain" {
				return
			}
			r, err = mysqldump.Decompress(bytes.NewReader(data[:len(data)-3]))
			if err == nil {
				_, err = io.ReadAll(r)
			}
			if err == nil {
				t.Error("cut, it reads as whole")
			}
		})
	}
	if r, err := mysqldump.Decompress(bytes.NewReader(nil)); err != nil {
		t.Errorf("nothing at all: %v, %v", r, err)
	}
}

const bzip2Hex = "425a68393141592653595198632a0000035e800010400000083604d4000400200022988c0f508068016a021ee8039a2ee48a70a120a330c654"

// TestCutCompressedDump: a compressed dump whose file was cut is not read as a whole one, though what came out of it ends
// behind a statement.
func TestCutCompressedDump(t *testing.T) {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	for range 3 {
		if _, err := io.WriteString(w, "CREATE TABLE `t` (`a` int(11));\nINSERT INTO `t` VALUES (1),(2);\n"); err != nil {
			t.Fatal(err)
		}
		if err := w.Flush(); err != nil { // so that what is before can be read without what is behind
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	for cut := b.Len() - 1; cut > 20; cut-- {
		text, err := mysqldump.Decompress(bytes.NewReader(b.Bytes()[:cut]))
		if err != nil {
			t.Fatal(err)
		}
		reader := mysqldump.NewReader(text)
		for err == nil {
			_, err = reader.Next()
		}
		if !errors.Is(err, mysqldump.ErrTruncated) {
			t.Fatalf("cut after %d of %d bytes: %v", cut, b.Len(), err)
		}
	}
}
