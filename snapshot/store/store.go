package store

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// ErrNotFound reports a dataset or a version that the store does not have.
var ErrNotFound = errors.New("not found")

// Store is a directory of datasets. It is safe for concurrent use, by several
// processes too; the directory must be on one file system with working locks.
type Store struct {
	dir  string
	disk disk
}

// Open returns the store in dir, which need not exist: it is made by the first
// Create. A dir that is not a directory is an error.
func Open(dir string) (*Store, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open store: %w", err)
	}
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
	case err != nil:
		return nil, fmt.Errorf("open store: %w", err)
	case !info.IsDir():
		return nil, fmt.Errorf("open store %s: not a directory", dir)
	}
	return &Store{dir: dir, disk: osDisk{}}, nil
}

// Dir returns the store's directory, an absolute path.
func (s *Store) Dir() string { return s.dir }

// datasetDir returns where a dataset is; name must have passed CheckName.
func (s *Store) datasetDir(name string) string { return filepath.Join(s.dir, filepath.FromSlash(name)) }

// blobPath returns where a blob of a dataset is.
func blobPath(dataset string, d digest.Digest) string {
	return filepath.Join(dataset, blobsDir, d.Algorithm().String(), d.Encoded())
}

// Resolve returns the manifest that a reference names. Without tag and digest
// it is the newest. An error matches [ErrNotFound] when there is none, and
// [snapshot.ErrCorrupt] when damage to the index may be the reason.
func (s *Store) Resolve(ref Reference) (ocispec.Descriptor, error) {
	var none ocispec.Descriptor
	if err := CheckName(ref.Name); err != nil {
		return none, err
	}
	index, _, err := readIndex(s.datasetDir(ref.Name))
	if errors.Is(err, fs.ErrNotExist) {
		return none, fmt.Errorf("dataset %s in store %s: %w", ref.Name, s.dir, ErrNotFound)
	}
	if err != nil {
		return none, fmt.Errorf("read dataset %s: %w", ref.Name, err)
	}
	d, ok := find(index, ref)
	switch {
	case ok && altered(d):
		return none, corruptIndex(s.datasetDir(ref.Name), fmt.Errorf("the entry of %s was altered", ref))
	case ok:
		return d, nil
	}
	// What is not found may be hidden by damage.
	if err := verifyIndex(s.datasetDir(ref.Name)); err != nil {
		return none, fmt.Errorf("snapshot %s: %w", ref, err)
	}
	return none, fmt.Errorf("snapshot %s in store %s: %w", ref, s.dir, ErrNotFound)
}

// find returns the entry that a reference means.
func find(index ocispec.Index, ref Reference) (ocispec.Descriptor, bool) {
	if ref.Digest == "" {
		return findTag(index, cmp.Or(ref.Tag, LatestTag))
	}
	i := slices.IndexFunc(index.Manifests, func(d ocispec.Descriptor) bool { return d.Digest == ref.Digest })
	if i < 0 {
		return ocispec.Descriptor{}, false
	}
	return index.Manifests[i], true
}

// Load reads the snapshot that a reference names, without its rows.
func (s *Store) Load(ctx context.Context, ref Reference) (*snapshot.Snapshot, error) {
	d, err := s.Resolve(ref)
	if err != nil {
		return nil, err
	}
	snap, err := snapshot.Load(ctx, s.Source(ref.Name), d)
	if err != nil {
		return nil, fmt.Errorf("load snapshot %s: %w", ref, err)
	}
	return snap, nil
}

// Verify reads every file of a snapshot and finds any flipped bit, see
// [snapshot.Verify]. An error that matches [snapshot.ErrCorrupt] names the blob or file.
func (s *Store) Verify(ctx context.Context, ref Reference, o snapshot.VerifyOptions) error {
	if err := CheckName(ref.Name); err != nil {
		return err
	}
	dir := s.datasetDir(ref.Name)
	if err := verifyIndex(dir); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("verify snapshot %s: %w", ref, err)
	}
	d, err := s.Resolve(ref)
	if err != nil {
		return err
	}
	if err := verifyLayout(dir); err != nil {
		return fmt.Errorf("verify snapshot %s: %w", ref, err)
	}
	if _, err := snapshot.Verify(ctx, s.Source(ref.Name), d, o); err != nil {
		return fmt.Errorf("verify snapshot %s: %w", ref, err)
	}
	return nil
}

// Source opens the blobs of one dataset. It is safe for concurrent use.
type Source struct{ dir string }

// Source returns the blobs of a dataset; name must be well-formed, as in any
// parsed reference.
func (s *Store) Source(name string) *Source { return &Source{dir: s.datasetDir(name)} }

// Open returns a blob's bytes, unverified.
func (s *Source) Open(_ context.Context, d ocispec.Descriptor) (io.ReadCloser, error) {
	if err := d.Digest.Validate(); err != nil {
		return nil, err
	}
	return os.Open(blobPath(s.dir, d.Digest))
}

// Rows returns the rows of a chunk, see [snapshot.ChunkReader].
func (s *Source) Rows(ctx context.Context, c snapshot.Chunk) (io.ReadCloser, error) {
	return snapshot.ChunkReader{Blobs: s}.Rows(ctx, c)
}
