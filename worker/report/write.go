package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// The names of the files that Write makes.
const (
	Name      = "report.json"
	HTMLName  = "report.html"
	TextName  = "report.txt"
	IndexName = "index.html"
)

// Encode writes the report as JSON, indented.
func (r *Report) Encode(w io.Writer) error {
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	if err := e.Encode(r); err != nil {
		return fmt.Errorf("encode report: %w", err)
	}
	return nil
}

// Write puts report.json, report.html, report.txt and index.html into dir, where the
// logs are, and returns the path of report.json. Each file appears complete or
// not at all, the index last, so that a page that waits for the report finds all of
// it. report.html has what the logs hold now.
func (r *Report) Write(dir string) (path string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("write report: %w", err)
	}
	x, err := r.render(dir)
	if err != nil {
		return "", err
	}
	comment := func(w io.Writer) error {
		_, err := io.WriteString(w, r.Comment())
		return err
	}
	for _, file := range []struct {
		name  string
		write func(io.Writer) error
	}{{Name, r.forReaders().Encode}, {HTMLName, x.html}, {TextName, comment}} {
		if err := writeFile(filepath.Join(dir, file.name), file.write); err != nil {
			return "", err
		}
	}
	return filepath.Join(dir, Name), WriteIndex(dir, Index{report: x})
}

// forReaders is the report as it is published: without the paths of this machine,
// which say nothing to readers elsewhere. One that is not published is as it is.
func (r *Report) forReaders() *Report {
	if r.URL == "" {
		return r
	}
	out := *r
	pathless := func(run *Run) *Run {
		if run == nil {
			return nil
		}
		less := *run
		less.Log = ""
		return &less
	}
	out.Environment, out.Script = pathless(r.Environment), pathless(r.Script)
	out.Datasets = slices.Clone(r.Datasets)
	for i := range out.Datasets {
		d := &out.Datasets[i]
		d.Log, d.First, d.Base = "", pathless(d.First), pathless(d.Base)
	}
	return &out
}

// writeFile makes a file that appears complete or not at all.
func writeFile(path string, write func(io.Writer) error) (err error) {
	dir := filepath.Dir(path)
	f, err := os.CreateTemp(dir, ".report-*")
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = errors.Join(write(f), f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	if err = os.Rename(f.Name(), path); err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return syncDir(dir)
}

// syncDir makes the rename last.
func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("write report: %w", err)
	}
	return errors.Join(d.Sync(), d.Close())
}

// ShellQuote writes a word so that a shell reads it as it is.
func ShellQuote(word string) string {
	safe := func(c rune) bool {
		return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || strings.ContainsRune("-_./:@=+,", c)
	}
	if word != "" && strings.IndexFunc(word, func(c rune) bool { return !safe(c) }) < 0 {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}
