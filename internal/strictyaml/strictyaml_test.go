package strictyaml_test

import (
	"strings"
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
	Count int
	On    bool
	Wait  time.Duration
	Kinds string
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
		"count": func(n strictyaml.Node) { s.Count = n.Whole(-2, 70000) },
		"on":    func(n strictyaml.Node) { s.On = n.Bool() },
		"wait":  func(n strictyaml.Node) { s.Wait = n.SecondsWithin(time.Second, time.Minute) },
		"kinds": func(n strictyaml.Node) {
			n.List(func(_ int, n strictyaml.Node) { s.Kinds += kind(n) })
		},
		"other": func(n strictyaml.Node) {
			n.Each(func(key string, n strictyaml.Node) { s.Other[key] = n.Text() })
		},
	})
	return s, doc.Err()
}

// kind is what a node says of its sort.
func kind(n strictyaml.Node) string {
	switch {
	case n.IsList():
		return "l"
	case n.IsMapping():
		return "m"
	case n.IsBool():
		return "b"
	}
	return "-"
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
		{"whole numbers", "count: 70_000\non: True\nwait: 1.5", settings{Count: 70000, On: true, Wait: 1500 * time.Millisecond}},
		{"the least", "count: -2\nwait: 1", settings{Count: -2, Wait: time.Second}},
		{"sorts", "kinds: [[], {}, {a: b}, a:b, true, 'true', 1, no, ~]", settings{Kinds: "lmm-b----"}},
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
		{"a key that is like none", "colour: a", `f.yaml:1: unknown key "colour": known keys are count, kinds, name, on, other, path, pause, tool, wait, words`},
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
		{"too large", "count: 70001\nwait: 61", "f.yaml:1: count: want a whole number from -2 to 70000\nf.yaml:2: wait: want 1 to 60 seconds"},
		{"too small", "count: -3\nwait: 0.5", "f.yaml:1: count: want a whole number from -2 to 70000\nf.yaml:2: wait: want 1 to 60 seconds"},
		{"larger than any", "count: 18446744073709551615", "f.yaml:1: count: want a whole number from -2 to 70000"},
		{
			"sorts of numbers", "count: 1.0\non: 1\nwait: -1",
			"f.yaml:1: count: want a whole number, got a number\nf.yaml:2: on: want true or false, got a number\nf.yaml:3: wait: want a number that is not negative",
		},
		{"two documents", "name: a\n---\nname: b\n", "f.yaml:3: a second document in the file: want one"},
		{"brackets without end", "\nwords: " + strings.Repeat("[", 200_000), "f.yaml:2: brackets nest more than 64 deep"},
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
