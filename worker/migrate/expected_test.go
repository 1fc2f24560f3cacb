package migrate

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

func TestExpectedVersion(t *testing.T) {
	tree, outside := t.TempDir(), t.TempDir()
	for path, names := range map[string][]string{
		filepath.Join(tree, "db", "versions"): {"001_a.py", "016_b.py", "9_c.py", "2024_d.d/x", "README", "__pycache__/99_x.pyc"},
		filepath.Join(tree, "rails"):          {"20140116065733_a.rb", "20260116065733_b.rb", "3_c.rb"},
		filepath.Join(tree, "zero"):           {"000_a.sql"},
		filepath.Join(tree, "none"):           {"a1.sql"},
		outside:                               {"77_a.sql"},
	} {
		for _, name := range names {
			file := filepath.Join(path, name)
			if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(file, nil, 0o644); err != nil {
				t.Fatal(err)
			}
		}
	}
	for link, to := range map[string]string{"out": outside, "in": "zero", "db/versions/500_link.py": outside} {
		if err := os.Symlink(to, filepath.Join(tree, link)); err != nil {
			t.Fatal(err)
		}
	}
	for _, tc := range []struct {
		name     string
		expected worker.Expected
		want     string // "…" behind what it must begin with
	}{
		{"nothing", worker.Expected{}, ""},
		{"a version", worker.Expected{Version: "016", HighestIn: "db/versions"}, "016"},
		{"the highest number, of files alone", worker.Expected{HighestIn: "db/versions"}, "500"},
		{"a path that is not clean", worker.Expected{HighestIn: "./db//versions/"}, "500"},
		{"long numbers", worker.Expected{HighestIn: "rails"}, "20260116065733"},
		{"zero", worker.Expected{HighestIn: "zero"}, "0"},
		{"no number", worker.Expected{HighestIn: "none"}, "a version in none, where…"},
		{"no directory", worker.Expected{HighestIn: "nosuch/dir"}, "a version in nosuch/dir, which…"},
		{"a file", worker.Expected{HighestIn: "db/versions/001_a.py"}, "a version in…"},
		{"a link out of the tree", worker.Expected{HighestIn: "out"}, "a version in…"},
		{"a link within the tree", worker.Expected{HighestIn: "in"}, "a version in…"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			got, err := expectedVersion(tc.expected, tree)
			begin, cut := strings.CutSuffix(tc.want, "…")
			if err != nil || got != tc.want && (!cut || !strings.HasPrefix(got, begin)) {
				t.Errorf("got %q, %v; want %q", got, err, tc.want)
			}
		})
	}
	for _, path := range []string{"..", "../x", "/etc", "a/../../b"} {
		if got, err := expectedVersion(worker.Expected{HighestIn: path}, tree); err == nil {
			t.Errorf("%s: got %q, no error", path, got)
		}
	}
	if _, err := expectedVersion(worker.Expected{HighestIn: "x"}, filepath.Join(tree, "nosuch")); err == nil {
		t.Error("no tree: no error")
	}
}
