package sqlalchemy

import (
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A counting is what a column's arguments say of whether the database counts its values up. The later of two wins where
// several models declare a column: a number that people know must not pass for one that only the database made up.
type counting int

const (
	countAlone    counting = iota // autoincrement="auto", the default: as the whole primary key, without foreign keys
	countAlways                   // autoincrement=True
	countWithKeys                 // autoincrement="ignore_fk": as the whole primary key
	countNever                    // autoincrement=False, a default of its own, or what cannot be read
)

// autoincrement reads the argument of that name.
func autoincrement(v python.Value) counting {
	switch v {
	case python.Value(python.Text("auto")):
		return countAlone
	case python.Value(python.Bool(true)):
		return countAlways
	case python.Value(python.Text("ignore_fk")):
		return countWithKeys
	}
	return countNever
}

// hasDefault reports whether an argument gives a column values other than numbers counted up. A Sequence and an Identity count.
func hasDefault(v python.Value) bool {
	if call, ok := v.(*python.Call); ok {
		switch python.Last(call.Callee()) {
		case "Sequence", "Identity":
			return false
		}
	}
	return v != python.Value(python.None{})
}

// counting says what all arguments of a column come to. SQLAlchemy lets autoincrement=True outvote a default, and no other value.
func (c *column) counting() counting {
	if c.hasDefault && c.auto != countAlways || c.Uncertain {
		return countNever
	}
	return c.auto
}

// countUp marks the columns that SQLAlchemy lets the database count up (Table._autoincrement_column of 1.4 and 2.0, of which
// integers are of interest here).
func (t *table) countUp() {
	keys := 0
	for _, c := range t.Columns {
		if c.PrimaryKey {
			keys++
		}
	}
	for i := range t.Columns {
		c := &t.Columns[i]
		if !c.PrimaryKey || !c.Integer {
			continue
		}
		switch t.counting[c.Name] {
		case countAlone:
			c.AutoIncrement = keys == 1 && len(c.ForeignKeys) == 0
		case countAlways:
			c.AutoIncrement = true
		case countWithKeys:
			c.AutoIncrement = keys == 1
		case countNever:
		}
	}
}
