package ddl

import "strings"

// MaxColumns is the number of columns that a table of MySQL or MariaDB can have.
const MaxColumns = 4096

// maxIndexes and maxForeignKeys are more than a server accepts: builds allow 64 to 255 indexes, and foreign keys are as many as there are
// indexes, several on one at most.
const (
	maxIndexes     = 512
	maxForeignKeys = 4096
	maxParts       = 64 // of an index; servers allow 16 or 32
)

// Table is what a CREATE TABLE statement says.
type Table struct {
	// Database is what the name was qualified with; "" when it was not.
	Database string
	Name     string
	// Columns are in the order of the definition, generated ones included.
	Columns     []Column
	Indexes     []Index
	ForeignKeys []ForeignKey
	Checks      []Check
	// Engine, Charset, Collation and Comment are as written; "" when absent. A
	// charset that only a collation implies is filled in.
	Engine, Charset, Collation, Comment string
	SystemVersioned, Partitioned        bool
	// Remote: the rows are on another server (FEDERATED, SPIDER, also of one partition, or an option CONNECTION or OPTION_LIST), and the definition may say how to log in there.
	Remote bool
}

// ColumnIndex returns the position of a column in Columns, or -1. Case does not
// matter, as in every MySQL and MariaDB.
func (t *Table) ColumnIndex(name string) int {
	for i := range t.Columns {
		if strings.EqualFold(t.Columns[i].Name, name) {
			return i
		}
	}
	return -1
}

// Generated says who writes a column's values.
type Generated int

// The ways of generation.
const (
	NotGenerated Generated = iota // the client writes the values
	Virtual                       // computed when read
	Stored                        // computed when written (STORED, PERSISTENT)
	RowStart                      // GENERATED ALWAYS AS ROW START
	RowEnd                        // GENERATED ALWAYS AS ROW END
)

// Column is one column of a table.
type Column struct {
	Name     string
	Type     Type
	Nullable bool
	// Charset and Collation are the effective ones, the column's or else the
	// table's; "" for types that hold no text and when the text names none.
	// A collation is "" when only a charset is named: its default, which
	// differs between servers.
	Charset, Collation string
	Generated          Generated
	// Expression is the SQL text that a generated column is computed with.
	Expression string
	Invisible  bool
	// AutoIncrement: AUTO_INCREMENT. PrimaryKey: part of the primary key.
	// Unique: alone and whole in a unique index or in the primary key.
	AutoIncrement, PrimaryKey, Unique bool
	// Default, OnUpdate and Check are SQL text as written; "" when absent.
	Default, OnUpdate, Check string
	Comment                  string
}

// JSON reports whether every value is a JSON document: the type json, or
// MariaDB's longtext with CHECK (json_valid(column)).
func (c Column) JSON() bool {
	if c.Type.Class() == JSON {
		return true
	}
	check := strings.ToLower(strings.NewReplacer("`", "", `"`, "", " ", "").Replace(c.Check))
	return check == "json_valid("+strings.ToLower(c.Name)+")"
}

// Index is one index of a table, the primary key included.
type Index struct {
	// Name is "PRIMARY" for the primary key; "" when the text names none.
	Name            string
	Unique, Primary bool
	// Kind is "" for an ordinary index, else "fulltext", "spatial" or "vector".
	Kind  string
	Parts []IndexPart
}

// IndexPart is one column or expression of an index.
type IndexPart struct {
	// Column is "" when the part is an expression.
	Column string
	// Prefix is how much of the column is indexed, in characters (bytes for
	// binary types); 0 means the whole column.
	Prefix     int
	Expression string
	Descending bool
}

// ForeignKey is one foreign key of a table.
type ForeignKey struct {
	Name    string
	Columns []string
	// RefDatabase is "" for a table of the same database.
	RefDatabase, RefTable string
	RefColumns            []string
	// OnDelete and OnUpdate are upper case ("CASCADE", "SET NULL"); "" when
	// absent.
	OnDelete, OnUpdate string
}

// Check is a CHECK constraint of the table; those written on a column are in
// Column.Check.
type Check struct {
	Name, Expression string
}
