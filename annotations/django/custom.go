package django

import (
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// custom reports what a field of the project's own may do to its column, where only running its methods would tell.
func (r *reader) custom(m *model, f *field) {
	c, ok := f.call.Func.(*python.Class)
	if !ok {
		return
	}
	for _, k := range c.MRO() {
		for _, b := range k.Bindings() {
			fn, ok := b.Value().(*python.Function)
			if !ok {
				continue
			}
			if why := surprise(f, b.Name, fn.Node.Text()); why != "" {
				r.unresolved(m.class, f.node, "field %s of class %s: %s of %s %s", f.name, m.class.Name, b.Name, k.Name, why)
			}
		}
	}
}

// surprise says what a method of a field may do to the columns of a model, or "".
func surprise(f *field, method, source string) string {
	switch method {
	case "contribute_to_class":
		others := strings.Count(source, "contribute_to_class(") - 2 // its own name, and that of the class above
		switch {
		case strings.Contains(source, ".add_to_class("), others > 0:
			return "adds others when the class is made"
		case strings.Contains(source, "private_only"), strings.Contains(source, "virtual_only"):
			return "may make it a field without a column"
		}
	case "get_attname", "get_attname_column", "db_type", "set_attributes_from_name":
		if method != "db_type" || strings.Contains(source, "None") {
			return "may change its column"
		}
	case "__init__":
		for _, option := range []string{"db_column", "primary_key", "to_field"} {
			own := slices.ContainsFunc(f.call.Args, func(a python.Arg) bool { return a.Name == option })
			if !own && strings.Contains(source, option) {
				return "may set " + option + ": write that where the field is"
			}
		}
	}
	return ""
}
