package store

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// Commit makes the snapshot of a manifest that was put appear in its dataset,
// under tag and under latest. An empty tag means the next version. A tag that means
// another snapshot is [ErrTagExists]; latest cannot be given. When Commit fails the
// dataset is as before, and the draft is aborted; only when the very last step, syncing
// the directory, fails has the snapshot appeared, and the error says so.
func (d *Draft) Commit(ctx context.Context, manifest ocispec.Descriptor, tag string) (Reference, error) {
	if d.lock == nil {
		return Reference{}, errors.New("commit snapshot: the draft has ended")
	}
	ref, err := d.commit(ctx, manifest, tag)
	if err != nil {
		return Reference{}, errors.Join(fmt.Errorf("commit snapshot of dataset %s: %w", d.name, err), d.Abort())
	}
	_ = d.Abort() // what is left is swept by the next writer
	return ref, nil
}

func (d *Draft) commit(ctx context.Context, manifest ocispec.Descriptor, tag string) (ref Reference, err error) {
	if tag == LatestTag {
		return ref, fmt.Errorf("%w: %s always means the newest snapshot", ErrTagExists, LatestTag)
	}
	if tag != "" {
		if err := CheckTag(tag); err != nil {
			return ref, err
		}
	}
	if err := d.syncs.Wait(); err != nil {
		return ref, fmt.Errorf("write to store %s: %w", d.store.dir, err)
	}
	if err := d.check(ctx, manifest); err != nil {
		return ref, err
	}
	lock, err := lockFile(ctx, filepath.Join(d.store.dir, lockName))
	if err != nil {
		return ref, err
	}
	defer lock.Close()
	c := change{disk: d.store.disk, dir: d.store.datasetDir(d.name)}
	defer func() {
		if err != nil {
			c.undo()
		}
	}()
	index, err := c.index()
	if err != nil {
		return ref, err
	}
	if tag == "" {
		tag = nextVersion(index)
	} else if e, ok := findTag(index, tag); ok && e.Digest != manifest.Digest {
		return ref, fmt.Errorf("%w: %s is %s", ErrTagExists, tag, e.Digest)
	}
	if err := c.add(d.store.dir, d.dir); err != nil {
		return ref, err
	}
	setTag(&index, tag, manifest)
	setTag(&index, LatestTag, manifest)
	if err := c.writeIndex(index); err != nil {
		return ref, err
	}
	ref = Reference{Name: d.name, Tag: tag, Digest: manifest.Digest}
	if err := d.store.disk.SyncDir(c.dir); err != nil {
		// The snapshot is there and complete: what readers may use is not undone.
		c = change{}
		return ref, fmt.Errorf("snapshot %s appeared but may not survive a crash of the machine: %w", ref, err)
	}
	return ref, nil
}

// check returns an error unless the draft holds a whole snapshot.
func (d *Draft) check(ctx context.Context, manifest ocispec.Descriptor) error {
	snap, err := snapshot.Load(ctx, draftBlobs{d}, manifest)
	if err != nil {
		return err
	}
	for _, c := range snap.Chunks {
		if !hasSize(d.path(c.Descriptor.Digest), c.Descriptor.Size) {
			return fmt.Errorf("chunk %s of table %s was not put", c.Descriptor.Digest, c.Table)
		}
	}
	return nil
}

// draftBlobs are the blobs of a draft.
type draftBlobs struct{ *Draft }

func (b draftBlobs) Open(_ context.Context, d ocispec.Descriptor) (io.ReadCloser, error) {
	return os.Open(b.path(d.Digest))
}

// change is one change of a dataset, under the store's lock.
type change struct {
	disk disk
	dir  string
	// What to undo, newest last.
	madeDirs, madeFiles []string
}

// index returns the dataset's index, a new one if it has none.
func (c *change) index() (ocispec.Index, error) {
	index, _, err := readIndex(c.dir)
	if errors.Is(err, fs.ErrNotExist) {
		return newIndex(), nil
	}
	return index, err
}

// add links a draft's blobs into the dataset.
func (c *change) add(root, draft string) error {
	blobs := filepath.Join(c.dir, blobsDir, digest.SHA256.String())
	made, err := makeDirs(c.disk, root, blobs)
	c.madeDirs = made
	if err != nil {
		return err
	}
	entries, err := os.ReadDir(draft)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), ".") {
			continue
		}
		if err := c.link(filepath.Join(draft, e.Name()), filepath.Join(blobs, e.Name())); err != nil {
			return err
		}
	}
	return c.disk.SyncDir(blobs)
}

// link gives a blob its place, unless it is there. Where the file system has no
// links the blob is moved.
func (c *change) link(from, to string) error {
	err := c.disk.Link(from, to)
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if errors.Is(err, errors.ErrUnsupported) || errors.Is(err, fs.ErrPermission) {
		if _, serr := os.Lstat(to); serr == nil {
			return nil // other snapshots use it: not ours to undo
		}
		err = c.disk.Rename(from, to)
	}
	if err != nil {
		return err
	}
	c.madeFiles = append(c.madeFiles, to)
	return nil
}

// writeIndex makes the change visible.
func (c *change) writeIndex(index ocispec.Index) error {
	layout := filepath.Join(c.dir, layoutFile)
	if _, err := os.Stat(layout); errors.Is(err, fs.ErrNotExist) {
		if err := writeFile(c.disk, layout, []byte(layoutContent)); err != nil {
			return err
		}
		c.madeFiles = append(c.madeFiles, layout)
	}
	data, err := encodeIndex(index)
	if err != nil {
		return err
	}
	if err := c.disk.SyncDir(c.dir); err != nil {
		return err
	}
	return writeFile(c.disk, filepath.Join(c.dir, indexFile), data)
}

// undo removes what the change made, as far as it can; what it cannot is swept
// or harmless.
func (c *change) undo() {
	for _, path := range c.madeFiles {
		_ = os.Remove(path)
	}
	for _, dir := range c.madeDirs {
		_ = os.Remove(dir)
	}
}
