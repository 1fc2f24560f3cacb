// Package server runs private MariaDB (or MySQL) servers that nobody else
// can reach and that leave nothing behind.
//
// # Terms
//
//   - a *server* is one process, listening only on a unix socket, with a
//     *home* of its own: data directory, temporary directory, directory for
//     FIFOs, empty plugin directory, error log, slow log;
//   - the *template* is the data directory that bootstrapping makes. It is made
//     once for each exact version of the server program, kept in a cache
//     directory that the caller names, and copied for every server;
//   - an *account* is a user of the server that reaches one database only, and
//     may drop that and make it again.
//
// # Life
//
// [Find] looks for the programs, [Start] makes a home, fills it from the
// template, starts the program and returns when it answers. [Server.Stop] shuts
// it down cleanly and keeps its data directory, [Server.Kill] ends it at once,
// and [Server.Close] ends it and removes its home.
//
// A server never outlives the process that started it: on Linux the kernel kills
// it with its parent, however the parent ends. The home of a server whose parent
// was killed is removed by the next [Reap]; a lock that the parent holds tells
// the living from the dead, so that reaping is safe at any time.
//
// # Safety
//
// The server is tuned for data that can be made again: it does not wait for the
// disk, and after a power cut the home is worthless. The administrator's
// password is random and known to this process only, files are read and written
// through SQL in the FIFO directory only, a table's DATA DIRECTORY is ignored,
// and no plugin can be loaded.
//
// # Counting rows
//
// [Server.Counters] are totals; what happened between two calls is their
// difference, whoever did it. On MariaDB 10.6 and later, measured with 10.11:
//
//   - changed is Handler_write + Handler_update + Handler_delete: exact for
//     INSERT, UPDATE and DELETE of n rows, INSERT … SELECT, LOAD DATA, and for
//     ALTER TABLE with ALGORITHM=COPY, which writes every row of the table once;
//   - counted though nothing changes: an UPDATE to the value that is there, an
//     INSERT IGNORE of a row that is there, what is rolled back, rows of temporary
//     tables that a statement names. REPLACE and ON DUPLICATE KEY UPDATE of a row
//     that is there count 2: tried, then updated;
//   - twice: rows of partitioned tables, by the table and by the partition;
//   - not counted: rows that foreign keys delete or update in other tables (ON
//     DELETE CASCADE); ALTER TABLE in place or at once; TRUNCATE; DROP;
//   - read is Rows_read: rows that were found in tables. A scan of n rows counts
//     n, a range often one more, to see its end, and a key looked up in vain 0. Temporary
//     tables, the server's own and named ones, and information_schema do not count.
//
// Servers that have Innodb_rows_…, MySQL and MariaDB before 10.6, are asked for
// these: changed is inserted + updated + deleted.
//
// MySQL gets flags of its own and is not tested here.
package server
