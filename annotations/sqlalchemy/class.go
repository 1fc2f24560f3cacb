package sqlalchemy

import (
	"slices"
	"strings"

	ts "github.com/tree-sitter/go-tree-sitter"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// A class is one class definition, taken apart; bases are resolved later, when every module is known.
type class struct {
	module      *module
	name        string // dotted when nested in a class
	node        *ts.Node
	bases       []string // dotted names as written
	unreadable  bool     // a base is an expression that is no name
	declarative bool     // made a model without a base class: by a decorator, a metaclass or a factory
	abstract    bool
	factoryMade bool // NAME = declarative_base(…): a base, never a model

	tableName  string
	noTable    bool     // __tablename__ = None
	derived    *ts.Node // __tablename__ that is computed: an expression or a function
	tableRef   string   // __table__ = NAME
	tableCall  *tableCall
	schema     string
	attributes map[string][]*column // nil stands for something that is no column
	order      []string
	marks      []annotations.Mark
	rows       []annotations.RowsMark
	confidence *ts.Node // where __confidential__ was assigned
	options
}

func (m *module) classDefinition(n *ts.Node, decorators []string, s scope) {
	c := &class{module: m, name: m.text(n.ChildByFieldName("name")), node: n, attributes: map[string][]*column{}}
	if s.class != nil && !s.function {
		s.class.hide(c.name)
		c.name = s.class.name + "." + c.name
	}
	for _, d := range decorators {
		if name := last(d); name == "mapped" || name == "mapped_as_dataclass" || name == "as_declarative" || name == "as_declarative_base" {
			c.declarative = true
		}
	}
	if list := n.ChildByFieldName("superclasses"); list != nil {
		for _, b := range children(list) {
			c.base(b)
		}
	}
	m.addClass(c)
	m.block(n.ChildByFieldName("body"), scope{class: c})
}

func (m *module) addClass(c *class) {
	m.classes = append(m.classes, c)
	m.byName[c.name] = append(m.byName[c.name], c)
}

// base notes one base class.
func (c *class) base(n *ts.Node) {
	n = unwrap(n)
	switch n.Kind() {
	case "keyword_argument":
		c.declarative = c.declarative || c.module.text(n.ChildByFieldName("name")) == "metaclass"
	case "subscript":
		c.base(n.ChildByFieldName("value"))
	case "call":
		if !c.factory(n) {
			c.unreadable = true
		}
	default:
		name := c.module.dotted(n)
		if name == "" {
			c.unreadable = true
			return
		}
		c.bases = append(c.bases, name)
	}
}

// factory makes a class of declarative_base(cls=…) and its like, and reports whether the call is one.
func (c *class) factory(call *ts.Node) bool {
	name := last(c.module.callee(call))
	if name == "with_metaclass" {
		c.declarative = true
		for _, a := range c.module.arguments(call)[min(1, len(c.module.arguments(call))):] {
			c.base(a.value)
		}
		return true
	}
	if name != "declarative_base" && name != "generate_base" && name != "automap_base" {
		return false
	}
	c.declarative = true
	for _, a := range c.module.arguments(call) {
		if a.name != "cls" {
			continue
		}
		for _, e := range append(c.module.elements(a.value), a.value) {
			if base := c.module.dotted(e); base != "" {
				c.bases = append(c.bases, base)
			}
		}
	}
	return true
}

// assign reads NAME: ANNOTATION = RIGHT in the class's body; annotation and right may be nil.
func (c *class) assign(name string, left, annotation, right *ts.Node, conditional bool) {
	switch name {
	case "__tablename__":
		c.assignTableName(right, conditional)
	case "__abstract__":
		c.abstract = right != nil && right.Kind() == "true"
	case "__table__":
		c.assignTable(right)
	case "__table_args__":
		c.tableArguments(right)
	case confidential:
		c.assignMarkup(left, right, conditional)
	default:
		if strings.HasPrefix(name, "_") && nearest.Word(name, []string{confidential}) != "" {
			c.module.errorf(left, "unknown attribute %s of class %s; did you mean %s?", name, c.name, confidential)
		}
		c.assignColumn(name, annotation, right, conditional)
	}
}

func (c *class) assignTableName(right *ts.Node, conditional bool) {
	if right == nil {
		return
	}
	name, ok := c.module.constant(right)
	switch {
	case right.Kind() == "none":
		c.noTable = true
	case !ok, conditional && c.tableName != "" && c.tableName != name:
		c.derived = right
	default:
		c.tableName = name
	}
}

func (c *class) assignTable(right *ts.Node) {
	if right == nil {
		return
	}
	if right.Kind() == "call" && last(c.module.callee(right)) == "Table" {
		c.tableCall = c.module.tableObject(right, c.name)
		return
	}
	c.tableRef = c.module.dotted(right)
}

// tableArguments finds constraints and the schema in __table_args__, however the expression is built.
func (c *class) tableArguments(n *ts.Node) {
	if n == nil {
		return
	}
	visit(n, func(e *ts.Node) bool {
		switch e.Kind() {
		case "call":
			c.module.constraint(&c.options, e)
		case "pair":
			if key, err := c.module.stringOf(e.ChildByFieldName("key")); err == nil && key == "schema" {
				c.schema, _ = c.module.constant(e.ChildByFieldName("value"))
			}
		}
		return true
	})
}

// assignMarkup reads __confidential__.
func (c *class) assignMarkup(left, right *ts.Node, conditional bool) {
	m := c.module
	m.consumed[left.StartByte()] = true
	switch {
	case right == nil:
		return // a bare annotation
	case conditional:
		m.errorf(left, "%s must not be conditional", confidential)
		return
	case c.confidence != nil:
		m.errorf(left, "%s is given twice in class %s, first at line %d", confidential, c.name, m.at(c.confidence).Line)
		return
	}
	c.confidence = left
	l, p := m.literal(right, 0)
	if p != nil {
		m.problems = append(m.problems, *p)
		return
	}
	marks, rows, problems := annotations.ReadConfidential(l)
	m.problems = append(m.problems, problems...)
	c.marks, c.rows = marks, rows
}

func (c *class) assignColumn(name string, annotation, right *ts.Node, conditional bool) {
	mapped := annotation != nil && c.module.isMapped(annotation)
	if !mapped {
		annotation = nil
	}
	calls := []*ts.Node{right}
	if right != nil && right.Kind() == "conditional_expression" {
		calls = children(right)
		calls = append(calls[:1], calls[2:]...)
	}
	found := false
	for _, call := range calls {
		if call = c.module.columnCall(call); call != nil {
			c.add(name, c.module.column(name, annotation, call), conditional || found)
			found = true
		}
	}
	switch {
	case found:
	case mapped && right == nil:
		col := &column{}
		col.Name, col.Attribute, col.Position = name, name, c.module.at(annotation)
		c.module.annotatedType(col, annotation)
		c.add(name, col, conditional)
	case right != nil && !conditional:
		c.hide(name)
	}
}

// addColumn reads a column that is set from outside of the class's body.
func (c *class) addColumn(attribute string, annotation, call *ts.Node) {
	c.add(attribute, c.module.column(attribute, annotation, call), false)
}

// add notes the column of an attribute, beside what it was when either is conditional.
func (c *class) add(attribute string, col *column, beside bool) {
	if col == nil {
		return
	}
	if !slices.Contains(c.order, attribute) {
		c.order = append(c.order, attribute)
	}
	if beside {
		c.attributes[attribute] = append(c.attributes[attribute], col)
		return
	}
	c.attributes[attribute] = []*column{col}
}

// hide notes that an attribute is no column, so that it hides one of a base class.
func (c *class) hide(attribute string) { c.attributes[attribute] = nil }

// declared reads a function with the decorator declared_attr.
func (c *class) declared(function *ts.Node) {
	m := c.module
	nameNode, body := function.ChildByFieldName("name"), function.ChildByFieldName("body")
	switch name := m.text(nameNode); name {
	case "__tablename__":
		c.derived = function
	case "__table_args__":
		c.tableArguments(body)
	case confidential:
		m.consumed[nameNode.StartByte()] = true
		m.errorf(nameNode, "%s must be a literal dict, not a function", confidential)
	default:
		c.hide(name)
		visit(body, func(n *ts.Node) bool {
			if n.Kind() != "call" {
				return true
			}
			call := m.columnCall(n)
			if call != nil {
				c.add(name, m.column(name, nil, call), true)
			}
			return call == nil
		})
	}
}

// derive computes the table name of a class from its base's __tablename__, when that is simple enough.
func (c *class) derive(className string) (string, bool) {
	expression := c.derived
	if expression.Kind() == "function_definition" {
		var returns []*ts.Node
		visit(expression.ChildByFieldName("body"), func(n *ts.Node) bool {
			if n.Kind() == "return_statement" {
				returns = append(returns, n)
			}
			return true
		})
		if len(returns) != 1 || len(children(returns[0])) != 1 {
			return "", false
		}
		expression = children(returns[0])[0]
	}
	name, ok := c.module.evaluate(expression, className, 0)
	return name, ok && name != ""
}

// evaluate computes an expression over the class's name: literals, +, lower() and upper(), and names in f-strings.
func (m *module) evaluate(n *ts.Node, className string, depth int) (string, bool) {
	n = unwrap(n)
	if n == nil || depth > maxDepth {
		return "", false
	}
	if s, ok := m.constant(n); ok {
		return s, true
	}
	switch n.Kind() {
	case "attribute":
		ok := m.text(n.ChildByFieldName("attribute")) == "__name__" && n.ChildByFieldName("object").Kind() == "identifier"
		return className, ok
	case "binary_operator":
		a, okA := m.evaluate(n.ChildByFieldName("left"), className, depth+1)
		b, okB := m.evaluate(n.ChildByFieldName("right"), className, depth+1)
		return a + b, okA && okB && m.text(n.ChildByFieldName("operator")) == "+"
	case "call":
		function := n.ChildByFieldName("function")
		if function.Kind() != "attribute" || len(m.arguments(n)) > 0 {
			return "", false
		}
		s, ok := m.evaluate(function.ChildByFieldName("object"), className, depth+1)
		switch m.text(function.ChildByFieldName("attribute")) {
		case "lower":
			return strings.ToLower(s), ok
		case "upper":
			return strings.ToUpper(s), ok
		}
	case "string":
		return m.formatted(n, className, depth)
	}
	return "", false
}

// formatted computes an f-string.
func (m *module) formatted(n *ts.Node, className string, depth int) (string, bool) {
	var b strings.Builder
	for _, part := range children(n) {
		switch part.Kind() {
		case "string_start", "string_end":
		case "string_content":
			if len(children(part)) > 0 {
				return "", false // escapes
			}
			b.WriteString(m.text(part))
		case "interpolation":
			s, ok := m.evaluate(part.ChildByFieldName("expression"), className, depth+1)
			if !ok || part.ChildByFieldName("format_specifier") != nil || part.ChildByFieldName("type_conversion") != nil {
				return "", false
			}
			b.WriteString(s)
		default:
			return "", false
		}
	}
	return b.String(), !strings.ContainsAny(b.String(), `\{`)
}
