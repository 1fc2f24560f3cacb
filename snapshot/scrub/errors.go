package scrub

import "fmt"

// RowError says which value of a dump could not be carried over. It never holds the value.
type RowError struct {
	Database, Table string
	Column          string // "" when the row as a whole is meant
	Offset          int64  // of the block of rows, in bytes from the start of the decompressed dump
	Row             int64  // ordinal in its statement, from 1
	Err             error
}

func (e *RowError) Error() string {
	name := e.Table
	if e.Database != "" {
		name = e.Database + "." + name
	}
	if e.Column != "" {
		return fmt.Sprintf("table %s, statement near offset %d, row %d, column %s: %v", name, e.Offset, e.Row, e.Column, e.Err)
	}
	return fmt.Sprintf("table %s, statement near offset %d, row %d: %v", name, e.Offset, e.Row, e.Err)
}

// Unwrap returns what is wrong with the value.
func (e *RowError) Unwrap() error { return e.Err }
