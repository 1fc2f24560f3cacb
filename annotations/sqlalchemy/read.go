package sqlalchemy

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	ts "github.com/tree-sitter/go-tree-sitter"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A File is Python source in memory.
type File struct {
	Path   string // as messages name it, and as imports find it
	Source []byte
}

// Read reads the models in the files and directories named, all of them together, so that a base class may stand in
// another file than its models. Of a directory, every *.py below it is read, in the order of the names, except in hidden
// directories, virtual environments and caches of installed packages.
//
// Files that are not Python are errors, all of them joined (SyntaxError). What is Python but cannot be resolved is a
// problem of the markup, at its position.
func Read(ctx context.Context, paths []string) (*annotations.Markup, error) {
	names, err := sources(paths)
	if err != nil {
		return nil, err
	}
	files := make([]File, 0, len(names))
	for _, name := range names {
		if err := context.Cause(ctx); err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		src, err := os.ReadFile(name)
		if err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		files = append(files, File{Path: name, Source: src})
	}
	return ReadFiles(ctx, files)
}

// ReadFiles is Read for source in memory. The source is not kept.
func ReadFiles(ctx context.Context, files []File) (*annotations.Markup, error) {
	parser, err := newParser()
	if err != nil {
		return nil, err
	}
	defer parser.Close()
	p := &project{}
	var trees []*ts.Tree
	defer func() {
		for _, t := range trees {
			t.Close()
		}
	}()
	var errs []error
	for i, f := range append(slices.Clone(files), library()...) {
		if err := context.Cause(ctx); err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		m, tree, err := parse(parser, f.Path, f.Source)
		if err != nil {
			errs = append(errs, err)
			continue
		}
		trees = append(trees, tree)
		m.library = i >= len(files)
		p.modules = append(p.modules, m)
	}
	if len(errs) > 0 {
		return nil, errors.Join(errs...)
	}
	return p.markup(), nil
}

// sources lists the files that the paths mean, each once.
func sources(paths []string) ([]string, error) {
	var names []string
	for _, path := range paths {
		info, err := os.Stat(path)
		if err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		if !info.IsDir() {
			names = append(names, filepath.Clean(path))
			continue
		}
		below, err := walk(path)
		if err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		names = append(names, below...)
	}
	seen := make(map[string]bool, len(names))
	return slices.DeleteFunc(names, func(name string) bool {
		twice := seen[name]
		seen[name] = true
		return twice
	}), nil
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
