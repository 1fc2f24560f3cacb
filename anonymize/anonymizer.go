package anonymize

import (
	"crypto/rand"
	"fmt"
	"io"
	"sync"

	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
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
	chars  *charTable
	mu     sync.Mutex
	narrow map[*charset.OneByte]*charTable // for text in one-byte charsets; under mu
	refs   references
	// collations are those that conditions and the keys of rows need.
	collations   collations
	levels       levels          // of the collations of unique indexes
	listed       map[string]bool // top-level domains that map one to one
	observations *observations
}

// New returns an Anonymizer that carries out policy under key. The policy must
// not change any more. It fails with ErrNoKey for a zero key.
func New(key Key, policy *Policy, options ...Option) (*Anonymizer, error) {
	if key.IsZero() {
		return nil, fmt.Errorf("anonymize: %w", ErrNoKey)
	}
	a := &Anonymizer{
		key: key, policy: policy, random: rand.Reader, chars: newCharTable(), narrow: map[*charset.OneByte]*charTable{},
		listed: listedTopLevels(), observations: newObservations(),
	}
	for _, option := range options {
		option(a)
	}
	return a, nil
}

// charsOf returns the classes of characters for text in a charset.
func (a *Anonymizer) charsOf(name string) *charTable {
	set := charset.Of(name)
	if set == nil {
		return a.chars
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.narrow[set] == nil {
		a.narrow[set] = a.chars.within(set)
	}
	return a.narrow[set]
}
