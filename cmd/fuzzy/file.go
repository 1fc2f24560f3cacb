package main

import (
	"os"
	"path/filepath"
	"strings"
)

// createFile opens a temporary file beside path; commit renames it there.
func createFile(path string) (f *os.File, commit func() error, err error) {
	f, err = os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+"-*")
	if err != nil {
		return nil, nil, err
	}
	return f, func() error {
		err := f.Sync()
		if cerr := f.Close(); err == nil {
			err = cerr
		}
		if err == nil {
			err = os.Rename(f.Name(), path)
		}
		if err != nil {
			os.Remove(f.Name()) //nolint:errcheck // the first error is the one to report
		}
		return err
	}, nil
}

// isZstd reports whether a file's name asks for compression.
func isZstd(path string) bool { return strings.HasSuffix(path, ".zst") }
