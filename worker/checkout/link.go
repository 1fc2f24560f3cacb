package checkout

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// linkObjects makes the objects of one repository those of another as well: every
// pack and every loose object becomes a hard link, or a copy where there can be
// none, such as on another file system. It takes milliseconds, whatever the size.
func linkObjects(ctx context.Context, from, to string) error {
	dirs, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	for _, dir := range dirs {
		if !dir.IsDir() || dir.Name() != "pack" && len(dir.Name()) != 2 {
			continue // info: caches, and where still other objects are
		}
		if err := linkDir(ctx, filepath.Join(from, dir.Name()), filepath.Join(to, dir.Name())); err != nil {
			return err
		}
	}
	return nil
}

func linkDir(ctx context.Context, from, to string) error {
	files, err := os.ReadDir(from)
	if err != nil {
		return err
	}
	if err := os.MkdirAll(to, 0o755); err != nil {
		return err
	}
	// A pack before its index, since git looks for indexes.
	slices.SortStableFunc(files, func(a, b fs.DirEntry) int { return packRank(a) - packRank(b) })
	for _, f := range files {
		if err := context.Cause(ctx); err != nil {
			return err
		}
		if !f.Type().IsRegular() || packRank(f) < 0 {
			continue
		}
		if err := linkFile(ctx, filepath.Join(from, f.Name()), filepath.Join(to, f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// packRank orders the files of a pack; those that only speed git up are below 0.
func packRank(f fs.DirEntry) int {
	switch filepath.Ext(f.Name()) {
	case "", ".pack":
		return 0
	case ".rev":
		return 1
	case ".idx":
		return 2
	}
	return -1
}

func linkFile(ctx context.Context, from, to string) error {
	err := os.Link(from, to)
	if err == nil || errors.Is(err, fs.ErrExist) || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o444)
	if err != nil {
		return err
	}
	const slice = 64 << 20 // between two looks at ctx
	for err == nil {
		if err = context.Cause(ctx); err == nil {
			_, err = io.CopyN(out, in, slice)
		}
	}
	if errors.Is(err, io.EOF) {
		err = nil
	}
	return errors.Join(err, out.Close())
}
