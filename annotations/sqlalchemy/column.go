package sqlalchemy

import (
	"strings"

	ts "github.com/tree-sitter/go-tree-sitter"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// infoKey is the key of a column's info that holds its markup.
const infoKey = "confidential"

// A column is what one Column(…) or mapped_column(…) says.
type column struct {
	annotations.ModelColumn
	mark       *annotations.Mark // from info; nil when there is none
	refs       []reference       // foreign keys as written
	notCounted bool              // autoincrement=False
}

// A reference is the target of a foreign key as written: text such as "users.id", or a name such as User.id.
type reference struct {
	text, name string
	node       *ts.Node
}

// isColumn reports whether a qualified name makes columns.
func isColumn(full string) bool {
	name := last(full)
	return name == "Column" || name == "mapped_column"
}

// columnCall gives the call that makes a column, taken out of deferred(…) and column_property(…), or nil.
func (m *module) columnCall(n *ts.Node) *ts.Node {
	for range maxDepth {
		n = unwrap(n)
		if n == nil || n.Kind() != "call" {
			return nil
		}
		full := m.callee(n)
		if isColumn(full) || m.columns[full] != nil && m.columns[full].Kind() == "call" {
			return n
		}
		switch last(full) {
		case "deferred", "column_property":
			args := m.arguments(n)
			if len(args) == 0 {
				return nil
			}
			n = args[0].value
		default:
			return nil
		}
	}
	return nil
}

// annotated gives the mapped_column(…) of Annotated[type, mapped_column(…)] with the type, or nil.
func (m *module) annotated(n *ts.Node) (call *ts.Node, typ string) {
	parts := children(n)
	if last(m.dotted(n.ChildByFieldName("value"))) != "Annotated" || len(parts) < 2 {
		return nil, ""
	}
	for _, c := range parts[2:] {
		if isColumn(m.callee(c)) {
			return c, m.text(parts[1])
		}
	}
	return nil, ""
}

// column reads the call that makes the column of an attribute ("" in a Table), with its annotation, if any. It gives nil
// when the column's name cannot be resolved, which it reports.
func (m *module) column(attribute string, annotation, call *ts.Node) *column {
	c := &column{}
	c.Attribute, c.Name, c.Position = attribute, attribute, m.at(call)
	if annotation != nil {
		m.annotatedType(c, annotation)
	}
	if partial := m.columns[m.callee(call)]; partial != nil {
		if args := m.arguments(partial); len(args) > 0 {
			m.columnArguments(c, args[1:])
		}
	}
	if !m.columnArguments(c, m.arguments(call)) {
		return nil
	}
	if c.Name == "" {
		m.warnf(call, "a column without a name that can be read")
		return nil
	}
	return c
}

// columnArguments reads the arguments of a column and reports whether its name could be resolved.
func (m *module) columnArguments(c *column, args []argument) bool {
	for i, a := range args {
		switch {
		case a.splat:
			c.Uncertain = true
			m.warnf(a.value, "arguments of column %s cannot be read", c.Name)
		case a.name == "" && i == 0 && m.namesColumn(a.value):
			name, ok := m.constant(a.value)
			if !ok {
				m.errorf(a.value, "the name of a column cannot be resolved")
				return false
			}
			c.Name = name
		case a.name == "":
			m.positional(c, a.value)
		case a.name == "name":
			name, ok := m.constant(a.value)
			if !ok {
				m.errorf(a.value, "the name of a column cannot be resolved")
				return false
			}
			c.Name = name
		default:
			m.keyword(c, a)
		}
	}
	return true
}

// namesColumn reports whether the first argument of a column is its name rather than its type.
func (m *module) namesColumn(n *ts.Node) bool {
	switch n.Kind() {
	case "string", "concatenated_string", "binary_operator":
		return true
	case "identifier":
		_, ok := m.strings[m.text(n)]
		return ok
	}
	return false
}

// constant gives the value of a string literal or of a module's name for one.
func (m *module) constant(n *ts.Node) (string, bool) {
	n = unwrap(n)
	if n == nil {
		return "", false
	}
	if n.Kind() == "identifier" {
		s, ok := m.strings[m.text(n)]
		return s, ok
	}
	s, err := m.stringOf(n)
	return s, err == nil
}

// positional reads a type, a foreign key, Identity(…) and the like.
func (m *module) positional(c *column, n *ts.Node) {
	name := m.dotted(n)
	if n.Kind() == "call" {
		name = m.callee(n)
	}
	switch last(name) {
	case "ForeignKey":
		if ref, ok := m.foreignKey(n); ok {
			c.refs = append(c.refs, ref)
		}
	case "Computed":
		c.Generated = true
	case "Identity", "Sequence":
		c.AutoIncrement = true
	case "CheckConstraint", "FetchedValue", "DefaultClause", "ColumnDefault", "":
	default:
		if c.TypeText == "" || c.Type == "" || strings.HasPrefix(c.TypeText, "Mapped[") {
			m.setType(c, last(name), m.text(n))
		}
	}
}

func (m *module) setType(c *column, name, text string) {
	c.Type, c.TypeText = name, strings.Join(strings.Fields(text), " ")
	c.Boolean = isBoolean(name)
	c.Integer = isInteger(name)
}

// keyword reads one keyword argument of a column.
func (m *module) keyword(c *column, a argument) {
	switch a.name {
	case "primary_key":
		c.PrimaryKey = a.value.Kind() == "true"
	case "autoincrement":
		c.AutoIncrement = a.value.Kind() == "true"
		c.notCounted = a.value.Kind() == "false"
	case "type_":
		m.positional(c, a.value)
	case "info":
		m.info(c, a.value)
	}
}

// info reads info={'confidential': …}; its other entries may be anything.
func (m *module) info(c *column, n *ts.Node) {
	if n.Kind() != "dictionary" {
		if n.Kind() != "none" {
			m.errorf(n, "info of column %s must be a literal dict, or its markup cannot be read", c.Name)
		}
		return
	}
	for _, pair := range children(n) {
		if pair.Kind() != "pair" {
			m.errorf(pair, "info of column %s must be a literal dict, or its markup cannot be read", c.Name)
			continue
		}
		keyNode := pair.ChildByFieldName("key")
		key, err := m.stringOf(keyNode)
		if err != nil {
			m.errorf(keyNode, "a key in info of column %s must be a string literal: %v", c.Name, err)
			continue
		}
		switch {
		case key == infoKey:
			m.infoMark(c, keyNode, pair.ChildByFieldName("value"))
		case nearest.Word(key, []string{infoKey}) != "":
			m.errorf(keyNode, "unknown key %q in info of column %s; did you mean %q?", key, c.Name, infoKey)
		}
	}
}

func (m *module) infoMark(c *column, key, value *ts.Node) {
	m.consumed[key.StartByte()] = true
	if c.mark != nil && c.mark.Position.Line != m.at(key).Line {
		m.errorf(key, "%s is given twice in info of column %s", infoKey, c.Name)
		return
	}
	l, p := m.literal(value, 0)
	if p != nil {
		m.problems = append(m.problems, *p)
		return
	}
	mark, problems := annotations.ReadColumn(l)
	m.problems = append(m.problems, problems...)
	if len(problems) == 0 {
		mark.Position = m.at(key)
		c.mark = &mark
	}
}

// foreignKey reads the target of ForeignKey(…).
func (m *module) foreignKey(n *ts.Node) (reference, bool) {
	for i, a := range m.arguments(n) {
		if !(i == 0 && a.name == "" || a.name == "column") || a.splat {
			continue
		}
		if text, ok := m.constant(a.value); ok {
			return reference{text: text, node: a.value}, true
		}
		if name := m.dotted(a.value); name != "" {
			return reference{name: name, node: a.value}, true
		}
		m.warnf(a.value, "the target of a foreign key cannot be resolved")
	}
	return reference{}, false
}
