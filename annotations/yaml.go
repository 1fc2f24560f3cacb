package annotations

import (
	"errors"
	"strings"

	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"
	"github.com/goccy/go-yaml/token"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

// maxDepth bounds how deep rules may nest, aliases followed.
const maxDepth = 32

// yamlReader turns YAML into literals. Anchors and aliases are followed; merge keys and tags are not read.
type yamlReader struct {
	file     string
	anchors  map[string]ast.Node
	problems Problems
	budget   int // literals still to be made: aliases could make a small file huge
}

// parseYAML reads the one document of a file; an empty one is null.
func parseYAML(file string, data []byte) (Literal, Problems) {
	r := &yamlReader{file: file, anchors: map[string]ast.Node{}, budget: 1_000_000}
	parsed, err := strictyaml.Syntax(data, parser.AllowDuplicateMapKey())
	if err != nil {
		return Literal{}, Problems{r.syntax(err)}
	}
	var root ast.Node
	for _, doc := range parsed.Docs {
		if doc.Body == nil {
			continue
		}
		if root != nil {
			return Literal{}, Problems{{Position: r.at(doc.Body), Severity: Error, Msg: "a second document in the file"}}
		}
		root = doc.Body
	}
	if root == nil {
		return Literal{Position: Position{File: file, Line: 1}}, nil
	}
	ast.Walk(r, root)
	l := r.literal(root, 0)
	return l, r.problems
}

// Visit notes anchors.
func (r *yamlReader) Visit(n ast.Node) ast.Visitor {
	if anchor, ok := n.(*ast.AnchorNode); ok && anchor.Name != nil {
		r.anchors[anchor.Name.String()] = anchor.Value
	}
	return r
}

func (r *yamlReader) syntax(err error) Problem {
	p := Problem{Position: Position{File: r.file}, Severity: Error, Msg: err.Error()}
	if syntax, ok := errors.AsType[*strictyaml.SyntaxError](err); ok {
		p.Position.Line = syntax.Line
	}
	return p
}

func (r *yamlReader) at(n ast.Node) Position {
	p := Position{File: r.file}
	if t := n.GetToken(); t != nil && t.Position != nil {
		p.Line = t.Position.Line
	}
	return p
}

func (r *yamlReader) errorf(n ast.Node, msg string) {
	r.problems = append(r.problems, Problem{Position: r.at(n), Severity: Error, Msg: msg})
}

func (r *yamlReader) literal(n ast.Node, depth int) Literal {
	l := Literal{Position: r.at(n)}
	r.budget--
	if depth > maxDepth || r.budget < 0 {
		if r.budget >= -1 {
			r.errorf(n, "rules nest too deep")
		}
		r.budget = -2
		return l
	}
	switch n := n.(type) {
	case *ast.StringNode:
		l.Kind, l.Text = TextLiteral, n.Value
	case *ast.LiteralNode:
		l.Kind, l.Text = TextLiteral, n.Value.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		l.Kind, l.Text = NumberLiteral, n.GetToken().Value
	case *ast.BoolNode:
		l.Kind, l.Text = BoolLiteral, strings.ToLower(n.GetToken().Value)
	case *ast.NullNode:
		if t := n.GetToken(); t.Type == token.NullType {
			l.Text = t.Value // spelled, and not just left out: kind null may be meant
		}
	case *ast.MappingNode:
		l.Kind = MapLiteral
		for _, pair := range n.Values {
			r.pair(&l, pair, depth)
		}
	case *ast.MappingValueNode:
		l.Kind = MapLiteral
		r.pair(&l, n, depth)
		l.Position = r.at(n.Key)
	case *ast.SequenceNode:
		l.Kind = ListLiteral
		for _, item := range n.Values {
			l.Items = append(l.Items, r.literal(item, depth+1))
		}
	case *ast.AnchorNode:
		return r.literal(n.Value, depth+1)
	case *ast.AliasNode:
		target := r.anchors[n.Value.String()]
		if target == nil {
			r.errorf(n, "an alias of nothing")
			return l
		}
		return r.literal(target, depth+1)
	default:
		r.errorf(n, "this kind of YAML is not read in rules")
	}
	return l
}

// pair adds an entry to a mapping. A key is text, whatever else YAML would make of it.
func (r *yamlReader) pair(l *Literal, n *ast.MappingValueNode, depth int) {
	var key string
	switch k := n.Key.(type) {
	case *ast.StringNode:
		key = k.Value
	case *ast.IntegerNode, *ast.FloatNode, *ast.BoolNode, *ast.NullNode:
		key = k.GetToken().Value
	case *ast.MergeKeyNode:
		r.errorf(n.Key, "merge keys are not read in rules")
		return
	default:
		r.errorf(n.Key, "a key must be text")
		return
	}
	value := Literal{Position: r.at(n.Key)}
	if n.Value != nil {
		value = r.literal(n.Value, depth+1)
	}
	if value.Position.Line == 0 || value.Kind == NullLiteral {
		value.Position = r.at(n.Key)
	}
	l.Pairs = append(l.Pairs, Pair{Key: key, Value: value, Position: r.at(n.Key)})
}
