package annotations

import (
	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// OriginFlag is the origin of a decision that nobody made about the column itself: --undecided says it for all.
const OriginFlag = "flag"

// A DumpTable is a table of the dump, with the database in force where it was created ("" when the dump names none).
type DumpTable struct {
	Database string
	*ddl.Table
}

// Undecided says what happens to the columns that nothing decides.
type Undecided int

const (
	// Fail leaves them undecided; package anonymize then refuses the policy.
	Fail Undecided = iota
	// Redact removes their values.
	Redact
	// Keep leaves their values as they are; the Resolution is then unsafe if there was any.
	Keep
)

// Options of Resolve.
type Options struct {
	Undecided Undecided
}

// A Resolution is what all markup together comes to.
type Resolution struct {
	// Policy holds a decision for every column. It is never nil, but must not be used when Resolve returned an error.
	Policy *anonymize.Policy
	// Entries lists the decisions, in the order of the tables given and of their columns.
	Entries []Entry
	// Problems holds warnings, and errors when Resolve returned one, sorted by position.
	Problems Problems
	unsafe   bool
}

// An Entry is the decision about one column, ready to be shown or written as JSON.
type Entry struct {
	Database string `json:"database,omitempty"`
	Table    string `json:"table"`
	Column   string `json:"column"`             // "" for the entry that says which rows of the table are kept
	Type     string `json:"type,omitempty"`     // such as "varchar(255)"; as the model writes it when there is no dump
	Status   string `json:"status"`             // "treated", "public", "undecided"; "rows" when Column is ""
	Kind     string `json:"kind,omitempty"`     // "" unless treated
	Options  string `json:"options,omitempty"`  // such as "domain=keystone.user"
	Origin   string `json:"origin,omitempty"`   // models, rules, ddl, builtin, inherited, flag
	Position string `json:"position,omitempty"` // such as "models.py:12"
	Reason   string `json:"reason,omitempty"`
}

// Undecided gives the entries of the columns that nothing decides.
func (r *Resolution) Undecided() []Entry {
	var undecided []Entry
	for _, e := range r.Entries {
		if e.Status == statusUndecided {
			undecided = append(undecided, e)
		}
	}
	return undecided
}

// The words for the states that this file tells apart.
const (
	statusUndecided = "undecided"
	statusRows      = "rows"
)

// Unsafe reports whether values nobody decided about are kept, as the option Keep says.
func (r *Resolution) Unsafe() bool { return r.unsafe }
