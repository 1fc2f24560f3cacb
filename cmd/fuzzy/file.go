package main

import (
	"os"
	"path/filepath"
	"strings"
)

// newFile is a file that appears under its name when it is committed, whole and on the disk, or not at all.
type newFile struct {
	*os.File
	path string
}

// createFile opens a temporary file beside path.
func createFile(path string) (*newFile, error) {
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return nil, err
	}
	return &newFile{File: f, path: path}, nil
}

// commit makes the file appear, in place of one that was there.
func (f *newFile) commit() error {
	if err := f.finish(); err != nil {
		return err
	}
	return f.appear()
}

// finish brings the contents to the disk; only appear is missing then.
func (f *newFile) finish() error {
	if err := f.Sync(); err != nil {
		return err
	}
	return f.Close()
}

// appear gives a finished file its name.
func (f *newFile) appear() error { return os.Rename(f.Name(), f.path) }

// abort removes what was not committed; after commit it does nothing.
func (f *newFile) abort() {
	f.Close()           //nolint:errcheck // it goes
	os.Remove(f.Name()) //nolint:errcheck // gone already after commit
}

// isZstd reports whether a file's name asks for compression.
func isZstd(path string) bool { return strings.HasSuffix(path, ".zst") }
