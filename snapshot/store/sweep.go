package store

import (
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// sweep removes the drafts of dead writers and what they had linked into their
// datasets without committing it. The caller holds the store's lock.
func (s *Store) sweep() error {
	drafts := filepath.Join(s.dir, draftsDir)
	entries, err := os.ReadDir(drafts)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if err := s.sweepDraft(filepath.Join(drafts, e.Name())); err != nil {
			return err
		}
	}
	return nil
}

// sweepDraft removes a draft unless its writer lives.
func (s *Store) sweepDraft(dir string) error {
	lock, err := tryLock(filepath.Join(dir, lockName))
	switch {
	case errors.Is(err, fs.ErrNotExist): // killed before it had a lock
		return os.RemoveAll(dir)
	case err != nil || lock == nil:
		return err
	}
	defer lock.Close()
	name, err := os.ReadFile(filepath.Join(dir, lockName))
	if err != nil {
		return err
	}
	if CheckName(string(name)) == nil {
		if err := removeUncommitted(dir, s.datasetDir(string(name))); err != nil {
			return err
		}
	}
	return os.RemoveAll(dir)
}

// removeUncommitted removes the blobs of a dataset that a dead writer's draft
// linked and no manifest names. If a manifest cannot be read, nothing is removed.
func removeUncommitted(draft, dataset string) error {
	_ = os.Remove(filepath.Join(dataset, tempPrefix+indexFile))
	_ = os.Remove(filepath.Join(dataset, tempPrefix+layoutFile))
	used, err := usedBlobs(dataset)
	if err != nil {
		return nil //nolint:nilerr // a damaged dataset is left as it is
	}
	entries, err := os.ReadDir(draft)
	if err != nil {
		return err
	}
	for _, e := range entries {
		blob := digest.NewDigestFromEncoded(digest.SHA256, e.Name())
		if strings.HasPrefix(e.Name(), ".") || blob.Validate() != nil || used[blob] {
			continue
		}
		if sameFile(filepath.Join(draft, e.Name()), blobPath(dataset, blob)) {
			if err := os.Remove(blobPath(dataset, blob)); err != nil {
				return err
			}
		}
	}
	removeEmpty(dataset)
	return nil
}

// removeEmpty removes the directories of a dataset that was never committed.
func removeEmpty(dataset string) {
	if _, err := os.Stat(filepath.Join(dataset, indexFile)); !errors.Is(err, fs.ErrNotExist) {
		return
	}
	_ = os.Remove(filepath.Join(dataset, blobsDir, digest.SHA256.String()))
	if os.Remove(filepath.Join(dataset, blobsDir)) == nil {
		_ = os.Remove(filepath.Join(dataset, layoutFile))
		_ = os.Remove(dataset)
	}
}

func sameFile(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(x, y)
}

// usedBlobs returns the blobs that a dataset's manifests name, themselves
// included; none for a dataset without an index.
func usedBlobs(dataset string) (map[digest.Digest]bool, error) {
	used := make(map[digest.Digest]bool)
	index, _, err := readIndex(dataset)
	if errors.Is(err, fs.ErrNotExist) {
		return used, nil
	}
	if err != nil {
		return nil, err
	}
	for _, d := range index.Manifests {
		if used[d.Digest] {
			continue
		}
		used[d.Digest] = true
		if d.Size > snapshot.MaxManifestBytes || d.MediaType != ocispec.MediaTypeImageManifest {
			return nil, errors.New("a manifest of another kind")
		}
		data, err := os.ReadFile(blobPath(dataset, d.Digest))
		if err != nil {
			return nil, err
		}
		var m ocispec.Manifest
		if err := json.Unmarshal(data, &m); err != nil {
			return nil, err
		}
		used[m.Config.Digest] = true
		for _, l := range m.Layers {
			used[l.Digest] = true
		}
	}
	return used, nil
}
