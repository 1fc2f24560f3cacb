package python

import "bytes"

// Unquoted works out an argument that may be a type in quotes, as annotations have them.
func (a Arg) Unquoted() Value {
	v := a.Value()
	if a.thunk.scope == nil {
		return v
	}
	return a.thunk.scope.unquoted(v)
}

// unquoted gives what the expression in a text stands for; of anything else that itself.
func (s *scope) unquoted(v Value) Value {
	text, ok := v.(Text)
	if !ok {
		return v
	}
	p := s.module.project
	parser, err := p.late()
	if err != nil {
		return v
	}
	src := bytes.Clone([]byte(text))
	tree, err := parse(parser, s.module.File, src)
	if err != nil {
		return &Unknown{Why: "the quoted type is no Python"}
	}
	p.trees = append(p.trees, tree)
	m := &Module{File: s.module.File, Name: s.module.Name, Source: src, project: p, grammar: p.grammar, path: s.module.path, consumed: map[int]bool{}}
	m.Root = p.grammar.root(m, tree.RootNode())
	statements := m.Root.Children()
	if len(statements) != 1 || !statements[0].Is("expression_statement") || len(statements[0].Children()) != 1 {
		return &Unknown{Why: "the quoted type is no expression"}
	}
	everything := *s
	everything.running = true // the text says nothing about where names must be bound
	return everything.eval(statements[0].Children()[0])
}
