package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// replaceFiles gives files new contents, all of them or none: each new file is whole and on the disk before the first takes its
// name. before has the contents that they must still have, in the same order.
func replaceFiles(ctx context.Context, before, after []python.File) error {
	staged := make([]*newFile, 0, len(after))
	defer func() {
		for _, f := range staged {
			f.abort()
		}
	}()
	for _, file := range after {
		f, err := stage(file)
		if err != nil {
			return fmt.Errorf("write %s: %w", file.Path, err)
		}
		staged = append(staged, f)
	}
	for _, file := range before {
		if err := unchanged(file); err != nil {
			return fmt.Errorf("write %s: %w", file.Path, err)
		}
	}
	if err := context.Cause(ctx); err != nil {
		return fmt.Errorf("write models: %w", err)
	}
	for i, f := range staged {
		if err := f.appear(); err != nil {
			return putBack(before[:i], fmt.Errorf("write %s: %w", f.path, err))
		}
	}
	return syncDirectories(staged)
}

// stage writes the new contents of a file beside it, with its mode and owner. Files that must not be replaced are refused: links,
// under whichever name, and files that nobody may write.
func stage(file python.File) (*newFile, error) {
	info, err := os.Lstat(file.Path)
	if err != nil {
		return nil, err
	}
	owner, known := info.Sys().(*syscall.Stat_t)
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, _ := filepath.EvalSymlinks(file.Path)
		return nil, fmt.Errorf("it is a symbolic link; give the file itself: %s", target)
	case !info.Mode().IsRegular():
		return nil, errors.New("not a regular file")
	case info.Mode().Perm()&0o200 == 0:
		return nil, errors.New("the file is read-only")
	case known && owner.Nlink > 1:
		return nil, fmt.Errorf("the file has %d names (hard links), which would part; copy it first", owner.Nlink)
	}
	f, err := createFile(file.Path)
	if err != nil {
		return nil, err
	}
	if err := f.fill(file.Source, info, owner); err != nil {
		f.abort()
		return nil, err
	}
	return f, nil
}

// fill writes all of a file; the mode and, where one is known, the owner are another file's.
func (f *newFile) fill(contents []byte, like fs.FileInfo, owner *syscall.Stat_t) error {
	if _, err := f.Write(contents); err != nil {
		return err
	}
	if owner != nil {
		if err := f.own(owner); err != nil {
			return err
		}
	}
	if err := f.Chmod(like.Mode().Perm()); err != nil { // after Chown, which may clear bits
		return err
	}
	return f.finish()
}

// own gives the file an owner and a group, if it has others.
func (f *newFile) own(owner *syscall.Stat_t) error {
	info, err := f.Stat()
	if err != nil {
		return err
	}
	if mine, ok := info.Sys().(*syscall.Stat_t); ok && mine.Uid == owner.Uid && mine.Gid == owner.Gid {
		return nil
	}
	if err := f.Chown(int(owner.Uid), int(owner.Gid)); err != nil {
		return fmt.Errorf("its owner cannot be kept: %w", err)
	}
	return nil
}

// unchanged reports a file that has other contents by now.
func unchanged(file python.File) error {
	now, err := os.ReadFile(file.Path)
	if err != nil {
		return err
	}
	if !bytes.Equal(now, file.Source) {
		return errors.New("the file changed while it was read; try again")
	}
	return nil
}

// putBack gives files their contents of before, after an error.
func putBack(files []python.File, because error) error {
	for _, file := range files {
		f, err := stage(file)
		if err == nil {
			err = f.appear()
			f.abort()
		}
		if err != nil {
			return errors.Join(because, fmt.Errorf("%s as it was could not be put back: %w", file.Path, err))
		}
	}
	return fmt.Errorf("%w\nno file was changed", because)
}

// syncDirectories brings the names of files to the disk.
func syncDirectories(files []*newFile) error {
	done := map[string]bool{}
	for _, f := range files {
		name := filepath.Dir(f.path)
		if done[name] {
			continue
		}
		done[name] = true
		dir, err := os.Open(name)
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
		err = dir.Sync()
		dir.Close() //nolint:errcheck // it was only read
		if err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	return nil
}
