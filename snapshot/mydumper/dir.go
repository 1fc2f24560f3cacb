package mydumper

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// ErrUnfinished says that mydumper had not finished, or that the directory is not one of its dumps.
var ErrUnfinished = errors.New("not a dump that mydumper finished")

// Dir is a directory that mydumper wrote. It holds nothing open and is safe for concurrent use, as are its readings with one another.
type Dir struct {
	path  string
	jobs  int
	files []file
	names map[string]string // of databases, by how their files start
	views map[string]bool   // "DB.NAME" of views, whose tables are stand-ins

	metadata *metadata
}

// IsDir reports whether path is a directory with the mark of mydumper in it, finished or not.
func IsDir(path string) bool {
	for _, name := range []string{"metadata", "metadata.partial"} {
		if info, err := os.Stat(filepath.Join(path, name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

// Open reads which files a directory has and checks that the dump was finished and that every file is accounted for. Errors name
// files, which are named after databases and tables.
//
// jobs is how many files are decompressed at a time; below 1 means 1. The text does not depend on it. A reading takes 16 MiB for each, and what their
// decompressors need.
func Open(path string, jobs int) (*Dir, error) {
	m, err := readMetadata(path)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("open mydumper directory: %w", err)
	}
	d := &Dir{path: path, jobs: max(jobs, 1), metadata: m, names: map[string]string{}, views: map[string]bool{}}
	for _, e := range entries {
		if err := d.add(e); err != nil {
			return nil, fmt.Errorf("open mydumper directory: %w", err)
		}
	}
	if len(d.files) == 0 {
		return nil, fmt.Errorf("%s: %w: there is nothing but metadata", path, ErrUnfinished)
	}
	if err := d.setDatabases(); err != nil {
		return nil, fmt.Errorf("open mydumper directory: %w", err)
	}
	slices.SortStableFunc(d.files, file.compare)
	return d, nil
}

// add takes one entry of the directory.
func (d *Dir) add(e os.DirEntry) error {
	if e.Name() == "metadata" {
		return nil
	}
	info, err := e.Info()
	if err != nil {
		return err
	}
	f, ok := parseName(e.Name())
	if !ok || !info.Mode().IsRegular() {
		return fmt.Errorf("%s is not a file that mydumper writes and that can be read (of rows, only INSERT statements can)", e.Name())
	}
	f.path, f.info = filepath.Join(d.path, e.Name()), info
	for _, other := range d.files {
		if other.base == f.base {
			return fmt.Errorf("%s is there twice, plain and compressed", f.base)
		}
	}
	d.files = append(d.files, f)
	return nil
}

// setDatabases finds which database each file belongs to. The files that create databases have their names; without one, the name
// ends where the only dot is.
func (d *Dir) setDatabases() error {
	for _, f := range d.files {
		if f.kind != createDatabase {
			continue
		}
		name, err := f.createdDatabase()
		if err != nil {
			return err
		}
		d.names[f.stem] = name
	}
	files := d.files[:0]
	for _, f := range d.files {
		if err := f.setDatabase(d.names); err != nil {
			return err
		}
		switch f.kind {
		case numberOfRows:
			count, err := f.readCount()
			if err != nil {
				return err
			}
			d.metadata.counts, d.metadata.all = append(d.metadata.counts, count), true
			continue
		case view:
			d.views[f.stem] = true
		default:
		}
		files = append(files, f)
	}
	files = append(files, file{kind: settings}, file{kind: settingsBack})
	d.files = files
	return nil
}

// Format names what wrote the directory.
func (d *Dir) Format() string { return "mydumper" }

// SizeBytes is the size of all files.
func (d *Dir) SizeBytes() int64 {
	var n int64
	for _, f := range d.files {
		if f.info != nil {
			n += f.info.Size()
		}
	}
	return n
}

// Close does nothing: every reading closes its own files.
func (d *Dir) Close() error { return nil }

// Open starts a new reading of the text. read counts the bytes taken from the files, those read ahead included; it may be read while the
// text is. The reading must be closed. Besides Read and Close it has [Place].
func (d *Dir) Open() (reading io.ReadCloser, read *atomic.Int64, err error) {
	read = &atomic.Int64{}
	return newText(d.files, d.jobs, func(f file) (io.ReadCloser, error) { return f.open(d.views, read) }), read, nil
}

// useStatement puts a database in force.
func useStatement(database string) string {
	return "USE " + string(mysqldump.AppendName(nil, database)) + ";\n"
}

// errOpen says which file an error is about.
func errOpen(f file, err error) error {
	return fmt.Errorf("read %s: %w", strings.TrimPrefix(f.path, filepath.Dir(f.path)+string(filepath.Separator)), err)
}
