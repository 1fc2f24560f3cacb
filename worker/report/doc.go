// Package report tells people, and programs, the result of a build.
//
// Write makes report.json in the build's output directory, beside the logs: it
// appears complete or not at all. Table is the same in text for a terminal.
//
// The JSON is a contract (docs/JSON.md): keys are added, never renamed or given
// another meaning without a new schema number. Durations are in seconds, times in
// RFC 3339. It holds no password, and no value of a database other than what the
// migration command itself prints (output_tail).
package report
