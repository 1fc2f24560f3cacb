package sqlalchemy

import (
	"context"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// Read reads the SQLAlchemy models in the files and directories named, as python.Read does, and gives what it finds below
// all of them together.
func Read(ctx context.Context, paths []string) (*annotations.Markup, error) {
	all, err := python.Read(ctx, paths, New())
	if err != nil {
		return nil, err
	}
	together := &annotations.Markup{Source: annotations.Models}
	for _, m := range all {
		together.Marks = append(together.Marks, m.Marks...)
		together.Rows = append(together.Rows, m.Rows...)
		together.Tables = append(together.Tables, m.Tables...)
		together.Beside = append(together.Beside, m.Beside...)
		together.Problems = append(together.Problems, m.Problems...)
	}
	together.Problems.Sort()
	return together, nil
}

// ReadFiles is Read for source in memory.
func ReadFiles(ctx context.Context, files []python.File) (*annotations.Markup, error) {
	return python.ReadFiles(ctx, files, New())
}

// A Framework reads SQLAlchemy models, for python.Read. It serves one reading.
type Framework struct{ reader *reader }

// New gives a Framework for one reading.
func New() *Framework { return &Framework{} }

// Opaque lists the packages whose names are known here.
func (f *Framework) Opaque() []string {
	return []string{"sqlalchemy", "flask_sqlalchemy", "sqlmodel", "alembic"}
}

// Base gives the classes that declarative_base(cls=…) and its like are made of.
func (f *Framework) Base(c *python.Call) (bases []python.Value, ok bool) {
	switch python.Last(c.Callee()) {
	case "declarative_base", "generate_base", "automap_base":
		if arg, ok := c.Arg(-1, "cls"); ok {
			if l, isList := arg.Value().(*python.List); isList {
				return l.Items, true
			}
			return []python.Value{arg.Value()}, true
		}
		return nil, true
	case "with_metaclass":
		for i, a := range c.Args {
			if i > 0 {
				bases = append(bases, a.Value())
			}
		}
		return bases, true
	}
	return nil, false
}

// Fold works out has_inherited_table(cls).
func (f *Framework) Fold(p *python.Project, c *python.Call) python.Value {
	if python.Last(c.Callee()) != "has_inherited_table" || len(c.Args) != 1 {
		return nil
	}
	class, ok := c.Args[0].Value().(*python.Class)
	if !ok {
		return nil
	}
	r := f.of(p)
	for _, k := range class.MRO()[1:] {
		if r.mapping(k).mapped {
			return python.Bool(true)
		}
	}
	return python.Bool(false)
}

// Read adds the tables of the project's models.
func (f *Framework) Read(p *python.Project) { f.of(p).read() }

func (f *Framework) of(p *python.Project) *reader {
	if f.reader == nil {
		f.reader = newReader(p)
	}
	return f.reader
}
