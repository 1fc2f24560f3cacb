package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
)

// Name is the report's file name.
const Name = "report.json"

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

// Write puts the report into dir as report.json, which appears complete or not at
// all, and returns its path.
func (r *Report) Write(dir string) (path string, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", fmt.Errorf("write report: %w", err)
	}
	f, err := os.CreateTemp(dir, ".report-*")
	if err != nil {
		return "", fmt.Errorf("write report: %w", err)
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	err = errors.Join(r.Encode(f), f.Chmod(0o644), f.Sync(), f.Close())
	if err != nil {
		return "", fmt.Errorf("write report: %w", err)
	}
	path = filepath.Join(dir, Name)
	if err = os.Rename(f.Name(), path); err != nil {
		return "", fmt.Errorf("write report: %w", err)
	}
	return path, syncDir(dir)
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
