package python

import "slices"

// MRO gives the class and its bases that were read, in the order in which Python looks attributes up.
func (c *Class) MRO() []*Class {
	c.linearize()
	return c.mro
}

// Outside gives the bases, of the class and of its bases, that are no class that was read: external names, calls and
// unknown values.
func (c *Class) Outside() []Base {
	c.linearize()
	return c.outside
}

// linearize works the order of the bases out (C3).
func (c *Class) linearize() {
	if c.mro != nil {
		return
	}
	c.mro = []*Class{c} // while it is worked out, so that a class that is its own base comes to an end
	var lists [][]*Class
	var direct []*Class
	for _, base := range c.Bases() {
		for _, b := range c.Node.module.project.expand(base, 0) {
			k, ok := b.Value.(*Class)
			switch {
			case !ok:
				c.outside = append(c.outside, b)
			case k != c:
				lists = append(lists, slices.Clone(k.MRO()))
				direct = append(direct, k)
			}
		}
	}
	for _, k := range direct {
		for _, b := range k.Outside() {
			if !slices.Contains(c.outside, b) {
				c.outside = append(c.outside, b)
			}
		}
	}
	c.mro = append([]*Class{c}, merge(append(lists, direct))...)
}

// merge is the merge of the C3 linearization; where there is none, the lists follow each other.
func merge(lists [][]*Class) []*Class {
	var order []*Class
	for {
		lists = slices.DeleteFunc(lists, func(l []*Class) bool { return len(l) == 0 })
		if len(lists) == 0 {
			return order
		}
		next := lists[0][0]
		for _, l := range lists {
			if !slices.ContainsFunc(lists, func(o []*Class) bool { return slices.Contains(o[1:], l[0]) }) {
				next = l[0]
				break
			}
		}
		order = append(order, next)
		for i := range lists {
			lists[i] = slices.DeleteFunc(slices.Clone(lists[i]), func(c *Class) bool { return c == next })
		}
	}
}

// expand gives the classes that a base stands for: the one of several possibilities that was read, and what a call that
// makes a base makes it of, beside the call itself.
func (p *Project) expand(b Base, depth int) []Base {
	if depth > maxDepth/4 {
		return []Base{b}
	}
	switch v := b.Value.(type) {
	case *Generic:
		return p.expand(Base{v.Of, b.Node, b.Class}, depth+1)
	case *Choice:
		var classes []Base
		for _, a := range v.Of {
			switch a := a.(type) {
			case *Class:
				classes = append(classes, Base{a, b.Node, b.Class})
			case *External, None:
			default:
				return []Base{b}
			}
		}
		if len(classes) == 1 {
			return classes
		}
	case *Call:
		for _, f := range p.frameworks {
			if values, ok := f.Base(v); ok {
				out := []Base{b}
				for _, inner := range values {
					out = append(out, p.expand(Base{inner, b.Node, b.Class}, depth+1)...)
				}
				return out
			}
		}
	}
	return []Base{b}
}
