package mydumper

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync/atomic"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// ErrUnfinished says that mydumper had not finished, or that the directory is not one of its dumps.
var ErrUnfinished = errors.New("not a dump that mydumper finished")

// Dir is a directory that mydumper wrote. It holds nothing open and is safe for concurrent use.
type Dir struct {
	path  string
	files []file
	views map[string]bool // "DB.NAME" of views, whose tables are stand-ins
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
func Open(path string) (*Dir, error) {
	if err := finished(path); err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(path)
	if err != nil {
		return nil, fmt.Errorf("open mydumper directory: %w", err)
	}
	d := &Dir{path: path, views: map[string]bool{}}
	for _, e := range entries {
		if err := d.add(e); err != nil {
			return nil, fmt.Errorf("open mydumper directory: %w", err)
		}
	}
	if err := d.setDatabases(); err != nil {
		return nil, fmt.Errorf("open mydumper directory: %w", err)
	}
	slices.SortStableFunc(d.files, file.compare)
	return d, nil
}

var finishedAt = regexp.MustCompile(`Finished dump at: [-0-9]{10} [:0-9]{8}\n`)

// finished checks the file metadata, which mydumper writes under another name until it is done.
func finished(path string) error {
	if _, err := os.Stat(filepath.Join(path, "metadata.partial")); err == nil {
		return fmt.Errorf("%s: %w: there is a file metadata.partial", path, ErrUnfinished)
	}
	const most = 16 << 20 // newer versions list all tables
	f, err := os.Open(filepath.Join(path, "metadata"))
	if err != nil {
		return fmt.Errorf("%s: %w: %w", path, ErrUnfinished, err)
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most))
	if err != nil {
		return fmt.Errorf("read mydumper metadata: %w", err)
	}
	if !finishedAt.Match(text) {
		return fmt.Errorf("%s: %w: metadata does not say when it was finished", path, ErrUnfinished)
	}
	return nil
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
	f.path, f.size = filepath.Join(d.path, e.Name()), info.Size()
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
	names := map[string]string{} // by how files start
	for _, f := range d.files {
		if f.kind != createDatabase {
			continue
		}
		name, err := f.createdDatabase()
		if err != nil {
			return err
		}
		names[f.stem] = name
	}
	for i := range d.files {
		f := &d.files[i]
		if err := f.setDatabase(names); err != nil {
			return err
		}
		if f.kind == view {
			d.views[f.stem] = true
		}
	}
	return nil
}

// Format names what wrote the directory.
func (d *Dir) Format() string { return "mydumper" }

// SizeBytes is the size of all files.
func (d *Dir) SizeBytes() int64 {
	var n int64
	for _, f := range d.files {
		n += f.size
	}
	return n
}

// Close does nothing: every reading closes its own files.
func (d *Dir) Close() error { return nil }

// Open starts a new reading of the whole text. read counts the bytes taken from the files; it may be read while the text is.
func (d *Dir) Open() (text io.ReadCloser, read *atomic.Int64, err error) {
	read = &atomic.Int64{}
	all := &sequence{}
	for _, p := range d.Parts() {
		all.segments = append(all.segments, p.segments(read)...)
	}
	return all, read, nil
}

// Part is a part of a directory: a dump by itself, that can be read as often as needed. It is safe for concurrent use, as are the readings of different parts.
type Part struct {
	dir   *Dir
	files []file
}

// Parts returns the parts in their order. Before the rows of any part are of use, the first one must have been read; the last one
// comes after all rows. Those between may be read in any order and at the same time.
func (d *Dir) Parts() []*Part {
	definitions, objects := &Part{dir: d}, &Part{dir: d}
	parts := []*Part{definitions}
	for _, f := range d.files {
		switch {
		case f.kind < rows:
			definitions.files = append(definitions.files, f)
		case f.kind == rows:
			parts = append(parts, &Part{dir: d, files: []file{f}})
		default:
			objects.files = append(objects.files, f)
		}
	}
	return append(parts, objects)
}

// Rows reports whether the part holds rows.
func (p *Part) Rows() bool { return len(p.files) == 1 && p.files[0].kind == rows }

// Name is the name of the file of a part that holds rows; "" of the others.
func (p *Part) Name() string {
	if !p.Rows() {
		return ""
	}
	return filepath.Base(p.files[0].path)
}

// SizeBytes is the size of the part's files.
func (p *Part) SizeBytes() int64 {
	var n int64
	for _, f := range p.files {
		n += f.size
	}
	return n
}

// Open starts a new reading of the part's text, like the method of Dir.
func (p *Part) Open() (text io.ReadCloser, read *atomic.Int64, err error) {
	read = &atomic.Int64{}
	return &sequence{segments: p.segments(read)}, read, nil
}

// Close does nothing.
func (p *Part) Close() error { return nil }

func (p *Part) segments(read *atomic.Int64) []segment {
	out := make([]segment, 0, len(p.files))
	for _, f := range p.files {
		out = append(out, func() (io.ReadCloser, error) { return f.open(p.dir.views, read) })
	}
	return out
}

// useStatement puts a database in force.
func useStatement(database string) string {
	return "USE " + string(mysqldump.AppendName(nil, database)) + ";\n"
}

// errOpen says which file an error is about.
func errOpen(f file, err error) error {
	return fmt.Errorf("read %s: %w", strings.TrimPrefix(f.path, filepath.Dir(f.path)+string(filepath.Separator)), err)
}
