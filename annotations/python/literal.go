package python

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/annotations"
)

// maxNesting bounds how deep mappings and lists of markup may nest.
const maxNesting = 32

// Literal reads a constant expression as markup is written. Anything else is a problem, with its position.
func (n *Node) Literal() (annotations.Literal, *annotations.Problem) { return n.literal(0) }

func (n *Node) literal(depth int) (annotations.Literal, *annotations.Problem) {
	n = n.Unwrap()
	l := annotations.Literal{Position: n.Position()}
	if depth > maxNesting {
		return l, n.problem("markup nests too deep")
	}
	switch n.Kind {
	case "string", "concatenated_string":
		s, err := n.StringValue()
		if err != nil {
			return l, n.problem("%v", err)
		}
		l.Kind, l.Text = annotations.TextLiteral, s
	case "integer", "float":
		l.Kind, l.Text = annotations.NumberLiteral, strings.ReplaceAll(n.Text(), "_", "")
	case "unary_operator":
		operand := n.Child("argument").Unwrap()
		if !strings.HasPrefix(n.Text(), "-") || operand.Kind != "integer" && operand.Kind != "float" {
			return l, n.problem("%s", notLiteral)
		}
		l.Kind, l.Text = annotations.NumberLiteral, "-"+strings.ReplaceAll(operand.Text(), "_", "")
	case "true", "false":
		l.Kind, l.Text = annotations.BoolLiteral, n.Kind
	case "none":
		l.Kind = annotations.NullLiteral
	case "dictionary":
		return n.dictionary(l, depth)
	case "list":
		l.Kind = annotations.ListLiteral
		for _, item := range n.Children() {
			v, p := item.literal(depth + 1)
			if p != nil {
				return l, p
			}
			l.Items = append(l.Items, v)
		}
	default:
		return l, n.problem("%s", notLiteral)
	}
	return l, nil
}

// notLiteral says what markup may be made of.
const notLiteral = "markup must be literal: strings, numbers, dicts and lists, without names, calls or operators"

func (n *Node) dictionary(l annotations.Literal, depth int) (annotations.Literal, *annotations.Problem) {
	l.Kind = annotations.MapLiteral
	for _, pair := range n.Children() {
		if pair.Kind != "pair" {
			return l, pair.problem("%s", notLiteral)
		}
		keyNode := pair.Child("key").Unwrap()
		key, err := keyNode.StringValue()
		if err != nil {
			return l, keyNode.problem("a key of markup must be a string: %v", err)
		}
		v, p := pair.Child("value").literal(depth + 1)
		if p != nil {
			return l, p
		}
		l.Pairs = append(l.Pairs, annotations.Pair{Key: key, Value: v, Position: keyNode.Position()})
	}
	return l, nil
}

// StringValue gives the value of a string literal, implicit concatenation included. It stands a nil node.
func (n *Node) StringValue() (string, error) {
	n = n.Unwrap()
	switch {
	case n == nil:
		return "", fmt.Errorf("not a string literal")
	case n.Kind == "string":
		return n.oneString()
	case n.Kind != "concatenated_string":
		return "", fmt.Errorf("not a string literal")
	}
	var b strings.Builder
	for _, part := range n.Children() {
		s, err := part.StringValue()
		if err != nil {
			return "", err
		}
		b.WriteString(s)
	}
	return b.String(), nil
}

func (n *Node) oneString() (string, error) {
	parts := n.Children()
	if len(parts) < 2 {
		return "", fmt.Errorf("not a string literal")
	}
	open, end := parts[0], parts[len(parts)-1]
	if open.Kind != "string_start" || end.Kind != "string_end" {
		return "", fmt.Errorf("not a string literal")
	}
	prefix := strings.ToLower(strings.TrimRight(open.Text(), `'"`))
	body := string(n.module.Source[open.End:end.Start])
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

// problem makes an error of a position and a text.
func (n *Node) problem(format string, args ...any) *annotations.Problem {
	return &annotations.Problem{Position: n.Position(), Severity: annotations.Error, Msg: fmt.Sprintf(format, args...)}
}
