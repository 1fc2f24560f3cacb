package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/filelock"
)

// pidFile is held locked while the service runs, so that a second service with the same file does not start and a stale
// file does no harm. The zero value is no file.
type pidFile struct{ lock *filelock.Lock }

// writePIDFile takes the file at path for this process; "" is none.
func writePIDFile(path string) (pidFile, error) {
	if path == "" {
		return pidFile{}, nil
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return pidFile{}, fmt.Errorf("write pid file: %w", err)
	}
	lock, err := filelock.Try(path)
	if errors.Is(err, filelock.ErrLocked) {
		pid, rerr := os.ReadFile(path)
		if rerr != nil {
			pid = []byte("?")
		}
		return pidFile{}, fmt.Errorf("pid file %s: a service runs already, process %s", path, strings.TrimSpace(string(pid)))
	}
	if err != nil {
		return pidFile{}, fmt.Errorf("write pid file: %w", err)
	}
	if err := errors.Join(lock.Write(fmt.Sprintln(os.Getpid())), os.Chmod(path, 0o644)); err != nil {
		return pidFile{}, errors.Join(fmt.Errorf("write pid file: %w", err), lock.Remove())
	}
	return pidFile{lock}, nil
}

// remove is for the end of the service.
func (f pidFile) remove() error {
	if f.lock == nil {
		return nil
	}
	return f.lock.Remove()
}
