package main

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

// withoutModels names the paths that the models do not need: nothing of a table is declared there, and without them the same is read
// and the same stays unresolved. A gate that was given one would guard nothing there.
func withoutModels(ctx context.Context, paths []string, markups []*annotations.Markup) ([]string, error) {
	var idle []string
	for i, path := range paths {
		if declaresAnything(path, markups) || unresolvedBelow(path, markups) {
			continue
		}
		others := slices.Delete(slices.Clone(paths), i, i+1)
		if len(others) > 0 {
			without, err := readMarkup(ctx, others, nil)
			if err != nil {
				return nil, err
			}
			if extent(without) != extent(markups[:len(paths)]) {
				continue // base classes, say
			}
		}
		idle = append(idle, path)
	}
	return idle, nil
}

// declaresAnything reports whether a table, a column or a mark stands below a path.
func declaresAnything(path string, markups []*annotations.Markup) bool {
	below := belowPath(path)
	return slices.ContainsFunc(markups, func(m *annotations.Markup) bool {
		return m.Source == annotations.Models && (slices.ContainsFunc(m.Marks, func(k annotations.Mark) bool { return below(k.Position) }) ||
			slices.ContainsFunc(m.Tables, func(t annotations.ModelTable) bool {
				return below(t.Position) || slices.ContainsFunc(t.Columns, func(c annotations.ModelColumn) bool { return below(c.Position) })
			}))
	})
}

// unresolvedBelow reports whether something below a path may declare tables and could not be worked out.
func unresolvedBelow(path string, markups []*annotations.Markup) bool {
	below := belowPath(path)
	return slices.ContainsFunc(markups, func(m *annotations.Markup) bool {
		return slices.ContainsFunc(m.Problems.Unresolved(), func(p annotations.Problem) bool { return below(p.Position) })
	})
}

// belowPath tells whether positions are in a file, or below a directory.
func belowPath(path string) func(annotations.Position) bool {
	_, path = splitModels(path)
	top, topErr := filepath.Abs(path)
	return func(p annotations.Position) bool {
		file, err := filepath.Abs(p.File)
		return topErr == nil && err == nil && p.File != "" && (file == top || strings.HasPrefix(file, strings.TrimSuffix(top, "/")+"/"))
	}
}

// extent counts what was read.
func extent(markups []*annotations.Markup) (n struct{ tables, columns, marks, unresolved int }) {
	for _, m := range markups {
		n.tables += len(m.Tables)
		n.marks += len(m.Marks)
		for _, t := range m.Tables {
			n.columns += len(t.Columns)
		}
		for _, p := range m.Problems {
			if p.Unresolved {
				n.unresolved++
			}
		}
	}
	return n
}

// noModels is the error for paths in which no table was found: for want of models, or because what may be one could not be worked
// out, as the warnings say.
func noModels(paths []string, markups []*annotations.Markup) error {
	unread := slices.ContainsFunc(paths, func(path string) bool { return unresolvedBelow(path, markups) })
	if !unread {
		return fmt.Errorf("no models found in %s", strings.Join(paths, ", "))
	}
	return &command.Error{
		Status: command.ExitFailed,
		Err:    fmt.Errorf("no table in %s can be read for certain, see above", strings.Join(paths, ", ")),
		Hint:   unreadHint,
	}
}

// unreadHint says what to do about what of the models could not be worked out.
const unreadHint = "Install what the models import in a virtual environment beside them, or give its PATH too; write what is computed as it is."
