package mysqldump

import "github.com/turbo-hipster/turbo-hipster/snapshot/ddl"

// Statement is one statement of a dump. It is valid until the reader's next
// call; what must live longer has to be copied.
type Statement struct {
	Kind Kind
	// Offset is where Text starts, in bytes from the start of the input. Line
	// is where SQL starts, from 1.
	Offset int64
	Line   int
	// Text is every byte from the end of the previous statement to the end of
	// this one, terminator included. For an Insert it ends before the first
	// row's parenthesis; for a Delimiter and a Sandbox with the end of the line.
	// Texts and the rows between them, concatenated, are the input.
	Text []byte
	// SQL is the statement alone: no blanks and plain comments before it, no
	// terminator. It is part of Text.
	SQL []byte
	// Database is the database that the object is in: what the name is
	// qualified with, or else the database in force; "" when the dump names
	// none.
	Database string
	// Name is the object: table, view, trigger, routine, event, sequence,
	// database; of a DROP or LOCK the first one; "" otherwise.
	Name string
	// Columns is the list of columns of an Insert, nil when it has none.
	Columns []string
	// Replace and Ignore say which kind of Insert it is.
	Replace, Ignore bool
	// Rows is of an InsertEnd: how many rows the statement had.
	Rows int64
	// Update is of an InsertEnd: what its ON DUPLICATE KEY UPDATE says.
	Update Update
	// StandIn: the CREATE TABLE or CREATE VIEW that a dump writes in place of a
	// view until all tables exist. It defines nothing that lasts.
	StandIn bool
	// Odd is of a Set: what it does that no dump program does, "" for nothing. It would do that wherever the dump is loaded.
	Odd string
	// Session is in force while the statement runs.
	Session Session
	// Table is the definition of a CreateTable. It shares no memory with Text.
	Table *ddl.Table
}

// Rows is a block of whole rows of one Insert. The caller owns it; NextRows
// reuses its memory. It may be handed to another goroutine.
type Rows struct {
	// Raw is the rows as written with what separates them: it starts with a
	// row's opening parenthesis, and ends with a closing one or, when more rows
	// follow, with the comma and blanks before the next.
	Raw []byte
	// Count is the number of rows.
	Count int
	// Offset is where Raw starts in the input, in bytes.
	Offset int64
	// First is the ordinal of the first row in its statement, from 1.
	First int64
	// Table is the statement's table, for messages.
	Table string
}
