package config

import (
	"regexp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// git reads where the change comes from.
func (r *reader) git(n strictyaml.Node) Git {
	g := Git{Ref: "HEAD"}
	n.Fields(strictyaml.Fields{
		"url": func(n strictyaml.Node) { g.URL = r.url(n) },
		"ref": func(n strictyaml.Node) { g.Ref = ref(n) },
	})
	if !n.Keys()["url"] {
		n.Mistake("no url: want a git repository's URL or path")
	}
	return g
}

// ref reads a git ref.
func ref(n strictyaml.Node) string {
	ref := n.Text()
	if err := worker.CheckRef(ref); err != nil {
		n.Mistake("%v", err)
	}
	return ref
}

// references reads the datasets to test on.
func references(n strictyaml.Node) []string {
	var out []string
	lines := map[string]int{}
	n.List(func(_ int, n strictyaml.Node) {
		ref := n.Text()
		parsed, err := store.ParseReference(ref)
		if err != nil {
			n.Mistake("%v", err)
		}
		if parsed.Tag == store.LatestTag {
			parsed.Tag = "" // a name alone means the same
		}
		if first, ok := lines[parsed.String()]; ok && err == nil {
			n.Mistake("dataset %s a second time: the first is at line %d", ref, first)
		}
		lines[parsed.String()] = n.Line()
		out = append(out, ref)
	})
	return out
}

// database reads a schema's name.
func database(n strictyaml.Node) string {
	name := n.Text()
	if why := datasets.BadDatabase(name); why != "" {
		n.Mistake("%s", why)
	}
	return name
}

// charset reads the client's character set; it goes into a URL as it is.
func charset(n strictyaml.Node) string {
	charset := n.Text()
	if !isWord(charset) {
		n.Mistake("want a character set's name, such as utf8mb4")
	}
	return charset
}

// collations reads which collation stands in for which.
func collations(n strictyaml.Node) map[string]string {
	out := map[string]string{}
	n.Each(func(from string, n strictyaml.Node) {
		to := n.Text()
		if !isWord(from) || !isWord(to) {
			n.Mistake("want two collations' names, such as utf8mb4_0900_ai_ci: utf8mb4_unicode_ci")
		}
		out[from] = to
	})
	return out
}

// isWord tells whether a name is one that a server gives to a character set or a
// collation.
func isWord(name string) bool { return regexp.MustCompile(`^[a-z0-9_]{1,64}$`).MatchString(name) }
