// Package report tells people, and programs, the result of a build.
//
// Its terms:
//
//   - the *report* is everything that is told of a build that came to a verdict;
//   - an *excerpt* is what of a log is in the page: all of it, or, of a long one,
//     its head, its tail and what is near findings and starts of steps;
//   - an *anchor* names a place of the page: d0-L123 is line 123 of the first
//     dataset's log, d0-s3 the fourth step in it, d0 the dataset itself;
//   - *advice* is what a finding's code means and what to do about it.
//
// Write makes these files in the build's output directory, beside the logs. Each
// appears complete or not at all:
//
//	report.json   for programs: a contract (docs/JSON.md)
//	report.html   for people: one file that loads nothing
//	report.txt    the review comment, a few lines
//	index.html    the verdict in short, and links to everything that is there
//
// WriteIndex writes index.html for a build that runs still, or that came to no
// verdict. Table is the report for a terminal.
//
// In the JSON, keys are added, never renamed or given another meaning without a
// new schema number. Durations are in seconds, times in RFC 3339. It holds no
// password, and no value of a database other than what the migration command
// itself prints (output_tail, tool_error).
//
// # What may be hostile
//
// Everything that a change brings, its migrations print and a database holds is
// hostile text: log lines, titles of steps, parameters. All of it is cleaned
// (valid UTF-8; no ANSI codes, control characters or reordering of text) and
// escaped. Should an escape ever be missing, the page's Content-Security-Policy lets
// nothing run or load that does not have the hash of our own script and style. A
// log is opened only as a regular file inside the output directory.
//
// # What the page is not
//
// It is no log archive: the logs are files of their own, and a page holds at most
// 5 MiB of each and 20 MiB of all. It needs no script: with one, lines can be
// searched and tables sorted.
package report
