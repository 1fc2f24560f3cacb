// Package gearman does jobs for Gearman servers: the worker's side of the Gearman
// protocol (gearman.org/protocol), and the little of the client's side that tools
// need.
//
// Its terms are Gearman's:
//
//   - a *server* keeps queues of jobs: gearmand, or the one inside Zuul 2, which is
//     the Python library gear;
//   - a *client* submits a *job*: the name of a *function*, a *unique* (the
//     client's name for the job) and a *payload*, which is opaque;
//   - a *worker* offers functions and asks for jobs. It may send data, warnings and
//     statuses for a job, and then one *answer*: complete, fail or exception;
//   - a *handle* is the server's name for a job.
//
// # A worker
//
// A Worker keeps one connection to each of its servers, and each connection goes
// through this, as long as it lives and the worker is not draining:
//
//	say who we are (SET_CLIENT_ID), offer the functions (CAN_DO), wait for an answer (see below)
//	for {
//	    take a slot                      // the bound on jobs at once, over all servers
//	    ask for a job (GRAB_JOB_UNIQ)
//	    a job:  start its handler, which has the slot until it returns
//	    NO_JOB: give the slot back, say that we sleep (PRE_SLEEP), wait for NOOP
//	}
//
// Handlers run beside that, and share the connection: what they send is written in
// whole packets, in turn.
//
// Functions that must be served while all slots are busy, such as Zuul's stop:, need
// a Worker of their own, with slots of their own.
//
// When a connection is lost its jobs are over, for the server gives them to
// somebody else at once: their contexts end, and nothing they send goes anywhere,
// least of all over the next connection. A connection is lost when the server
// closes it, sends what is not Gearman or what is too long, takes no bytes for
// WriteTimeout, or sends none for ReplyTimeout when something was asked; it is
// asked every KeepAlive. The worker connects again, with pauses that grow.
//
// Drain ends the asking. A job that is on its way already is done. As soon as no
// job of a function runs, the function is taken back (CANT_DO), and when the last
// job has ended, the server is asked something once more: its answer proves that
// it has read all of ours, and the connection is closed.
//
// # What servers do
//
// Each of these was measured, or read in the server's source:
//
//   - gear answers no ECHO_REQ. Both servers answer GET_STATUS, even for a job that
//     does not exist: that is what the worker asks to hear whether the server is
//     there.
//   - gear knows neither CAN_DO_TIMEOUT nor OPTION_REQ: the worker sends only what
//     it knows.
//   - gearmand gives a job that runs to another worker when its function is taken
//     back, and refuses the first worker's answer.
//   - gearmand ends the handle in the WORK_FAIL that it makes of an exception with
//     a NUL byte.
//   - gearmand tells the client of a job that is cancelled by an administrator that
//     it failed, even if it runs on; the worker is not told.
//   - gearmand in Debian 12 takes --ssl without a complaint and then speaks plain
//     text. Old releases of gear accept TLS 1.0 only, which this package refuses.
//
// # Why not gearman-go
//
// The worker of github.com/mikespook/gearman-go loses and corrupts jobs in ways
// that cannot be wrapped: it does not serialize what it sends, never hands over a
// job that came in one segment with a NOOP, cannot stop asking for jobs, knows no
// TLS. Its client has no TLS and no contexts either, never tells of a job whose
// connection was lost (it connects again and forgets), copies all that it has of a
// packet for every 8 KiB more (8 MB arrive; 32 MB had not after a minute), and
// takes its ids from a global. Submit is therefore written on our own packets. In
// tests gearman-go is the foreign client that must see the right packets, and its
// worker stands beside ours in the benchmark.
//
// This package is not a general library: it has no CAN_DO_TIMEOUT, no reducers, no
// scheduled jobs and no load balancing over servers for clients.
package gearman
