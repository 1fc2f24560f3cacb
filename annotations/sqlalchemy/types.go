package sqlalchemy

import (
	"slices"
	"strconv"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A sqlType is the type of a column.
type sqlType struct {
	name   string // of the class
	impl   string // the type of SQLAlchemy's that it comes down to, or ""
	length int    // 0 when there is none, or it is not known
}

// typeOf reads a type: a class, an instance of one, or one with a variant for some database.
func typeOf(v python.Value) sqlType {
	switch v := v.(type) {
	case *python.External:
		t := sqlType{name: python.Last(v.Name)}
		if strings.HasPrefix(v.Name, "sqlalchemy.") || !strings.Contains(v.Name, ".") {
			t.impl = t.name
		}
		return t
	case *python.Class:
		return classType(v)
	case *python.Attribute:
		if isFlaskDatabase(v.Of) { // which has all of SQLAlchemy's names
			return sqlType{name: v.Name, impl: v.Name}
		}
	case *python.Call:
		return instance(v)
	case *python.Choice:
		first := typeOf(v.Of[0])
		for _, o := range v.Of[1:] {
			if typeOf(o) != first {
				return sqlType{}
			}
		}
		return first
	}
	return sqlType{}
}

// instance reads Type(…), or Type(…).with_variant(…).
func instance(c *python.Call) sqlType {
	if name := python.Last(c.Callee()); name == "as_mutable" {
		if of, ok := c.Arg(0, "sqltype"); ok {
			return typeOf(of.Value())
		}
	}
	if of, ok := c.Func.(*python.Attribute); ok {
		switch of.Name {
		case "with_variant", "evaluates_none", "copy", "adapt":
			return typeOf(of.Of)
		}
	}
	t := typeOf(c.Func)
	if !hasLength(t.impl) {
		return t
	}
	if length, ok := c.Arg(0, "length"); ok {
		if n, isNumber := length.Value().(python.Number); isNumber {
			if limit, err := strconv.Atoi(string(n)); err == nil {
				t.length = limit
			}
		}
	}
	return t
}

// hasLength reports whether a type's first argument is the length of its values.
func hasLength(impl string) bool {
	return slices.Contains([]string{
		"String", "Unicode", "Text", "UnicodeText", "VARCHAR", "NVARCHAR", "CHAR", "NCHAR", "TEXT", "TINYTEXT", "MEDIUMTEXT", "LONGTEXT", "CLOB",
		"LargeBinary", "BINARY", "VARBINARY", "BLOB", "TINYBLOB", "MEDIUMBLOB", "LONGBLOB",
	}, impl)
}

// classType finds what a class of the project's own comes down to: a TypeDecorator's impl, or the type that it extends.
func classType(c *python.Class) sqlType {
	t := sqlType{name: python.Last(c.Name)}
	for _, b := range c.Lookup("impl") {
		if impl := typeOf(b.Value()); impl.impl != "" {
			t.impl, t.length = impl.impl, impl.length
			return t
		}
	}
	for _, b := range c.Outside() {
		x, ok := b.Value.(*python.External)
		if ok && strings.HasPrefix(x.Name, "sqlalchemy.") && !slices.Contains([]string{
			"TypeDecorator", "TypeEngine", "UserDefinedType", "MutableType", "Concatenable", "Indexable", "SchemaType", "NativeForEmulated",
		}, python.Last(x.Name)) {
			t.impl = python.Last(x.Name)
			return t
		}
	}
	return t
}

// isBoolean reports whether a type means true or false.
func isBoolean(t sqlType) bool {
	return slices.Contains([]string{"Boolean", "BOOLEAN"}, t.impl)
}

// isInteger reports whether a type means whole numbers.
func isInteger(t sqlType) bool {
	return slices.Contains([]string{
		"Integer", "INTEGER", "INT", "BigInteger", "BIGINT", "SmallInteger", "SMALLINT", "MEDIUMINT", "TINYINT",
	}, t.impl)
}

// pythonTypes are the types that SQLAlchemy takes for those in Mapped[…].
func pythonTypes(name string) string {
	switch python.Last(name) {
	case "bool":
		return "Boolean"
	case "bytes":
		return "LargeBinary"
	case "date":
		return "Date"
	case "datetime":
		return "DateTime"
	case "time":
		return "Time"
	case "timedelta":
		return "Interval"
	case "Decimal":
		return "Numeric"
	case "float":
		return "Float"
	case "int":
		return "Integer"
	case "str":
		return "String"
	case "UUID":
		return "Uuid"
	}
	return ""
}
