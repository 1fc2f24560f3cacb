package django

import (
	"crypto/md5"
	"encoding/hex"
	"slices"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/annotations/python"
)

// A model is a class that extends Django's Model, taken apart.
type model struct {
	class    *python.Class
	is       bool // it is a model at all
	abstract bool
	proxy    bool
	label    string // of the app, or "" when nothing tells it
	table    string // or "" when it cannot be worked out
	// unnamed is what the table's name is computed by, or what hides the label, when that cannot be worked out.
	unnamed *python.Node
	parents []*python.Class // that have tables of their own, or are proxies
	fields  []*field
	busy    bool
}

// maxName is how long MySQL's names may be, in characters.
const maxName = 64

// model takes a class apart.
func (r *reader) model(c *python.Class) *model {
	if m, ok := r.models[c]; ok {
		return m
	}
	m := &model{class: c, busy: true}
	r.models[c] = m
	m.is = slices.Contains(outside(c), "Model")
	if m.is {
		r.options(m)
		m.parents = r.parents(c)
		m.fields = r.fields(m)
	}
	m.busy = false
	return m
}

// name is what Django calls a model.
func name(c *python.Class) string { return strings.ToLower(python.Last(c.Name)) }

// options reads class Meta: of the class itself, or of an abstract base.
func (r *reader) options(m *model) {
	own, all := r.meta(m.class)
	if own != nil {
		m.abstract = r.flag(m, own.Own("abstract"))
	}
	text := func(option string) (text string, at *python.Node) {
		if all == nil {
			return "", nil
		}
		bindings := all.Lookup(option)
		if text, ok := textOf(bindings); ok || len(bindings) == 0 {
			return text, nil
		}
		return "", bindings[0].Node
	}
	if all != nil {
		m.proxy = r.flag(m, all.Lookup("proxy"))
	}
	m.label, m.unnamed = text("app_label")
	if m.label == "" && m.unnamed == nil {
		m.label, m.unnamed = r.label(m.class)
	}
	table, at := text("db_table")
	switch {
	case at != nil:
		m.unnamed = at
	case table != "":
		m.table, m.unnamed = table, nil
	case m.label != "":
		m.table = truncated(m.label + "_" + name(m.class))
	}
}

// meta gives the class Meta in a model's own body, and the one that counts: that, or one of an abstract base or a mixin.
func (r *reader) meta(c *python.Class) (own, all *python.Class) {
	for _, k := range c.MRO() {
		if k != c && slices.Contains(outside(k), "Model") && !r.model(k).abstract {
			continue
		}
		for _, b := range k.Own("Meta") {
			meta, ok := b.Value().(*python.Class)
			switch {
			case !ok:
				r.unresolved(c, b.Node, "the options of class %s cannot be read: Meta is no class statement", c.Name)
			case k == c:
				return meta, meta
			default:
				return nil, meta
			}
		}
	}
	return nil, nil
}

// flag works out an option that is true or false. Whether an app is installed is taken for granted of the one that is read.
func (r *reader) flag(m *model, bindings []*python.Binding) bool {
	for _, b := range bindings {
		if b.Value() == python.Value(python.Bool(true)) {
			return true
		}
		if _, unknown := b.Value().(*python.Unknown); !unknown {
			continue
		}
		if parts := b.Right.Children(); b.Right.Is("comparison_operator") && len(parts) == 3 && python.Last(parts[2].Dotted()) == "INSTALLED_APPS" {
			app, err := parts[0].StringValue()
			module := m.class.Module().Name
			if err == nil && (module == app || strings.HasPrefix(module, app+".")) {
				return parts[1].Text() == "in"
			}
		}
		r.unresolved(m.class, b.Node, "option %s of class %s cannot be resolved", b.Name, m.class.Name)
	}
	return false
}

func isTrue(bindings []*python.Binding) bool {
	return len(bindings) > 0 && bindings[0].Value() == python.Value(python.Bool(true))
}

// truncated cuts a name as Django does when the database's names are shorter.
func truncated(name string) string {
	if len([]rune(name)) <= maxName {
		return name
	}
	sum := md5.Sum([]byte(name))
	digest := hex.EncodeToString(sum[:])[:4]
	return string([]rune(name)[:maxName-len(digest)]) + digest
}

// parents gives the models with tables of their own that a class extends, directly or through abstract ones.
func (r *reader) parents(c *python.Class) []*python.Class {
	var all []*python.Class
	for _, k := range c.MRO()[1:] {
		direct := slices.ContainsFunc(c.Bases(), func(b python.Base) bool { return stripped(b.Value) == python.Value(k) })
		if !direct {
			continue
		}
		m := r.model(k)
		switch {
		case !m.is || m.busy:
		case m.abstract:
			all = append(all, m.parents...)
		default:
			all = append(all, k)
		}
	}
	return all
}

// stripped takes the arguments off a generic class.
func stripped(v python.Value) python.Value {
	if g, ok := v.(*python.Generic); ok {
		return g.Of
	}
	return v
}

// concrete gives the model whose table a model's rows are in: of a proxy that of its parent.
func (r *reader) concrete(c *python.Class) *model {
	m := r.model(c)
	for range maxDepth {
		if !m.proxy || len(m.parents) == 0 {
			break
		}
		m = r.model(m.parents[0])
	}
	return m
}

// lineage gives the classes whose fields are in a model's own table, most derived first: itself and those of its bases that
// no parent with a table has.
func (r *reader) lineage(m *model) []*python.Class {
	skip := map[*python.Class]bool{}
	for _, p := range m.parents {
		for _, k := range p.MRO() {
			skip[k] = true
		}
	}
	return slices.DeleteFunc(slices.Clone(m.class.MRO()), func(k *python.Class) bool { return skip[k] })
}
