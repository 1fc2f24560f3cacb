package django

import (
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// to gives the model that a relation refers to; nil when it was not read. Label and name are known even then, as far as the
// relation says them.
func (r *reader) to(m *model, f *field) (class *python.Class, appLabel, modelName string) {
	arg, ok := f.call.Arg(0, "to")
	if !ok {
		return nil, "", ""
	}
	switch v := arg.Value().(type) {
	case *python.Class:
		return v, r.model(v).label, name(v)
	case python.Text:
		return r.lookup(m, string(v))
	case *python.External:
		if strings.HasPrefix(v.Name, "django.conf.settings.") {
			return r.user(m, python.Last(v.Name))
		}
		return nil, "", strings.ToLower(python.Last(v.Name))
	case *python.Call, *python.Attribute:
		if call, ok := v.(*python.Call); ok && python.Last(call.Callee()) == "get_user_model" {
			return r.user(m, "AUTH_USER_MODEL")
		}
	case *python.Function:
	}
	if call, ok := arg.Value().(*python.Unknown); ok && call.Node != nil && strings.Contains(call.Node.Text(), "get_user_model") {
		return r.user(m, "AUTH_USER_MODEL")
	}
	return nil, "", ""
}

// user gives the model that a setting such as AUTH_USER_MODEL names.
func (r *reader) user(m *model, setting string) (class *python.Class, appLabel, modelName string) {
	value := r.setting(setting)
	if value == "" && setting == "AUTH_USER_MODEL" {
		value = "auth.User" // what Django takes when no setting says otherwise
	}
	if value != "" {
		return r.lookup(m, value)
	}
	for _, c := range r.project.Classes() { // the model that stands there unless a setting says otherwise
		if !r.model(c).is {
			continue
		}
		if _, meta := r.meta(c); meta != nil {
			if swappable, ok := textOf(meta.Lookup("swappable")); ok && swappable == setting {
				return c, r.model(c).label, name(c)
			}
		}
	}
	return nil, "", ""
}

// lookup finds the model that a text such as "self", "Model" or "app.Model" names.
func (r *reader) lookup(m *model, text string) (class *python.Class, appLabel, modelName string) {
	if text == "self" {
		return m.class, m.label, name(m.class)
	}
	appLabel, modelName, dotted := strings.Cut(text, ".")
	if !dotted {
		appLabel, modelName = m.label, text
	}
	modelName = strings.ToLower(modelName)
	if c := r.byLabel[appLabel+"."+modelName]; c != nil {
		return c, appLabel, modelName
	}
	if beside := r.project.Import(m.class.Module(), "django.contrib."+appLabel+".models"); beside != nil {
		for _, b := range beside.Bindings() {
			if c, ok := definition(b); ok && name(c) == modelName && r.model(c).is {
				return c, appLabel, modelName
			}
		}
	}
	return nil, appLabel, modelName
}

// target gives the column that a foreign key refers to.
func (r *reader) target(m *model, f *field) (annotations.ModelReference, bool) {
	class, appLabel, modelName := r.to(m, f)
	if class == nil {
		what := strings.TrimPrefix(appLabel+"."+modelName, ".")
		if what == "" {
			r.unresolved(m.class, f.node, "the target of foreign key %s of class %s cannot be resolved", f.name, m.class.Name)
			return annotations.ModelReference{}, false
		}
		r.project.Warn(m.class.Module(), f.node, "the model %s, to which %s of class %s refers, was not read", what, f.name, m.class.Name)
		return annotations.ModelReference{}, false
	}
	to := r.concrete(class)
	if !to.is || to.table == "" {
		return annotations.ModelReference{}, false
	}
	if !class.Module().Given {
		r.beside(m, to)
	}
	switch v := toField(f.call).(type) {
	case nil, python.None:
		return annotations.ModelReference{Table: to.table, Column: r.primaryKey(to)}, true
	case python.Text:
		if ref, ok := r.fieldOf(to, string(v)); ok {
			return ref, true
		}
	}
	r.unresolved(m.class, f.node, "the field to which foreign key %s of class %s refers cannot be resolved", f.name, m.class.Name)
	return annotations.ModelReference{}, false
}

// toField gives the option to_field of a foreign key, which Django's own classes also take by its place; nil when there is none.
// Arguments that could not be read may have it.
func toField(c *python.Call) python.Value {
	place := -1
	if x, ok := c.Func.(*python.External); ok {
		switch python.Last(x.Name) {
		case "ForeignKey":
			place = 6
		case "OneToOneField":
			place = 2
		}
	}
	if a, ok := c.Arg(place, "to_field"); ok {
		return a.Value()
	}
	for _, a := range c.Args {
		if a.Splat {
			return a.Value()
		}
	}
	return nil
}

// fieldOf gives the column of a model's field, or of one that it has from a parent with a table of its own.
func (r *reader) fieldOf(m *model, name string) (annotations.ModelReference, bool) {
	for _, f := range m.fields {
		if f.name == name && f.column != "" {
			return annotations.ModelReference{Table: m.table, Column: f.column}, true
		}
	}
	for _, p := range m.parents {
		if ref, ok := r.fieldOf(r.concrete(p), name); ok {
			return ref, true
		}
	}
	column := r.primaryKey(m)
	implicit := name == "id" && column == "id" || strings.TrimSuffix(column, "_id") == name && len(m.parents) > 0
	return annotations.ModelReference{Table: m.table, Column: column}, implicit
}

// primaryKey gives the column of a model's primary key.
func (r *reader) primaryKey(m *model) string {
	for _, f := range m.fields {
		if f.primary {
			return f.column
		}
	}
	if len(m.parents) > 0 {
		_, column := r.link(m, m.parents[0])
		return column
	}
	return "id"
}

// link gives the field of a model that links it to a parent with a table of its own: nil when Django makes it.
func (r *reader) link(m *model, parent *python.Class) (own *field, column string) {
	concrete := r.concrete(parent)
	for _, f := range m.fields {
		if f.django != "OneToOneField" || argument(f.call, "parent_link") != python.Value(python.Bool(true)) {
			continue
		}
		if to, _, _ := r.to(m, f); to != nil && r.concrete(to) == concrete {
			return f, f.column
		}
	}
	return nil, name(concrete.class) + "_ptr_id"
}

// joinTable adds the table of a many-to-many field that has no model of its own.
func (r *reader) joinTable(m *model, f *field) {
	if through := argument(f.call, "through"); through != nil && through != python.Value(python.None{}) {
		return
	}
	if f.column == "" {
		r.unresolved(m.class, f.node, "the name of field %s of class %s cannot be resolved", f.name, m.class.Name)
		return
	}
	class, _, toName := r.to(m, f)
	tableName := truncated(m.table + "_" + f.name)
	switch v := argument(f.call, "db_table").(type) {
	case nil, python.None:
	case python.Text:
		tableName = string(v)
	default:
		r.unresolved(m.class, f.node, "the table of field %s of class %s cannot be resolved", f.name, m.class.Name)
		return
	}
	from, to := name(m.class), toName
	if to == "" {
		r.unresolved(m.class, f.node, "the model that field %s of class %s refers to cannot be resolved", f.name, m.class.Name)
		return
	}
	if from == to {
		from, to = "from_"+from, "to_"+to
	}
	at := f.node.Position()
	auto := r.autoField(m)
	key := tableKey{r.project.Markup(m.class.Module()), tableName}
	t := r.table(key, m.class.Name+"."+f.name, f.node)
	t.Columns = []annotations.ModelColumn{
		{Name: "id", Attribute: "id", Type: auto, TypeText: auto, Impl: auto, PrimaryKey: true, AutoIncrement: true, Integer: true, Position: at},
		{
			Name: from + "_id", Attribute: from, Type: "ForeignKey", TypeText: "ForeignKey", Impl: "ForeignKey", Position: at,
			ForeignKeys: []annotations.ModelReference{{Table: m.table, Column: r.primaryKey(m)}},
		},
		{Name: to + "_id", Attribute: to, Type: "ForeignKey", TypeText: "ForeignKey", Impl: "ForeignKey", Position: at},
	}
	if f.typ != "ManyToManyField" {
		t.Partial = true // a field of the project's own may add columns
	}
	if class == nil {
		return
	}
	if target := r.concrete(class); target.table != "" {
		t.Columns[2].ForeignKeys = []annotations.ModelReference{{Table: target.table, Column: r.primaryKey(target)}}
	}
}

// beside adds the table of another package that a foreign key of a model refers to.
func (r *reader) beside(m, to *model) {
	out := r.project.Markup(m.class.Module())
	if r.outside[to] {
		return
	}
	r.outside[to] = true
	t := annotations.ModelTable{Name: to.table, Class: to.class.Name, Position: to.class.Position()}
	r.project.Quietly(func() { r.columns(to, &t) })
	out.Beside = append(out.Beside, t)
}
