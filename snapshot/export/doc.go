// Package export writes a snapshot as an SQL dump that the client of any MySQL or
// MariaDB loads, and that package mysqldump reads back.
//
// # Layout
//
// The dump has the layout of mysqldump: a header comment, the session's settings
// with the old ones kept in variables, tables and sequences, rows, the objects
// that come after the rows, the old settings, and "-- Dump completed" as last line.
//
//   - Each definition is preceded by the SET statements for the session that it
//     was written for.
//   - INSERTs are extended, about [Options.StatementBytes] long, and list their
//     columns, so that generated columns are left out. Binary values, BIT and
//     spatial values are in hexadecimal, everything else is a string in utf8mb4, or a
//     bare number.
//   - The session is strict: a value that the server would have to change stops
//     the load. Only statements with the empty error value of an ENUM are not.
//   - A snapshot of one database names none, and goes into the database that the
//     client selected. One of several creates and uses each by name.
//   - Nothing is dropped: loading into a database that has the tables fails.
//
// When an export fails after it has begun to write, the last line is one at which
// any client stops with an error.
//
// Statements are read with backslash escapes on, whatever the client's sql_mode
// was, since the dump sets it. A trigger, routine, event or view whose session
// had NO_BACKSLASH_ESCAPES is written under that mode.
package export
