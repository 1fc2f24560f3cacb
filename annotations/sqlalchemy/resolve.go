package sqlalchemy

import (
	"slices"
	"strings"
)

// A project is the modules that were read together.
type project struct {
	modules []*module
	reach   map[*class][]*class // linearized bases, by class
}

// A base is what a name in a class's list of bases stands for.
type base struct {
	class *class
	// known says that the base lies outside of the files read, and yet its columns are known (or that it has none).
	known       bool
	declarative bool
}

// maxHops bounds how far a name is followed through modules that import it from each other.
const maxHops = 8

// resolve finds what a base's name stands for, seen from a class.
func (p *project) resolve(c *class, name string) base {
	if found := c.module.local(name, c); found != nil {
		return base{class: found}
	}
	full := c.module.qualify(name)
	if outside, ok := external(full); ok {
		return outside
	}
	if found := p.find(c.module, name, 0); found != nil && found != c {
		return base{class: found}
	}
	return base{}
}

// local finds a class of the module by name: the last one defined before the class that asks.
func (m *module) local(name string, asks *class) *class {
	var found *class
	for _, c := range m.byName[name] {
		if c != asks && (asks == nil || asks.module != m || c.node.StartByte() < asks.node.StartByte()) {
			found = c
		}
	}
	return found
}

// find finds a class by the name that a module knows it by, through imports.
func (p *project) find(m *module, name string, hops int) *class {
	if hops > maxHops {
		return nil
	}
	candidates := []string{}
	if full := m.qualify(name); full != name || strings.Contains(name, ".") {
		candidates = append(candidates, full)
	}
	for local, prefix := range m.imports {
		if strings.HasPrefix(local, "*") {
			candidates = append(candidates, join(prefix, name))
		}
	}
	slices.Sort(candidates)
	for _, full := range candidates {
		if c := p.imported(m, full, hops); c != nil {
			return c
		}
	}
	return nil
}

// imported finds the class with a dotted name such as "project.db.base.Base" or ".base.Base".
func (p *project) imported(from *module, full string, hops int) *class {
	absolute := strings.TrimLeft(full, ".")
	path := strings.Split(absolute, ".")
	for n := range slices.Backward(path) {
		name := strings.Join(path[n:], ".")
		for _, m := range p.modulesNamed(from, path[:n], len(full)-len(absolute)) {
			if c := m.local(name, nil); c != nil {
				return c
			}
			if c := p.find(m, name, hops+1); c != nil {
				return c
			}
		}
	}
	return nil
}

// modulesNamed gives the modules that an import may mean: dots counts the leading dots of a relative one. An absolute
// import means the one module whose path ends so; where the project's root is not known, the last parts alone must do.
func (p *project) modulesNamed(from *module, path []string, dots int) []*module {
	if dots > 0 {
		up := len(from.pkg) - (dots - 1)
		if up < 0 {
			return nil
		}
		want := append(slices.Clone(from.pkg[:up]), path...)
		return p.matching(func(m *module) bool { return slices.Equal(m.parts, want) })
	}
	if len(path) == 0 {
		return nil
	}
	whole := p.matching(func(m *module) bool {
		return len(m.parts) >= len(path) && slices.Equal(m.parts[len(m.parts)-len(path):], path)
	})
	if len(whole) > 0 {
		return whole
	}
	short := p.matching(func(m *module) bool {
		return m != from && len(m.parts) > 0 && m.parts[len(m.parts)-1] == path[len(path)-1] && len(m.parts) < len(path)+1
	})
	if len(short) == 1 {
		return short
	}
	return p.matching(func(m *module) bool {
		return m != from && len(short) == 0 && len(m.parts) > 0 && m.parts[len(m.parts)-1] == path[len(path)-1] &&
			slices.Equal(m.pkg, from.pkg)
	})
}

func (p *project) matching(f func(*module) bool) []*module {
	var found []*module
	for _, m := range p.modules {
		if f(m) {
			found = append(found, m)
		}
	}
	return found
}

// linear gives a class and its bases in the order in which Python looks attributes up.
func (p *project) linear(c *class) []*class {
	if p.reach == nil {
		p.reach = map[*class][]*class{}
	}
	if order, ok := p.reach[c]; ok {
		return order
	}
	p.reach[c] = []*class{c} // while in progress, so that a class that is its own base ends
	var lists [][]*class
	var direct []*class
	for _, name := range c.bases {
		if b := p.resolve(c, name); b.class != nil && b.class != c {
			lists = append(lists, slices.Clone(p.linear(b.class)))
			direct = append(direct, b.class)
		}
	}
	order := append([]*class{c}, merge(append(lists, direct))...)
	p.reach[c] = order
	return order
}

// merge is the merge of the C3 linearization; where there is none, the lists follow each other.
func merge(lists [][]*class) []*class {
	var order []*class
	for {
		lists = slices.DeleteFunc(lists, func(l []*class) bool { return len(l) == 0 })
		if len(lists) == 0 {
			return order
		}
		next := lists[0][0]
		for _, l := range lists {
			if !slices.ContainsFunc(lists, func(o []*class) bool { return slices.Contains(o[1:], l[0]) }) {
				next = l[0]
				break
			}
		}
		order = append(order, next)
		for i := range lists {
			lists[i] = slices.DeleteFunc(lists[i], func(c *class) bool { return c == next })
		}
	}
}

// declarative reports whether a class may be a model: one of its bases makes models, or cannot be read.
func (p *project) declarative(c *class) bool {
	for _, k := range p.linear(c) {
		if k.declarative || k.unreadable {
			return true
		}
		for _, name := range k.bases {
			if b := p.resolve(k, name); b.class == nil && (!b.known || b.declarative) {
				return true
			}
		}
	}
	return false
}
