package python

import (
	"strconv"
	"strings"
)

// subscript works out an item or a slice; of a class it makes a generic one.
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
	case *Call, *Attribute:
		return &Attribute{Of: of, Name: "[" + string(textOr(s.eval(index), "")) + "]"}
	case Text:
		if from, to, ok := s.span(index, len(v)); ok {
			return v[from:to]
		}
	case *List:
		from, to, ok := s.span(index, len(v.Items))
		switch {
		case !ok || v.Open:
		case index.Is("slice"):
			return &List{Items: v.Items[from:to]}
		default:
			return v.Items[from]
		}
	}
	return &Unknown{Node: n, Why: "it is computed"}
}

// span gives the ends of the items that an index or a slice means, of so many.
func (s *scope) span(index *Node, size int) (from, to int, ok bool) {
	if index.Is("slice") {
		from, to = s.bounds(index, size)
	} else {
		from = s.offset(index, size, -1)
		to = from + 1
	}
	return from, to, from >= 0 && from <= to && to <= size
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
