package python

import "math"

const (
	// maxDepth bounds how deep expressions, calls and literals may nest.
	maxDepth = 100
	// maxSteps bounds the work that goes into one question; the models of real projects take a few hundred.
	maxSteps = 20_000
	// maxTotal bounds the work that goes into all questions together: some seconds.
	maxTotal = 20_000_000
	// maxItems bounds lists, dicts and texts, which code may double at every step.
	maxItems = 10_000
	// maxChoices bounds the possibilities that are told apart.
	maxChoices = 16
	// maxEffects bounds how many statements a module makes for what they do, those of its functions that call each other included.
	maxEffects = 10_000
	// maxRounds bounds how often a loop is unrolled; all loops outside of functions together maxAllRounds times.
	maxRounds    = 1000
	maxAllRounds = 50_000
)

// A thunk is an expression that is worked out when its value is first needed.
type thunk struct {
	node  *Node // nil when there is only the value
	scope *scope
	make  func() Value // works the value out when it is no expression, or nil
	value Value
	busy  bool
}

func known(v Value) *thunk { return &thunk{value: v} }

func (t *thunk) force() Value {
	switch {
	case t.value != nil:
		return t.value
	case t.busy:
		return &Unknown{Node: t.node, Why: "it refers to itself"}
	}
	t.busy = true
	defer func() { t.busy = false }()
	if t.make != nil {
		t.value = t.make()
		return t.value
	}
	p := t.scope.module.project
	outermost := p.depth == 0
	v := t.scope.eval(t.node)
	if outermost || !p.exhausted() { // within a larger question that was given up it may still be worked out for itself
		t.value = v
	}
	return v
}

// A scope says what the names in a piece of source stand for.
type scope struct {
	module *Module
	class  *Class // set in the body of a class: its names are seen
	local  *local // variables, the newest first
	outer  *scope // around the function or class; nil for the module's
	// running is set in functions, which run when every name of the module is bound.
	running bool
}

// A local is a variable or parameter of a function, or the variable of a loop that is unrolled.
type local struct {
	name  string
	value *thunk
	next  *local
}

// with gives a scope with one more variable.
func (s *scope) with(name string, t *thunk) *scope {
	inner := *s
	inner.local = &local{name, t, s.local}
	return &inner
}

// variable finds a local variable, or nil.
func (s *scope) variable(name string) *thunk {
	for ; s != nil; s = s.outer {
		for l := s.local; l != nil; l = l.next {
			if l.name == name {
				return l.value
			}
		}
	}
	return nil
}

// lookup gives what a name stands for at an offset of the source.
func (s *scope) lookup(name string, at int) Value {
	running := false
	for here := s; here != nil; here = here.outer {
		for l := here.local; l != nil; l = l.next {
			if l.name == name {
				return l.value.force()
			}
		}
		if here.class != nil {
			if v := here.class.names().value(name, at); v != nil {
				return v
			}
		}
		running = running || here.running
	}
	if running {
		at = math.MaxInt
	}
	if v := s.module.lookup(name, at); v != nil {
		return v
	}
	return &External{Name: name}
}

// A Binding is one place that gives a name a value, in a module or in the body of a class.
type Binding struct {
	Name       string
	Node       *Node // the name, where it is bound
	Annotation *Node // or nil
	// Right is the expression or definition that is bound; nil when there is only an annotation, and for loop variables.
	Right *Node
	// Conditional says that it stands in an if, a try or a loop.
	Conditional bool
	// Late says that code sets it on a class after its body.
	Late bool

	kind  bindingKind
	thunk *thunk
	scope *scope
	after Value // of what changes a name: what that makes of it, once it is worked out
}

type bindingKind int

const (
	assigned  bindingKind = iota
	defined               // a class or function; the thunk knows it
	annotated             // an annotation only
	imported
	changed // an operator such as +=, or a method such as append: Right is the assignment or call
	erased  // del, or bound in a way that says nothing
)

// since is the offset from which on the name is bound: behind what is bound to it.
func (b *Binding) since() int {
	if b.Right != nil && b.Right.module == b.Node.module {
		return max(b.Node.End, b.Right.End)
	}
	return b.Node.End
}

// Value works out what is bound.
func (b *Binding) Value() Value { return b.thunk.force() }

// Type works the annotation out, or gives nil when there is none. One in quotes is read as if it had none.
func (b *Binding) Type() Value {
	if b.Annotation == nil {
		return nil
	}
	s := b.scope
	return s.unquoted(s.eval(b.Annotation))
}

// A namespace is the names of a module or of the body of a class.
type namespace struct {
	all    []*Binding
	byName map[string][]*Binding
}

func (ns *namespace) add(b *Binding) {
	if ns.byName == nil {
		ns.byName = map[string][]*Binding{}
	}
	ns.all = append(ns.all, b)
	ns.byName[b.Name] = append(ns.byName[b.Name], b)
}

// at gives the bindings of a name that may be in force at an offset: the last one before it that is certain, and those after
// that which are not.
func (ns *namespace) at(name string, offset int) []*Binding {
	all := ns.byName[name]
	end := len(all)
	for end > 0 && all[end-1].since() > offset {
		end--
	}
	begin := end
	for begin > 0 {
		begin--
		if !all[begin].Conditional {
			break
		}
	}
	return all[begin:end]
}

// value gives what a name stands for at an offset, or nil when nothing binds it there.
func (ns *namespace) value(name string, offset int) Value {
	var values []Value
	for _, b := range ns.at(name, offset) {
		switch b.kind {
		case annotated:
		case changed:
			if b.after == nil {
				before := ns.value(name, b.Right.Start)
				if before == nil {
					before = &Unknown{Node: b.Node, Why: "nothing binds it before"}
				}
				b.after = b.change(before)
			}
			values = append(values, b.after)
		default:
			values = append(values, b.Value())
		}
	}
	if len(values) == 0 {
		return nil
	}
	return preferred(values)
}

// preferred makes one value of those that alternative imports give: names that only differ in the module are one.
func preferred(values []Value) Value {
	first, ok := values[0].(*External)
	for _, v := range values {
		x, external := v.(*External)
		if !ok || !external || Last(x.Name) != Last(first.Name) {
			return choose(values...)
		}
	}
	return first
}

// change gives what an operator or a method makes of the value before.
func (b *Binding) change(before Value) Value {
	s := b.thunk.scope
	if b.Right.Is("augmented_assignment") {
		operator := b.Right.Child("operator").Text()
		return s.binary(b.Right, operator[:len(operator)-1], before, s.eval(b.Right.Child("right")))
	}
	function := b.Right.Child("function")
	after, ok := mutate(before, function.Child("attribute").Text(), s.arguments(b.Right))
	if !ok {
		return before
	}
	return after
}
