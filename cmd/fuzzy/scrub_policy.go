package main

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

// decide surveys the dump and resolves the policy; a gap ends the run.
func (r *scrubRun) decide(src scrub.Source, markups []*annotations.Markup, undecided annotations.Undecided) error {
	bar := command.NewProgress(r.stderr, r.terminal, "checking", src.SizeBytes())
	survey, err := scrub.ReadSurvey(r.c.Context, src, bar.Set)
	bar.Done()
	if err != nil {
		return err
	}
	r.survey = survey
	tables := make([]annotations.DumpTable, 0, len(survey.Tables))
	for _, d := range survey.Tables {
		tables = append(tables, annotations.DumpTable{Database: d.Database, Table: d.Table})
	}
	markups = append(markups, annotations.FromDDL(tables))
	r.resolution, err = annotations.Resolve(tables, markups, annotations.Options{Undecided: undecided})
	if err != nil {
		return err
	}
	warn(r.stderr, r.resolution.Problems)
	if err := r.writeRules(); err != nil {
		return err
	}
	if err := r.gaps(markups, undecided); err != nil {
		return err
	}
	return r.compile()
}

// gaps lists all that nobody decided: columns, and literals in definitions.
func (r *scrubRun) gaps(markups []*annotations.Markup, undecided annotations.Undecided) error {
	columns := r.resolution.Undecided()
	if undecided != annotations.Fail {
		columns = nil
	}
	literals := unacknowledged(r.stderr, r.survey.Literals(r.resolution.Policy), markups)
	if len(columns)+len(literals) == 0 {
		return nil
	}
	var what, hints []string
	if n := len(columns); n > 0 {
		printUndecided(r.stderr, columns)
		what = append(what, command.Count(n, "undecided column"))
		if path := r.c.String("write-rules"); path != "" {
			hints = append(hints, fmt.Sprintf("Fill in %s and give it with --rules.", path))
		} else {
			hints = append(hints, "Mark columns in the models, or write a stub with --write-rules rules.yaml, fill it in and give it with --rules.")
		}
	}
	if n := len(literals); n > 0 {
		printLiterals(r.stderr, literals)
		what = append(what, command.Count(n, "definition")+" with literals that may be somebody's data")
		hints = append(hints, "Review the literals; then say why they are nobody's data in a rules file: 'acknowledge: {OBJECT: reason}'.")
	}
	return &command.Error{
		Status: command.ExitVerdict,
		Err:    fmt.Errorf("policy gap: %s; nothing was scrubbed", strings.Join(what, ", ")),
		Hint:   strings.Join(hints, "\n"),
	}
}

// compile makes the anonymizer and has it prepare every table, so that a treatment that cannot be carried out ends the run before a
// row is read: all of them are said.
func (r *scrubRun) compile() (err error) {
	r.anonymizer, err = anonymize.New(r.key, r.resolution.Policy, anonymize.WithRandom(r.random))
	if err != nil {
		return err
	}
	for _, d := range r.survey.Tables {
		rows, tableErr := r.anonymizer.Rows(d.Database, d.Table)
		err = errors.Join(err, tableErr)
		if tableErr == nil {
			r.unchecked = append(r.unchecked, rows.Unchecked()...)
		}
	}
	_, rowsErr := r.anonymizer.Selection(r.survey.Sources())
	return errors.Join(err, rowsErr)
}

// writeRules writes the stub that --write-rules asks for. It never overwrites: a filled-in file is work.
func (r *scrubRun) writeRules() error {
	path := r.c.String("write-rules")
	if path == "" {
		return nil
	}
	var stub bytes.Buffer
	if err := r.resolution.WriteStub(&stub); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if errors.Is(err, fs.ErrExist) {
		return &command.Error{
			Status: command.ExitFailed, Err: fmt.Errorf("write rules: %w", err),
			Hint: "A file of rules is never overwritten: give this one with --rules, or choose another name for --write-rules.",
		}
	}
	if err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	_, err = f.Write(stub.Bytes())
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(path) //nolint:errcheck // the first error is the one to report
		return fmt.Errorf("write rules: %w", err)
	}
	return nil
}
