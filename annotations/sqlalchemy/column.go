package sqlalchemy

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A column is what one Column(…), mapped_column(…) or Mapped[…] says.
type column struct {
	annotations.ModelColumn
	call       *python.Call      // nil for an annotation alone
	mark       *annotations.Mark // from info; nil when there is none
	marked     *python.Node      // the key of info that has it
	refs       []reference       // foreign keys as written
	auto       counting          // by autoincrement
	hasDefault bool              // values other than numbers counted up
	typed      bool
}

// maxDepth bounds how deep columns are looked for in calls such as deferred(…).
const maxDepth = 8

// columnCalls gives the calls that make a column in what an attribute is set to: one, in deferred(…) and the like as well;
// several when only running the code would tell which; none for what is no column. Not ok when it may be a column and
// cannot be told.
func columnCalls(v python.Value) (calls []*python.Call, ok bool) { return findColumns(v, 0) }

func findColumns(v python.Value, depth int) (calls []*python.Call, ok bool) {
	ok = true
	for _, a := range python.Alternatives(v) {
		call, isCall := a.(*python.Call)
		_, unknown := a.(*python.Unknown)
		switch {
		case unknown:
			ok = false
		case !isCall || depth > maxDepth:
		case isColumn(call):
			calls = append(calls, call)
		case unread(call):
			ok = false
		default:
			for _, inner := range wrapped(call) {
				more, fine := findColumns(inner, depth+1)
				calls = append(calls, more...)
				ok = ok && (fine || python.Last(call.Callee()) == "column_property") // of an expression it is none
			}
		}
	}
	return calls, ok
}

// unread reports whether a call is of a function that was not read and is not known either.
func unread(c *python.Call) bool {
	switch f := c.Func.(type) {
	case *python.External:
		return !isPlain(f.Name) && len(wrapped(c)) == 0
	case *python.Call: // of what a function that was not read gives, or of an instance
		if class, ok := f.Func.(*python.Class); ok {
			return len(class.Lookup("__call__")) > 0
		}
		return unread(f)
	case *python.Attribute: // table.c.name.copy()
		return (f.Name == "copy" || f.Name == "_copy") && ofTable(f.Of)
	}
	return false
}

// ofTable reports whether a value is something of a table, such as table.c.name.
func ofTable(v python.Value) bool {
	for range maxDepth {
		of, ok := v.(*python.Attribute)
		if !ok {
			return false
		}
		if of.Name == "c" || of.Name == "columns" || of.Name == "__table__" {
			return true
		}
		v = of.Of
	}
	return false
}

// isColumn reports whether a call makes a column.
func isColumn(c *python.Call) bool {
	switch python.Last(c.Callee()) {
	case "Column", "mapped_column":
		return true
	}
	class, ok := c.Func.(*python.Class)
	return ok && slices.ContainsFunc(class.Outside(), func(b python.Base) bool {
		x, ok := b.Value.(*python.External)
		return ok && python.Last(x.Name) == "Column"
	})
}

// wrapped gives the arguments of a call that may be columns of the table.
func wrapped(c *python.Call) []python.Value {
	var values []python.Value
	switch python.Last(c.Callee()) {
	case "deferred", "column_property":
		for _, a := range c.Args {
			if a.Name == "" && !a.Splat || a.Name == "column" {
				values = append(values, a.Value())
			}
		}
	case "composite":
		for i, a := range c.Args {
			if i > 0 && a.Name == "" && !a.Splat {
				values = append(values, a.Value())
			}
		}
	case "get": // table.c.get('name', Column(…)), for several models of one table
		if of, ok := c.Func.(*python.Attribute); ok && ofTable(of.Of) && len(c.Args) == 2 {
			values = append(values, c.Args[1].Value())
		}
	case "copy", "_copy":
		if of, ok := c.Func.(*python.Attribute); ok {
			values = append(values, of.Of)
		}
	}
	return values
}

// column reads the call that makes the column of an attribute ("" in a Table). It gives nil when the column's name cannot
// be resolved, which it reports among the problems of the module.
func (r *reader) column(m *python.Module, attribute string, call *python.Call) *column {
	r.used[call.Node] = true
	c := &column{call: call}
	c.Attribute, c.Name, c.Position = attribute, attribute, call.Node.Position()
	if class, ok := call.Func.(*python.Class); ok && len(class.Lookup("__init__")) > 0 {
		c.Uncertain = true
		r.project.Unresolved(m, call.Node, "column %s cannot be read: %s has an __init__ of its own", attribute, class.Name)
	}
	if !r.columnArguments(m, c, call) {
		return nil
	}
	if c.Name == "" {
		r.nameless(m, c, call.Node)
		return nil
	}
	return c
}

// nameless reports a column whose name cannot be worked out: an error when markup would be lost with it.
func (r *reader) nameless(m *python.Module, c *column, at *python.Node) {
	if c.mark != nil {
		r.project.Fail(m, at, "the name of a column cannot be resolved")
		return
	}
	r.project.Unresolved(m, at, "the name of a column cannot be resolved")
}

// columnArguments reads the arguments of a column and reports whether its name could be resolved.
func (r *reader) columnArguments(m *python.Module, c *column, call *python.Call) bool {
	var unnamed *python.Node
	positional := 0
	for _, a := range call.Args {
		switch {
		case a.Splat:
			c.Uncertain = true
			r.project.Unresolved(m, a.Node(), "arguments of column %s cannot be read", c.Name)
		case a.Name == "name", a.Name == "" && positional == 0 && isName(a):
			positional++
			switch name := a.Value().(type) {
			case python.Text:
				c.Name = string(name)
			case python.None:
			default:
				unnamed = a.Node()
			}
		case a.Name == "":
			positional++
			r.positional(m, c, a)
		default:
			r.keyword(m, c, call, a)
		}
	}
	if unnamed != nil {
		r.nameless(m, c, unnamed)
	}
	return unnamed == nil
}

// isName reports whether the first argument of a column is its name rather than its type.
func isName(a python.Arg) bool {
	switch v := a.Value().(type) {
	case python.Text, python.None:
		return true
	case *python.Choice:
		return slices.ContainsFunc(v.Of, func(o python.Value) bool { _, isText := o.(python.Text); return isText })
	case *python.Call:
		return python.Last(v.Callee()) == "quoted_name" || method(v) != ""
	case *python.Unknown:
		return true // a type would be known at least by name
	}
	return false
}

// method gives the name of the method of a text that a call is of, or "".
func method(c *python.Call) string {
	if of, ok := c.Func.(*python.Attribute); ok {
		if _, isText := of.Of.(python.Text); isText {
			return of.Name
		}
	}
	return ""
}

// positional reads a type, a foreign key, Identity(…) and the like.
func (r *reader) positional(m *python.Module, c *column, a python.Arg) {
	v := a.Value()
	if call, ok := v.(*python.Call); ok {
		switch python.Last(call.Callee()) {
		case "ForeignKey":
			if ref, ok := r.foreignKey(m, call); ok {
				c.refs = append(c.refs, ref)
			}
			return
		case "Computed":
			c.Generated, c.hasDefault = true, true
			return
		case "FetchedValue", "DefaultClause", "ColumnDefault":
			c.hasDefault = true
			return
		case "Identity", "Sequence", "CheckConstraint", "UniqueConstraint", "Index":
			return
		}
	}
	if t := typeOf(v); !c.typed && t.name != "" {
		c.setType(t, a.Node())
	}
}

// keyword reads one keyword argument of a column.
func (r *reader) keyword(m *python.Module, c *column, call *python.Call, a python.Arg) {
	switch a.Name {
	case "primary_key":
		c.PrimaryKey = a.Value() == python.Value(python.Bool(true))
	case "autoincrement":
		c.auto = autoincrement(a.Value())
	case "default", "insert_default", "server_default":
		c.hasDefault = c.hasDefault || hasDefault(a.Value())
	case "type_":
		r.positional(m, c, a)
	case "comment", "doc":
		if text, ok := a.Value().(python.Text); ok && (c.Comment == "" || a.Name == "comment") {
			c.Comment = strings.TrimSpace(string(text))
		}
	case "info":
		r.info(c, call, a)
	}
}

// foreignKey reads the target of ForeignKey(…).
func (r *reader) foreignKey(m *python.Module, call *python.Call) (reference, bool) {
	target, ok := call.Arg(0, "column")
	if !ok {
		r.project.Unresolved(m, call.Node, "the target of a foreign key cannot be resolved")
		return reference{}, false
	}
	return r.target(target), true
}

// setType notes the type of a column.
func (c *column) setType(t sqlType, written *python.Node) {
	c.typed = true
	c.Type, c.Impl, c.Length = t.name, t.impl, t.length
	if written != nil {
		c.TypeText = strings.Join(strings.Fields(written.Text()), " ")
	}
	if c.TypeText == "" {
		c.TypeText = t.name
	}
	c.Boolean = isBoolean(t)
	c.Integer = isInteger(t)
}
