package sqlalchemy

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	ts "github.com/tree-sitter/go-tree-sitter"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// maxDepth bounds how deep mappings and lists of markup may nest.
const maxDepth = 32

// literal reads a constant expression. Anything else is an error, with its position.
func (m *module) literal(n *ts.Node, depth int) (annotations.Literal, *annotations.Problem) {
	n = unwrap(n)
	l := annotations.Literal{Position: m.at(n)}
	if depth > maxDepth {
		return l, m.problem(n, "markup nests too deep")
	}
	switch n.Kind() {
	case "string", "concatenated_string":
		s, err := m.stringOf(n)
		if err != nil {
			return l, m.problem(n, "%v", err)
		}
		l.Kind, l.Text = annotations.TextLiteral, s
	case "integer", "float":
		l.Kind, l.Text = annotations.NumberLiteral, strings.ReplaceAll(m.text(n), "_", "")
	case "unary_operator":
		operand := unwrap(n.ChildByFieldName("argument"))
		if !strings.HasPrefix(m.text(n), "-") || operand.Kind() != "integer" && operand.Kind() != "float" {
			return l, m.problem(n, "%s", notLiteral)
		}
		l.Kind, l.Text = annotations.NumberLiteral, "-"+strings.ReplaceAll(m.text(operand), "_", "")
	case "true", "false":
		l.Kind, l.Text = annotations.BoolLiteral, n.Kind()
	case "none":
		l.Kind = annotations.NullLiteral
	case "dictionary":
		return m.dictionary(n, l, depth)
	case "list":
		l.Kind = annotations.ListLiteral
		for _, item := range children(n) {
			v, p := m.literal(item, depth+1)
			if p != nil {
				return l, p
			}
			l.Items = append(l.Items, v)
		}
	default:
		return l, m.problem(n, "%s", notLiteral)
	}
	return l, nil
}

// notLiteral says what markup may be made of.
const notLiteral = "markup must be literal: strings, numbers, dicts and lists, without names, calls or operators"

func (m *module) dictionary(n *ts.Node, l annotations.Literal, depth int) (annotations.Literal, *annotations.Problem) {
	l.Kind = annotations.MapLiteral
	for _, pair := range children(n) {
		if pair.Kind() != "pair" {
			return l, m.problem(pair, "%s", notLiteral)
		}
		keyNode := unwrap(pair.ChildByFieldName("key"))
		key, err := m.stringOf(keyNode)
		if err != nil {
			return l, m.problem(keyNode, "a key of markup must be a string: %v", err)
		}
		v, p := m.literal(pair.ChildByFieldName("value"), depth+1)
		if p != nil {
			return l, p
		}
		l.Pairs = append(l.Pairs, annotations.Pair{Key: key, Value: v, Position: m.at(keyNode)})
	}
	return l, nil
}

// stringOf gives the value of a string literal, implicit concatenation included.
func (m *module) stringOf(n *ts.Node) (string, error) {
	n = unwrap(n)
	switch {
	case n == nil:
		return "", fmt.Errorf("not a string literal")
	case n.Kind() == "string":
		return m.oneString(n)
	case n.Kind() != "concatenated_string":
		return "", fmt.Errorf("not a string literal")
	}
	var b strings.Builder
	for _, part := range children(n) {
		s, err := m.stringOf(part)
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (m *module) oneString(n *ts.Node) (string, error) {
	open, end := n.Child(0), n.Child(n.ChildCount()-1)
	if open == nil || open.Kind() != "string_start" || end.Kind() != "string_end" {
		return "", fmt.Errorf("not a string literal")
	}
	prefix := strings.ToLower(strings.TrimRight(m.text(open), `'"`))
	body := string(m.src[open.EndByte():end.StartByte()])
	body = strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(body)
	switch prefix {
	case "", "u":
		return unescape(body)
	case "r":
		return body, nil
	case "b", "br", "rb":
		return "", fmt.Errorf("a bytes literal is not text")
	default:
		return "", fmt.Errorf("a formatted string is not a literal")
	}
}

// unescape decodes Python's backslash escapes; an unknown one stays as it is, as in Python.
func unescape(s string) (string, error) {
	if !strings.Contains(s, `\`) {
		return s, nil
	}
	var b strings.Builder
	for i := 0; i < len(s); {
		if s[i] != '\\' || i+1 == len(s) {
			b.WriteByte(s[i])
			i++
			continue
		}
		size, err := escape(&b, s[i+1:])
		if err != nil {
			return "", err
		}
		i += 1 + size
	}
	return b.String(), nil
}

// escape decodes the escape that s begins with, its backslash taken off, and gives its length.
func escape(b *strings.Builder, s string) (int, error) {
	const from, to = `\'"abfnrtv`, "\\'\"\a\b\f\n\r\t\v"
	if i := strings.IndexByte(from, s[0]); i >= 0 {
		b.WriteByte(to[i])
		return 1, nil
	}
	switch c := s[0]; c {
	case '\n':
		return 1, nil
	case 'x':
		return hexEscape(b, s, 2)
	case 'u':
		return hexEscape(b, s, 4)
	case 'U':
		return hexEscape(b, s, 8)
	case 'N':
		return 0, fmt.Errorf(`the escape \N is not supported here`)
	case '0', '1', '2', '3', '4', '5', '6', '7':
		n, r := 0, rune(0)
		for n < 3 && n < len(s) && s[n] >= '0' && s[n] <= '7' {
			r = r*8 + rune(s[n]-'0')
			n++
		}
		b.WriteRune(r)
		return n, nil
	}
	b.WriteByte('\\')
	return 0, nil
}

func hexEscape(b *strings.Builder, s string, digits int) (int, error) {
	if len(s) < 1+digits {
		return 0, fmt.Errorf("an escape is cut short")
	}
	v, err := strconv.ParseUint(s[1:1+digits], 16, 32)
	if err != nil || v > utf8.MaxRune || !utf8.ValidRune(rune(v)) {
		return 0, fmt.Errorf("an escape names no character")
	}
	b.WriteRune(rune(v))
	return 1 + digits, nil
}
