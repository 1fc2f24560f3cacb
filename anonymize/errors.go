package anonymize

import "fmt"

// PolicyError is returned when what was decided about a column cannot be carried
// out: a column nobody decided about, a kind that cannot treat the column's type,
// a treatment that would break a key. The operator has to change the markup.
type PolicyError struct {
	Database, Table string
	// Column is "" when the whole table is concerned.
	Column string
	// Position is where the markup was written, if that is known.
	Position Position
	Msg      string
}

// Error names the place in the markup and the column.
func (e *PolicyError) Error() string {
	name := tableName(e.Database, e.Table)
	if place := e.Position.String(); place != "" {
		name = place + ": " + name
	}
	if e.Column != "" {
		name += "." + e.Column
	}
	return name + ": " + e.Msg
}

// ValueError is returned for a value that cannot be anonymized: text that is not
// well formed, or a pseudonym that does not fit its column. It never holds the
// value. Whoever knows the row's number adds it.
type ValueError struct {
	Database, Table, Column string
	Msg                     string
}

// Error names the column.
func (e *ValueError) Error() string {
	return fmt.Sprintf("%s.%s: %s", tableName(e.Database, e.Table), e.Column, e.Msg)
}
