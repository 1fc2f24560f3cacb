package strictyaml

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"

	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// Text reads text. A number or a boolean is read as it is spelled, so that a
// version or a revision need no quotes.
func (n Node) Text() string {
	switch node := n.resolve().(type) {
	case *ast.StringNode:
		return node.Value
	case *ast.LiteralNode:
		return node.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode:
		return node.GetToken().Value
	default:
		if text, ok := plainText(node); ok {
			return text
		}
		n.want("text", node)
		return ""
	}
}

// Path reads a path: text, and no number or boolean, which nobody means for one.
func (n Node) Path() string {
	switch node := n.resolve().(type) {
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode, *ast.BoolNode:
		n.want("a path (as text)", node)
		return ""
	}
	return n.Text()
}

// Choice reads text that is one of the words known; another is a mistake, which
// names the nearest of them.
func (n Node) Choice(known ...string) string {
	noted := len(n.doc.mistakes)
	got := n.Text()
	if slices.Contains(known, got) || len(n.doc.mistakes) > noted {
		return got
	}
	hint := ""
	if near := nearest.Word(got, known); near != "" {
		hint = fmt.Sprintf("; did you mean %q?", near)
	}
	last := len(known) - 1
	n.Mistake("want %s or %s%s", strings.Join(known[:last], ", "), known[last], hint)
	return got
}

// plainText is the text of a plain scalar with a colon in it, such as
// nova/user_001:v1. Anywhere within {}, the parser takes it for a key and a value;
// in YAML they have a space between them.
func plainText(n ast.Node) (string, bool) {
	switch n := n.(type) {
	case *ast.StringNode, *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		t := n.GetToken()
		return t.Value, t.Type != token.SingleQuoteType && t.Type != token.DoubleQuoteType && t.Position != nil
	case *ast.MappingNode:
		if len(n.Values) == 1 && !n.IsFlowStyle {
			return plainText(n.Values[0])
		}
	case *ast.MappingValueNode:
		key, isPlain := plainText(n.Key)
		value, isPlainToo := plainText(n.Value)
		if !isPlain || !isPlainToo || n.Start.Position == nil {
			return "", false
		}
		colon := n.Start.Position
		return key + ":" + value, adjacent(n.Key.GetToken().Position, key, colon) && adjacent(colon, ":", first(n.Value).Position)
	}
	return "", false
}

// adjacent tells whether nothing is between text, which starts at from, and to.
func adjacent(from *token.Position, text string, to *token.Position) bool {
	return from.Line == to.Line && from.Column+utf8.RuneCountInString(text) == to.Column
}

// first is the token at which a value starts.
func first(n ast.Node) *token.Token {
	switch n := n.(type) {
	case *ast.MappingNode:
		return first(n.Values[0])
	case *ast.MappingValueNode:
		return first(n.Key)
	}
	return n.GetToken()
}

// Number reads a finite number that is not negative.
func (n Node) Number() float64 {
	var value float64
	switch node := n.resolve().(type) {
	case *ast.IntegerNode:
		switch v := node.Value.(type) {
		case int64:
			value = float64(v)
		case uint64:
			value = float64(v)
		}
	case *ast.FloatNode:
		value = node.Value
	default:
		n.want("a number", node)
		return 0
	}
	if value < 0 || math.IsNaN(value) || math.IsInf(value, 0) {
		n.Mistake("want a number that is not negative")
		return 0
	}
	return value
}

// Whole reads a whole number from least to most.
func (n Node) Whole(least, most int) int {
	value, ok := n.resolve().(*ast.IntegerNode)
	if !ok {
		n.want("a whole number", n.resolve())
		return 0
	}
	switch v := value.Value.(type) {
	case int64:
		if v >= int64(least) && v <= int64(most) {
			return int(v)
		}
	case uint64:
		if most >= 0 && v <= uint64(most) && (least < 0 || v >= uint64(least)) {
			return int(v)
		}
	}
	n.Mistake("want a whole number from %d to %d", least, most)
	return 0
}

// Bool reads true or false.
func (n Node) Bool() bool {
	value, ok := n.resolve().(*ast.BoolNode)
	if !ok {
		n.want("true or false", n.resolve())
		return false
	}
	return value.Value
}

// Seconds reads a duration given as a number of seconds, at most 100 years.
func (n Node) Seconds() time.Duration {
	const most = 100 * 365 * 24 * time.Hour
	seconds := n.Number()
	if seconds > most.Seconds() {
		n.Mistake("too many seconds")
		return 0
	}
	return time.Duration(seconds * float64(time.Second))
}

// SecondsWithin reads a duration of least to most, given as a number of seconds.
func (n Node) SecondsWithin(least, most time.Duration) time.Duration {
	noted := len(n.doc.mistakes)
	d := n.Seconds()
	if (d < least || d > most) && len(n.doc.mistakes) == noted {
		n.Mistake("want %v to %v seconds", least.Seconds(), most.Seconds())
		return 0
	}
	return d
}
