// Package restore puts a snapshot into a running private server, exactly or not
// at all, or an SQL dump, as a client does it.
//
// # Order
//
// A snapshot is restored in this order:
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
// A snapshot's load fails on the first value that the server would have to change, on any
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
// # Dumps
//
// [Dump] loads the dump of one database as a client does: statement by statement, in one session, every INSERT whole
// and, but for the addresses below, byte for byte, under the sql_mode, character sets and checks that the dump sets. So what a client
// would let the server change under that sql_mode is changed here too; tables
// whose rows the server warned about are listed in [DumpResult.Notes].
//
// Otherwise than by a client:
//
//   - a dump has to be whole, and to be one: what [mysqldump.Reader] refuses is
//     refused, such as UPDATE, INSERT … SELECT, LOAD DATA, GRANT, commands of the client;
//   - rows are committed by the table, not by the statement;
//   - what the dump calls its database does not matter. CREATE DATABASE, DROP
//     DATABASE and USE are not run; the database gets the defaults that CREATE DATABASE names, or else those of most
//     tables, and ALTER DATABASE is rewritten. A second database in a dump is a [SeveralDatabasesError];
//     names inside definitions are not rewritten, as in snapshots;
//   - DEFINER clauses are left out: the account that loads is the definer, so
//     that triggers and views of users that only production has work;
//   - in a dump made with --default-character-set=binary, which a server does not take back whole, UUID, INET4, INET6 and what a
//     definition has beyond ASCII are marked as the text that they are, so that they become what they were;
//   - SET of global variables and of the binary log, FLUSH, what concerns
//     replication, and what Percona Server's program prepares are left out.
//
// A dump is a program. It runs as the account that it is loaded for, never as the
// administrator: it can do there what a migration can, fill the database, wait,
// define triggers that run during the build, and reaches no other database, no
// file and no setting of the server. One that needs more, such as a view of
// another database, fails.
//
// # Errors
//
// Messages of a server about rows quote values. They are translated by number
// into a [DataError], which has table, column, index and row only. Messages about
// definitions are shown, but for the text that a syntax error quotes.
//
// Deliberately not here: restoring by DSN with LOAD DATA LOCAL, and images.
package restore
