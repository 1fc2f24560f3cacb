package anonymize

import (
	"errors"
	"fmt"
)

// RowsTreatment says which rows of a table are kept.
type RowsTreatment int

// The treatments of rows.
const (
	AllRows  RowsTreatment = iota // every row is kept
	NoRows                        // no row is kept; the table itself stays
	SomeRows                      // the rows that TablePolicy's Fraction or Where chooses are kept
)

// String returns the treatment as JSON has it.
func (r RowsTreatment) String() string {
	switch r {
	case NoRows:
		return "none"
	case SomeRows:
		return "some"
	default:
		return "all"
	}
}

// MarshalText returns the treatment as JSON has it.
func (r RowsTreatment) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// Children says what becomes of a row whose foreign key refers to a row that is not kept.
type Children int

// What may become of child rows. The zero value stops the run.
const (
	FailChildren Children = iota // a kept row that refers to one that is not is an error
	DropChildren                 // it is not kept either, and so on
	NullChildren                 // the columns of the foreign key that may be NULL become NULL
)

// ParseChildren returns what the words drop, null and fail mean.
func ParseChildren(word string) (Children, error) {
	for _, c := range []Children{FailChildren, DropChildren, NullChildren} {
		if c.String() == word {
			return c, nil
		}
	}
	return FailChildren, errors.New("children must be drop, null or fail")
}

// String returns the word for it.
func (c Children) String() string {
	switch c {
	case DropChildren:
		return "drop"
	case NullChildren:
		return "null"
	default:
		return "fail"
	}
}

// MarshalText returns the word for it.
func (c Children) MarshalText() ([]byte, error) { return []byte(c.String()), nil }

// TablePolicy is what was decided about one table.
type TablePolicy struct {
	Database string        `json:"database,omitempty"`
	Table    string        `json:"table"`
	Rows     RowsTreatment `json:"rows"`
	// Fraction is the share of the rows that is kept, between 0 and 1, both excluded. Which rows depends on the key and the
	// primary key alone, so that dumps keep the same ones. With SomeRows there is either this or Where.
	Fraction float64 `json:"fraction,omitempty"`
	// Where is the condition that kept rows meet (see Condition).
	Where string `json:"where,omitempty"`
	// Children says what becomes of rows that refer to rows that are not kept; not with AllRows.
	Children Children `json:"children,omitempty"`
	// RowsPosition is where the rows' treatment was written.
	RowsPosition Position `json:"rows_position,omitzero"`
	// Columns are by lower-cased column name; every column of the table that is
	// not generated must be there.
	Columns map[string]Decision `json:"columns"`
}

func (t *TablePolicy) validateRows() error {
	switch {
	case t.Rows == AllRows && t.Children != FailChildren:
		return errors.New("all rows are kept, so nothing is to be said of children")
	case t.Rows != SomeRows:
		if t.Fraction != 0 || t.Where != "" {
			return errors.New("a fraction or a condition is for some rows only")
		}
		return nil
	case (t.Fraction != 0) == (t.Where != ""):
		return errors.New("some rows are those of a fraction, or those that a condition chooses")
	case t.Where != "":
		_, err := ParseCondition(t.Where)
		return err
	case !(t.Fraction > 0 && t.Fraction < 1):
		return errors.New("a fraction must be between 0 and 1")
	}
	return nil
}

// describeRows spells the treatment of rows in one way only.
func (t *TablePolicy) describeRows() string {
	text := t.Rows.String()
	if t.Rows == SomeRows {
		text += fmt.Sprintf(" fraction=%g where=%q", t.Fraction, t.Where)
	}
	if t.Children != FailChildren {
		text += " children=" + t.Children.String()
	}
	return text
}
