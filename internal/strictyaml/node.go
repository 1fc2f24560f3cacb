package strictyaml

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"

	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// Doc is a parsed settings file and the mistakes found in it so far. It is not
// safe for concurrent use.
type Doc struct {
	file     string
	root     ast.Node
	anchors  map[string]ast.Node
	mistakes Mistakes
}

// Parse reads a file's text. Text that is not YAML is an error of type Mistakes
// with the line at which reading stopped. An empty file is an empty mapping.
func Parse(file string, data []byte) (*Doc, error) {
	d := &Doc{file: file, anchors: map[string]ast.Node{}}
	parsed, err := Syntax(data)
	if err != nil {
		return nil, d.syntax(err)
	}
	for _, part := range parsed.Docs {
		if part.Body == nil {
			continue
		}
		if d.root != nil {
			return nil, Mistakes{{file, line(part.Body), "a second document in the file: want one"}}
		}
		d.root = part.Body
		ast.Walk(anchorVisitor{d}, part.Body)
	}
	return d, nil
}

// syntax turns the error of Syntax into a mistake.
func (d *Doc) syntax(err error) Mistakes {
	m := Mistake{File: d.file, Msg: err.Error()}
	if syntax, ok := errors.AsType[*SyntaxError](err); ok {
		m.Line = syntax.Line
	}
	return Mistakes{m}
}

// anchorVisitor collects the nodes that have anchors. A walk comes to an anchor
// before the aliases that stand for it.
type anchorVisitor struct{ doc *Doc }

// Visit notes an anchor's node by its name, and an alias without an anchor.
func (v anchorVisitor) Visit(n ast.Node) ast.Visitor {
	switch n := n.(type) {
	case *ast.AnchorNode:
		v.doc.anchors[n.Name.String()] = n.Value
	case *ast.AliasNode:
		if name := n.Value.String(); v.doc.anchors[name] == nil {
			Node{doc: v.doc, node: n}.Mistake("no anchor %q before this alias", name)
		}
	}
	return v
}

// Root is the whole document.
func (d *Doc) Root() Node { return Node{doc: d, node: d.root} }

// Err returns all mistakes noted so far as Mistakes, or nil.
func (d *Doc) Err() error {
	if len(d.mistakes) == 0 {
		return nil
	}
	return d.mistakes.sorted()
}

// Node is one value of the document, with the path of keys that leads to it.
// The zero Node is an absent value.
type Node struct {
	doc  *Doc
	node ast.Node
	path string
}

// Fields are a mapping's known keys and what reads each.
type Fields map[string]func(Node)

// Line is the value's line from 1, or 0 for an absent one.
func (n Node) Line() int { return line(n.node) }

// Mistake notes that something is wrong with the value.
func (n Node) Mistake(format string, args ...any) {
	msg := fmt.Sprintf(format, args...)
	if n.path != "" {
		msg = n.path + ": " + msg
	}
	n.doc.mistakes = append(n.doc.mistakes, Mistake{n.doc.file, n.Line(), msg})
}

// MistakeAt notes something wrong at another line of the file.
func (n Node) MistakeAt(line int, format string, args ...any) {
	n.doc.mistakes = append(n.doc.mistakes, Mistake{n.doc.file, line, fmt.Sprintf(format, args...)})
}

// Keys are the keys of a mapping that have values; none for another sort of value.
func (n Node) Keys() map[string]bool {
	keys := map[string]bool{}
	switch n.resolve().(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		n.Each(func(key string, value Node) { keys[key] = !value.null() })
	}
	return keys
}

// Fields reads a mapping with known keys. A key given as null is read as one
// that is absent.
func (n Node) Fields(known Fields) {
	n.Each(func(key string, value Node) {
		read, ok := known[key]
		switch {
		case strings.HasPrefix(key, "_"):
		case !ok:
			n.unknown(key, value, slices.Sorted(maps.Keys(known)))
		case !value.null():
			read(value)
		}
	})
}

// unknown notes an unknown key at its line.
func (n Node) unknown(key string, value Node, known []string) {
	hint := "known keys are " + strings.Join(known, ", ")
	if near := nearest.Word(key, known); near != "" {
		hint = fmt.Sprintf("did you mean %q?", near)
	}
	at := Node{doc: n.doc, node: value.node, path: n.path}
	at.Mistake("unknown key %q: %s", key, hint)
}

// Each reads a mapping with keys of any name, in the order of the file.
func (n Node) Each(read func(key string, value Node)) {
	for _, pair := range n.pairs() {
		key := pair.Key.String()
		if s, ok := pair.Key.(*ast.StringNode); ok {
			key = s.Value
		}
		read(key, Node{doc: n.doc, node: keyed{pair.Value, pair.Key}, path: join(n.path, key)})
	}
}

// pairs is the mapping's entries; a value that is no mapping is a mistake.
func (n Node) pairs() []*ast.MappingValueNode {
	switch node := n.resolve().(type) {
	case nil:
		return nil
	case *ast.MappingNode:
		return node.Values
	case *ast.MappingValueNode:
		return []*ast.MappingValueNode{node}
	case *ast.NullNode:
		return nil
	default:
		n.want("keys and values", node)
		return nil
	}
}

// List reads a list's items in order.
func (n Node) List(read func(index int, item Node)) {
	seq, ok := n.resolve().(*ast.SequenceNode)
	if !ok {
		n.want("a list", n.resolve())
		return
	}
	for i, item := range seq.Values {
		read(i, Node{doc: n.doc, node: item, path: fmt.Sprintf("%s[%d]", n.path, i)})
	}
}

// IsList tells whether the value is a list.
func (n Node) IsList() bool { _, ok := n.resolve().(*ast.SequenceNode); return ok }

// IsMapping tells whether the value has keys.
func (n Node) IsMapping() bool {
	node := n.resolve()
	if _, ok := plainText(node); ok {
		return false
	}
	switch node.(type) {
	case *ast.MappingNode, *ast.MappingValueNode:
		return true
	}
	return false
}

// IsBool tells whether the value is true or false.
func (n Node) IsBool() bool { _, ok := n.resolve().(*ast.BoolNode); return ok }

// Texts reads a list of text.
func (n Node) Texts() []string {
	var out []string
	n.List(func(_ int, item Node) { out = append(out, item.Text()) })
	return out
}

// want notes a value of the wrong sort, never the value itself.
func (n Node) want(want string, got ast.Node) {
	sort := "nothing"
	switch got.(type) {
	case *ast.StringNode, *ast.LiteralNode:
		sort = "text"
	case *ast.IntegerNode, *ast.FloatNode, *ast.InfinityNode, *ast.NanNode:
		sort = "a number"
	case *ast.BoolNode:
		sort = "true or false"
	case *ast.SequenceNode:
		sort = "a list"
	case *ast.MappingNode, *ast.MappingValueNode:
		sort = "keys and values"
	}
	n.Mistake("want %s, got %s", want, sort)
}

// resolve is the node itself, or what an anchor or alias stands for.
func (n Node) resolve() ast.Node {
	node := n.node
	if k, ok := node.(keyed); ok {
		node = k.Node
	}
	for range 32 { // an alias of an alias; a circle ends here
		switch at := node.(type) {
		case *ast.AnchorNode:
			node = at.Value
		case *ast.AliasNode:
			node = n.doc.anchors[at.Value.String()]
		case *ast.TagNode:
			node = at.Value
		default:
			return node
		}
	}
	return nil
}

// null tells whether the value is null or absent.
func (n Node) null() bool {
	switch n.resolve().(type) {
	case nil, *ast.NullNode:
		return true
	}
	return false
}

// keyed is a mapping's value, whose line is that of its key.
type keyed struct {
	ast.Node
	key ast.MapKeyNode
}

// line is a node's line, or 0.
func line(n ast.Node) int {
	if k, ok := n.(keyed); ok {
		n = k.key
	}
	if n == nil || n.GetToken() == nil || n.GetToken().Position == nil {
		return 0
	}
	return n.GetToken().Position.Line
}

// join appends a key to a path of keys.
func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
