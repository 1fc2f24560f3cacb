package python

import (
	"slices"
	"strings"
)

// conditional goes through an if: the branch that is known to be taken, or else all of them.
func (b *binder) conditional(n *Node) {
	clauses := []*Node{n}
	for _, c := range n.Children() {
		if c.Field == "alternative" {
			clauses = append(clauses, c)
		}
	}
	certain, taken := true, false // what follows is reached, or known not to be
	for _, c := range clauses {
		condition, body := c.Child("condition"), c.Child("consequence")
		if condition == nil {
			body = c.Child("body")
		}
		if certain && !taken && condition != nil {
			yes, ok := b.decide(condition)
			if ok && !yes {
				b.untaken(body)
				continue
			}
			taken, certain = ok, ok
		} else if taken {
			b.untaken(body)
			continue
		}
		b.block(body, !certain)
	}
}

// decide tells whether a condition is met. Of a module's own conditions only TYPE_CHECKING is known, which is false when it runs.
func (b *binder) decide(condition *Node) (yes, ok bool) {
	condition = condition.Unwrap()
	switch {
	case Last(condition.Dotted()) == "TYPE_CHECKING":
		return false, true
	case condition.Is("not_operator") && Last(condition.Child("argument").Dotted()) == "TYPE_CHECKING":
		return true, true
	case b.class == nil:
		return false, false
	}
	return truth(b.scope.eval(condition))
}

// untaken notes a branch that no run of the module goes.
func (b *binder) untaken(body *Node) { b.scope.module.project.untaken[body] = true }

// loop goes through a for: once for each item, when the items are known and it may declare something, or else once.
func (b *binder) loop(n *Node) {
	body := n.Child("body")
	if b.class == nil && !declares(body) {
		b.once(n)
		return
	}
	items, ok := iterated(b.scope.eval(n.Child("right"))).(*List)
	if !ok || items.Open || len(items.Items) > maxRounds {
		b.once(n)
		return
	}
	outer := b.scope
	b.rounds++
	p := b.scope.module.project
	for _, item := range items.Items {
		inner, ok := outer.unpack(n.Child("left"), item)
		p.rounds++
		if !ok || p.rounds > maxAllRounds {
			b.scope = outer
			b.once(n)
			break
		}
		b.scope = inner
		b.block(body, false)
	}
	b.rounds--
	b.scope = outer
}

// declares reports whether statements look as if they declared tables, columns or classes.
func declares(body *Node) bool {
	text := body.Text()
	return slices.ContainsFunc([]string{"able(", "olumn(", "setattr(", "class ", "Field("}, func(s string) bool { return strings.Contains(text, s) })
}

// once goes through the body of a for whose items are not known.
func (b *binder) once(n *Node) {
	b.erase(n.Child("left"), n, true)
	b.block(n.Child("body"), true)
}
