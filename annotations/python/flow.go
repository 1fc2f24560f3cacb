package python

// conditional goes through an if: the branch that is known to be taken, or else all of them.
func (r *run) conditional(n *Node) {
	condition, body := n.Child("condition"), n.Child("consequence")
	yes, ok := truth(r.scope.eval(condition))
	if ok && yes {
		r.block(body)
		return
	}
	var otherwise []*Node
	for _, c := range n.Children() {
		if c.Field == "alternative" {
			otherwise = append(otherwise, c)
		}
	}
	rest := func(r *run) { r.alternatives(otherwise) }
	if ok {
		rest(r)
		return
	}
	r.branch(func(r *run) { r.block(body) }, rest)
}

// alternatives goes through the elif and else clauses of an if.
func (r *run) alternatives(clauses []*Node) {
	switch {
	case len(clauses) == 0:
	case clauses[0].Is("else_clause"):
		r.block(clauses[0].Child("body"))
	default:
		yes, ok := truth(r.scope.eval(clauses[0].Child("condition")))
		body := func(r *run) { r.block(clauses[0].Child("consequence")) }
		rest := func(r *run) { r.alternatives(clauses[1:]) }
		switch {
		case ok && yes:
			body(r)
		case ok:
			rest(r)
		default:
			r.branch(body, rest)
		}
	}
}

// branch goes several ways and puts together what comes of them.
func (r *run) branch(ways ...func(*run)) {
	base := r.scope
	var ends []*scope
	done := true
	for _, way := range ways {
		inner := &run{project: r.project, scope: base}
		way(inner)
		r.returns = append(r.returns, inner.returns...)
		if inner.lost != nil {
			r.lost = inner.lost
			return
		}
		if !inner.done {
			done = false
			ends = append(ends, inner.scope)
		}
	}
	r.done = done
	if !done {
		r.scope = together(base, ends)
	}
}

// together gives each variable that one of several ways sets the values that they give it.
func together(base *scope, ends []*scope) *scope {
	if len(ends) == 1 {
		return ends[0]
	}
	out := base
	seen := map[string]bool{}
	for _, end := range ends {
		for l := end.local; l != base.local && l != nil; l = l.next {
			if seen[l.name] {
				continue
			}
			seen[l.name] = true
			var values []Value
			for _, e := range ends {
				if t := e.variable(l.name); t != nil {
					values = append(values, t.force())
				}
			}
			out = out.with(l.name, known(choose(values...)))
		}
	}
	return out
}

// loop goes through a for once for each item, when the items are known.
func (r *run) loop(n *Node) {
	items, ok := iterated(r.scope.eval(n.Child("right"))).(*List)
	if !ok || items.Open || len(items.Items) > maxRounds {
		r.lost = n
		return
	}
	for _, item := range items.Items {
		inner, ok := r.scope.unpack(n.Child("left"), item)
		if !ok {
			r.lost = n
			return
		}
		r.scope = inner
		r.block(n.Child("body"))
		if r.done || r.lost != nil || r.project.exhausted() {
			return
		}
	}
}

// try goes through a try as if nothing were raised, or as if it were at once.
func (r *run) try(n *Node) {
	ways := []func(*run){func(r *run) { r.block(n.Child("body")) }}
	var last *Node
	for _, c := range n.Children() {
		if c.Is("except_clause", "except_group_clause") {
			ways = append(ways, func(r *run) { r.block(blockOf(c)) })
		}
		if c.Is("finally_clause") {
			last = c
		}
	}
	r.branch(ways...)
	if last != nil && !r.done && r.lost == nil {
		r.block(blockOf(last))
	}
}

// blockOf gives the block of a clause.
func blockOf(clause *Node) *Node {
	for _, c := range clause.Children() {
		if c.Is("block") {
			return c
		}
	}
	return nil
}
