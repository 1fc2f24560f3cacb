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
			return limited(n, l+r)
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
			return limited(n, &List{Items: slices.Concat(l.Items, r.Items), Open: l.Open || r.Open})
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
