package python

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"sync/atomic"

	ts "github.com/tree-sitter/go-tree-sitter"
	"golang.org/x/sync/errgroup"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A Framework knows how one library declares tables.
type Framework interface {
	// Opaque lists the packages that the framework knows itself: names in them and below them stay External, whether their
	// source can be found or not.
	Opaque() []string
	// Base gives the classes that a call in a list of bases stands for, such as declarative_base(cls=Base). Not ok for a
	// call that the framework does not know.
	Base(*Call) (bases []Value, ok bool)
	// Fold works out a call that the framework knows, such as has_inherited_table(cls), or gives nil.
	Fold(*Project, *Call) Value
	// Read adds the tables, marks and problems of the modules that were asked for.
	Read(*Project)
}

// A File is Python source in memory.
type File struct {
	Path   string // as messages name it, and as imports find it
	Source []byte
}

// A Project is modules that were read together.
type Project struct {
	grammar    *grammarNames
	frameworks []Framework
	finder     *finder
	given      []*Module
	byPath     map[string]*Module // by path without .py; nil for one that is not there
	trees      []*ts.Tree
	parser     *ts.Parser // for modules read later
	markups    []*annotations.Markup
	used       map[*Class]bool // classes whose markup reached a table
	marked     map[markID]bool
	unread     map[unreadKey]*unreadBase
	made       []*Class       // classes that calls of functions made
	went       map[*Node]bool // functions that were called, and the statements in them that were gone through
	untaken    map[*Node]bool // branches of conditions that are known

	depth, steps, inlined int // of the question at hand
	quiet                 int // nested calls of Quietly
	total, rounds         int // of all questions, and of all loops that were unrolled
}

// Given gives the modules that were asked for, in order.
func (p *Project) Given() []*Module { return p.given }

// Classes gives the classes of the modules that were asked for, those in classes and functions included.
func (p *Project) Classes() []*Class {
	var all []*Class
	for _, m := range p.given {
		all = append(all, m.Classes()...)
	}
	return all
}

// Markup is where what a module declares is to be put.
func (p *Project) Markup(m *Module) *annotations.Markup { return p.markups[p.group(m)] }

// group gives the number of the path that a module is below; of one that was not asked for the first.
func (p *Project) group(m *Module) int {
	if !m.Given {
		return 0
	}
	return m.group
}

// Read reads Python files and directories, all of them together, and gives what the frameworks find below each path, in the
// order of the paths. Of a directory every *.py below it is read, except in hidden directories, virtual environments and
// caches of installed packages. Modules that are imported and lie beside are read when they are needed; what they declare
// themselves is not reported.
//
// Files that are not Python are errors, all of them joined (SyntaxError). What is Python but cannot be resolved is a problem
// of the markup, at its position.
func Read(ctx context.Context, paths []string, frameworks ...Framework) ([]*annotations.Markup, error) {
	return ReadChanged(ctx, paths, nil, frameworks...)
}

// ReadChanged is Read as if files below the paths, named as positions name them, had other contents than they have.
func ReadChanged(ctx context.Context, paths []string, changed []File, frameworks ...Framework) ([]*annotations.Markup, error) {
	files, err := sources(ctx, paths)
	if err != nil {
		return nil, err
	}
	for i, f := range files {
		if c := slices.IndexFunc(changed, func(c File) bool { return c.Path == f.Path }); c >= 0 {
			files[i].Source = changed[c].Source
		}
	}
	return read(ctx, files, len(paths), &finder{disk: true}, frameworks)
}

// ReadFiles is Read for source in memory, as below one path, without looking at any disk. The source must not be changed
// before it returns.
func ReadFiles(ctx context.Context, files []File, frameworks ...Framework) (*annotations.Markup, error) {
	named := make([]source, 0, len(files))
	for _, f := range files {
		named = append(named, source{File: f, path: filepath.Clean(f.Path)})
	}
	all, err := read(ctx, named, 1, &finder{}, frameworks)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

func read(ctx context.Context, files []source, groups int, f *finder, frameworks []Framework) ([]*annotations.Markup, error) {
	p := &Project{grammar: newNames(), frameworks: frameworks, finder: f, byPath: map[string]*Module{}, used: map[*Class]bool{}, marked: map[markID]bool{}, unread: map[unreadKey]*unreadBase{}, went: map[*Node]bool{}, untaken: map[*Node]bool{}}
	defer p.close()
	for range groups {
		p.markups = append(p.markups, &annotations.Markup{Source: annotations.Models})
	}
	if err := p.load(ctx, files); err != nil {
		return nil, err
	}
	p.effects()
	for _, framework := range frameworks {
		if err := context.Cause(ctx); err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		framework.Read(p)
	}
	p.finish()
	return p.markups, nil
}

func (p *Project) close() {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for _, t := range p.trees {
		group.Go(func() error {
			t.Close()
			return nil
		})
	}
	_ = group.Wait() // none fails
	if p.parser != nil {
		p.parser.Close()
	}
}

// load parses the files that were asked for, several at a time.
func (p *Project) load(ctx context.Context, files []source) error {
	modules := make([]*Module, len(files))
	trees := make([]*ts.Tree, len(files))
	errs := make([]error, len(files))
	var group errgroup.Group
	var next atomic.Int64
	for range min(runtime.GOMAXPROCS(0), len(files)) {
		group.Go(func() error {
			parser, err := p.grammar.parser()
			if err != nil {
				return err
			}
			defer parser.Close()
			for i := next.Add(1) - 1; i < int64(len(files)) && context.Cause(ctx) == nil; i = next.Add(1) - 1 {
				modules[i], trees[i], errs[i] = p.parse(parser, files[i])
			}
			return nil
		})
	}
	err := group.Wait()
	p.trees = slices.DeleteFunc(trees, func(t *ts.Tree) bool { return t == nil })
	if err := cmp.Or(err, context.Cause(ctx)); err != nil {
		return fmt.Errorf("read models: %w", err)
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, m := range modules {
		m.Given = true
		p.given = append(p.given, m)
		p.byPath[stem(m.path)] = m
	}
	for _, m := range modules {
		m.Name = p.moduleName(m)
	}
	return nil
}

// parse makes a module of a file.
func (p *Project) parse(parser *ts.Parser, f source) (*Module, *ts.Tree, error) {
	src := bytes.TrimPrefix(f.Source, []byte("\xef\xbb\xbf"))
	tree, err := parse(parser, f.Path, src)
	if err != nil {
		return nil, nil, err
	}
	m := &Module{File: f.Path, Source: src, project: p, grammar: p.grammar, path: f.path, group: f.group, consumed: map[int]bool{}}
	m.Root = p.grammar.root(m, tree.RootNode())
	return m, tree, nil
}

// finish reports markup that is lost, and puts what was found in order.
func (p *Project) finish() {
	p.reportUnread()
	for _, c := range p.Classes() {
		p.misspelt(c)
		if len(c.Marks)+len(c.Rows) > 0 && !p.used[c] {
			// The columns that it was written for are in a table that was not read, or have lost their marks.
			p.Unresolved(c.Module(), c.Confidential, "the markup of class %s belongs to no table: no model that was read is made of it", c.Name)
		}
	}
	for _, m := range p.given {
		m.sweep()
		out := p.Markup(m)
		out.Problems = append(out.Problems, m.problems...)
	}
	for _, out := range p.markups {
		for _, tables := range [][]annotations.ModelTable{out.Tables, out.Beside} {
			slices.SortFunc(tables, func(x, y annotations.ModelTable) int {
				return cmp.Or(cmp.Compare(x.Database, y.Database), cmp.Compare(x.Name, y.Name))
			})
		}
		out.Problems.Sort()
		out.Problems = slices.Compact(out.Problems)
	}
}

// Fail reports a mistake in markup, or that some would be lost, among the problems of a module that was asked for.
func (p *Project) Fail(m *Module, at *Node, format string, args ...any) {
	p.Report(m, annotations.Problem{Position: at.Position(), Severity: annotations.Error, Msg: fmt.Sprintf(format, args...)})
}

// Warn reports what loses nothing.
func (p *Project) Warn(m *Module, at *Node, format string, args ...any) {
	p.Report(m, annotations.Problem{Position: at.Position(), Severity: annotations.Warning, Msg: fmt.Sprintf(format, args...)})
}

// Unresolved reports what could not be worked out, so that tables or columns may be missing.
func (p *Project) Unresolved(m *Module, at *Node, format string, args ...any) {
	p.Report(m, annotations.Problem{
		Position: at.Position(), Severity: annotations.Warning, Msg: fmt.Sprintf(format, args...), Unresolved: true,
	})
}

// Quietly does something without reporting what it finds.
func (p *Project) Quietly(do func()) {
	p.quiet++
	defer func() { p.quiet-- }()
	do()
}

// Beside gives the classes of the modules that were not asked for and were read because others import them.
func (p *Project) Beside() []*Class {
	var all []*Class
	for _, path := range slices.Sorted(maps.Keys(p.byPath)) {
		if m := p.byPath[path]; m != nil && !m.Given {
			all = append(all, m.Classes()...)
		}
	}
	return all
}

// Report adds a problem to those of a module.
func (p *Project) Report(m *Module, problem annotations.Problem) {
	if p.quiet > 0 {
		return
	}
	out := p.Markup(m)
	out.Problems = append(out.Problems, problem)
}
