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
		{"a key that is like none", "colour: a", `f.yaml:1: unknown key "colour": known keys are name, other, pause, words`},
		{"an item", "words:\n- a\n- [b]\n", "f.yaml:3: words[1]: want text, got a list"},
		{"too long a time", "pause: 10000000000", "f.yaml:1: pause: too many seconds"},
		{"an alias of nothing", "name: *x", `f.yaml:1: no anchor "x" before this alias`},
		{"a list of all", "- a", "f.yaml:1: want keys and values, got a list"},
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
