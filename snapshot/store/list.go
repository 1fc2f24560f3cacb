package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// Version is what List tells about one snapshot.
type Version struct {
	Name    string
	Tags    []string // sorted: versions by number, then others by name, then latest
	Digest  digest.Digest
	Created time.Time // zero when the snapshot does not say
	Tables  int
	Rows    int64
	Bytes   int64 // compressed, of all blobs
	Unsafe  bool
	// Err says why the snapshot, or without a Digest the whole dataset, could not be read; the rest is then zero.
	Err error
}

// List returns the snapshots of a dataset, or with an empty name of all
// datasets, in the order of names and then of the index, oldest first. A
// dataset that does not exist is [ErrNotFound]; a store that does not is empty.
func (s *Store) List(ctx context.Context, name string) ([]Version, error) {
	if name != "" {
		if err := CheckName(name); err != nil {
			return nil, err
		}
		return s.versions(ctx, name)
	}
	names, err := s.datasets()
	if err != nil {
		return nil, fmt.Errorf("list store %s: %w", s.dir, err)
	}
	var out []Version
	for _, name := range names {
		versions, err := s.versions(ctx, name)
		switch {
		case ctx.Err() != nil:
			return nil, context.Cause(ctx)
		case err != nil: // must not hide the others
			versions = []Version{{Name: name, Err: err}}
		}
		out = append(out, versions...)
	}
	return out, nil
}

// datasets returns the names of all datasets, sorted.
func (s *Store) datasets() ([]string, error) {
	var names []string
	err := filepath.WalkDir(s.dir, func(path string, e fs.DirEntry, err error) error {
		switch {
		case errors.Is(err, fs.ErrNotExist):
			return nil
		case err != nil:
			return err
		case !e.IsDir() || path == s.dir:
			return nil
		}
		rel, err := filepath.Rel(s.dir, path)
		if err != nil || CheckName(filepath.ToSlash(rel)) != nil {
			return fs.SkipDir
		}
		if _, err := os.Stat(filepath.Join(path, indexFile)); err == nil {
			names = append(names, filepath.ToSlash(rel))
		}
		return nil
	})
	slices.Sort(names)
	return names, err
}

func (s *Store) versions(ctx context.Context, name string) ([]Version, error) {
	dir := s.datasetDir(name)
	index, _, err := readIndex(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("dataset %s in store %s: %w", name, s.dir, ErrNotFound)
	}
	if err != nil {
		return nil, fmt.Errorf("list dataset %s: %w", name, err)
	}
	var out []Version
	for _, d := range index.Manifests {
		if err := ctx.Err(); err != nil {
			return nil, context.Cause(ctx)
		}
		i := slices.IndexFunc(out, func(v Version) bool { return v.Digest == d.Digest })
		if i < 0 {
			i = len(out)
			v := Version{Name: name, Digest: d.Digest}
			snap, err := snapshot.Load(ctx, s.Source(name), d)
			if err != nil {
				v.Err = err
			} else {
				v.describe(snap, d.Size)
			}
			out = append(out, v)
		}
		if tag := tagOf(d); tag != "" {
			out[i].Tags = append(out[i].Tags, tag)
		}
	}
	for _, v := range out {
		slices.SortFunc(v.Tags, compareTags)
	}
	return out, nil
}

func (v *Version) describe(snap *snapshot.Snapshot, manifestBytes int64) {
	v.Created, v.Tables, v.Unsafe = snap.Created, len(snap.Config.Tables), snap.Config.Unsafe
	v.Bytes = manifestBytes + snap.Manifest.Config.Size
	for _, l := range snap.Manifest.Layers {
		v.Bytes += l.Size
	}
	for _, t := range snap.Config.Tables {
		v.Rows += t.Rows
	}
}

// compareTags puts versions before other tags and latest last.
func compareTags(a, b string) int {
	rank := func(tag string) int {
		switch {
		case tag == LatestTag:
			return 2
		case versionOf(tag) > 0:
			return 0
		}
		return 1
	}
	if r := rank(a) - rank(b); r != 0 {
		return r
	}
	if n := versionOf(a) - versionOf(b); n != 0 {
		return n
	}
	return strings.Compare(a, b)
}
