package python

import "fmt"

// An unreadBase is a base class of models that was not read, with the places that name it.
type unreadBase struct {
	module *Module
	first  Base
	places map[*Node]bool
}

// Unread notes a base of a model that was not read and may bring columns. It is reported once for each name, among the problems
// of the model's module.
func (p *Project) Unread(c *Class, b Base) {
	if p.quiet > 0 {
		return
	}
	name := b.Node.Text()
	if x, ok := b.Value.(*External); ok {
		name = x.Name
	}
	key := unreadKey{p.group(c.Module()), name}
	u := p.unread[key]
	if u == nil {
		u = &unreadBase{module: c.Module(), first: b, places: map[*Node]bool{}}
		p.unread[key] = u
	}
	u.places[b.Node] = true
}

type unreadKey struct {
	group int
	name  string
}

func (p *Project) reportUnread() {
	for key, u := range p.unread {
		of := u.first.Class.Name
		if others := len(u.places) - 1; others > 0 {
			of = fmt.Sprintf("%s and %d more", of, others)
		}
		p.Unresolved(u.module, u.first.Node, "base class %s of %s was not read: columns and markup that it brings are unknown", key.name, of)
	}
}
