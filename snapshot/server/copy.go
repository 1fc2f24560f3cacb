package server

import (
	"context"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// copyJobs is how many files are copied at a time: enough to hide the latency of
// opening many small files.
const copyJobs = 4

// copyTree copies the directory from to the new directory to: regular files and
// directories, with their permissions. Disk blocks are shared where the file
// system can do so.
func copyTree(ctx context.Context, from, to string) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(copyJobs)
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return context.Cause(ctx)
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		target := filepath.Join(to, rel)
		switch {
		case entry.IsDir():
			return os.Mkdir(target, 0o700)
		case entry.Type().IsRegular():
			group.Go(func() error { return copyFile(path, target) })
		}
		return nil
	})
	if werr := group.Wait(); werr != nil {
		err = werr
	}
	if err != nil {
		return fmt.Errorf("copy %s: %w", from, err)
	}
	return nil
}

func copyFile(from, to string) (err error) {
	src, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = src.Close() }()
	dst, err := os.OpenFile(to, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	defer func() {
		if cerr := dst.Close(); err == nil {
			err = cerr
		}
	}()
	if reflink(dst, src) {
		return nil
	}
	_, err = io.Copy(dst, src)
	return err
}
