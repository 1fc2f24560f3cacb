package main

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

// parseDiff checks the options of --diff. Originals go to a terminal only: what is piped or redirected ends in files and logs.
func (r *scrubRun) parseDiff() error {
	switch {
	case !r.c.Bool("diff"):
		if r.c.IsSet("table") || r.c.IsSet("rows") {
			return command.Usagef("--table and --rows belong to --diff")
		}
		return nil
	case !r.c.Bool("dry-run") || !r.c.IsSet("table"):
		return command.Usagef("--diff needs --dry-run and --table")
	case r.c.Int("rows") < 1:
		return command.Usagef("--rows must be 1 or more")
	case r.c.Bool("json") || !r.screen:
		return command.Usagef("--diff shows original values: it writes to a terminal only, not to a file or a pipe")
	}
	return nil
}

// diff shows the first rows of a table before and after.
func (r *scrubRun) diff(src scrub.Source) error {
	database, table, err := r.diffTable()
	if err != nil {
		return err
	}
	rows, err := scrub.Preview(r.c.Context, src, r.survey, scrub.Options{Anonymizer: r.anonymizer}, database, table, r.c.Int("rows"))
	if err != nil {
		return fmt.Errorf("show changes: %w", err)
	}
	for i, row := range rows {
		fmt.Fprintf(r.stdout, "row %d\n", i+1)
		for _, c := range row {
			fmt.Fprintf(r.stdout, "   %s: %s → %s\n", c.Column, spell(c.Before), spell(c.After))
		}
	}
	if len(rows) == 0 {
		fmt.Fprintln(r.stderr, "Nothing to show: the table has no rows that are kept, or no treated column.")
	}
	return nil
}

// diffTable finds the table that --table names.
func (r *scrubRun) diffTable() (database, table string, err error) {
	name := r.c.String("table")
	var names []string
	for _, d := range r.survey.Tables {
		if name == qualified(d.Database, d.Table.Name) {
			return d.Database, d.Table.Name, nil
		}
		names = append(names, qualified(d.Database, d.Table.Name))
	}
	return "", "", command.Usagef("the dump has no table %q%s", name, command.Suggest(name, names))
}

// maxShown is how much of a value is shown.
const maxShown = 200

// spell quotes a value, so that nothing in it reaches the terminal as a command.
func spell(v anonymize.Value) string {
	if v.Null {
		return "NULL"
	}
	text := fmt.Sprintf("%q", v.Bytes)
	if len(text) > maxShown {
		text = strings.ToValidUTF8(text[:maxShown], "") + "…"
	}
	return text
}
