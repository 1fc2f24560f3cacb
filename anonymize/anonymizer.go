package anonymize

import (
	"crypto/rand"
	"fmt"
	"io"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// Value is one decoded value of a row: text as UTF-8, numbers and dates as their
// SQL text, BINARY, BLOB and BIT as raw bytes.
type Value struct {
	Bytes []byte
	Null  bool
}

// Option changes how an Anonymizer works.
type Option func(*Anonymizer)

// WithRandom sets the source that the kind secret draws from, which several
// goroutines may read at once. The default is crypto/rand.Reader.
func WithRandom(r io.Reader) Option {
	return func(a *Anonymizer) { a.random = r }
}

// Anonymizer turns rows into safe rows. It is safe for concurrent use; what
// Rows returns is not.
type Anonymizer struct {
	key    Key
	policy *Policy
	random io.Reader
}

// New returns an Anonymizer that carries out policy under key. The policy must
// not change any more. It fails with ErrNoKey for a zero key.
func New(key Key, policy *Policy, options ...Option) (*Anonymizer, error) {
	if key.IsZero() {
		return nil, fmt.Errorf("anonymize: %w", ErrNoKey)
	}
	a := &Anonymizer{key: key, policy: policy, random: rand.Reader}
	for _, option := range options {
		option(a)
	}
	return a, nil
}

// Rows is the treatment of one table's rows, for one goroutine: it holds scratch
// space and a bounded memo of pseudonyms.
type Rows struct {
	database string
	table    *ddl.Table
	drop     bool
	columns  []*columnRows // by index in table.Columns; nil where nothing is done
	active   []int
	buf      []byte
}

// Passthrough reports whether rows leave as they came: every row is kept and
// every column is public.
func (r *Rows) Passthrough() bool { return !r.drop && len(r.active) == 0 }

// Drops reports whether no row of the table is kept.
func (r *Rows) Drops() bool { return r.drop }

// Needs reports whether a column, by its index in the table's Columns, must be
// decoded and given to Apply.
func (r *Rows) Needs(column int) bool {
	return !r.drop && r.columns[column] != nil
}
