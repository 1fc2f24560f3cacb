package strictyaml_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
)

type settings struct {
	Name  string
	Words []string
	Pause time.Duration
	Other map[string]string
	Path  string
	Tool  string
}

func read(text string) (settings, error) {
	doc, err := strictyaml.Parse("f.yaml", []byte(text))
	if err != nil {
		return settings{}, err
	}
	s := settings{Other: map[string]string{}}
	doc.Root().Fields(strictyaml.Fields{
		"name":  func(n strictyaml.Node) { s.Name = n.Text() },
		"words": func(n strictyaml.Node) { s.Words = n.Texts() },
		"pause": func(n strictyaml.Node) { s.Pause = n.Seconds() },
		"path":  func(n strictyaml.Node) { s.Path = n.Path() },
		"tool":  func(n strictyaml.Node) { s.Tool = n.Choice("alembic", "patterns", "south") },
		"other": func(n strictyaml.Node) {
			n.Each(func(key string, n strictyaml.Node) { s.Other[key] = n.Text() })
		},
	})
	return s, doc.Err()
}

func TestRead(t *testing.T) {
	for _, tc := range []struct {
		name, text string
		want       settings
	}{
		{"nothing", "", settings{}},
		{"a comment", "# x\n", settings{}},
		{"one key", "name: a", settings{Name: "a"}},
		{"null is absent", "name: null\nwords:\n", settings{}},
		{"notes", "_name: 1\n_x: {y: z}", settings{}},
		{"json", `{"name": "a", "words": ["b"], "pause": 0.5}`, settings{Name: "a", Words: []string{"b"}, Pause: time.Second / 2}},
		{"text as it is spelled", "words: [1.10, true, '007', 1e3]", settings{Words: []string{"1.10", "true", "007", "1e3"}}},
		{"several lines", "name: |\n  a\n  b\n", settings{Name: "a\nb\n"}},
		{"anchors", "name: &x a\nother: {k: *x}", settings{Name: "a", Other: map[string]string{"k": "a"}}},
		{"text with a colon", "words: [a/b_1:v1, é:1.50, 'c', a:b:c]", settings{Words: []string{"a/b_1:v1", "é:1.50", "c", "a:b:c"}}},
		{
			"text with a colon in braces", `{name: x:y, words: [a/b_1:v1, é:1.50, "c", a:b:c, n:null], "other": {k: "l:m"}}`,
			settings{Name: "x:y", Words: []string{"a/b_1:v1", "é:1.50", "c", "a:b:c", "n:null"}, Other: map[string]string{"k": "l:m"}},
		},
		{"a path and a word", "path: ./5\ntool: south", settings{Path: "./5", Tool: "south"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if tc.want.Other == nil {
				tc.want.Other = map[string]string{}
			}
			got, err := read(tc.text)
			if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
				t.Errorf("%v, differs (-want +got):\n%s", err, diff)
			}
		})
	}
}

func TestMistakes(t *testing.T) {
	for _, tc := range []struct{ name, text, want string }{
		{"all at once, by line", "pause: -1\nnamee: a\nwords: b\n", "f.yaml:1: pause: want a number that is not negative\n" +
			"f.yaml:2: unknown key \"namee\": did you mean \"name\"?\nf.yaml:3: words: want a list, got text"},
		{"a key that is like none", "colour: a", `f.yaml:1: unknown key "colour": known keys are name, other, path, pause, tool, words`},
		{"an item", "words:\n- a\n- [b]\n", "f.yaml:3: words[1]: want text, got a list"},
		{"too long a time", "pause: 10000000000", "f.yaml:1: pause: too many seconds"},
		{"an alias of nothing", "name: *x", `f.yaml:1: no anchor "x" before this alias`},
		{"a list of all", "- a", "f.yaml:1: want keys and values, got a list"},
		{"keys in a list", "{words: [a: b, {c:d}, 'e':f]}", "f.yaml:1: words[0]: want text, got keys and values\n" +
			"f.yaml:1: words[1]: want text, got keys and values\nf.yaml:1: words[2]: want text, got keys and values"},
		{"a path that is a number", "path: 5\n", "f.yaml:1: path: want a path (as text), got a number"},
		{"not one of the words", "tool: alembik\n", `f.yaml:1: tool: want alembic, patterns or south; did you mean "alembic"?`},
		{"a list of words", "tool: [south]\n", "f.yaml:1: tool: want text, got a list"},
		{"like none of the words", "tool: ''\n", "f.yaml:1: tool: want alembic, patterns or south"},
		{"two documents", "name: a\n---\nname: b\n", "f.yaml:3: a second document in the file: want one"},
		{"a key twice", "name: a\nname: b\n", `f.yaml:2: not YAML: mapping key "name" already defined at [1:1]`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := read(tc.text)
			if err == nil {
				t.Fatal("no mistake")
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("mistakes differ (-want +got):\n%s", diff)
			}
		})
	}
}
