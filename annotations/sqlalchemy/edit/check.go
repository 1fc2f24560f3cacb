package edit

import (
	"context"
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// check reads new source again: it must be Python, and have the marks that were written.
func check(ctx context.Context, changed []python.File, all []written) error {
	c := &checker{writer: writer{}, all: all}
	if len(changed) == 0 {
		return nil
	}
	if _, err := python.ReadFiles(ctx, changed, c); err != nil {
		return fmt.Errorf("the markup cannot be written: the result is no Python: %w", err)
	}
	return c.err
}

// A checker is a framework that looks for marks.
type checker struct {
	writer
	all []written
	err error
}

// Read looks for the marks.
func (c *checker) Read(p *python.Project) {
	files := map[string]*reread{}
	for _, m := range p.Given() {
		files[m.File] = newReread(m)
	}
	for _, w := range c.all {
		if f := files[w.file]; f != nil && !f.found(w) {
			c.err = fmt.Errorf("the markup cannot be written: %s does not have it afterwards", w.file)
		}
	}
}

// A reread is the new source of a file.
type reread struct {
	statements map[classID]*python.Node
	classes    map[int]*python.Class // by where they start
	infos      map[Mark]bool         // that the info of some Column has
}

func newReread(m *python.Module) *reread {
	r := &reread{statements: classes(m), classes: map[int]*python.Class{}, infos: map[Mark]bool{}}
	for _, c := range m.Classes() {
		r.classes[c.Node.Start] = c
	}
	visitColumns(m.Root, func(call *python.Node) {
		for _, a := range call.Child("arguments").Children() {
			if a.Is("keyword_argument") && a.Child("name").Text() == "info" {
				r.infos[Mark{nameOf(call), pairs(a.Child("value").Unwrap())["confidential"]}] = true
			}
		}
	})
	return r
}

// found reports whether the file has what was written to a place.
func (r *reread) found(w written) bool {
	if w.class == (classID{}) {
		return r.infos[w.marks[0]]
	}
	statement := r.statements[w.class]
	return statement != nil && r.classes[statement.Start] != nil && hasMarks(r.classes[statement.Start], w.marks)
}

func hasMarks(c *python.Class, marks []Mark) bool {
	kinds := map[string]string{}
	for _, m := range c.Marks {
		kinds[strings.ToLower(m.Column)] = m.Spec.Treatment.Kind
	}
	for _, m := range marks {
		if kinds[strings.ToLower(m.Column)] != m.Kind {
			return false
		}
	}
	return true
}

// pairs gives the entries of a dict whose keys and values are texts.
func pairs(dict *python.Node) map[string]string {
	out := map[string]string{}
	for _, p := range dict.Children() {
		key, err := p.Child("key").StringValue()
		if err != nil {
			continue
		}
		if value, err := p.Child("value").StringValue(); err == nil {
			out[key] = value
		}
	}
	return out
}
