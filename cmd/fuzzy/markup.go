package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/sqlalchemy"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

func rulesFlag() cli.Flag {
	return &cli.StringSliceFlag{Name: "rules", Usage: "YAML `FILE` of rules; takes precedence over models; may be repeated"}
}

// readMarkup reads models ([DATABASE=]PATH each) and rules files.
func readMarkup(ctx context.Context, models, rules []string) ([]*annotations.Markup, error) {
	var all []*annotations.Markup
	for _, arg := range models {
		database, path := splitModels(arg)
		m, err := sqlalchemy.Read(ctx, []string{path})
		if err != nil {
			return nil, fmt.Errorf("read models: %w", err)
		}
		if database != "" {
			m.SetDatabase(database)
		}
		all = append(all, m)
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

// undecidedError lists the columns that nobody decided about.
func undecidedError(stderr io.Writer, entries []annotations.Entry, hint string) error {
	rows := make([][]string, 0, len(entries))
	for _, e := range entries {
		rows = append(rows, []string{qualified(e.Database, e.Table), e.Column, e.Type})
	}
	fmt.Fprintf(stderr, "%d undecided columns:\n", len(entries))
	command.Table(stderr, []string{"table", "column", "type"}, rows)
	return &command.Error{
		Status: command.ExitVerdict,
		Err:    fmt.Errorf("policy gap: %d columns are undecided, nothing was written", len(entries)),
		Hint:   hint,
	}
}

func qualified(database, name string) string {
	if database == "" {
		return name
	}
	return database + "." + name
}
