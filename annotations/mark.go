package annotations

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// A Source says where a mark was written. Sources are ordered: a later one takes precedence over an earlier one.
type Source int

// The sources, weakest first.
const (
	DDL    Source = iota // COMMENT 'confidential: KIND' in the dump
	Models               // beside the model, in its source code
	Rules                // a file of YAML rules
)

// String gives the word for the source that listings and policies use as the origin of a decision.
func (s Source) String() string {
	switch s {
	case DDL:
		return "ddl"
	case Models:
		return "models"
	case Rules:
		return "rules"
	}
	return fmt.Sprintf("source %d", int(s))
}

// A Mark says how the values of one column, or of all columns that a pattern matches, are treated.
type Mark struct {
	Database string // "" for every database
	Table    string // exact name, or in rules a pattern as path.Match reads it
	Column   string // exact name (in any case), in rules also a pattern; "*" for every other column
	Spec     Spec
	Reason   string // why, in the words of whoever wrote the mark
	Override bool   // rules only: may weaken what a model says
	// Inherited says that a model has the mark from a base class, whose other models may lack the column.
	Inherited bool
	Position  Position
	Source    Source
}

// where names the mark for an error message.
func (m Mark) where() string { return place(m.Source, m.Position, m.Table, m.Column) }

// A RowsMark says which rows of a table are kept.
type RowsMark struct {
	Database string // "" for every database
	Table    string // as in Mark
	Spec     RowsSpec
	Reason   string
	Override bool
	Position Position
	Source   Source
}

func (m RowsMark) where() string { return place(m.Source, m.Position, m.Table, "") }

func place(s Source, p Position, table, column string) string {
	if p.File != "" {
		return p.String()
	}
	if column == "" {
		return fmt.Sprintf("%s of %s", s, table)
	}
	return fmt.Sprintf("%s of %s.%s", s, table, column)
}

// Markup is what one source, or several of the same kind, say about columns.
type Markup struct {
	Source Source
	// Database is what SetDatabase limited it to, or "".
	Database string
	Marks    []Mark
	Rows     []RowsMark
	Tables   []ModelTable // the tables that models declare, sorted by name
	// Beside are tables of other packages that foreign keys of Tables refer to: what is decided about them is followed, and not
	// listed.
	Beside   []ModelTable
	Problems Problems // what was found but could not be read for certain
	// Acknowledged are the definitions whose literals were reviewed; rules only.
	Acknowledged []Acknowledgement
}

// An Acknowledgement says that the literals that a definition writes out are nobody's data.
type Acknowledgement struct {
	Object   string // "table.column" or the name of a view, trigger, routine or event
	Reason   string
	Position Position
}

// SetDatabase limits every mark and table that names no database to the named one, as --models DATABASE=PATH asks.
func (m *Markup) SetDatabase(database string) {
	m.Database = database
	for i := range m.Marks {
		m.Marks[i].Database = cmp.Or(m.Marks[i].Database, database)
	}
	for i := range m.Rows {
		m.Rows[i].Database = cmp.Or(m.Rows[i].Database, database)
	}
	for _, tables := range [][]ModelTable{m.Tables, m.Beside} {
		for i := range tables {
			tables[i].Database = cmp.Or(tables[i].Database, database)
		}
	}
}

// Severity tells a problem that stops a run from one that is only worth knowing.
type Severity int

const (
	// Warning is worth knowing and loses no markup.
	Warning Severity = iota
	// Error means that markup is wrong or could be lost: nothing may be scrubbed.
	Error
)

// String gives "warning" or "error".
func (s Severity) String() string {
	if s == Error {
		return "error"
	}
	return "warning"
}

// A Problem is a remark about markup, at its position. It never holds a value from a dump.
type Problem struct {
	Position Position
	Severity Severity
	Msg      string
	// Unresolved says that something of a model could not be worked out, so that tables, columns or foreign keys that it has
	// may be missing: whoever checks that every column is decided cannot say yes.
	Unresolved bool
}

// Error gives "models.py:12: message", or the message alone when there is no position.
func (p Problem) Error() string {
	if p.Position.File == "" {
		return p.Msg
	}
	return p.Position.String() + ": " + p.Msg
}

// Problems is every mistake found in one go, as an error.
type Problems []Problem

// Error gives one line for each problem.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i := range p {
		lines[i] = p[i].Error()
	}
	return strings.Join(lines, "\n")
}

// Sort orders the problems by file, line and text.
func (p Problems) Sort() {
	slices.SortStableFunc(p, func(a, b Problem) int {
		return cmp.Or(
			cmp.Compare(a.Position.File, b.Position.File),
			cmp.Compare(a.Position.Line, b.Position.Line),
			cmp.Compare(a.Msg, b.Msg))
	})
}

// Errors gives the problems that stop a run, or nil.
func (p Problems) Errors() Problems {
	var errs Problems
	for _, q := range p {
		if q.Severity == Error {
			errs = append(errs, q)
		}
	}
	return errs
}

// Unresolved gives the problems that say what of the models could not be worked out.
func (p Problems) Unresolved() Problems {
	var found Problems
	for _, q := range p {
		if q.Unresolved {
			found = append(found, q)
		}
	}
	return found
}

// err gives the problems that stop a run as an error, or nil when there is none.
func (p Problems) err() error {
	if errs := p.Errors(); len(errs) > 0 {
		return errs
	}
	return nil
}
