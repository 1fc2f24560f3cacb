package ddl

// Type is a column's type.
type Type struct {
	// Name is the base name in lower case, synonyms resolved ("int", "decimal",
	// "varchar", "tinyint" for BOOL).
	Name string
	// Length and Decimals are the numbers in parentheses; -1 when absent. For
	// temporal types Length is the number of fractional digits.
	Length, Decimals   int
	Unsigned, Zerofill bool
	// Members are the values of an ENUM or a SET, unescaped.
	Members []string
}

// Class groups types whose values are written and treated alike.
type Class int

// The classes of types.
const (
	Unknown  Class = iota
	Integer        // tinyint … bigint
	Decimal        // decimal
	Float          // float, double
	Bit            // bit
	Date           // date
	Time           // time
	DateTime       // datetime, timestamp
	Year           // year
	Text           // char … longtext
	Enum           // enum
	Set            // set
	Binary         // binary … longblob
	Spatial        // geometry, point, …
	JSON           // json (MySQL)
	UUID           // uuid (MariaDB)
	INET           // inet4, inet6 (MariaDB)
	Vector         // vector
)

// String returns the class in lower case, for messages.
func (c Class) String() string {
	names := [...]string{
		"unknown", "integer", "decimal", "float", "bit", "date", "time", "datetime", "year",
		"text", "enum", "set", "binary", "spatial", "json", "uuid", "inet", "vector",
	}
	if c < 0 || int(c) >= len(names) {
		return "unknown"
	}
	return names[c]
}

// Class returns the class of the type, Unknown for a type that this package
// does not know.
func (t Type) Class() Class {
	switch t.Name {
	case "tinyint", "smallint", "mediumint", "int", "bigint":
		return Integer
	case "decimal":
		return Decimal
	case "float", "double":
		return Float
	case "bit":
		return Bit
	case "date":
		return Date
	case "time":
		return Time
	case "datetime", "timestamp":
		return DateTime
	case "year":
		return Year
	case "char", "varchar", "tinytext", "text", "mediumtext", "longtext":
		return Text
	case "enum":
		return Enum
	case "set":
		return Set
	case "binary", "varbinary", "tinyblob", "blob", "mediumblob", "longblob":
		return Binary
	case "geometry", "point", "linestring", "polygon", "multipoint", "multilinestring",
		"multipolygon", "geometrycollection":
		return Spatial
	case "json":
		return JSON
	case "uuid":
		return UUID
	case "inet4", "inet6":
		return INET
	case "vector":
		return Vector
	}
	return Unknown
}

// hasCharset reports whether columns of the type have a charset.
func (t Type) hasCharset() bool {
	switch t.Class() {
	case Text, Enum, Set:
		return true
	default:
		return false
	}
}
