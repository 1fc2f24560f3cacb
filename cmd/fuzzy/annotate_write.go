package main

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/rogpeppe/go-internal/diff"
	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/detect"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/annotations/sqlalchemy/edit"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

// annotateEdit prints what is to be added to the models, or adds it.
func (p *program) annotateEdit(c *cli.Context, review *detect.Review) error {
	marks, conflicts, err := review.Marks(c.Bool("public"))
	if err != nil {
		return err
	}
	e, err := editModels(c.Context, placesOf(marks))
	if err != nil {
		return err
	}
	decided, err := e.confirm(c, marks)
	if err != nil {
		return fmt.Errorf("%w\nno file was changed", err)
	}
	if c.Bool("write") {
		err = replaceFiles(c.Context, e.before, e.after)
	} else {
		err = p.printDiffs(e)
	}
	if err != nil {
		return err
	}
	p.summarize(c, review, decided, len(e.after))
	for _, r := range e.refused {
		fmt.Fprintln(p.stderr, r)
	}
	for _, conflict := range conflicts {
		o := conflict.Open
		fmt.Fprintf(p.stderr, "%v: cannot mark %s.%s: it would contradict what is there: %v\n", o.Declared, qualified(o.Database, o.Table), o.Column, conflict.Err)
	}
	refused := len(e.refused) + len(conflicts)
	if refused == 0 {
		return nil
	}
	return &command.Error{
		Status: command.ExitFailed, Err: fmt.Errorf("%s cannot be marked, see above", counted(refused, "place")),
		Hint: "Mark these columns by hand, or in a file of --rules.",
	}
}

// An edition is what is to change in model files.
type edition struct {
	before, after []python.File // those that change, in the same order
	places        []edit.Place
	refused       []*edit.Refusal
}

// editModels adds marks to the source of model files. Nothing is written.
func editModels(ctx context.Context, places []edit.Place) (*edition, error) {
	var files []python.File
	for _, place := range places {
		path := place.Position.File
		if slices.ContainsFunc(files, func(f python.File) bool { return f.Path == path }) {
			continue
		}
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		files = append(files, python.File{Path: path, Source: source})
	}
	after, refused, err := edit.Write(ctx, files, places)
	if err != nil {
		return nil, err
	}
	e := &edition{after: after, places: places, refused: refused}
	for _, f := range after {
		e.before = append(e.before, files[slices.IndexFunc(files, func(b python.File) bool { return b.Path == f.Path })])
	}
	return e, nil
}

// kind tells what the edition makes of a column, at the place of its table; "" when it says nothing, or could not be written.
func (e *edition) kind(place annotations.Position, column string) string {
	for _, r := range e.refused {
		if r.Position == place && slices.Contains(r.Columns, column) {
			return ""
		}
	}
	for _, p := range e.places {
		if p.Position != place {
			continue
		}
		for _, m := range p.Marks {
			if strings.EqualFold(m.Column, column) {
				return m.Kind
			}
		}
	}
	return ""
}

// confirm reads the models as they are to be: they must say of every marked column what was to be written, and contradict nothing.
// It gives what is decided then.
func (e *edition) confirm(c *cli.Context, marks []detect.ModelMarks) (map[columnName]annotations.Entry, error) {
	markups, err := readMarkupChanged(c.Context, c.Args().Slice(), c.StringSlice("rules"), e.after)
	if err != nil {
		return nil, fmt.Errorf("the models cannot be read with the markup: %w", err)
	}
	resolution, err := annotations.ResolveModels(markups, annotations.Options{})
	if err != nil {
		return nil, fmt.Errorf("the markup would contradict what is there:\n%w", err)
	}
	decided := map[columnName]annotations.Entry{}
	for _, entry := range resolution.Entries {
		decided[nameOf(entry)] = entry
	}
	for _, m := range marks {
		for _, mark := range m.Marks {
			want := e.kind(m.Table.Position, mark.Column)
			got := decided[nameOf(annotations.Entry{Database: mark.Database, Table: mark.Table, Column: mark.Column})]
			if want != "" && want != cmp.Or(got.Kind, got.Status) {
				return nil, fmt.Errorf("%v: the mark of %s.%s would not be read back; mark it by hand", m.Table.Position, qualified(mark.Database, mark.Table), mark.Column)
			}
		}
	}
	return decided, nil
}

// A columnName tells columns apart.
type columnName struct{ database, table, column string }

func nameOf(e annotations.Entry) columnName {
	return columnName{e.Database, e.Table, strings.ToLower(e.Column)}
}

// placesOf says where marks go. Tables that one class declares share its place; what the first says of a column holds for all.
func placesOf(marks []detect.ModelMarks) []edit.Place {
	var places []edit.Place
	at := map[annotations.Position]int{}
	for _, m := range marks {
		i, ok := at[m.Table.Position]
		if !ok {
			i = len(places)
			at[m.Table.Position] = i
			places = append(places, edit.Place{Position: m.Table.Position, Class: m.Table.Class})
		}
		for _, mark := range m.Marks {
			if !slices.ContainsFunc(places[i].Marks, func(k edit.Mark) bool { return strings.EqualFold(k.Column, mark.Column) }) {
				places[i].Marks = append(places[i].Marks, edit.Mark{Column: mark.Column, Kind: mark.Spec.Treatment.Kind})
			}
		}
	}
	return places
}

// printDiffs prints unified diffs, as git apply and patch read them.
func (p *program) printDiffs(e *edition) error {
	for i, f := range e.after {
		name := strings.TrimPrefix(filepath.ToSlash(filepath.Clean(f.Path)), "/")
		text := diff.Diff("a/"+name, e.before[i].Source, "b/"+name, f.Source)
		if _, err := p.stdout.Write(text); err != nil {
			return fmt.Errorf("print the diff: %w", err)
		}
	}
	return nil
}

// summarize says on standard error what was done, and what is left. decided is what holds then.
func (p *program) summarize(c *cli.Context, review *detect.Review, decided map[columnName]annotations.Entry, files int) {
	var confidential, treated, following, undecided, public int
	for _, o := range review.Open {
		e := decided[nameOf(o.Entry)]
		changed := e.Status != o.Status
		marked := changed && e.Origin == annotations.Models.String()
		if o.Why == detect.Undecided && o.Proposal == nil {
			undecided++
			if marked {
				public++
			}
			continue
		}
		confidential++
		switch {
		case marked:
			treated++
		case changed:
			following++
		}
	}
	verb, change := "to mark", "to change"
	if c.Bool("write") {
		verb, change = "marked", "changed"
	}
	if confidential > 0 {
		fmt.Fprintf(p.stderr, "of %s %d look confidential and nobody named them: %d %s", counted(review.Columns, "column"), confidential, treated, verb)
		if following > 0 {
			fmt.Fprintf(p.stderr, ", %d following foreign keys", following)
		}
		fmt.Fprintln(p.stderr)
	}
	switch {
	case public > 0:
		fmt.Fprintf(p.stderr, "%s undecided besides: %d %s public\n", counted(undecided, "column"), public, verb)
	case undecided > 0:
		fmt.Fprintf(p.stderr, "%s undecided besides: mark them 'public' one by one, or review them and give --public\n", counted(undecided, "column"))
	}
	fmt.Fprintf(p.stderr, "%s %s\n", counted(files, "file"), change)
}

// counted says how many of something there are.
func counted(n int, what string) string {
	if n != 1 {
		what += "s"
	}
	return fmt.Sprintf("%d %s", n, what)
}
