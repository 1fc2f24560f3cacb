package annotations

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strings"
)

// WriteStub writes a file of rules that lists every undecided column, with its type as a comment, for somebody to fill in
// the kinds. A column whose foreign key refers to another undecided one is only mentioned: it follows that. Rules with
// kinds that are not filled in are refused by ReadRules, each with its line.
func (r *Resolution) WriteStub(w io.Writer) error {
	undecided := r.Undecided()
	listed := make(map[string]bool, len(undecided))
	databases := make(map[string]bool) // of the whole dump: a rule that names none holds for all of them
	for _, e := range r.Entries {
		databases[e.Database] = true
	}
	for _, e := range undecided {
		listed[strings.TrimPrefix(e.Database+"."+e.Table+"."+e.Column, ".")] = true
	}
	s := &stubWriter{w: bufio.NewWriter(w), named: len(databases) > 1}
	s.line("# Fill in a kind for each column (fuzzy kinds lists them): public for one that may stay as it is.")
	s.line("# For a table none of whose rows are wanted, write rows: none in place of its columns.")
	for i, e := range undecided {
		var before Entry
		if i > 0 {
			before = undecided[i-1]
		}
		s.headings(i == 0, before, e)
		if target, ok := strings.CutPrefix(e.Reason, "follows "); ok && listed[target] {
			s.line("%s      # %s: %s", s.indent, yamlKey(e.Column), e.Reason)
			continue
		}
		s.line("%s      %s:  # %s", s.indent, yamlKey(e.Column), strings.Map(printable, e.Type))
	}
	if len(undecided) == 0 {
		s.line("tables: {}")
	}
	if err := s.w.Flush(); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	return nil
}

// stubWriter remembers where in the file it is; errors stay in the buffered writer until it is flushed.
type stubWriter struct {
	w      *bufio.Writer
	named  bool // databases are told apart
	indent string
}

func (s *stubWriter) line(format string, args ...any) {
	_, _ = fmt.Fprintf(s.w, format+"\n", args...)
}

// headings opens the database and the table of an entry, where they differ from those of the entry before.
func (s *stubWriter) headings(first bool, before, e Entry) {
	newDatabase := first || before.Database != e.Database
	switch {
	case s.named && newDatabase:
		s.indent = "    "
		if first {
			s.line("databases:")
		}
		s.line("  %s:", yamlKey(e.Database))
		s.line("    tables:")
	case first:
		s.line("tables:")
	}
	if newDatabase || before.Table != e.Table {
		s.line("%s  %s:", s.indent, yamlKey(e.Table))
		s.line("%s    columns:", s.indent)
	}
}

// yamlKey writes a name as a key of YAML, quoted when it could be read as something else.
func yamlKey(name string) string {
	plain := regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_]*$`).MatchString(name)
	words := []string{"null", "true", "false", "yes", "no", "on", "off", "y", "n"}
	if plain && !slices.Contains(words, strings.ToLower(name)) {
		return name
	}
	quoted, err := json.Marshal(name)
	if err != nil {
		return name // never: text always marshals
	}
	return string(quoted)
}

// printable drops what would end a comment.
func printable(r rune) rune {
	if r < ' ' {
		return ' '
	}
	return r
}
