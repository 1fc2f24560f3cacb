package sqlalchemy

import (
	"bytes"
	"fmt"
	"path"
	"path/filepath"
	"strings"
	"unicode/utf8"

	ts "github.com/tree-sitter/go-tree-sitter"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A module is one file of Python source, taken apart.
type module struct {
	file    string   // as messages name it
	parts   []string // the path, split, without .py and __init__: what an import may name the end of
	pkg     []string // the package that relative imports start from
	src     []byte
	root    *ts.Node
	imports map[string]string     // local name to dotted name; relative ones begin with dots
	strings map[string]string     // constants of the module
	columns map[string]*ts.Node   // names bound to functools.partial(Column, …) or Annotated[…, mapped_column(…)]
	types   map[string]string     // of those, the types that Annotated gives
	objects map[string]*tableCall // variables bound to Table(…)
	tables  []*tableCall
	classes []*class
	byName  map[string][]*class

	library  bool          // stands for a library: its models are not the project's
	consumed map[uint]bool // start bytes of the markup that was read
	problems annotations.Problems
}

// parse takes a file apart. Source that is not UTF-8 or not Python is an error; what cannot be resolved is a problem of
// the module. The tree must outlive the module.
func parse(parser *ts.Parser, file string, src []byte) (*module, *ts.Tree, error) {
	src = bytes.TrimPrefix(src, []byte("\xef\xbb\xbf"))
	if !utf8.Valid(src) {
		line := 1
		for rest := src; len(rest) > 0; {
			r, size := utf8.DecodeRune(rest)
			if r == utf8.RuneError && size == 1 {
				break
			}
			if r == '\n' {
				line++
			}
			rest = rest[size:]
		}
		return nil, nil, &SyntaxError{File: file, Line: line, Column: 1, Msg: "not UTF-8"}
	}
	tree := parser.Parse(src, nil)
	if tree == nil {
		return nil, nil, fmt.Errorf("parse %s: the parser gave up", file)
	}
	root := tree.RootNode()
	if root.HasError() {
		err := firstError(file, root)
		tree.Close()
		return nil, nil, err
	}
	m := &module{
		file: file, src: src, root: root,
		imports:  map[string]string{},
		strings:  map[string]string{},
		columns:  map[string]*ts.Node{},
		types:    map[string]string{},
		objects:  map[string]*tableCall{},
		byName:   map[string][]*class{},
		consumed: map[uint]bool{},
	}
	m.parts, m.pkg = moduleParts(file)
	m.block(root, scope{})
	m.sweep()
	return m, tree, nil
}

// moduleParts splits a path into what imports call it and the package it is in.
func moduleParts(file string) (parts, pkg []string) {
	parts = strings.Split(strings.TrimSuffix(path.Clean(filepath.ToSlash(file)), ".py"), "/")
	if n := len(parts) - 1; parts[n] == "__init__" {
		return parts[:n], parts[:n]
	}
	return parts, parts[:len(parts)-1]
}

func (m *module) problem(n *ts.Node, format string, args ...any) *annotations.Problem {
	return &annotations.Problem{Position: m.at(n), Severity: annotations.Error, Msg: fmt.Sprintf(format, args...)}
}

func (m *module) errorf(n *ts.Node, format string, args ...any) {
	m.problems = append(m.problems, *m.problem(n, format, args...))
}

func (m *module) warnf(n *ts.Node, format string, args ...any) {
	p := m.problem(n, format, args...)
	p.Severity = annotations.Warning
	m.problems = append(m.problems, *p)
}

// A scope says what a statement stands in.
type scope struct {
	class       *class // nil outside of class bodies
	function    bool   // in a function: only classes count
	conditional bool   // in the body of an if, try, for … of the class or module
}

// block reads the statements of a block or of the whole file.
func (m *module) block(n *ts.Node, s scope) {
	for _, statement := range children(n) {
		m.statement(statement, s)
	}
}

func (m *module) statement(n *ts.Node, s scope) {
	switch n.Kind() {
	case "expression_statement":
		for _, e := range children(n) {
			if e.Kind() == "assignment" && !s.function {
				m.assignment(e, s)
			}
		}
	case "class_definition":
		m.classDefinition(n, nil, s)
	case "decorated_definition":
		m.decorated(n, s)
	case "function_definition":
		m.function(n, s)
	case "import_statement", "import_from_statement":
		m.importStatement(n)
	case "type_alias_statement", "return_statement", "pass_statement":
	default:
		// Compound statements: their blocks, and the clauses that hold more blocks.
		inner := s
		inner.conditional = true
		for _, c := range children(n) {
			switch kind := c.Kind(); {
			case kind == "block":
				m.block(c, inner)
			case strings.HasSuffix(kind, "_clause"):
				m.statement(c, inner)
			}
		}
	}
}

func (m *module) decorated(n *ts.Node, s scope) {
	definition := n.ChildByFieldName("definition")
	if definition == nil {
		return
	}
	var decorators []string
	for _, c := range children(n) {
		if c.Kind() != "decorator" {
			continue
		}
		for _, e := range children(c) {
			if e.Kind() == "call" {
				e = e.ChildByFieldName("function")
			}
			decorators = append(decorators, m.dotted(e))
		}
	}
	if definition.Kind() == "class_definition" {
		m.classDefinition(definition, decorators, s)
		return
	}
	if s.class != nil && !s.function {
		for _, d := range decorators {
			if strings.Contains("."+d+".", ".declared_attr.") {
				s.class.declared(definition)
				return
			}
		}
	}
	m.function(definition, s)
}

// function looks for classes in a function's body, and notes that its name hides a column of that name.
func (m *module) function(n *ts.Node, s scope) {
	if s.class != nil && !s.function {
		s.class.hide(m.text(n.ChildByFieldName("name")))
	}
	body := n.ChildByFieldName("body")
	if body != nil && bytes.Contains(m.src[body.StartByte():body.EndByte()], []byte("class ")) {
		m.block(body, scope{function: true})
	}
}

// importStatement notes which names stand for what.
func (m *module) importStatement(n *ts.Node) {
	prefix := ""
	if from := n.ChildByFieldName("module_name"); from != nil {
		prefix = m.text(from)
	}
	for i, c := range children(n) {
		if prefix != "" && i == 0 {
			continue // the module's name
		}
		name, alias := c, ""
		if c.Kind() == "aliased_import" {
			name, alias = c.ChildByFieldName("name"), m.text(c.ChildByFieldName("alias"))
		}
		full := m.text(name)
		switch {
		case c.Kind() == "wildcard_import":
			m.imports["*"+prefix] = prefix
		case prefix != "":
			if alias == "" {
				alias = full
			}
			m.imports[alias] = join(prefix, full)
		case alias != "":
			m.imports[alias] = full
		default:
			first, _, _ := strings.Cut(full, ".")
			m.imports[first] = first
		}
	}
}

// join puts a name behind a module's, which may be nothing but dots.
func join(module, name string) string {
	if strings.HasSuffix(module, ".") {
		return module + name
	}
	return module + "." + name
}

// assignment reads NAME = VALUE of a module or class body; chains and annotations included.
func (m *module) assignment(n *ts.Node, s scope) {
	targets := []*ts.Node{n}
	right := n.ChildByFieldName("right")
	for right != nil && right.Kind() == "assignment" {
		targets = append(targets, right)
		right = right.ChildByFieldName("right")
	}
	right = unwrap(right)
	for _, t := range targets {
		left := t.ChildByFieldName("left")
		switch {
		case left.Kind() == "attribute" && s.class == nil:
			m.lateColumn(left, right)
		case left.Kind() != "identifier":
		case s.class != nil:
			s.class.assign(m.text(left), left, t.ChildByFieldName("type"), right, s.conditional)
		default:
			m.global(m.text(left), right)
		}
	}
}

// global notes what a name of the module stands for, when it may matter.
func (m *module) global(name string, right *ts.Node) {
	if right == nil {
		return
	}
	switch right.Kind() {
	case "string", "concatenated_string":
		if s, err := m.stringOf(right); err == nil {
			m.strings[name] = s
		}
	case "call":
		switch last(m.callee(right)) {
		case "Table":
			if t := m.tableObject(right, name); t != nil {
				m.objects[name] = t
			}
		case "declarative_base", "generate_base", "automap_base":
			c := &class{module: m, name: name, node: right, factoryMade: true, attributes: map[string][]*column{}}
			c.factory(right)
			m.addClass(c)
		case "partial":
			if args := m.arguments(right); len(args) > 0 && isColumn(m.qualify(m.dotted(args[0].value))) {
				m.columns[name] = right
			}
		}
	case "identifier", "attribute":
		if full := m.qualify(m.dotted(right)); isColumn(full) || last(full) == "ForeignKey" {
			m.imports[name] = full
		}
	case "subscript":
		if call, typ := m.annotated(right); call != nil {
			m.columns[name], m.types[name] = call, typ
		}
	}
}

// lateColumn reads Class.attribute = Column(…) after the class.
func (m *module) lateColumn(left, right *ts.Node) {
	owner := m.byName[m.dotted(left.ChildByFieldName("object"))]
	if len(owner) == 0 || right == nil {
		return
	}
	if call := m.columnCall(right); call != nil {
		owner[len(owner)-1].addColumn(m.text(left.ChildByFieldName("attribute")), nil, call)
	}
}
