package sqlalchemy

import "strings"

// external says what is known of a base class that no file read defines, by its qualified name: those of Python and of
// SQLAlchemy itself have no columns.
func external(full string) (b base, ok bool) {
	switch name := last(full); {
	case name == "DeclarativeBase", name == "DeclarativeBaseNoMeta":
		return base{known: true, declarative: true}, true
	case full == "object", name == "Generic", name == "ABC", name == "Protocol", strings.HasPrefix(full, "sqlalchemy."):
		return base{known: true}, true
	}
	return base{}, false
}
