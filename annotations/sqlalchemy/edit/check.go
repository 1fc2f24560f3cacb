package edit

import (
	"context"
	"fmt"
	"slices"
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
	for _, w := range c.all {
		for _, m := range p.Given() {
			if m.File == w.file && !found(m, w) {
				c.err = fmt.Errorf("the markup cannot be written: %s does not have it afterwards", w.file)
			}
		}
	}
}

// found reports whether a module has what was written to a place.
func found(m *python.Module, w written) bool {
	if w.class == "" {
		return foundInfo(m, w.marks[0])
	}
	n, start := 0, -1
	m.Root.Visit(func(node *python.Node, _ []*python.Node) bool {
		if node.Is("class_definition") && node.Child("name").Text() == w.class {
			if n == w.ordinal {
				start = node.Start
			}
			n++
		}
		return start < 0
	})
	return slices.ContainsFunc(m.Classes(), func(c *python.Class) bool { return c.Node.Start == start && hasMarks(c, w.marks) })
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

// foundInfo reports whether some Column of that name has the mark in its info.
func foundInfo(m *python.Module, mark Mark) bool {
	f := &file{module: m}
	var calls []*python.Node
	f.columns(m.Root, mark.Column, &calls)
	for _, call := range calls {
		for _, a := range call.Child("arguments").Children() {
			if a.Is("keyword_argument") && a.Child("name").Text() == "info" && pairs(a.Child("value").Unwrap())["confidential"] == mark.Kind {
				return true
			}
		}
	}
	return false
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
