package store

import (
	"bytes"
	"context"
	_ "crypto/sha256" // go-digest computes only what is linked in
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"
	"golang.org/x/sync/errgroup"
)

const (
	draftsDir = ".drafts"
	lockName  = ".lock"
	// bufferBytes is how much of a blob is read before it is written: within it
	// a blob that the dataset has already is not written at all.
	bufferBytes = 8 << 20
	// maxSyncs is how many written blobs wait for the disk at a time.
	maxSyncs = 4
)

// ErrTagExists reports a tag that means another snapshot.
var ErrTagExists = errors.New("tag exists")

// Draft is a snapshot that is being written. It is used by one goroutine. Every
// draft must be ended with Commit or Abort; one whose process dies is swept later.
type Draft struct {
	store  *Store
	name   string
	dir    string
	lock   *os.File
	syncs  *errgroup.Group
	buffer []byte
	temps  int
}

// Create begins a snapshot of a dataset, and sweeps what dead writers left.
// Several drafts of one dataset may exist at a time.
func (s *Store) Create(ctx context.Context, name string) (*Draft, error) {
	if err := CheckName(name); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(s.dir, draftsDir), 0o750); err != nil {
		return nil, fmt.Errorf("create snapshot in store: %w", err)
	}
	lock, err := lockFile(ctx, filepath.Join(s.dir, lockName))
	if err != nil {
		return nil, fmt.Errorf("create snapshot in store: %w", err)
	}
	defer lock.Close()
	if err := s.sweep(); err != nil {
		return nil, fmt.Errorf("sweep store: %w", err)
	}
	d := &Draft{store: s, name: name, syncs: &errgroup.Group{}}
	d.syncs.SetLimit(maxSyncs)
	if d.dir, err = os.MkdirTemp(filepath.Join(s.dir, draftsDir), ""); err != nil {
		return nil, fmt.Errorf("create snapshot in store: %w", err)
	}
	// Nobody sweeps between these two steps: sweeping needs the store's lock.
	if d.lock, err = lockFile(ctx, filepath.Join(d.dir, lockName)); err == nil {
		_, err = d.lock.WriteString(name)
	}
	if err != nil {
		_ = os.RemoveAll(d.dir)
		return nil, fmt.Errorf("create snapshot in store: %w", err)
	}
	return d, nil
}

// Put keeps a blob for the snapshot. A blob that the dataset has, with the same
// size, is not written again. Errors in making it durable come from Commit.
func (d *Draft) Put(ctx context.Context, mediaType string, r io.Reader) (ocispec.Descriptor, error) {
	if d.buffer == nil {
		d.buffer = make([]byte, bufferBytes)
	}
	r = &contextReader{ctx: ctx, r: r}
	n, err := io.ReadFull(r, d.buffer)
	head := d.buffer[:n]
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		desc := ocispec.Descriptor{MediaType: mediaType, Digest: digest.FromBytes(head), Size: int64(n)}
		if d.has(desc) {
			return desc, nil
		}
		r = bytes.NewReader(head)
	case err != nil:
		return ocispec.Descriptor{}, err
	default:
		r = io.MultiReader(bytes.NewReader(head), r)
	}
	desc, err := d.write(r)
	if err != nil {
		return ocispec.Descriptor{}, fmt.Errorf("write to store %s: %w", d.store.dir, err)
	}
	desc.MediaType = mediaType
	return desc, nil
}

// path returns where the draft keeps a blob.
func (d *Draft) path(blob digest.Digest) string { return filepath.Join(d.dir, blob.Encoded()) }

// has reports whether the draft has a blob, taking it from the dataset if that
// has it.
func (d *Draft) has(desc ocispec.Descriptor) bool {
	if hasSize(d.path(desc.Digest), desc.Size) {
		return true
	}
	existing := blobPath(d.store.datasetDir(d.name), desc.Digest)
	return hasSize(existing, desc.Size) && d.store.disk.Link(existing, d.path(desc.Digest)) == nil
}

func hasSize(path string, size int64) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular() && info.Size() == size
}

// write writes a blob to a temporary file, and gives it its name when its
// digest is known.
func (d *Draft) write(r io.Reader) (desc ocispec.Descriptor, err error) {
	d.temps++
	temp := filepath.Join(d.dir, tempPrefix+strconv.Itoa(d.temps))
	f, err := d.store.disk.Create(temp)
	if err != nil {
		return desc, err
	}
	digester := digest.Canonical.Digester()
	size, err := copyHashed(f, digester.Hash(), r)
	if err == nil {
		desc = ocispec.Descriptor{Digest: digester.Digest(), Size: size}
		err = d.store.disk.Rename(temp, d.path(desc.Digest))
	}
	if err != nil {
		return desc, errors.Join(err, f.Close(), ignoreMissing(os.Remove(temp)))
	}
	d.syncs.Go(func() error { return errors.Join(f.Sync(), f.Close()) })
	return desc, nil
}

func copyHashed(w io.Writer, h hash.Hash, r io.Reader) (int64, error) {
	return io.Copy(io.MultiWriter(w, h), r)
}

func ignoreMissing(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

// Abort removes the draft and all that was put. After Commit it does nothing.
func (d *Draft) Abort() error {
	if d.lock == nil {
		return nil
	}
	_ = d.syncs.Wait() // what could not be synced is removed
	err := errors.Join(os.RemoveAll(d.dir), d.lock.Close())
	d.lock = nil
	if err != nil {
		return fmt.Errorf("abort snapshot: %w", err)
	}
	return nil
}

// contextReader stops reading when the context ends.
type contextReader struct {
	ctx context.Context
	r   io.Reader
}

func (c *contextReader) Read(b []byte) (int, error) {
	if c.ctx.Err() != nil {
		return 0, context.Cause(c.ctx)
	}
	return c.r.Read(b)
}
