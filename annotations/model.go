package annotations

// A ModelTable is a table as models declare it. Several classes may declare one table; it then has the columns of all of them.
type ModelTable struct {
	Database string // the schema that the model names, or ""
	Name     string
	Class    string // the class or variable that declares it first
	Columns  []ModelColumn
	Position Position
	Doc      string // what the class's docstring or the table's comment says, or ""
	// Partial says that the table may have columns besides these: a base class could not be read.
	Partial bool
}

// Column gives the index of the named column, in any case, or -1.
func (t *ModelTable) Column(name string) int {
	for i := range t.Columns {
		if equalFold(t.Columns[i].Name, name) {
			return i
		}
	}
	return -1
}

// A ModelColumn is a column as a model declares it.
type ModelColumn struct {
	Name      string // in the database
	Attribute string // in the class; "" for a Table object
	Type      string // last part of the type's name, such as "String"; "" when unknown
	TypeText  string // the type as written, such as "sa.String(36)"
	// Impl is the library's own type that Type comes down to, such as "Text" for a "JSONEncodedDict"; "" when unknown.
	Impl          string
	Length        int    // characters or bytes that the type is limited to; 0 for none, or when unknown
	Comment       string // what the model says about the column in words, or ""
	PrimaryKey    bool
	AutoIncrement bool // the database counts it up
	Integer       bool // the type holds whole numbers only
	Boolean       bool // the type holds true and false only
	Generated     bool // the database computes it
	ForeignKeys   []ModelReference
	// Uncertain says that the column's arguments could not all be read: "*" does not decide about it.
	Uncertain bool
	Position  Position
}

// A ModelReference is the column that a foreign key of a model refers to.
type ModelReference struct {
	Database, Table, Column string // Database is "" for the table's own
}
