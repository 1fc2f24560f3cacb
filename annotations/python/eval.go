package python

import "strings"

// exhausted reports whether the question at hand has cost more than it may.
func (p *Project) exhausted() bool { return p.steps > maxSteps || p.total > maxTotal }

// eval works an expression out.
func (s *scope) eval(n *Node) Value { return limited(n, s.work(n)) }

// limited gives up a value that grows without bound.
func limited(n *Node, v Value) Value {
	size, _ := length(v)
	if size > maxItems {
		return &Unknown{Node: n, Why: "it is too long"}
	}
	return v
}

func (s *scope) work(n *Node) Value {
	p := s.module.project
	if p.depth == 0 {
		p.steps = 0
	}
	p.depth++
	p.steps++
	p.total++
	defer func() { p.depth-- }()
	if n == nil || p.depth > maxDepth || p.exhausted() {
		return &Unknown{Node: n, Why: "it takes too long to work out"}
	}
	switch n.Kind {
	case "parenthesized_expression":
		return s.eval(n.Unwrap())
	case "identifier":
		return s.lookup(n.Text(), n.Start)
	case "attribute":
		return p.attribute(s.eval(n.Child("object")), n.Child("attribute").Text())
	case "call":
		return s.call(n)
	case "string", "concatenated_string":
		return s.text(n)
	case "integer", "float":
		return Number(strings.ReplaceAll(n.Text(), "_", ""))
	case "true", "false":
		return Bool(n.Kind == "true")
	case "none":
		return None{}
	case "list", "tuple", "set", "expression_list":
		return s.list(n)
	case "dictionary":
		return s.dictionary(n)
	case "lambda":
		return &Function{Name: "lambda", Node: n, scope: s}
	default:
		return s.operation(n)
	}
}

// operation works out what operators, subscripts and comprehensions make.
func (s *scope) operation(n *Node) Value {
	switch n.Kind {
	case "subscript":
		return s.subscript(n)
	case "conditional_expression":
		parts := n.Children()
		if len(parts) != 3 {
			break
		}
		if yes, ok := truth(s.eval(parts[1])); ok {
			return s.eval(parts[map[bool]int{true: 0, false: 2}[yes]])
		}
		return choose(s.eval(parts[0]), s.eval(parts[2]))
	case "binary_operator":
		return s.binary(n, n.Child("operator").Text(), s.eval(n.Child("left")), s.eval(n.Child("right")))
	case "boolean_operator", "not_operator", "comparison_operator":
		return s.logic(n)
	case "unary_operator":
		if v, ok := s.eval(n.Child("argument")).(Number); ok && n.Child("operator").Text() == "-" {
			return "-" + v
		}
	case "list_comprehension", "generator_expression", "set_comprehension":
		return s.comprehension(n)
	case "named_expression":
		return s.eval(n.Child("value"))
	case "type":
		return s.eval(n.Children()[0])
	case "generic_type":
		if parts := n.Children(); len(parts) == 2 {
			return s.generic(s.eval(parts[0]), parts[1].Children())
		}
	}
	return &Unknown{Node: n, Why: "it is computed"}
}

// text works out a string literal, f-strings included.
func (s *scope) text(n *Node) Value {
	if n.Kind == "concatenated_string" {
		var b strings.Builder
		for _, part := range n.Children() {
			v, ok := s.text(part).(Text)
			if !ok {
				return &Unknown{Node: n, Why: "it is no text"}
			}
			b.WriteString(string(v))
		}
		return Text(b.String())
	}
	if v, err := n.StringValue(); err == nil {
		return Text(v)
	}
	open := n.Children()[0].Text()
	if !strings.ContainsAny(open, "fF") || strings.ContainsAny(open, "bB") {
		return &Unknown{Node: n, Why: "it is no text"}
	}
	return s.formatted(n, strings.ContainsAny(open, "rR"))
}

// formatted works out an f-string.
func (s *scope) formatted(n *Node, raw bool) Value {
	var b strings.Builder
	for _, part := range n.Children() {
		switch part.Kind {
		case "string_start", "string_end":
		case "string_content":
			text := part.Text()
			if !raw {
				var err error
				if text, err = unescape(text); err != nil {
					return &Unknown{Node: n, Why: err.Error()}
				}
			}
			b.WriteString(strings.NewReplacer("{{", "{", "}}", "}").Replace(text))
		case "interpolation":
			v, ok := plain(s.eval(part.Child("expression")))
			if !ok || part.Child("format_specifier") != nil || part.Child("type_conversion") != nil {
				return &Unknown{Node: part, Why: "it is computed"}
			}
			b.WriteString(v)
		default:
			return &Unknown{Node: part, Why: "it is computed"}
		}
	}
	return Text(b.String())
}

// plain gives what str() makes of text and numbers.
func plain(v Value) (string, bool) {
	switch v := v.(type) {
	case Text:
		return string(v), true
	case Number:
		return string(v), true
	}
	return "", false
}

// list works out the items of a list, tuple or set.
func (s *scope) list(n *Node) Value {
	l := &List{}
	for _, c := range n.Children() {
		if !c.Is("list_splat") {
			l.Items = append(l.Items, s.eval(c))
			continue
		}
		more, ok := s.eval(c.Children()[0]).(*List)
		if !ok {
			l.Open = true
			continue
		}
		l.Items = append(l.Items, more.Items...)
		l.Open = l.Open || more.Open
	}
	return l
}

// dictionary works out the entries of a dict.
func (s *scope) dictionary(n *Node) Value {
	m := &Map{}
	for _, c := range n.Children() {
		if c.Is("pair") {
			m = m.with(s.eval(c.Child("key")), s.eval(c.Child("value")))
			continue
		}
		more, ok := s.eval(c.Children()[0]).(*Map)
		if !ok || !c.Is("dictionary_splat") {
			m.Open = true
			continue
		}
		m = m.merged(more)
	}
	return m
}

// merged gives a dict with the entries of both, those of other before its own.
func (m *Map) merged(other *Map) *Map {
	c := &Map{Pairs: m.Pairs, Open: m.Open || other.Open}
	for _, p := range other.Pairs {
		c = c.with(p.Key, p.Value)
	}
	return c
}

// comprehension works out [f(x) for x in items if condition] over items that are known.
func (s *scope) comprehension(n *Node) Value {
	parts := n.Children()
	if len(parts) < 2 || len(parts) > 3 || !parts[1].Is("for_in_clause") {
		return &Unknown{Node: n, Why: "it is computed"}
	}
	items, ok := s.eval(parts[1].Child("right")).(*List)
	if !ok || len(items.Items) > maxRounds {
		return &Unknown{Node: n, Why: "what it loops over is not known"}
	}
	out := &List{Open: items.Open}
	for _, item := range items.Items {
		inner, ok := s.unpack(parts[1].Child("left"), item)
		if !ok {
			return &Unknown{Node: n, Why: "it is computed"}
		}
		if len(parts) == 3 {
			yes, certain := truth(inner.eval(parts[2].Children()[0]))
			if !certain {
				return &Unknown{Node: n, Why: "its condition is not known"}
			}
			if !yes {
				continue
			}
		}
		out.Items = append(out.Items, inner.eval(n.Child("body")))
		if s.module.project.exhausted() {
			return &Unknown{Node: n, Why: "it takes too long to work out"}
		}
	}
	return out
}

// unpack binds a value to a variable, or to several.
func (s *scope) unpack(left *Node, v Value) (*scope, bool) {
	left = left.Unwrap()
	if left.Is("identifier") {
		return s.with(left.Text(), known(v)), true
	}
	l, ok := v.(*List)
	if !ok || !left.Is("pattern_list", "tuple_pattern", "list_pattern") || len(l.Items) != len(left.Children()) || l.Open {
		return s, false
	}
	for i, c := range left.Children() {
		if s, ok = s.unpack(c, l.Items[i]); !ok {
			return s, false
		}
	}
	return s, true
}
