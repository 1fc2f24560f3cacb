package main

import (
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

// scrubJSON is scrub's JSON.
type scrubJSON struct {
	Reference      string               `json:"reference,omitempty"`
	Digest         string               `json:"digest,omitempty"`
	Tables         []scrub.TableSummary `json:"tables"`
	Rows           int64                `json:"rows"`
	Columns        map[string]int       `json:"columns"`
	KeyFingerprint string               `json:"key_fingerprint"`
	RandomKey      bool                 `json:"random_key"`
	Unsafe         bool                 `json:"unsafe"`
	DryRun         bool                 `json:"dry_run"`
	Warnings       []string             `json:"warnings"`
	Duration       float64              `json:"duration_seconds"`
}

// finish says what was done.
func (r *scrubRun) finish(summary scrub.Summary, ref, digest string) error {
	out := scrubJSON{
		Reference: ref, Digest: digest, Tables: summary.Tables, Rows: summary.Rows, Columns: map[string]int{},
		RandomKey: r.randomKey, Unsafe: r.resolution.Unsafe(), DryRun: ref == "" && !r.sql, Warnings: []string{},
		Duration: r.now().Sub(r.started).Seconds(),
	}
	if out.DryRun {
		for _, d := range r.survey.Tables {
			out.Tables = append(out.Tables, scrub.TableSummary{Database: d.Database, Name: d.Table.Name})
		}
	}
	if !r.randomKey {
		out.KeyFingerprint = r.key.Fingerprint()
	}
	for _, e := range r.resolution.Entries {
		switch {
		case e.Column == "":
		case e.Origin == annotations.OriginFlag && e.Status == anonymize.Public.String():
			out.Columns[anonymize.Undecided.String()]++ // and kept
		default:
			out.Columns[e.Status]++
		}
	}
	for _, p := range r.resolution.Problems {
		out.Warnings = append(out.Warnings, p.Error())
	}
	for _, u := range r.unchecked {
		out.Warnings = append(out.Warnings, fmt.Sprintf("unique index %s is checked at restore only: %s", u.Name(), u.Reason))
	}
	few := r.anonymizer.FewValued()
	for _, c := range few {
		out.Warnings = append(out.Warnings, fmt.Sprintf("%s (%s) has fewer than %d different values: their pseudonyms hide little", c.ColumnRef, c.Kind, anonymize.FewValues))
	}
	if r.c.Bool("json") {
		return command.JSON(r.stdout, out)
	}
	r.printSummary(out)
	r.printUnchecked()
	r.printFewValued(few)
	return nil
}

func (r *scrubRun) printSummary(s scrubJSON) {
	if s.Reference != "" {
		fmt.Fprintln(r.stdout, s.Reference)
	}
	what := fmt.Sprintf("%s of %s pseudonymised", command.Count(int(s.Rows), "row"), command.Count(len(s.Tables), "table"))
	if s.DryRun {
		what = fmt.Sprintf("dry run: no rows were written; %s checked", command.Count(len(s.Tables), "table"))
	}
	fmt.Fprintf(r.stderr, "%s in %.1f s: %d columns treated, %d public\n", what, s.Duration, s.Columns["treated"], s.Columns["public"])
	if s.RandomKey && !s.DryRun {
		fmt.Fprintln(r.stderr, "A fresh random key was used and is gone now: pseudonyms of another run will differ. Give --key to keep them equal.")
	}
	if s.Unsafe {
		fmt.Fprintf(r.stderr, "UNSAFE: %s undecided and kept as they are. Do not publish this.\n", command.Count(s.Columns["undecided"], "column"))
	}
}

// printFewValued names the columns whose pseudonyms hide little, a line for each table.
func (r *scrubRun) printFewValued(few []anonymize.SmallColumn) {
	if len(few) == 0 {
		return
	}
	fmt.Fprintf(r.stderr, "Warning: %s with fewer than %d different values. Who knows how often a value occurs can tell its pseudonym:",
		command.Count(len(few), "treated column"), anonymize.FewValues)
	var of anonymize.ColumnRef // the table of the line
	for _, c := range few {
		column, table := c.Column, anonymize.ColumnRef{Database: c.Database, Table: c.Table}
		if table != of {
			of, column = table, "\n   "+c.ColumnRef.String()
		} else {
			column = ", " + column
		}
		fmt.Fprintf(r.stderr, "%s (%s)", column, c.Kind)
	}
	fmt.Fprintln(r.stderr)
}

// printUnchecked names the unique indexes that only a restore can check, in one warning.
func (r *scrubRun) printUnchecked() {
	if len(r.unchecked) == 0 {
		return
	}
	var names []string
	for _, u := range r.unchecked {
		names = append(names, fmt.Sprintf("%s (%s)", u.Name(), u.Reason))
	}
	fmt.Fprintf(r.stderr, "warning: only a restore can check that these unique indexes over treated columns hold: %s\n", strings.Join(names, ", "))
}
