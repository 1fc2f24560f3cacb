package migrate

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// expectedVersion is where a tree's migrations should lead to; "" when nobody says.
//
// The directory of migrations is the tree's, and the tree is the change's: where it
// is missing, is reached over a symbolic link, or has no file that begins with a
// number, no final version is right, and what is returned says so. A path that
// leads out of any tree is a mistake in the configuration, and an error.
func expectedVersion(e worker.Expected, tree string) (string, error) {
	if e.Version != "" || e.HighestIn == "" {
		return e.Version, nil
	}
	if !filepath.IsLocal(e.HighestIn) {
		return "", fmt.Errorf("find the expected version: %q leads out of the tree", e.HighestIn)
	}
	root, err := os.OpenRoot(tree)
	if err != nil {
		return "", fmt.Errorf("find the expected version: %w", err)
	}
	defer func() { _ = root.Close() }()
	entries, err := readDir(root, filepath.Clean(e.HighestIn))
	if err != nil {
		return fmt.Sprintf("a version in %s, which is no directory of the tree", e.HighestIn), nil
	}
	highest := ""
	for _, entry := range entries {
		if number := leadingNumber(entry.Name()); !entry.IsDir() && less(highest, number) {
			highest = number
		}
	}
	if highest == "" {
		return fmt.Sprintf("a version in %s, where no file's name begins with a number", e.HighestIn), nil
	}
	return highest, nil
}

// readDir reads a directory that is reached over directories alone.
func readDir(root *os.Root, path string) ([]fs.DirEntry, error) {
	at := ""
	for part := range strings.SplitSeq(path, string(filepath.Separator)) {
		at = filepath.Join(at, part)
		info, err := root.Lstat(at)
		if err != nil {
			return nil, err
		}
		if !info.IsDir() {
			return nil, &fs.PathError{Op: "readdir", Path: at, Err: fs.ErrInvalid}
		}
	}
	dir, err := root.Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { _ = dir.Close() }()
	return dir.ReadDir(-1)
}

// leadingNumber is the number that a name begins with, without leading zeros; ""
// for none.
func leadingNumber(name string) string {
	digits := name[:len(name)-len(strings.TrimLeft(name, "0123456789"))]
	if number := strings.TrimLeft(digits, "0"); number != "" || digits == "" {
		return number
	}
	return "0"
}

// less compares numbers of any length, without leading zeros; "" is less than all.
func less(a, b string) bool {
	if len(a) != len(b) {
		return len(a) < len(b)
	}
	return a < b
}
