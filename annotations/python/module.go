package python

import (
	"math"
	"path/filepath"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// A Module is one file of Python source.
type Module struct {
	File   string // as messages name it
	Name   string // as imports know it, as far as that is known: "neutron.db.models_v2"
	Source []byte
	Root   *Node
	// Given says that the file was asked for; others are only read because those import them.
	Given bool

	project  *Project
	grammar  *grammarNames
	path     string // what the file is found by, absolute when it lies on a disk
	group    int    // which of the paths asked for it is below
	bound    *namespace
	classes  []*Class
	effects  []Effect
	busy     bool
	lines    []int        // where each line but the first begins, once somebody asks
	consumed map[int]bool // offsets of the markup that was read
	problems annotations.Problems
}

// Directory gives the name of the directory that the file lies in, or "".
func (m *Module) Directory() string {
	dir := filepath.Base(filepath.Dir(m.path))
	if dir == "." || dir == string(filepath.Separator) {
		return ""
	}
	return dir
}

// Beside reports whether another module lies in the same directory.
func (m *Module) Beside(other *Module) bool { return filepath.Dir(m.path) == filepath.Dir(other.path) }

// An Effect is a statement that a module makes for what it does, outside of classes: an assignment to an attribute, or a call such
// as User.add_to_class('x', field), also in functions that it calls for what they do.
type Effect struct {
	Node  *Node // assignment or call
	scope *scope
}

// Method gives the name of what is called: its last part. "" for an assignment.
func (e Effect) Method() string {
	function := e.Node.Child("function")
	if function.Is("attribute") {
		return function.Child("attribute").Text()
	}
	return function.Dotted()
}

// Object works out what a method is called of; nil for a plain function.
func (e Effect) Object() Value {
	if object := e.Node.Child("function").Child("object"); object != nil {
		return e.scope.eval(object)
	}
	return nil
}

// Args gives the arguments of the call.
func (e Effect) Args() []Arg { return e.scope.arguments(e.Node) }

// Value works out the call itself.
func (e Effect) Value() Value { return e.scope.eval(e.Node) }

// Effects gives the statements that the module makes for what they do.
func (m *Module) Effects() []Effect {
	m.names()
	return m.effects
}

// Eval works out an expression of the module with the names of the module alone, those of functions around it left out.
func (m *Module) Eval(n *Node) Value { return (&scope{module: m, running: true}).eval(n) }

// line gives the number of the line that an offset is in, from 1.
func (m *Module) line(offset int) int {
	if m.lines == nil {
		m.lines = []int{}
		for i, c := range m.Source {
			if c == '\n' {
				m.lines = append(m.lines, i+1)
			}
		}
	}
	before, at := slices.BinarySearch(m.lines, offset)
	if at {
		before++
	}
	return before + 1
}

// Classes gives the classes of the module, those in classes and functions included.
func (m *Module) Classes() []*Class {
	m.names()
	for i := 0; i < len(m.classes); i++ { // a class's body may add classes
		m.classes[i].names()
	}
	made := m.project.madeIn(m)
	if len(made) == 0 {
		return m.classes
	}
	patterns := map[*Node]bool{}
	for _, c := range made {
		patterns[c.Node] = true
	}
	all := slices.DeleteFunc(slices.Clone(m.classes), func(c *Class) bool { return patterns[c.Node] })
	return append(all, made...)
}

// Function gives the function that the module's own statements define under a name, or nil.
func (m *Module) Function(name string) *Function {
	for _, b := range m.names().byName[name] {
		if b.kind == defined {
			if f, ok := b.Value().(*Function); ok {
				return f
			}
		}
	}
	return nil
}

// Bindings gives what the module's own statements bind, in order.
func (m *Module) Bindings() []*Binding { return m.names().all }

// names gives what the module's statements bind, worked out on the first call. While it is, the names bound so far count, as
// they do for modules that import each other.
func (m *Module) names() *namespace {
	if m.bound == nil {
		m.bound = &namespace{}
		b := &binder{names: m.bound, scope: &scope{module: m}}
		b.block(m.Root, false)
	}
	return m.bound
}

// lookup gives what a name stands for in a module at an offset, those that wildcard imports bring included; nil when the
// module does not say.
func (m *Module) lookup(name string, at int) Value {
	if v := m.names().value(name, at); v != nil {
		return v
	}
	if m.busy {
		return nil // modules that import everything from each other
	}
	m.busy = true
	defer func() { m.busy = false }()
	var unread Value
	for _, b := range slices.Backward(m.names().byName["*"]) {
		if v := b.Value(); v != nil {
			if from, ok := v.(*Module); ok {
				if found := from.lookup(name, math.MaxInt); found != nil {
					return found
				}
				continue
			}
			if x, ok := v.(*External); ok && !IsBuiltin(name) {
				unread = &External{Name: x.Name + "." + name}
			}
		}
	}
	return unread
}

// importBindings gives what an import statement binds.
func importBindings(n *Node, s *scope) []*Binding {
	var out []*Binding
	add := func(at *Node, name, from, item string) {
		p, m := s.module.project, s.module
		t := &thunk{make: func() Value { return p.imported(m, from, item) }}
		out = append(out, &Binding{Name: name, Node: at, kind: imported, thunk: t})
	}
	from := n.Child("module_name")
	for _, c := range n.Children() {
		if c == from {
			continue
		}
		name, alias := c, ""
		if c.Is("aliased_import") {
			name, alias = c.Child("name"), c.Child("alias").Text()
		}
		full := strings.Join(strings.Fields(name.Text()), "")
		switch {
		case c.Is("wildcard_import"):
			add(c, "*", from.Text(), "")
		case from != nil && alias == "":
			add(c, full, from.Text(), full)
		case from != nil:
			add(c, alias, from.Text(), full)
		case alias != "":
			add(c, alias, full, "")
		default:
			first, _, _ := strings.Cut(full, ".")
			add(c, first, first, "")
		}
	}
	return out
}

// stem takes the ending off the path of a file: what imports name the end of.
func stem(file string) string {
	s := strings.TrimSuffix(file, ".py")
	if filepath.Base(s) == "__init__" {
		return filepath.Dir(s)
	}
	return s
}
