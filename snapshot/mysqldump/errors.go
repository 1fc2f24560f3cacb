package mysqldump

import (
	"errors"
	"fmt"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// ErrTruncated says that the input ends in the middle of a statement, or before the end
// that its beginning announced. It is wrapped in a *SyntaxError.
var ErrTruncated = errors.New("the dump is truncated")

// ErrNotDump says that the input does not start like SQL that a dump has, or holds no
// statement at all. It is wrapped in a *SyntaxError.
var ErrNotDump = errors.New("not an SQL dump")

// ErrTooLong says that a row or a statement without rows is longer than MaxUnitBytes.
// It is wrapped in a *SyntaxError.
var ErrTooLong = errors.New("longer than max_allowed_packet can be (1 GiB)")

// SyntaxError says where a dump could not be read. It names the table and the
// row, and never shows a value.
type SyntaxError struct {
	// File is set by who reads a dump of several files: Offset and Line are then of its
	// text, or -1 and 0 when they are not known. A Reader leaves it empty.
	File string
	// Offset is in bytes from the start of the (decompressed) input; Line counts
	// from 1. Both tell where the statement or row starts.
	Offset int64
	Line   int
	// Statement is the kind of the statement; Table its table, "" when unknown.
	Statement string
	Table     string
	// Row is the ordinal of the row in its statement, from 1; 0 outside rows.
	Row int64
	Msg string
	// Err is one of this package's sentinel errors, or nil.
	Err error
}

// Error implements error.
func (e *SyntaxError) Error() string {
	where := "read dump: "
	if e.File != "" {
		where = "read " + e.File + ": "
	}
	switch {
	case e.Line > 0:
		where += fmt.Sprintf("line %d, offset %d", e.Line, e.Offset)
	case e.Offset >= 0:
		where += fmt.Sprintf("offset %d", e.Offset)
	default:
		where = strings.TrimSuffix(where, ": ")
	}
	if e.Statement != "" {
		where += ", " + e.Statement
	}
	if e.Table != "" {
		where += " " + ddl.ShownName(e.Table)
	}
	if e.Row > 0 {
		where += fmt.Sprintf(", row %d", e.Row)
	}
	switch {
	case e.Err == nil:
		return where + ": " + e.Msg
	case e.Msg == "":
		return where + ": " + e.Err.Error()
	}
	return where + ": " + e.Err.Error() + ": " + e.Msg
}

// Unwrap returns the sentinel error, or nil.
func (e *SyntaxError) Unwrap() error { return e.Err }

// Hint says what to do about an input that is no dump, or not a whole one; "" for all else.
func (e *SyntaxError) Hint() string {
	switch {
	case errors.Is(e.Err, ErrNotDump):
		return "A dump is SQL that mysqldump or mariadb-dump wrote (not --xml, not --tab), plain or compressed, or a directory that mydumper wrote."
	case errors.Is(e.Err, ErrTruncated):
		return "Take the dump again, and look at the exit status of the program that writes it."
	}
	return ""
}
