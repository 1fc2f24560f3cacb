package datasets

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

// Directory is a dataset that Scan found.
type Directory struct {
	Name     string // user_001; of a nested store nova/user_001
	Path     string // absolute
	Settings Settings

	// Snapshots says that the directory holds snapshots, so that it is a dataset of the store that was scanned. Its
	// seed_data, should it have one, is not used.
	Snapshots bool
	// SeedPath is the absolute path of a classic dataset's SQL dump; "" with
	// Snapshots. OpenSeed tells whether it is there.
	SeedPath string
	// LoggingConfPath is absolute; "" when the settings name none. It need not exist.
	LoggingConfPath string
	// Skipped says why nothing can be tested on the dataset; "" when it can.
	Skipped string
}

// Names that mean something in a directory of datasets.
const (
	layoutFile = "oci-layout" // its directory has snapshots
	blobsDir   = "blobs"      // theirs
	lostDir    = "lost+found" // the file system's
)

// Scan finds the datasets in a directory, sorted by name: its direct
// subdirectories that have settings, and those that have snapshots, at any depth,
// as in a store. Other directories, and those whose names start with a dot, are
// passed over.
//
// All mistakes in all settings are one error of type [strictyaml.Mistakes]; the datasets without any are
// returned beside it. A dataset whose settings cannot be read is not known to be somebody else's: who tests on what is left must not
// take that for all.
func Scan(dir string) ([]Directory, error) {
	abs, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("look for datasets: %w", err)
	}
	s := &scan{given: dir, dir: abs}
	if err := s.walk("."); err != nil {
		return nil, fmt.Errorf("look for datasets: %w", err)
	}
	slices.SortFunc(s.found, func(a, b Directory) int { return cmp.Compare(a.Name, b.Name) })
	if len(s.mistakes) > 0 {
		return s.found, s.mistakes
	}
	return s.found, nil
}

// scan is one look at a directory.
type scan struct {
	given, dir string // as the caller named it, and absolute
	found      []Directory
	mistakes   strictyaml.Mistakes
}

// walk looks at the subdirectories of one directory, named relative to the
// scanned one.
func (s *scan) walk(parent string) error {
	entries, err := os.ReadDir(filepath.Join(s.dir, parent))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		rel := filepath.Join(parent, entry.Name())
		name := entry.Name()
		if strings.HasPrefix(name, ".") || name == blobsDir || name == lostDir || !s.isDir(entry, rel, parent == ".") {
			continue
		}
		layout := isFile(filepath.Join(s.dir, rel, layoutFile))
		if (layout || parent == ".") && s.dataset(rel, layout) && !layout {
			continue // a classic dataset: what is in it is its own
		}
		if err := s.walk(rel); err != nil {
			s.mistake(filepath.Join(s.given, rel), "cannot be read: %v", err)
		}
	}
	return nil
}

// isDir tells whether an entry is a directory, or for direct subdirectories a
// link to one.
func (s *scan) isDir(entry fs.DirEntry, rel string, direct bool) bool {
	if entry.Type()&fs.ModeSymlink == 0 || !direct {
		return entry.IsDir()
	}
	info, err := os.Stat(filepath.Join(s.dir, rel))
	return err == nil && info.IsDir()
}

func isFile(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// dataset looks at one directory, and reports whether it is a dataset.
func (s *scan) dataset(rel string, layout bool) bool {
	d := Directory{Name: filepath.ToSlash(rel), Path: filepath.Join(s.dir, rel), Snapshots: layout}
	file, err := settingsFile(filepath.Join(s.given, rel))
	switch {
	case err != nil:
		s.mistake(filepath.Join(s.given, rel), "%v", err)
		return true
	case file == "" && !layout:
		return false
	case file == "":
		d.Skipped = "no config.json or settings.yaml says whose changes are tested on it"
		s.found = append(s.found, d)
		return true
	}
	if d.Settings, err = loadFile(file, knownTypes); err != nil {
		s.failed(file, err)
		return true
	}
	before := len(s.mistakes)
	switch {
	case d.Settings.Type != "" && d.Settings.Type != typeMySQL:
		d.Skipped = fmt.Sprintf("its database is of type %s: only mysql is supported", d.Settings.Type)
	case layout && d.Settings.Project == "":
		d.Skipped = "its settings name no project whose changes are tested on it"
	default:
		s.classic(&d, file)
	}
	if len(s.mistakes) == before {
		s.found = append(s.found, d)
	}
	return true
}

// classic fills in what a dataset's settings mean for its directory.
func (s *scan) classic(d *Directory, file string) {
	if !d.Snapshots {
		for _, must := range []struct{ key, value string }{{"project", d.Settings.Project}, {"seed_data", d.Settings.SeedData}} {
			if must.value == "" {
				s.mistake(file, "%s is missing: a dataset without snapshots has one", must.key)
			}
		}
		d.SeedPath = s.inside(d, file, "seed_data", d.Settings.SeedData)
	}
	d.LoggingConfPath = s.inside(d, file, "logging_conf", d.Settings.LoggingConf)
}

// inside is the absolute path of a file in the dataset's directory. A symbolic
// link that leads out of it is a mistake; that there is no such file is none.
func (s *scan) inside(d *Directory, file, key, path string) string {
	if path == "" {
		return ""
	}
	root, err := os.OpenRoot(d.Path)
	if err != nil {
		s.failed(file, err)
		return ""
	}
	defer func() { _ = root.Close() }()
	if _, err := root.Stat(path); err != nil && !errors.Is(err, fs.ErrNotExist) {
		s.mistake(file, "%s: want the path of a file in the dataset's directory: %v", key, err)
	}
	return filepath.Join(d.Path, path)
}

func (s *scan) mistake(file, format string, args ...any) {
	s.mistakes = append(s.mistakes, strictyaml.Mistake{File: file, Msg: fmt.Sprintf(format, args...)})
}

// failed notes why settings could not be read.
func (s *scan) failed(file string, err error) {
	if mistakes, ok := errors.AsType[strictyaml.Mistakes](err); ok {
		s.mistakes = append(s.mistakes, mistakes...)
		return
	}
	s.mistake(file, "cannot be read: %v", err)
}

// OpenSeed opens the SQL dump of a classic dataset, which the caller closes. The
// error is [fs.ErrNotExist] when there is none.
func (d Directory) OpenSeed() (*os.File, error) {
	if d.SeedPath == "" {
		return nil, fmt.Errorf("open seed of dataset %q: %w", d.Name, fs.ErrNotExist)
	}
	root, err := os.OpenRoot(d.Path)
	if err != nil {
		return nil, fmt.Errorf("open seed of dataset %q: %w", d.Name, err)
	}
	defer func() { _ = root.Close() }()
	info, err := root.Stat(d.Settings.SeedData)
	if err == nil && !info.Mode().IsRegular() {
		err = errors.New("not a regular file")
	}
	if err != nil {
		return nil, fmt.Errorf("open seed of dataset %q: %w", d.Name, err)
	}
	f, err := root.Open(d.Settings.SeedData)
	if err != nil {
		return nil, fmt.Errorf("open seed of dataset %q: %w", d.Name, err)
	}
	return f, nil
}
