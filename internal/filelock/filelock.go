// Package filelock locks files against other processes, and against other users
// in this one.
//
// A lock is an advisory one of the kernel's (flock), on a file that is made for
// it. The kernel lets go of it when the process that holds it ends, however it
// ends: a lock that can be taken proves that its owner is gone.
package filelock

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// ErrLocked says that somebody else holds the lock.
var ErrLocked = errors.New("locked by another process")

// poll is how often a lock that somebody else holds is tried again.
const poll = 20 * time.Millisecond

// Lock is a lock that is held.
type Lock struct {
	file *os.File
	path string
}

// Try makes the file at path if need be and locks it, or fails with ErrLocked.
func Try(path string) (*Lock, error) {
	for {
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
		if err != nil {
			return nil, err
		}
		if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
			_ = f.Close()
			if errors.Is(err, unix.EWOULDBLOCK) {
				return nil, fmt.Errorf("%s: %w", path, ErrLocked)
			}
			return nil, fmt.Errorf("lock %s: %w", path, err)
		}
		// The file may have been removed between open and lock: a lock on a file
		// without a name excludes nobody.
		if same(f, path) {
			return &Lock{file: f, path: path}, nil
		}
		_ = f.Close()
	}
}

// Wait takes the lock, waiting for it until ctx is done.
func Wait(ctx context.Context, path string) (*Lock, error) {
	for {
		l, err := Try(path)
		if !errors.Is(err, ErrLocked) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, context.Cause(ctx)
		case <-time.After(poll):
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

// Write replaces the contents of the lock's file.
func (l *Lock) Write(text string) error {
	if err := l.file.Truncate(0); err != nil {
		return err
	}
	_, err := l.file.WriteAt([]byte(text), 0)
	return err
}

// Read returns the contents of the lock's file, without white space around them.
func (l *Lock) Read() (string, error) {
	text, err := os.ReadFile(l.path)
	return strings.TrimSpace(string(text)), err
}

// Release lets go of the lock and leaves the file.
func (l *Lock) Release() error { return l.file.Close() }

// Remove removes the file while the lock is still held, so that whoever locks
// next makes a new one.
func (l *Lock) Remove() error {
	return errors.Join(os.Remove(l.path), l.file.Close())
}
