package django

import (
	"context"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// Read reads the Django models in the files and directories named, as python.Read does, and gives what it finds below each.
func Read(ctx context.Context, paths []string) ([]*annotations.Markup, error) {
	return python.Read(ctx, paths, New())
}

// ReadFiles is Read for source in memory, as below one path.
func ReadFiles(ctx context.Context, files []python.File) (*annotations.Markup, error) {
	return python.ReadFiles(ctx, files, New())
}

// A Framework reads Django models, for python.Read. It serves one reading.
type Framework struct{}

// New gives a Framework for one reading.
func New() *Framework { return &Framework{} }

// Opaque lists the packages whose names are known here.
func (*Framework) Opaque() []string {
	return []string{
		"django.apps", "django.conf", "django.core", "django.db", "django.dispatch", "django.forms", "django.http", "django.urls",
		"django.utils", "django.contrib.gis.db", "django.contrib.postgres",
	}
}

// Base gives the classes that with_metaclass(…) stands for.
func (*Framework) Base(c *python.Call) (bases []python.Value, ok bool) {
	if python.Last(c.Callee()) != "with_metaclass" {
		return nil, false
	}
	for i, a := range c.Args {
		if i > 0 {
			bases = append(bases, a.Value())
		}
	}
	return bases, true
}

// Fold takes translated texts for what they translate.
func (*Framework) Fold(_ *python.Project, c *python.Call) python.Value {
	name := c.Callee()
	if !strings.HasPrefix(name, "django.utils.translation.") || !strings.Contains(python.Last(name), "gettext") || len(c.Args) != 1 {
		return nil
	}
	if text, ok := c.Args[0].Value().(python.Text); ok {
		return text
	}
	return nil
}

// Read adds the tables of the project's models.
func (*Framework) Read(p *python.Project) {
	r := &reader{
		project: p, models: map[*python.Class]*model{}, byLabel: map[string]*python.Class{}, labels: map[*python.Module]label{},
		tables: map[tableKey]*annotations.ModelTable{}, reported: map[*python.Node]bool{}, outside: map[*model]bool{},
	}
	r.read()
}

// isDjango reports whether a name is one of Django's that this package knows.
func isDjango(name string) bool {
	return slices.ContainsFunc((*Framework)(nil).Opaque(), func(o string) bool { return strings.HasPrefix(name, o+".") })
}

// outside gives the last parts of the names of the classes of Django's that a class extends.
func outside(c *python.Class) []string {
	var names []string
	for _, b := range c.Outside() {
		if x, ok := b.Value.(*python.External); ok && isDjango(x.Name) {
			names = append(names, python.Last(x.Name))
		}
	}
	return names
}
