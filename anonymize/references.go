package anonymize

import (
	"strings"
	"sync"
)

// references knows which redacted columns foreign keys refer to. A table does not say who refers to it, and a foreign key may refer to
// a column whose index is not unique; so whoever compiles a table with foreign keys tells, and the kind redact asks when it meets the
// first value: constants where nobody refers, pseudonyms otherwise. A foreign key that comes after constants is refused.
type references struct {
	mu        sync.Mutex
	referred  map[ColumnRef]bool
	constants map[ColumnRef]bool
}

// refer notes that a foreign key refers to a redacted column; false when it has got constants already.
func (r *references) refer(to ColumnRef) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	to.Column = strings.ToLower(to.Column)
	if r.constants[to] {
		return false
	}
	if r.referred == nil {
		r.referred = map[ColumnRef]bool{}
	}
	r.referred[to] = true
	return true
}

// constant reports whether a redacted column gets constants, and holds to that from then on.
func (r *references) constant(c ColumnRef) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	c.Column = strings.ToLower(c.Column)
	if r.referred[c] {
		return false
	}
	if r.constants == nil {
		r.constants = map[ColumnRef]bool{}
	}
	r.constants[c] = true
	return true
}
