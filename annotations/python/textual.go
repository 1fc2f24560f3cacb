package python

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"
)

func number(n int) Number { return Number(strconv.Itoa(n)) }

// span is range(…) over known numbers.
func span(args []Value) Value {
	bounds := []int{0, 0, 1}
	for i, a := range args {
		text, _ := a.(Number)
		n, err := strconv.Atoi(string(text))
		if err != nil || len(args) > 3 {
			return nil
		}
		if len(args) == 1 {
			i = 1
		}
		bounds[i] = n
	}
	l := &List{}
	if len(args) == 0 || bounds[2] <= 0 || bounds[1]-bounds[0] > maxRounds*bounds[2] {
		return nil
	}
	for i := bounds[0]; i < bounds[1]; i += bounds[2] {
		l.Items = append(l.Items, number(i))
	}
	return l
}

// method works out methods of text, lists and dicts; nil for those of anything else.
func method(f *Attribute, args []Arg) Value {
	values := make([]Value, 0, len(args))
	for _, a := range args {
		if a.Splat {
			return nil
		}
		values = append(values, a.Value())
	}
	switch of := f.Of.(type) {
	case Text:
		return textMethod(string(of), f.Name, args, values)
	case *List:
		if f.Name == "copy" {
			return of
		}
	case *Map:
		return mapMethod(of, f.Name, values)
	}
	return nil
}

func mapMethod(m *Map, name string, args []Value) Value {
	l := &List{Open: m.Open}
	for _, p := range m.Pairs {
		switch name {
		case "keys":
			l.Items = append(l.Items, p.Key)
		case "values":
			l.Items = append(l.Items, p.Value)
		case "items":
			l.Items = append(l.Items, &List{Items: []Value{p.Key, p.Value}})
		}
	}
	switch name {
	case "keys", "values", "items":
		return l
	case "copy":
		return m
	case "get":
		if len(args) == 0 {
			return nil
		}
		key, ok := args[0].(Text)
		if v := m.Get(string(key)); ok && v != nil {
			return v
		}
		if ok && !m.Open && len(args) > 1 {
			return args[1]
		}
		if ok && !m.Open {
			return None{}
		}
	}
	return nil
}

func textMethod(s, name string, args []Arg, values []Value) Value {
	texts := make([]string, 0, len(values))
	for _, v := range values {
		t, ok := v.(Text)
		if !ok && name != "format" && name != "join" {
			return nil
		}
		texts = append(texts, string(t))
	}
	switch name {
	case "format":
		return format(s, args, values)
	case "join":
		return joined(s, values)
	case "lower", "casefold":
		return Text(strings.ToLower(s))
	case "upper":
		return Text(strings.ToUpper(s))
	case "title":
		return Text(title(s))
	case "capitalize":
		if s == "" {
			return Text(s)
		}
		return Text(strings.ToUpper(s[:1]) + strings.ToLower(s[1:]))
	case "strip", "lstrip", "rstrip":
		return stripped(s, name, texts)
	}
	return affixes(s, name, texts)
}

// affixes works out the methods of text with one or two texts as arguments.
func affixes(s, name string, args []string) Value {
	switch {
	case name == "replace" && len(args) == 2:
		return Text(strings.ReplaceAll(s, args[0], args[1]))
	case len(args) != 1:
	case name == "removeprefix":
		return Text(strings.TrimPrefix(s, args[0]))
	case name == "removesuffix":
		return Text(strings.TrimSuffix(s, args[0]))
	case name == "startswith":
		return Bool(strings.HasPrefix(s, args[0]))
	case name == "endswith":
		return Bool(strings.HasSuffix(s, args[0]))
	case name == "split":
		l := &List{}
		for part := range strings.SplitSeq(s, args[0]) {
			l.Items = append(l.Items, Text(part))
		}
		return l
	}
	return nil
}

func stripped(s, name string, args []string) Value {
	cutset := " \t\n\r\f\v"
	if len(args) > 0 {
		cutset = args[0]
	}
	if name != "rstrip" {
		s = strings.TrimLeft(s, cutset)
	}
	if name != "lstrip" {
		s = strings.TrimRight(s, cutset)
	}
	return Text(s)
}

// title is str.title: the first letter of each run of letters in upper case, the others in lower case.
func title(s string) string {
	inside := false
	return strings.Map(func(r rune) rune {
		was := inside
		inside = unicode.IsLetter(r)
		if was {
			return unicode.ToLower(r)
		}
		return unicode.ToUpper(r)
	}, s)
}

func joined(separator string, values []Value) Value {
	if len(values) != 1 {
		return nil
	}
	l, ok := values[0].(*List)
	if !ok || l.Open {
		return nil
	}
	parts := make([]string, len(l.Items))
	for i, item := range l.Items {
		t, ok := item.(Text)
		if !ok {
			return nil
		}
		parts[i] = string(t)
	}
	return Text(strings.Join(parts, separator))
}

// format is str.format with plain fields: {}, {0} and {name}.
func format(s string, args []Arg, values []Value) Value {
	var b strings.Builder
	next := 0
	for s != "" {
		i := strings.IndexAny(s, "{}")
		if i < 0 {
			b.WriteString(s)
			break
		}
		b.WriteString(s[:i])
		s = s[i:]
		if strings.HasPrefix(s, "{{") || strings.HasPrefix(s, "}}") {
			b.WriteByte(s[0])
			s = s[2:]
			continue
		}
		field, rest, ok := strings.Cut(s[1:], "}")
		if !ok || s[0] != '{' {
			return nil
		}
		text, ok := formatField(field, &next, args, values)
		if !ok {
			return nil
		}
		b.WriteString(text)
		s = rest
	}
	return Text(b.String())
}

func formatField(field string, next *int, args []Arg, values []Value) (string, bool) {
	position, err := strconv.Atoi(field)
	if field == "" {
		position, err = *next, nil
		*next++
	}
	for i, a := range args {
		if err == nil && a.Name == "" && i == position || err != nil && a.Name == field {
			return plain(values[i])
		}
	}
	return "", false
}

// substitute is re.sub on constants, for patterns that mean the same to Go, and for the two ways to look behind that are in
// common use to turn CamelCase into snake_case.
func substitute(args []Value) Value {
	pattern, ok1 := args[0].(Text)
	replacement, ok2 := args[1].(Text)
	s, ok3 := args[2].(Text)
	if !ok1 || !ok2 || !ok3 {
		return nil
	}
	text, rest := string(s), string(pattern)
	inner, notFirst := cutAny(rest, "(?!^)", "(?<!^)")
	to := regexp.MustCompile(`\\(\d)`).ReplaceAllString(strings.ReplaceAll(string(replacement), "$", "$$"), "$${$1}")
	if inner == "(?=[A-Z])" && notFirst {
		return Text(regexp.MustCompile(`(.)([A-Z])`).ReplaceAllString(beforeCapitals(text), "$1$2")).replaceMarks(to)
	}
	re, err := regexp.Compile(inner)
	if err != nil || strings.Contains(to, `\`) {
		return nil
	}
	head := ""
	if notFirst && text != "" {
		head, text = text[:1], text[1:]
		if strings.HasPrefix(inner, "^") {
			return nil
		}
	}
	return Text(head + re.ReplaceAllString(text, to))
}

func cutAny(s string, prefixes ...string) (rest string, found bool) {
	for _, p := range prefixes {
		if rest, ok := strings.CutPrefix(s, p); ok {
			return rest, true
		}
	}
	return s, false
}

// mark stands for a place between two letters.
const mark = "\x00"

// beforeCapitals puts a mark before every capital letter but one at the beginning.
func beforeCapitals(s string) string {
	var b strings.Builder
	for i, r := range s {
		if i > 0 && r >= 'A' && r <= 'Z' {
			b.WriteString(mark)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func (t Text) replaceMarks(with string) Value { return Text(strings.ReplaceAll(string(t), mark, with)) }
