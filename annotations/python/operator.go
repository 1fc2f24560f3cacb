package python

import (
	"slices"
	"strconv"
	"strings"
)

// binary works out an operator between two values.
func (s *scope) binary(n *Node, operator string, left, right Value) Value {
	switch l := left.(type) {
	case Text:
		if r, ok := right.(Text); ok && operator == "+" {
			return l + r
		}
		if operator == "%" {
			if text, ok := percent(string(l), right); ok {
				return Text(text)
			}
		}
	case Number:
		if r, ok := right.(Number); ok {
			return arithmetic(n, operator, l, r)
		}
	case *List:
		if r, ok := right.(*List); ok && (operator == "+" || operator == "|") {
			return &List{Items: slices.Concat(l.Items, r.Items), Open: l.Open || r.Open}
		}
	case *Map:
		if r, ok := right.(*Map); ok && operator == "|" {
			return l.merged(r)
		}
	}
	if operator == "|" {
		return &Generic{Of: &External{Name: "Union"}, Args: []Arg{{thunk: known(left)}, {thunk: known(right)}}}
	}
	return &Unknown{Node: n, Why: "it is computed"}
}

// arithmetic works out small whole numbers, as lengths are computed.
func arithmetic(n *Node, operator string, left, right Number) Value {
	a, errA := strconv.ParseInt(string(left), 0, 32)
	b, errB := strconv.ParseInt(string(right), 0, 32)
	if errA == nil && errB == nil {
		switch operator {
		case "+":
			return Number(strconv.FormatInt(a+b, 10))
		case "-":
			return Number(strconv.FormatInt(a-b, 10))
		case "*":
			return Number(strconv.FormatInt(a*b, 10))
		}
	}
	return &Unknown{Node: n, Why: "it is computed"}
}

// percent works out 'format' % values, for %s and %d and %(name)s alone.
func percent(format string, values Value) (string, bool) {
	var b strings.Builder
	items := []Value{values}
	if l, ok := values.(*List); ok {
		items = l.Items
	}
	for {
		before, rest, more := strings.Cut(format, "%")
		b.WriteString(before)
		switch {
		case !more:
			return b.String(), true
		case strings.HasPrefix(rest, "%"):
			b.WriteByte('%')
			format = rest[1:]
			continue
		}
		var v Value
		if name, after, ok := strings.Cut(strings.TrimPrefix(rest, "("), ")"); ok && rest[0] == '(' {
			if m, isMap := values.(*Map); isMap {
				v = m.Get(name)
			}
			rest = after
		} else if len(items) > 0 {
			v, items = items[0], items[1:]
		}
		text, ok := plain(v)
		if !ok || rest == "" || rest[0] != 's' && rest[0] != 'd' {
			return "", false
		}
		b.WriteString(text)
		format = rest[1:]
	}
}

// logic works out and, or, not and comparisons.
func (s *scope) logic(n *Node) Value {
	switch n.Kind {
	case "not_operator":
		if yes, ok := truth(s.eval(n.Child("argument"))); ok {
			return Bool(!yes)
		}
	case "boolean_operator":
		left := s.eval(n.Child("left"))
		yes, ok := truth(left)
		switch or := n.Child("operator").Text() == "or"; {
		case ok && yes == or:
			return left
		case ok:
			return s.eval(n.Child("right"))
		default:
			return choose(left, s.eval(n.Child("right")))
		}
	case "comparison_operator":
		if parts := n.Children(); len(parts) == 3 {
			if yes, ok := compare(parts[1].Text(), s.eval(parts[0]), s.eval(parts[2])); ok {
				return Bool(yes)
			}
		}
	}
	return &Unknown{Node: n, Why: "it depends on what is only known when the code runs"}
}

// compare works a comparison out. Not ok when its result is not certain.
func compare(operator string, left, right Value) (yes, ok bool) {
	switch strings.Join(strings.Fields(operator), " ") {
	case "==", "is":
		return equal(left, right)
	case "!=", "is not":
		yes, ok = equal(left, right)
		return !yes, ok
	case "in":
		return contains(right, left)
	case "not in":
		yes, ok = contains(right, left)
		return !yes, ok
	}
	return ordered(operator, left, right)
}

// ordered compares two whole numbers by size.
func ordered(operator string, left, right Value) (yes, ok bool) {
	l, okL := left.(Number)
	r, okR := right.(Number)
	a, errA := strconv.ParseInt(string(l), 0, 64)
	b, errB := strconv.ParseInt(string(r), 0, 64)
	if !okL || !okR || errA != nil || errB != nil {
		return false, false
	}
	switch operator {
	case "<":
		return a < b, true
	case ">":
		return a > b, true
	case "<=":
		return a <= b, true
	case ">=":
		return a >= b, true
	}
	return false, false
}

// equal compares two values. Not ok when that is not certain.
func equal(a, b Value) (yes, ok bool) {
	switch {
	case constant(a) && constant(b):
		return a == b, true
	case a == Value(None{}), b == Value(None{}):
		for _, v := range []Value{a, b} {
			switch v.(type) {
			case *List, *Map, *Class, *Function, *Module, *Call:
				return false, true
			}
		}
	}
	x, isClass := a.(*Class)
	y, isOther := b.(*Class)
	return x == y, isClass && isOther
}

func contains(container, item Value) (yes, ok bool) {
	switch c := container.(type) {
	case Text:
		part, ok := item.(Text)
		return strings.Contains(string(c), string(part)), ok
	case *List:
		if slices.Contains(c.Items, item) {
			return true, true
		}
		return false, constant(item) && !c.Open && !slices.ContainsFunc(c.Items, func(v Value) bool { return !constant(v) })
	case *Map:
		for _, p := range c.Pairs {
			if same(p.Key, item) {
				return true, true
			}
		}
		return false, constant(item) && !c.Open
	}
	return false, false
}

// subscript works out an item or a slice; of a generic class that class.
func (s *scope) subscript(n *Node) Value {
	of, index := s.eval(n.Child("value")), n.Child("subscript")
	switch v := of.(type) {
	case *External, *Class:
		return s.generic(of, n.Children()[1:])
	case *Map:
		if m := v.Get(string(textOr(s.eval(index), ""))); m != nil {
			return m
		}
		return &Unknown{Node: n, Why: "the key is not known"}
	case *Call:
		return &Attribute{Of: of, Name: "[" + string(textOr(s.eval(index), "")) + "]"}
	case *Attribute:
		if name := textOr(s.eval(index), ""); name != "" {
			return &Attribute{Of: of, Name: "[" + string(name) + "]"}
		}
	}
	from, to, isSlice := 0, 0, index.Is("slice")
	size := 0
	switch v := of.(type) {
	case Text:
		size = len(v)
	case *List:
		size = len(v.Items)
		if v.Open {
			size = -1
		}
	default:
		return &Unknown{Node: n, Why: "it is computed"}
	}
	if isSlice {
		from, to = s.bounds(index, size)
	} else {
		from = s.offset(index, size, -1)
		to = from + 1
	}
	if from < 0 || from > to || to > size {
		return &Unknown{Node: n, Why: "it is computed"}
	}
	switch v := of.(type) {
	case Text:
		return v[from:to]
	case *List:
		if isSlice {
			return &List{Items: v.Items[from:to]}
		}
		return v.Items[from]
	}
	return of
}

// generic makes Name[…] of its arguments.
func (s *scope) generic(of Value, args []*Node) Value {
	g := &Generic{Of: of}
	for _, a := range args {
		for a.Is("type") && len(a.Children()) == 1 {
			a = a.Children()[0]
		}
		g.Args = append(g.Args, Arg{thunk: &thunk{node: a, scope: s}})
	}
	return g
}

// bounds gives the ends of a slice such as 1:-2 of something of that size; from is -1 when they are not known.
func (s *scope) bounds(slice *Node, size int) (from, to int) {
	parts := strings.Split(slice.Text(), ":")
	ends := slice.Children()
	if len(parts) != 2 || len(ends) > 2 {
		return -1, -1
	}
	from, to = 0, size
	if strings.TrimSpace(parts[0]) != "" {
		from = min(s.offset(ends[0], size, -1), size)
		ends = ends[1:]
	}
	if strings.TrimSpace(parts[1]) != "" && len(ends) > 0 {
		to = min(s.offset(ends[0], size, -1), size)
	}
	return from, max(from, to)
}

// offset works out an index, counted from the end when it is negative.
func (s *scope) offset(n *Node, size, otherwise int) int {
	number, ok := s.eval(n).(Number)
	i, err := strconv.Atoi(string(number))
	if !ok || err != nil {
		return otherwise
	}
	if i < 0 {
		return max(i+size, 0)
	}
	return i
}

func textOr(v Value, otherwise Text) Text {
	if t, ok := v.(Text); ok {
		return t
	}
	return otherwise
}
