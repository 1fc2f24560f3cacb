package django

import (
	"slices"
	"strconv"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// maxDepth bounds how far proxies and keys are followed.
const maxDepth = 16

// A field is one field of a model.
type field struct {
	name    string
	call    *python.Call
	owner   *python.Class // in whose body it stands
	node    *python.Node
	kind    fieldKind
	typ     string // name of its class
	django  string // the class of Django's that it comes down to
	column  string // "" when it cannot be worked out
	primary bool
}

type fieldKind int

const (
	noColumn   fieldKind = iota
	plain                // a column of its own
	foreignKey           // a column that refers to another
	manyToMany           // a table of its own
	unreadable           // it may be any of those
)

// kindOf says what a call makes of an attribute, with the names of its class and of Django's below that.
func kindOf(c *python.Call) (kind fieldKind, typ, django string) {
	switch f := c.Func.(type) {
	case *python.External:
		typ = python.Last(f.Name)
		if isDjango(f.Name) {
			return known(typ), typ, typ
		}
		if typ == "GenericForeignKey" || typ == "GenericRelation" || python.IsPlain(f.Name) {
			return noColumn, typ, ""
		}
		return unreadable, typ, ""
	case *python.Class:
		typ = python.Last(f.Name)
		for _, b := range f.Outside() {
			x, ok := b.Value.(*python.External)
			switch {
			case ok && isDjango(x.Name):
				last := python.Last(x.Name)
				if k := known(last); k > kind {
					kind, django = k, last
				}
			case ok && python.IsPlain(x.Name):
			case kind == noColumn && strings.Contains(typ, "Field"):
				kind = unreadable
			}
		}
		return kind, typ, django
	}
	return noColumn, "", ""
}

// known says what a class of Django's is.
func known(name string) fieldKind {
	switch {
	case name == "ManyToManyField":
		return manyToMany
	case name == "ForeignKey", name == "OneToOneField":
		return foreignKey
	case name == "Field", strings.HasSuffix(name, "Field"):
		return plain
	}
	return noColumn
}

// fields gives the fields that a model's own table has, and the tables of its own that they need.
func (r *reader) fields(m *model) []*field {
	var fields []*field
	lineage := r.lineage(m)
	for i, k := range slices.Backward(lineage) {
		if !r.model(k).is {
			continue
		}
		seen := map[string]bool{}
		for _, b := range k.Bindings() {
			hidden := slices.ContainsFunc(lineage[:i], func(d *python.Class) bool { return binds(d, b.Name) })
			if seen[b.Name] || hidden {
				continue
			}
			seen[b.Name] = true
			for _, own := range k.Own(b.Name) {
				fields = append(fields, r.field(m, k, own)...)
			}
		}
	}
	return fields
}

// binds reports whether a class's own body says what an attribute is.
func binds(c *python.Class, name string) bool {
	return slices.ContainsFunc(c.Own(name), func(b *python.Binding) bool { return b.Right != nil })
}

// field reads the field that an attribute is set to; nil for any other attribute. One that is set by assignment after the class
// is none to Django.
func (r *reader) field(m *model, k *python.Class, b *python.Binding) []*field {
	if b.Right == nil || b.Late || strings.HasPrefix(b.Name, "__") || b.Right.Is("class_definition", "function_definition") {
		return nil
	}
	var fields []*field
	for _, v := range python.Alternatives(b.Value()) {
		call, ok := v.(*python.Call)
		if !ok {
			if u, unknown := v.(*python.Unknown); unknown && b.Right.Is("call") {
				r.doubt(m, b, u.Why)
			}
			continue
		}
		f := &field{name: b.Name, call: call, owner: k, node: b.Node}
		f.kind, f.typ, f.django = kindOf(call)
		switch {
		case f.kind == unreadable:
			r.doubt(m, b, call.Callee()+" was not read")
			continue
		case f.kind == noColumn:
			continue
		case b.Name == "":
			r.doubt(m, b, "its name is computed")
			continue
		}
		r.named(f)
		f.primary = r.isPrimary(m, f)
		r.custom(m, f)
		fields = append(fields, f)
	}
	return fields
}

// named works out the name of a field, which its option name replaces, and that of its column.
func (r *reader) named(f *field) {
	switch v := argument(f.call, "name").(type) {
	case nil, python.None:
	case python.Text:
		f.name = string(v)
	default:
		return // and nothing tells the column
	}
	f.column = f.name
	if f.kind == foreignKey {
		f.column += "_id"
	}
	switch v := argument(f.call, "db_column").(type) {
	case nil, python.None:
	case python.Text:
		f.column = string(v)
	default:
		f.column = ""
	}
}

// isPrimary reports whether a field is its model's primary key. What cannot be told is reported: other models refer to that key.
func (r *reader) isPrimary(m *model, f *field) bool {
	switch v := argument(f.call, "primary_key").(type) {
	case nil, python.None:
		return false
	case python.Bool:
		return bool(v)
	}
	r.unresolved(m.class, f.node, "whether field %s of class %s is the primary key cannot be resolved", f.name, m.class.Name)
	return false
}

// argument gives a keyword argument's value, or nil.
func argument(c *python.Call, name string) python.Value {
	if a, ok := c.Arg(-1, name); ok {
		return a.Value()
	}
	return nil
}

// doubt reports an attribute that may be a field and cannot be worked out.
func (r *reader) doubt(m *model, b *python.Binding, why string) {
	what := "attribute " + b.Name
	if b.Name == "" {
		what = "an attribute"
	}
	r.unresolved(m.class, b.Node, "%s of class %s may be a field: %s", what, m.class.Name, why)
}

// modelColumn describes the column of a field.
func (r *reader) modelColumn(m *model, f *field) annotations.ModelColumn {
	c := annotations.ModelColumn{
		Name: f.column, Attribute: f.name, Type: f.typ, Impl: internalType(f), Length: length(f), PrimaryKey: f.primary,
		Position: f.node.Position(), Generated: f.django == "GeneratedField",
		TypeText: strings.Join(strings.Fields(f.call.Node.Text()), " "),
	}
	c.Boolean = slices.Contains([]string{"BooleanField", "NullBooleanField"}, c.Impl)
	c.Integer = isInteger(c.Impl)
	c.AutoIncrement = strings.HasSuffix(c.Impl, "AutoField")
	for _, option := range []string{"db_comment", "help_text", "verbose_name"} {
		if text, ok := argument(f.call, option).(python.Text); ok && c.Comment == "" {
			c.Comment = strings.TrimSpace(string(text))
		}
	}
	for _, a := range f.call.Args {
		if a.Splat {
			c.Uncertain = true
			r.unresolved(m.class, a.Node(), "arguments of field %s cannot be read", f.name)
		}
	}
	if f.kind == foreignKey {
		if ref, ok := r.target(m, f); ok {
			c.ForeignKeys = append(c.ForeignKeys, ref)
		}
	}
	return c
}

// internalType gives the type of Django's that a field behaves as: what its get_internal_type says, or the class of Django's
// that it extends.
func internalType(f *field) string {
	if c, ok := f.call.Func.(*python.Class); ok {
		for _, b := range c.Lookup("get_internal_type") {
			fn, isFunction := b.Value().(*python.Function)
			if !isFunction {
				continue
			}
			if text, ok := c.Apply(fn).(python.Text); ok {
				return string(text)
			}
		}
	}
	switch f.django {
	case "EmailField", "URLField":
		return "CharField"
	case "ImageField":
		return "FileField"
	}
	return f.django
}

func isInteger(internal string) bool {
	return slices.Contains([]string{
		"AutoField", "BigAutoField", "SmallAutoField", "IntegerField", "BigIntegerField", "SmallIntegerField", "PositiveIntegerField",
		"PositiveBigIntegerField", "PositiveSmallIntegerField",
	}, internal)
}

// length gives how many characters a field holds: max_length, or what Django takes for it.
func length(f *field) int {
	v := argument(f.call, "max_length")
	if v == nil && f.call.Func != nil {
		if c, ok := f.call.Func.(*python.Class); !ok || len(c.Lookup("__init__")) == 0 {
			return map[string]int{
				"EmailField": 254, "URLField": 200, "SlugField": 50, "FileField": 100, "ImageField": 100, "FilePathField": 100,
				"UUIDField": 32, "GenericIPAddressField": 39, "IPAddressField": 15,
			}[f.django]
		}
	}
	number, _ := v.(python.Number)
	n, err := strconv.Atoi(string(number))
	if err != nil {
		return 0
	}
	return n
}
