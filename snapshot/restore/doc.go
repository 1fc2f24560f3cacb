// Package restore puts a snapshot into a running private server, exactly or not
// at all.
//
// # Order
//
//  1. the collations that the definitions name are looked up, all of them;
//  2. the databases are created, with the character set and collation that the snapshot names, or else those that most of
//     its tables have: the dump of one database does not say;
//  3. objects of the stage "before": tables, sequences and their state;
//  4. rows: one LOAD DATA and one transaction per table, the biggest table first,
//     [Options.Jobs] tables at a time, from a FIFO and straight from the chunks;
//  5. every foreign key is checked by an anti-join over its distinct values;
//  6. objects of the stage "after": views, triggers, routines, events. A view
//     that needs something that does not exist yet is tried again after the others.
//
// Each object is created in the session that it was written for: sql_mode (an
// empty one is empty, not the server's default), client character set, collation
// of the connection, time zone. Rows are loaded in [rowtext.LoadSQLMode], in the
// time zone of the snapshot's provenance, with the checks of keys off that bulk
// loading needs off.
//
// # Nothing is lost silently
//
// A load fails on the first value that the server would have to change, on any
// warning, and when the number of rows differs from the snapshot's. Duplicates
// are found by the server even with its checks off, but under bulk insert only
// at COMMIT and without a name; the table is then loaded once more with the checks
// on, which names the index and the row. What cannot be as it was, such as an
// event whose time has passed, is listed in [Result.Notes].
//
// An ENUM can hold the empty error value, which no strict session takes. A table
// that is refused for what may be such a value is loaded again in a session that
// is not strict, and is accepted only when the number of the server's warnings
// is exactly the number of these values.
//
// # Databases
//
// A snapshot of one database is restored into the database that the caller
// names. A snapshot of several is restored under the databases' own names, or
// those that [Options.Databases] gives; names inside definitions (a foreign key to
// another database, a view across databases) are not rewritten, so databases
// that refer to each other keep their names.
//
// When a restore fails, every database that it filled is dropped; should even
// that fail, the error is [ErrUnusable].
//
// # Errors
//
// Messages of a server about rows quote values. They are translated by number
// into a [DataError], which has table, column, index and row only.
//
// Deliberately not here: restoring by DSN with LOAD DATA LOCAL, and images.
package restore
