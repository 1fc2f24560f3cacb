package django

import (
	"cmp"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A label is what is known of the app that a module belongs to.
type label struct {
	name      string       // "" when nothing tells it
	unnamed   *python.Node // what hides it, or nil
	autoField string       // the type of automatic primary keys, as the app says it, or ""
}

// label works out the label of the app that a class belongs to.
func (r *reader) label(c *python.Class) (name string, unnamed *python.Node) {
	l := r.appOf(c.Module())
	if l.name == "" && l.unnamed == nil {
		return "", c.Node
	}
	return l.name, l.unnamed
}

// appOf works out the app of a module: the nearest package above it that has an AppConfig, or else a module models.
func (r *reader) appOf(m *python.Module) label {
	if l, ok := r.labels[m]; ok {
		return l
	}
	l := r.configured(m)
	if l.name == "" && l.unnamed == nil {
		l.name = r.byPlace(m)
	}
	r.labels[m] = l
	return l
}

// configured looks for the AppConfig of a module's app.
func (r *reader) configured(m *python.Module) label {
	around := packages(m.Name)
	if len(around) == 0 {
		around = []string{""} // an app without an __init__.py
	}
	for _, pkg := range around {
		apps := r.project.Import(m, strings.TrimPrefix(pkg+".apps", "."))
		if apps == nil || pkg == "" && !m.Beside(apps) {
			continue
		}
		var all []*python.Class
		for _, b := range apps.Bindings() {
			if c, ok := definition(b); ok && c.Module() == apps && slices.Contains(outside(c), "AppConfig") && covers(c, m.Name) {
				all = append(all, c)
			}
		}
		if l, ok := r.agreed(all, pkg); ok {
			return l
		}
	}
	return label{}
}

// definition gives the class that a class statement binds.
func definition(b *python.Binding) (*python.Class, bool) {
	if !b.Right.Is("class_definition") {
		return nil, false
	}
	c, ok := b.Value().(*python.Class)
	return c, ok
}

// covers reports whether an AppConfig is that of an app that a module is in.
func covers(c *python.Class, module string) bool {
	name, ok := textOf(c.Lookup("name"))
	return !ok || module == name || strings.HasPrefix(module, name+".") || !strings.Contains(module, ".")
}

// agreed gives the label that the AppConfigs of a package agree about, or that of the one that is the default.
func (r *reader) agreed(configs []*python.Class, pkg string) (label, bool) {
	var found []label
	for _, c := range configs {
		l := label{}
		if auto, ok := textOf(c.Lookup("default_auto_field")); ok {
			l.autoField = python.Last(auto)
		}
		name, ok := textOf(c.Lookup("name"))
		if !ok {
			name = cmp.Or(pkg, c.Module().Directory())
		}
		l.name = python.Last(name)
		if own := c.Lookup("label"); len(own) > 0 {
			if l.name, ok = textOf(own); !ok {
				l.unnamed = own[0].Node
			}
		}
		if isTrue(c.Own("default")) {
			return l, true
		}
		if !slices.ContainsFunc(found, func(o label) bool { return o.name == l.name }) {
			found = append(found, l)
		}
	}
	if len(found) > 1 {
		return label{unnamed: configs[len(configs)-1].Node}, true
	}
	if len(found) == 1 {
		return found[0], true
	}
	return label{}, false
}

// byPlace takes the label from where a module lies.
func (r *reader) byPlace(m *python.Module) string {
	if !strings.Contains(m.Name, ".") {
		if m.Name == "models" { // an app without an __init__.py
			return m.Directory()
		}
		return ""
	}
	for _, pkg := range packages(m.Name) {
		if models := pkg + ".models"; m.Name == models || strings.HasPrefix(m.Name, models+".") || r.project.Import(m, models) != nil {
			return python.Last(pkg)
		}
	}
	return ""
}

// packages lists the packages around a module, the nearest first.
func packages(module string) []string {
	var all []string
	for {
		i := strings.LastIndexByte(module, '.')
		if i < 0 {
			return all
		}
		module = module[:i]
		all = append(all, module)
	}
}

// textOf gives the text that a name is bound to.
func textOf(bindings []*python.Binding) (string, bool) {
	if len(bindings) != 1 {
		return "", false
	}
	text, ok := bindings[0].Value().(python.Text)
	return string(text), ok
}

// autoField gives the type of automatic primary keys in a model's app: what its AppConfig says, or the settings, or Django.
func (r *reader) autoField(m *model) string {
	if l := r.appOf(m.class.Module()); l.autoField != "" {
		return l.autoField
	}
	if setting := r.setting("DEFAULT_AUTO_FIELD"); setting != "" {
		return python.Last(setting)
	}
	return "AutoField"
}

// setting gives what the modules among the files that look like settings agree that a setting is, or "".
func (r *reader) setting(name string) string {
	found := ""
	for _, m := range r.project.Given() {
		if !m.Mentions("INSTALLED_APPS") && !strings.Contains(m.Name, "settings") {
			continue
		}
		for _, b := range m.Bindings() {
			if b.Name != name {
				continue
			}
			text, _ := b.Value().(python.Text)
			if found != "" && found != string(text) {
				return ""
			}
			found = string(text)
		}
	}
	return found
}
