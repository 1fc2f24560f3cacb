package python

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	ts "github.com/tree-sitter/go-tree-sitter"
)

// imported gives what "import path" or "from path import item" binds, seen from a module.
func (p *Project) imported(from *Module, path, item string) Value {
	m := p.module(from, path)
	switch {
	case m == nil && item == "":
		return &External{Name: p.spelled(from, path)}
	case m == nil:
		full := p.spelled(from, path) + "." + item
		if sub := p.module(from, joinDotted(path, item)); sub != nil { // a package without an __init__.py
			return sub
		}
		return &External{Name: full}
	case item == "":
		return m
	}
	if v := p.member(m, item); v != nil {
		return v
	}
	return &External{Name: m.Name + "." + item}
}

// member gives a name of a module, or a module below it.
func (p *Project) member(m *Module, name string) Value {
	if v := m.lookup(name, 1<<62); v != nil {
		return v
	}
	if sub := p.submodule(m, name); sub != nil {
		return sub
	}
	return nil
}

// joinDotted puts a name behind a module's, which may be nothing but dots.
func joinDotted(module, name string) string {
	if strings.HasSuffix(module, ".") {
		return module + name
	}
	return module + "." + name
}

// spelled gives the full name of a module that an import names, for messages.
func (p *Project) spelled(from *Module, path string) string {
	name := strings.TrimLeft(path, ".")
	dots := len(path) - len(name)
	if dots == 0 {
		return name
	}
	parts := strings.Split(from.Name, ".")
	if filepath.Base(from.path) != "__init__.py" {
		dots++
	}
	parts = parts[:max(len(parts)-dots+1, 0)]
	return strings.Join(append(parts, name), ".")
}

// module finds the module that an import names, seen from another one; nil when it is not to be found, or opaque.
func (p *Project) module(from *Module, path string) *Module {
	name := strings.TrimLeft(path, ".")
	dots := len(path) - len(name)
	if dots == 0 {
		return p.absolute(from, name)
	}
	dir := filepath.Dir(from.path)
	for range dots - 1 {
		dir = filepath.Dir(dir)
	}
	return p.at(filepath.Join(dir, filepath.FromSlash(strings.ReplaceAll(name, ".", "/"))))
}

// Import finds a module by its full name, as the module from would import it; nil when it is not to be found, or opaque.
func (p *Project) Import(from *Module, name string) *Module { return p.absolute(from, name) }

// submodule finds a module in a package.
func (p *Project) submodule(m *Module, name string) *Module {
	if filepath.Base(m.path) != "__init__.py" {
		return nil
	}
	return p.at(filepath.Join(filepath.Dir(m.path), name))
}

// absolute finds a module by its full name: among those that were asked for first, then beside the module that imports it.
func (p *Project) absolute(from *Module, name string) *Module {
	if p.opaque(name) {
		return nil
	}
	rel := filepath.FromSlash(strings.ReplaceAll(name, ".", "/"))
	roots := p.roots(from, name)
	for _, root := range roots {
		if m := p.byPath[filepath.Join(root, rel)]; m != nil {
			return m
		}
	}
	if m := p.suffix(from, rel); m != nil {
		return m
	}
	for _, root := range roots {
		if m := p.at(filepath.Join(root, rel)); m != nil {
			return m
		}
	}
	return nil
}

// opaque reports whether a framework knows a module itself, or its source says less than its names (six).
func (p *Project) opaque(name string) bool {
	if name == "six" || strings.HasPrefix(name, "six.") || isStandard(name) {
		return true
	}
	for _, f := range p.frameworks {
		for _, o := range f.Opaque() {
			if name == o || strings.HasPrefix(name, o+".") {
				return true
			}
		}
	}
	return false
}

// roots lists the directories that a module's absolute imports may start from: above its outermost package, its own when
// it is in none, those above it that fit the name, and the virtual environments beside those.
func (p *Project) roots(from *Module, name string) []string {
	if from == nil {
		var all []string
		for _, m := range p.given {
			if top := p.top(m); !slices.Contains(all, top) {
				all = append(all, top)
			}
		}
		return all
	}
	top := p.top(from)
	roots := []string{top}
	first, _, _ := strings.Cut(name, ".")
	for dir := filepath.Dir(from.path); filepath.Dir(dir) != dir; dir = filepath.Dir(dir) {
		if filepath.Base(dir) == first && !slices.Contains(roots, filepath.Dir(dir)) {
			roots = append(roots, filepath.Dir(dir))
		}
	}
	return slices.Concat(roots, p.finder.installed(top), p.finder.installed(filepath.Dir(top)))
}

// top gives the directory above a module's outermost package.
func (p *Project) top(m *Module) string {
	dir := filepath.Dir(m.path)
	for p.finder.isPackage(dir, p.byPath) && filepath.Dir(dir) != dir {
		dir = filepath.Dir(dir)
	}
	return dir
}

// moduleName gives the name that imports know a module by.
func (p *Project) moduleName(m *Module) string {
	rel, err := filepath.Rel(p.top(m), stem(m.path))
	if err != nil {
		return filepath.Base(stem(m.path))
	}
	return strings.ReplaceAll(filepath.ToSlash(rel), "/", ".")
}

// suffix finds the one module that was asked for whose path ends so. Of several, one that lies nearest to the module that
// imports it is meant; when that does not tell, none.
func (p *Project) suffix(from *Module, rel string) *Module {
	var best *Module
	bestShared, tie := -1, false
	for _, m := range p.given {
		if path := stem(m.path); path != rel && !strings.HasSuffix(path, string(filepath.Separator)+rel) {
			continue
		}
		shared := 0
		if from != nil {
			shared = sharedPrefix(from.path, m.path)
		}
		switch {
		case shared > bestShared:
			best, bestShared, tie = m, shared, false
		case shared == bestShared:
			tie = true
		}
	}
	if tie {
		return nil
	}
	return best
}

// sharedPrefix counts the directories that two paths begin with alike.
func sharedPrefix(a, b string) int {
	x, y := strings.Split(a, string(filepath.Separator)), strings.Split(b, string(filepath.Separator))
	n := 0
	for n < len(x) && n < len(y) && x[n] == y[n] {
		n++
	}
	return n
}

// at gives the module at a path without its ending, read when it lies on the disk and was not read yet.
func (p *Project) at(path string) *Module {
	if m, ok := p.byPath[path]; ok || !p.finder.disk {
		return m
	}
	p.byPath[path] = nil
	for _, file := range []string{path + ".py", filepath.Join(path, "__init__.py")} {
		if p.finder.exists(file) {
			p.byPath[path] = p.beside(file)
			break
		}
	}
	return p.byPath[path]
}

// beside reads a module that was not asked for, or gives nil when it cannot be read: its names then stay external.
func (p *Project) beside(file string) *Module {
	src, err := os.ReadFile(file)
	if err != nil {
		return nil
	}
	parser, err := p.late()
	if err != nil {
		return nil
	}
	m, tree, err := p.parse(parser, source{File: File{Path: file, Source: src}, path: file})
	if err != nil {
		return nil
	}
	p.trees = append(p.trees, tree)
	m.Name = p.moduleName(m)
	return m
}

// late gives the parser for what is read after the files that were asked for.
func (p *Project) late() (*ts.Parser, error) {
	if p.parser != nil {
		return p.parser, nil
	}
	var err error
	p.parser, err = p.grammar.parser()
	return p.parser, err
}
