package server

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// errLocked means that somebody else holds the lock.
var errLocked = errors.New("locked by another process")

// A lock is an advisory lock on a file. The kernel lets go of it when the process
// that holds it ends, however it ends.
type lock struct {
	file *os.File
	path string
}

// tryLock creates path if need be and locks it, or fails with errLocked.
func tryLock(path string) (*lock, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			_ = f.Close()
			if errors.Is(err, unix.EWOULDBLOCK) {
				return nil, fmt.Errorf("%s: %w", path, errLocked)
			}
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		// The file may have been removed between open and lock: a lock on a
		// file without a name excludes nobody.
		if same(f, path) {
			return &lock{file: f, path: path}, nil
		}
		_ = f.Close()
	}
}

// waitLock waits for the lock, looking again every few milliseconds so that ctx
// is obeyed.
func waitLock(ctx context.Context, path string) (*lock, error) {
	const again = 20 * time.Millisecond
	for {
		l, err := tryLock(path)
		if !errors.Is(err, errLocked) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(again):
		}
	}
}

func same(f *os.File, path string) bool {
	held, err := f.Stat()
	if err != nil {
		return false
	}
	named, err := os.Stat(path)
	return err == nil && os.SameFile(held, named)
}

// write replaces the contents of the lock file.
func (l *lock) write(text string) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(text), 0)
	return err
}

// read returns the contents of the lock file.
func (l *lock) read() (string, error) {
	text, err := os.ReadFile(l.path)
	return strings.TrimSpace(string(text)), err
}

// release lets go of the lock and leaves the file.
func (l *lock) release() error { return l.file.Close() }

// removeAndRelease removes the file while the lock is still held, so that whoever
// locks next makes a new one.
func (l *lock) removeAndRelease() error {
	return errors.Join(os.Remove(l.path), l.file.Close())
}
