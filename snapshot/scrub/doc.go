// Package scrub turns a production dump into an anonymized one: a snapshot, or SQL text.
//
// # Terms
//
// A source is a dump that can be read from its start more than once. A survey is what the first reading finds: every
// definition, whether the dump is whole, and nothing of its rows. The policy (package anonymize), which the caller makes from
// the survey and the markup, says what becomes of each column. A plan is what the policy, the table's definition and the
// column list of one INSERT come to: which value of a row goes where, and how.
//
// # How
//
//	Survey(source)                    definitions → the caller resolves a policy, or stops
//	ToSnapshot(source, …, blobs)      rows → safe rows → rowtext → chunks
//	ToSQL(source, …, w)               rows → safe rows → SQL text
//
// The second reading is a pipeline: the reader cuts the dump into blocks of about 1 MiB of whole rows, workers split,
// anonymize and encode them, and one consumer takes the results in the dump's order.
//
// Where rows of a table depend on which rows of others are kept, a reading of the keys of those tables comes between the two.
//
// Rows that are not distinct by construction are compared by their unique indexes in the consumer. Where one of them may be equal to a row
// that is, a further reading of those tables comes last.
//
// # Fail closed
//
// A row with the wrong number of values, a column that a row does not give and that has no constant default, a value that is not
// well-formed text, a table that the survey did not see, a clause that could carry a value past the policy (ON DUPLICATE KEY UPDATE
// on a treated table): each is an error that names table, column and row, never a value. Rows of tables that the policy does not
// touch are read like all others before they are passed on, because in a damaged dump they may hold another table's.
//
// # What it is not
//
// It makes no decisions: an undecided column is refused by package anonymize. It knows no store: the caller commits the
// manifest.
package scrub
