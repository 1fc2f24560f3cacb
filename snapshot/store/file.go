package store

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// tempPrefix begins the names of files that are being written. No dataset and
// no file of one begins with a dot.
const tempPrefix = ".tmp-"

// disk is what the store asks of the file system where a failure must be
// survived; tests let it fail.
type disk interface {
	Create(path string) (file, error)
	Rename(from, to string) error
	Link(from, to string) error
	SyncDir(path string) error
}

// file is a file that is being written.
type file interface {
	Write(b []byte) (int, error)
	Sync() error
	Close() error
}

type osDisk struct{}

func (osDisk) Create(path string) (file, error) {
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o640)
}
func (osDisk) Rename(from, to string) error { return os.Rename(from, to) }
func (osDisk) Link(from, to string) error   { return os.Link(from, to) }

// SyncDir makes the directory's entries durable.
func (osDisk) SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}

// writeFile replaces a file so that it has its old or its new content, whatever
// happens: temporary file, write, sync, close, rename. The caller holds the lock,
// so that one name does for the temporary file, and syncs the directory.
func writeFile(d disk, path string, data []byte) (err error) {
	dir, base := filepath.Split(path)
	temp := filepath.Join(dir, tempPrefix+base)
	if err := os.Remove(temp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	f, err := d.Create(temp)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp)
		}
	}()
	_, err = f.Write(data)
	if err == nil {
		err = f.Sync()
	}
	if err = errors.Join(err, f.Close()); err != nil {
		return err
	}
	return d.Rename(temp, path)
}

// makeDirs makes dir and its missing parents below root, each durable, and
// returns those it made, innermost first.
func makeDirs(d disk, root, dir string) (made []string, err error) {
	rel, err := filepath.Rel(root, dir)
	if err != nil {
		return nil, err
	}
	at := root
	for part := range strings.SplitSeq(filepath.ToSlash(rel), "/") {
		parent := at
		at = filepath.Join(at, part)
		err := os.Mkdir(at, 0o750)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		if err != nil {
			return made, err
		}
		made = append([]string{at}, made...)
		if err := d.SyncDir(parent); err != nil {
			return made, err
		}
	}
	return made, nil
}

// lockFile takes an exclusive lock on a file, made if missing, and waits for it
// until the context ends. Closing the file gives the lock back, as does the end of
// the process, however it ends.
func lockFile(ctx context.Context, path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o640)
	if err != nil {
		return nil, err
	}
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		switch {
		case err == nil:
			return f, nil
		case errors.Is(err, unix.EINTR):
		case !errors.Is(err, unix.EWOULDBLOCK):
			return nil, errors.Join(fmt.Errorf("lock %s: %w", path, err), f.Close())
		default:
			select {
			case <-ctx.Done():
				return nil, errors.Join(fmt.Errorf("wait for lock %s: %w", path, context.Cause(ctx)), f.Close())
			case <-time.After(10 * time.Millisecond):
			}
		}
	}
}

// tryLock takes the lock of a file that exists, nil if somebody has it.
func tryLock(path string) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		return nil, err
	}
	err = unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if err == nil {
		return f, nil
	}
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = nil
	}
	return nil, errors.Join(err, f.Close())
}
