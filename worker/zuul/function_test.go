package zuul_test

import (
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// The configured function is taken with and without "build:"; one is registered.
func TestParseFunction(t *testing.T) {
	for _, test := range []struct{ configured, node, job, function string }{
		{"gate-migrations", "", "gate-migrations", "build:gate-migrations"},
		{"build:gate-migrations", "", "gate-migrations", "build:gate-migrations"},
		{"build:gate-migrations", "bare-precise", "gate-migrations", "build:gate-migrations:bare-precise"},
		{"gate-migrations", "bare-precise", "gate-migrations", "build:gate-migrations:bare-precise"},
		{"build:gate-migrations:bare-precise", "", "gate-migrations", "build:gate-migrations:bare-precise"},
		{"gate-migrations:bare-precise", "bare-precise", "gate-migrations", "build:gate-migrations:bare-precise"},
		{"builder", "", "builder", "build:builder"},
	} {
		f, err := zuul.ParseFunction(test.configured, test.node)
		if err != nil || f.Job != test.job || f.String() != test.function {
			t.Errorf("%q, %q: %+v, %v", test.configured, test.node, f, err)
		}
	}
	for _, test := range []struct{ configured, node string }{
		{"", ""},
		{"build:", ""},
		{":x", ""},
		{"build::x", ""},
		{"a:", ""},
		{"a:b:c", ""},
		{"a:b", "c"},
		{"a", "b:c"},
		{"a b", ""},
		{"a\tb", ""},
		{"a", "b c"},
		{"a/b", ""},
		{"../a", ""},
		{"-a", ""},
		{"a\x00", ""},
		{strings.Repeat("a", 256), ""},
		{strings.Repeat("a", 255), strings.Repeat("b", 252)},
	} {
		if f, err := zuul.ParseFunction(test.configured, test.node); err == nil {
			t.Errorf("%q, %q: passes as %s", test.configured, test.node, f)
		}
	}
}
