package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"sync"
)

// logFile is the service's log, which can be opened anew after somebody moved it away. It is safe for concurrent use.
type logFile struct {
	lock sync.Mutex
	path string
	file *os.File
}

func openLogFile(path string) (*logFile, error) {
	l := &logFile{path: path}
	return l, l.reopen(path)
}

// Write appends a line.
func (l *logFile) Write(line []byte) (int, error) {
	l.lock.Lock()
	defer l.lock.Unlock()
	return l.file.Write(line)
}

// reopen goes on in the file at path; when that cannot be opened, in the old one.
func (l *logFile) reopen(path string) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("open debug_log: %w", err)
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o640)
	if err != nil {
		return fmt.Errorf("open debug_log: %w", err)
	}
	l.lock.Lock()
	defer l.lock.Unlock()
	old := l.file
	l.path, l.file = path, file
	if old != nil {
		_ = old.Close()
	}
	return nil
}

// Close closes the file.
func (l *logFile) Close() error {
	l.lock.Lock()
	defer l.lock.Unlock()
	return errors.Join(l.file.Close())
}
