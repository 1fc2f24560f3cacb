package python

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A source is a file to read, with what it is found by and the number of the path that it is below.
type source struct {
	File
	path  string
	group int
}

// sources reads the files that the paths mean, each once.
func sources(ctx context.Context, paths []string) ([]source, error) {
	var files []source
	seen := map[string]bool{}
	for group, path := range paths {
		names, err := pythonFiles(path)
		if err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		for _, name := range names {
			if err := context.Cause(ctx); err != nil {
				return nil, fmt.Errorf("read models: %w", err)
			}
			full, err := filepath.Abs(name)
			if err != nil {
				return nil, fmt.Errorf("read models: %w", err)
			}
			if seen[full] {
				continue
			}
			seen[full] = true
			src, err := os.ReadFile(name)
			if err != nil {
				return nil, fmt.Errorf("read models: %w", err)
			}
			files = append(files, source{File: File{Path: name, Source: src}, path: full, group: group})
		}
	}
	return files, nil
}

// pythonFiles lists the files that a path means.
func pythonFiles(path string) ([]string, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if !info.IsDir() {
		return []string{filepath.Clean(path)}, nil
	}
	return walk(path)
}

// walk lists the Python files below a directory, in lexical order.
func walk(root string) ([]string, error) {
	var names []string
	tree := os.DirFS(root) // follows root itself when it is a link
	err := fs.WalkDir(tree, ".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir():
			if path != "." && skipped(tree, path, d.Name()) {
				return fs.SkipDir
			}
		case strings.HasSuffix(path, ".py") && !strings.HasPrefix(d.Name(), "."):
			if info, err := fs.Stat(tree, path); err == nil && info.Mode().IsRegular() {
				names = append(names, filepath.Join(root, filepath.FromSlash(path)))
			}
		}
		return nil
	})
	return names, err
}

// skipped reports whether a directory holds no source of the project: it is hidden, a cache, or a virtual environment.
func skipped(tree fs.FS, path, name string) bool {
	switch name {
	case "__pycache__", "node_modules", "site-packages", "dist-packages":
		return true
	}
	if strings.HasPrefix(name, ".") {
		return true
	}
	_, err := fs.Stat(tree, path+"/pyvenv.cfg")
	return err == nil
}

// A finder looks for modules beside those that were asked for.
type finder struct {
	disk         bool
	packages     map[string]bool     // directories, and whether they have an __init__.py
	environments map[string][]string // directories, and the installed packages of the virtual environments in them
}

// exists reports whether a regular file is there.
func (f *finder) exists(path string) bool {
	if !f.disk {
		return false
	}
	info, err := os.Stat(path)
	return err == nil && info.Mode().IsRegular()
}

// isPackage reports whether a directory is a package.
func (f *finder) isPackage(dir string, given map[string]*Module) bool {
	if m := given[dir]; m != nil && filepath.Base(m.path) == "__init__.py" {
		return true
	}
	if is, ok := f.packages[dir]; ok {
		return is
	}
	if f.packages == nil {
		f.packages = map[string]bool{}
	}
	f.packages[dir] = f.exists(filepath.Join(dir, "__init__.py"))
	return f.packages[dir]
}

// installed lists where the packages of the virtual environments in a directory lie.
func (f *finder) installed(dir string) []string {
	if found, ok := f.environments[dir]; ok || !f.disk {
		return found
	}
	if f.environments == nil {
		f.environments = map[string][]string{}
	}
	entries, _ := os.ReadDir(dir)
	var found []string
	for _, e := range entries { // one that begins with a dot as well, such as .venv
		environment := filepath.Join(dir, e.Name())
		if !f.exists(filepath.Join(environment, "pyvenv.cfg")) {
			continue
		}
		libraries, _ := filepath.Glob(filepath.Join(globEscape(environment), "lib", "python*", "site-packages"))
		found = append(found, libraries...)
	}
	slices.Sort(found)
	f.environments[dir] = found
	return found
}

// globEscape makes a path match itself only.
func globEscape(path string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "?", `\?`, "[", `\[`).Replace(path)
}
