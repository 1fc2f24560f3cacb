// Package server runs private MariaDB (or MySQL) servers that nobody else
// can reach and that leave nothing behind.
//
// # Terms
//
//   - a *server* is one process, listening only on a unix socket, with a
//     *home* of its own: data directory, temporary directory, directory for
//     FIFOs, empty plugin directory, error log;
//   - the *template* is the data directory that bootstrapping makes. It is made
//     once for each exact version of the server program, kept in a cache
//     directory that the caller names, and copied for every server;
//   - an *account* is a user of the server that reaches one database only.
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
// through SQL in the FIFO directory only, and no plugin can be loaded.
//
// MySQL gets flags of its own and is not tested here.
package server
