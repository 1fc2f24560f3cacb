package python

// inline works out a call of a function that was read, by going through its body with the arguments in place of the
// parameters. What depends on more than that is unknown.
func (p *Project) inline(f *Function, args []Arg, n *Node) Value {
	if p.inlined >= maxDepth/4 {
		return &Unknown{Node: n, Why: "it calls too deep"}
	}
	p.went[f.Node] = true
	p.inlined++
	defer func() { p.inlined-- }()
	s, ok := f.bind(args)
	if !ok {
		return &Unknown{Node: n, Why: "the arguments do not fit the parameters"}
	}
	if f.Node.Is("lambda") {
		return s.eval(f.Node.Child("body"))
	}
	r := &run{scope: s, project: p}
	r.block(f.Node.Child("body"))
	switch {
	case p.exhausted():
		return &Unknown{Node: n, Why: "it takes too long to work out"}
	case r.lost != nil:
		return &Unknown{Node: r.lost, Why: "the function does more than can be followed"}
	case !r.done:
		r.returns = append(r.returns, None{})
	}
	return choose(r.returns...)
}

// A run goes through the body of a function.
type run struct {
	project *Project
	scope   *scope
	returns []Value
	done    bool  // every way so far ends in a return or raise
	lost    *Node // a statement that cannot be followed
}

// block goes through statements until one of them ends the function.
func (r *run) block(n *Node) {
	if n == nil {
		return
	}
	for _, statement := range n.Children() {
		r.project.steps++
		r.project.total++
		if r.done || r.lost != nil || r.project.exhausted() {
			return
		}
		r.project.went[statement] = true
		r.statement(statement)
	}
}

func (r *run) statement(n *Node) {
	switch n.Kind {
	case "expression_statement":
		for _, e := range n.Children() {
			r.expression(e)
		}
	case "return_statement":
		r.done = true
		if len(n.Children()) == 0 {
			r.returns = append(r.returns, None{})
			return
		}
		r.returns = append(r.returns, r.scope.eval(n.Children()[0]))
	case "raise_statement":
		r.done = true
	case "if_statement":
		r.conditional(n)
	case "for_statement":
		r.loop(n)
	case "with_statement":
		r.block(n.Child("body"))
	case "try_statement":
		r.try(n)
	case "function_definition":
		r.set(n.Child("name").Text(), known(&Function{Name: n.Child("name").Text(), Node: n, scope: r.scope}))
	case "decorated_definition", "class_definition":
		r.definition(n)
	case "pass_statement", "assert_statement", "import_statement", "import_from_statement", "future_import_statement", "global_statement",
		"nonlocal_statement":
		r.imports(n)
	default:
		r.lost = n
	}
}

// set binds a variable.
func (r *run) set(name string, t *thunk) { r.scope = r.scope.with(name, t) }

func (r *run) definition(n *Node) {
	definition, decorators := undecorated(n)
	if definition.Is("function_definition") {
		f := &Function{Name: definition.Child("name").Text(), Node: definition, Decorators: decorators, scope: r.scope}
		r.set(f.Name, known(f))
		return
	}
	c := newClass(definition, decorators, r.scope, "")
	r.set(c.Name, known(c))
	r.project.made = append(r.project.made, c)
}

// imports binds what an import in a function's body names.
func (r *run) imports(n *Node) {
	if !n.Is("import_statement", "import_from_statement") {
		return
	}
	for _, b := range importBindings(n, r.scope) {
		r.set(b.Name, b.thunk)
	}
}

// expression goes through an assignment or a call.
func (r *run) expression(n *Node) {
	switch n.Kind {
	case "assignment":
		r.assignment(n)
	case "augmented_assignment":
		left, operator := n.Child("left"), n.Child("operator").Text()
		if left.Is("identifier") {
			before := r.scope.lookup(left.Text(), left.Start)
			r.set(left.Text(), known(r.scope.binary(n, operator[:len(operator)-1], before, r.scope.eval(n.Child("right")))))
		}
	case "call":
		r.call(n)
	case "yield":
		r.lost = n
	}
}

func (r *run) assignment(n *Node) {
	right := n.Child("right")
	for right.Is("assignment") {
		right = right.Child("right")
	}
	if right == nil {
		return
	}
	t := &thunk{node: right.Unwrap(), scope: r.scope}
	for here := n; here.Is("assignment"); here = here.Child("right") {
		left := here.Child("left")
		switch {
		case left.Is("identifier"):
			r.set(left.Text(), t)
		case left.Is("subscript"):
			r.store(left, t)
		case left.Is("attribute"):
			r.project.attach(r.scope, left, t)
		default:
			inner, ok := r.scope.unpack(left, t.force())
			if !ok {
				r.lost = n
				return
			}
			r.scope = inner
		}
	}
}

// store goes through variable[key] = value.
func (r *run) store(left *Node, t *thunk) {
	variable := left.Child("value")
	m, ok := r.scope.eval(variable).(*Map)
	if !variable.Is("identifier") || !ok {
		return
	}
	r.set(variable.Text(), known(m.with(r.scope.eval(left.Child("subscript")), t.force())))
}

// call goes through a call whose result nobody takes: it may change a variable, or a class.
func (r *run) call(n *Node) {
	function := n.Child("function")
	if function.Is("attribute") && function.Child("object").Is("identifier") {
		variable := function.Child("object").Text()
		if t := r.scope.variable(variable); t != nil {
			if after, ok := mutate(t.force(), function.Child("attribute").Text(), r.scope.arguments(n)); ok {
				r.set(variable, known(after))
				return
			}
		}
	}
	m := n.module
	switch {
	case function.Text() == "setattr":
		r.project.setattr(r.scope, n)
	case len(m.effects) < maxEffects:
		m.effects = append(m.effects, Effect{Node: n, scope: r.scope})
	}
}
