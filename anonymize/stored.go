package anonymize

import (
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// storedTest asks a predicate about one column after it made sure that the value is one that the column stores. Servers take others and
// store something else: 1 for the first member of an ENUM, 6 for 5.6 in a column of whole numbers. A condition about what the dump
// says would then be about another value than the source had.
type storedTest struct {
	column int
	stores func(v []byte) bool
	of     predicate
}

func (s storedTest) test(row []Value) (truth, error) {
	if v := row[s.column]; !v.Null && !s.stores(v.Bytes) {
		return isUnknown, errShape
	}
	return s.of.test(row)
}

// storesOf returns a test that a column stores a value as it is.
func storesOf(col *ddl.Column) func(v []byte) bool {
	fits := fitter(col)
	switch col.Type.Class() {
	case ddl.Enum: // the empty one stands for what was no member
		return func(v []byte) bool { return len(v) == 0 || fits(v, v) == nil }
	case ddl.Text:
		if col.Type.Name != "char" && col.Type.Name != "varchar" {
			return func([]byte) bool { return true }
		}
		most := max(col.Type.Length, 1)
		return func(v []byte) bool { return len(v) <= most || utf8.RuneCount(v) <= most }
	default:
		return func(v []byte) bool { return fits(v, nil) == nil }
	}
}
