package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
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
	before, after, refused, err := editModels(c.Context, marks)
	if err != nil {
		return err
	}
	if c.Bool("write") {
		err = p.writeModels(c, before, after)
	} else {
		err = p.printDiffs(before, after)
	}
	if err != nil {
		return err
	}
	p.summarize(c, review, marks, len(after), len(refused)+len(conflicts))
	for _, r := range refused {
		fmt.Fprintln(p.stderr, r)
	}
	for _, conflict := range conflicts {
		o := conflict.Open
		fmt.Fprintf(p.stderr, "%v: cannot mark %s.%s: it would contradict what is there: %v\n", o.Declared, qualified(o.Database, o.Table), o.Column, conflict.Err)
	}
	if len(refused)+len(conflicts) == 0 {
		return nil
	}
	return &command.Error{
		Status: command.ExitFailed, Err: fmt.Errorf("%s cannot be marked, see above", counted(len(refused)+len(conflicts), "place")),
		Hint: "Mark these columns by hand, or in a file of --rules.",
	}
}

// editModels gives the source of the model files that are to change, before and after. Nothing is written.
func editModels(ctx context.Context, marks []detect.ModelMarks) (before, after []python.File, refused []*edit.Refusal, err error) {
	places := placesOf(marks)
	seen := map[string]bool{}
	for _, place := range places {
		path := place.Position.File
		if seen[path] {
			continue
		}
		seen[path] = true
		source, err := os.ReadFile(path)
		if err != nil {
			return nil, nil, nil, fmt.Errorf("read models: %w", err)
		}
		before = append(before, python.File{Path: path, Source: source})
	}
	after, refused, err = edit.Write(ctx, before, places)
	return before, after, refused, err
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
func (p *program) printDiffs(before, after []python.File) error {
	for _, f := range after {
		i := slices.IndexFunc(before, func(b python.File) bool { return b.Path == f.Path })
		name := strings.TrimPrefix(filepath.ToSlash(filepath.Clean(f.Path)), "/")
		text := diff.Diff("a/"+name, before[i].Source, "b/"+name, f.Source)
		if _, err := p.stdout.Write(text); err != nil {
			return fmt.Errorf("print the diff: %w", err)
		}
	}
	return nil
}

// writeModels changes the files, all of them or none, and reads the models again: if these do not say then what was written, the
// files are put back.
func (p *program) writeModels(c *cli.Context, before, after []python.File) error {
	original := func(path string) []byte {
		return before[slices.IndexFunc(before, func(b python.File) bool { return b.Path == path })].Source
	}
	for _, f := range after {
		if err := mayReplace(f.Path, original(f.Path)); err != nil {
			return err
		}
	}
	var done []string
	err := func() error {
		for _, f := range after {
			if err := replaceFile(f.Path, f.Source); err != nil {
				return err
			}
			done = append(done, f.Path)
		}
		return p.confirm(c, len(after))
	}()
	if err == nil {
		return nil
	}
	for _, path := range done {
		if back := replaceFile(path, original(path)); back != nil {
			return errors.Join(err, fmt.Errorf("the file as it was could not be put back: %w", back))
		}
	}
	return fmt.Errorf("%w\nno file was changed", err)
}

// confirm reads the models again: what was written must be read as markup, and contradict nothing.
func (p *program) confirm(c *cli.Context, changed int) error {
	if changed == 0 {
		return nil
	}
	markups, err := readMarkup(c.Context, c.Args().Slice(), c.StringSlice("rules"))
	if err != nil {
		return fmt.Errorf("the models cannot be read with the markup: %w", err)
	}
	if _, err := annotations.ResolveModels(markups, annotations.Options{}); err != nil {
		return fmt.Errorf("the markup would contradict what is there:\n%w", err)
	}
	return nil
}

// mayReplace refuses files that must not be replaced: links, files that nobody may write, files that changed meanwhile.
func mayReplace(path string, known []byte) error {
	info, err := os.Lstat(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	switch {
	case info.Mode()&fs.ModeSymlink != 0:
		target, _ := filepath.EvalSymlinks(path)
		return fmt.Errorf("write %s: it is a symbolic link; give the file itself: %s", path, target)
	case !info.Mode().IsRegular():
		return fmt.Errorf("write %s: not a regular file", path)
	case info.Mode().Perm()&0o200 == 0:
		return fmt.Errorf("write %s: the file is read-only", path)
	}
	now, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	if !bytes.Equal(now, known) {
		return fmt.Errorf("write %s: the file changed while it was read; try again", path)
	}
	return nil
}

// replaceFile gives a file new contents, whole or not at all, with its mode.
func replaceFile(path string, contents []byte) error {
	info, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	f, err := createFile(path)
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	defer f.abort()
	_, err = f.Write(contents)
	if err == nil {
		err = f.Chmod(info.Mode().Perm())
	}
	if err == nil {
		err = f.commit()
	}
	if err != nil {
		return fmt.Errorf("write %s: %w", path, err)
	}
	return nil
}

// summarize says on standard error what was done, and what is left.
func (p *program) summarize(c *cli.Context, review *detect.Review, marks []detect.ModelMarks, files, refused int) {
	public, treated := 0, 0
	for _, m := range marks {
		for _, mark := range m.Marks {
			if mark.Spec.IsPublic() {
				public++
			} else {
				treated++
			}
		}
	}
	undecided, confidential := 0, 0
	for _, o := range review.Open {
		if o.Why == detect.Undecided && o.Proposal == nil {
			undecided++
		} else {
			confidential++
		}
	}
	verb, change := "to mark", "to change"
	if c.Bool("write") {
		verb, change = "marked", "changed"
	}
	if confidential > 0 {
		fmt.Fprintf(p.stderr, "%d of %s look confidential and nobody named them: %d %s", confidential, counted(review.Columns, "column"), treated, verb)
		if follow := confidential - treated; follow > 0 && refused == 0 {
			fmt.Fprintf(p.stderr, ", %d following foreign keys", follow)
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
