package scrub

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// RowError says which value of a dump could not be carried over. It never holds the value.
type RowError struct {
	File            string // of a dump of several files; Offset is then within it
	Database, Table string
	Column          string // "" when the row as a whole is meant
	Offset          int64  // of the block of rows, in bytes from the start of the decompressed dump
	Row             int64  // ordinal in its statement, from 1
	Err             error
}

func (e *RowError) Error() string {
	where := "table " + e.Table
	if e.Database != "" {
		where = "table " + e.Database + "." + e.Table
	}
	if e.File != "" {
		where += ", file " + e.File
	}
	where += fmt.Sprintf(", statement near offset %d, row %d", e.Offset, e.Row)
	if e.Column != "" {
		where += ", column " + e.Column
	}
	return where + ": " + e.Err.Error()
}

// Unwrap returns what is wrong with the value.
func (e *RowError) Unwrap() error { return e.Err }

// InFile completes an error of reading text, which a Source opened: where the dump has several files, the position is given within one
// of them. It returns err.
func InFile(text io.Reader, err error) error {
	t, ok := text.(interface {
		Place(offset int64, line int) (file string, inFile int64, lineInFile int)
	})
	if !ok || err == nil {
		return err
	}
	var syntax *mysqldump.SyntaxError
	var row *RowError
	switch {
	case errors.As(err, &syntax) && syntax.File == "":
		syntax.File, syntax.Offset, syntax.Line = t.Place(syntax.Offset, syntax.Line)
	case errors.As(err, &row) && row.File == "":
		row.File, row.Offset, _ = t.Place(row.Offset, 0)
		if other, ok := errors.AsType[*CollisionError](err); ok {
			other.File, other.Offset, _ = t.Place(other.Offset, 0)
		}
	}
	return err
}

// CollisionError says that two rows that differ would come out equal to a unique index.
type CollisionError struct {
	Index   string
	Columns []string
	// File and Offset are where the block with the other row is, as in RowError.
	File   string
	Offset int64
}

func (e *CollisionError) Error() string {
	where := fmt.Sprintf("near offset %d", e.Offset)
	if e.File != "" {
		where += " of file " + e.File
	}
	return fmt.Sprintf("unique index %s (%s): the pseudonym is equal to that of another row, %s; mark a column of the index otherwise "+
		"(public, null, or secret if it is long), give it a _bin collation, or take another key", e.Index, strings.Join(e.Columns, ", "), where)
}
