package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/django"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
	"github.com/turbo-hipster/turbo-hipster/annotations/sqlalchemy"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

func rulesFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "rules", Usage: "YAML `FILE` of rules; takes precedence over models; may be repeated"}
}

// readMarkup reads models ([DATABASE=]PATH each), SQLAlchemy's and Django's, together, since one may build on another, and
// rules files.
func readMarkup(ctx context.Context, models, rules []string) ([]*annotations.Markup, error) {
	return readMarkupChanged(ctx, models, rules, nil)
}

// readMarkupChanged is readMarkup as if some model files had other contents.
func readMarkupChanged(ctx context.Context, models, rules []string, changed []python.File) ([]*annotations.Markup, error) {
	databases, paths := make([]string, len(models)), make([]string, len(models))
	for i, arg := range models {
		databases[i], paths[i] = splitModels(arg)
	}
	var all []*annotations.Markup
	if len(models) > 0 {
		var err error
		if all, err = python.ReadChanged(ctx, paths, changed, sqlalchemy.New(), django.New()); err != nil {
			return nil, err
		}
	}
	for i, database := range databases {
		if database != "" {
			all[i].SetDatabase(database)
		}
	}
	for _, path := range rules {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		m, err := annotations.ReadRules(path, data)
		if err != nil {
			return nil, fmt.Errorf("read rules: %w", err)
		}
		all = append(all, m)
	}
	return all, nil
}

// splitModels splits DATABASE=PATH. A path that exists as it is has no database in front.
func splitModels(arg string) (database, path string) {
	if _, err := os.Stat(arg); err == nil {
		return "", arg
	}
	if database, path, ok := strings.Cut(arg, "="); ok && !strings.ContainsAny(database, "/.") {
		return database, path
	}
	return "", arg
}

// warn prints the problems that do not stop a run.
func warn(w io.Writer, problems annotations.Problems) {
	for _, p := range problems {
		if p.Severity == annotations.Warning {
			fmt.Fprintf(w, "warning: %v\n", p)
		}
	}
}

// printUndecided lists the columns that nobody decided about.
func printUndecided(w io.Writer, entries []annotations.Entry) {
	rows := make([][]string, 0, len(entries))
	for _, e := range entries {
		rows = append(rows, []string{qualified(e.Database, e.Table), e.Column, e.Type})
	}
	fmt.Fprintln(w, "Undecided columns:")
	command.Table(w, []string{"table", "column", "type"}, rows)
}

// unacknowledged leaves out the literals that somebody reviewed. An acknowledgement that meets nothing is warned about.
func unacknowledged(w io.Writer, literals []scrub.Literal, markups []*annotations.Markup) []scrub.Literal {
	reviewed := map[string]bool{}
	for _, m := range markups {
		for _, a := range m.Acknowledged {
			reviewed[a.Object] = true
			if !slices.ContainsFunc(literals, func(l scrub.Literal) bool { return l.Object == a.Object }) {
				fmt.Fprintf(w, "warning: %v: %q is acknowledged, but has no literals that need it%s\n", a.Position, a.Object, meant(a.Object, literals))
			}
		}
	}
	return slices.DeleteFunc(literals, func(l scrub.Literal) bool { return reviewed[l.Object] })
}

// meant suggests the definition that an acknowledgement may be for: the one of that name with its database in front, which a dump
// of mydumper's names always, or one with a name like it.
func meant(object string, literals []scrub.Literal) string {
	var names []string
	for _, l := range literals {
		if strings.HasSuffix(l.Object, "."+object) {
			return fmt.Sprintf("; did you mean %q?", l.Object)
		}
		names = append(names, l.Object)
	}
	return command.Suggest(object, names)
}

// printLiterals lists the definitions that write out literals.
func printLiterals(w io.Writer, literals []scrub.Literal) {
	rows := make([][]string, 0, len(literals))
	for _, l := range literals {
		rows = append(rows, []string{l.Object, l.Where})
	}
	fmt.Fprintln(w, "Literals in definitions, which no treatment of rows reaches:")
	command.Table(w, []string{"object", "where"}, rows)
}

func qualified(database, name string) string {
	if database == "" {
		return name
	}
	return database + "." + name
}
