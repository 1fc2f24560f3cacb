package sqlalchemy

import (
	"slices"
	"strings"

	ts "github.com/tree-sitter/go-tree-sitter"
)

// isBoolean reports whether a type's name means true or false.
func isBoolean(name string) bool {
	return slices.Contains([]string{"Boolean", "BOOLEAN", "bool"}, name)
}

// isInteger reports whether a type's name means whole numbers.
func isInteger(name string) bool {
	return slices.Contains([]string{
		"Integer", "INTEGER", "INT", "BigInteger", "BIGINT", "SmallInteger", "SMALLINT", "MEDIUMINT", "TINYINT", "int",
	}, name)
}

// annotatedType reads the type of a column from Mapped[…].
func (m *module) annotatedType(c *column, annotation *ts.Node) {
	inner := mappedType(m.text(annotation))
	m.setType(c, last(inner), "Mapped["+inner+"]")
	alias := m.columns[inner]
	if alias == nil {
		return
	}
	m.setType(c, last(m.types[inner]), "Mapped["+m.types[inner]+"]")
	m.columnArguments(c, m.arguments(alias))
}

// isMapped reports whether an annotation is Mapped[…] under any alias, but not that of a relationship, which only its
// value tells.
func (m *module) isMapped(annotation *ts.Node) bool {
	head, _, ok := strings.Cut(m.text(annotation), "[")
	return ok && last(m.qualify(strings.TrimSpace(head))) == "Mapped"
}

// mappedType gives what Mapped[…] maps, without Optional[…] and None.
func mappedType(text string) string {
	text = strings.Trim(strings.TrimSpace(text), `"'`)
	_, text, _ = strings.Cut(text, "[")
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(text), "]"))
	if head, rest, ok := strings.Cut(text, "["); ok && last(head) == "Optional" {
		text = strings.TrimSuffix(rest, "]")
	}
	for part := range strings.SplitSeq(text, "|") {
		if part = strings.Trim(strings.TrimSpace(part), `"'`); part != "None" {
			return part
		}
	}
	return text
}
