package python

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	ts "github.com/tree-sitter/go-tree-sitter"
)

// TestNodesAreWhatTheParserSays: which nodes are extra, named or without children is taken from a table of kinds, and lines are
// counted here; both must give what the parser says about each node by itself.
func TestNodesAreWhatTheParserSays(t *testing.T) {
	sources := map[string][]byte{"forms": []byte("\ufeff\n# first\nfrom x import (a,  # why\n  b)\nprint = a if a not in b else b is not None\n" +
		"class C(a, metaclass=b):\n  '''doc \\n \\\n more''' 'and'\n  x: 'T' = f\"{a!r:>{b}}\" + \\\n    -1.5j  # two lines\n" +
		"  # between\n  @a\n  async def f(self, *args, k=1, **rest) -> None:\n    # inside\n    return [*args, lambda: ..., {1: 2, **rest}]\n" +
		"match a:\n  case [1, *_] | {'k': type}: pass\ntype X = int\nwith a as (b, c): del b[1:2]\nexec = await_ = (yield)\r\nif a: pass\nelif b: pass\nelse: pass\n")}
	found, _ := filepath.Glob("/usr/lib/python3/dist-packages/neutron/db/*.py")
	for _, path := range found {
		src, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		sources[filepath.Base(path)] = src
	}
	names := newNames()
	parser, err := names.parser()
	if err != nil {
		t.Fatal(err)
	}
	defer parser.Close()
	p := &Project{grammar: names, finder: &finder{}}
	for name, src := range sources {
		m, tree, err := p.parse(parser, source{File: File{Path: name, Source: src}})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		m.Root.Visit(func(n *Node, _ []*Node) bool {
			got = append(got, fmt.Sprintf("%s %q at %d to %d, line %d", n.Kind, n.Field, n.Start, n.End, n.Line()))
			return true
		})
		cursor := tree.Walk()
		want := described(cursor, nil)
		cursor.Close()
		tree.Close()
		if !slices.Equal(got, want) {
			for i := range min(len(got), len(want)) {
				if got[i] != want[i] {
					t.Fatalf("%s: node %d is %s; the parser says %s", name, i, got[i], want[i])
				}
			}
			t.Fatalf("%s: %d nodes; the parser has %d", name, len(got), len(want))
		}
	}
}

// described asks the parser about every node below a cursor, and appends what it says of those that a Node is made of.
func described(cursor *ts.TreeCursor, all []string) []string {
	n, field := cursor.Node(), cursor.FieldName()
	if n.Parent() != nil && (!n.IsNamed() && field == "" || n.IsExtra()) {
		return all
	}
	all = append(all, fmt.Sprintf("%s %q at %d to %d, line %d", n.Kind(), field, n.StartByte(), n.EndByte(), n.StartPosition().Row+1))
	for ok := cursor.GotoFirstChild(); ok; ok = cursor.GotoNextSibling() {
		all = described(cursor, all)
	}
	if n.ChildCount() > 0 {
		cursor.GotoParent()
	}
	return all
}
