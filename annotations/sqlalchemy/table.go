package sqlalchemy

import (
	ts "github.com/tree-sitter/go-tree-sitter"
)

// A tableCall is what one Table(…) says.
type tableCall struct {
	module  *module
	name    string // in the database
	label   string // the variable or class that holds it
	schema  string
	columns []*column
	node    *ts.Node
	options
}

// options are the constraints and settings of a table: what Table(…) and __table_args__ share.
type options struct {
	primaryKey  []string
	foreignKeys []compositeKey
}

// A compositeKey is one ForeignKeyConstraint.
type compositeKey struct {
	columns []string
	refs    []reference
}

// tableObject reads Table('name', metadata, Column(…), …), or gives nil when its name cannot be resolved.
func (m *module) tableObject(call *ts.Node, label string) *tableCall {
	t := &tableCall{module: m, label: label, node: call}
	for i, a := range m.arguments(call) {
		switch {
		case a.splat:
			m.warnf(a.value, "arguments of a table cannot be read")
		case i == 0 && a.name == "" || a.name == "name":
			name, ok := m.constant(a.value)
			if !ok {
				m.warnf(a.value, "the name of a table cannot be resolved")
				return nil
			}
			t.name = name
		case a.name == "schema":
			t.schema, _ = m.constant(a.value)
		case a.name == "":
			m.tableItem(t, a.value)
		}
	}
	if t.name == "" {
		return nil
	}
	m.tables = append(m.tables, t)
	return t
}

// tableItem reads one positional argument of a table.
func (m *module) tableItem(t *tableCall, n *ts.Node) {
	if call := m.columnCall(n); call != nil {
		if c := m.column("", nil, call); c != nil {
			t.columns = append(t.columns, c)
		}
		return
	}
	m.constraint(&t.options, n)
}

// constraint reads a primary key or a foreign key of a table; other constraints say nothing here.
func (m *module) constraint(o *options, n *ts.Node) {
	args := m.arguments(n)
	switch last(m.callee(n)) {
	case "PrimaryKeyConstraint":
		for _, a := range args {
			if s, ok := m.constant(a.value); ok && a.name == "" {
				o.primaryKey = append(o.primaryKey, s)
			}
		}
	case "ForeignKeyConstraint":
		if len(args) < 2 {
			return
		}
		var key compositeKey
		for _, e := range m.elements(args[0].value) {
			if s, ok := m.constant(e); ok {
				key.columns = append(key.columns, s)
			}
		}
		for _, e := range m.elements(args[1].value) {
			ref := reference{node: e, name: m.dotted(e)}
			ref.text, _ = m.constant(e)
			key.refs = append(key.refs, ref)
		}
		if len(key.columns) == 0 || len(key.columns) != len(key.refs) {
			m.warnf(n, "the columns of a foreign key cannot be resolved")
			return
		}
		o.foreignKeys = append(o.foreignKeys, key)
	}
}

// elements gives the elements of a list or tuple.
func (m *module) elements(n *ts.Node) []*ts.Node {
	n = unwrap(n)
	if n == nil || n.Kind() != "list" && n.Kind() != "tuple" {
		return nil
	}
	nodes := children(n)
	for i := range nodes {
		nodes[i] = unwrap(nodes[i])
	}
	return nodes
}
