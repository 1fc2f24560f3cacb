package python

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func TestSourcesSkipWhatIsNotTheProject(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"b.py", "a/a.py", ".hidden/x.py", "env/pyvenv.cfg", "env/lib/x.py", "node_modules/x.py", "c.txt"} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := sources(t.Context(), []string{dir, filepath.Join(dir, "b.py"), filepath.Join(dir, "c.txt")})
	var got []string
	for _, f := range files {
		got = append(got, f.Path)
	}
	want := []string{filepath.Join(dir, "a/a.py"), filepath.Join(dir, "b.py"), filepath.Join(dir, "c.txt")}
	if err != nil || !slices.Equal(got, want) {
		t.Errorf("got %q (error %v), want %q", got, err, want)
	}
	if len(files) != 3 || files[1].group != 0 || files[2].group != 2 {
		t.Errorf("files are not below the first path that has them: %+v", files)
	}
	if _, err := Read(t.Context(), []string{filepath.Join(dir, "gone.py")}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that is not there: %v", err)
	}
}

func TestReadSyntaxErrors(t *testing.T) {
	for name, test := range map[string]struct{ src, want string }{
		"a bracket that is not closed": {"x = 1\nclass A(Base:\n    y = 2\n", "m.py:2:"},
		"a string without end":         {"x = 1\ny = 'abc\n", "m.py:2:"},
		"two operators":                {"x = 1 +* 2\n", "m.py:1:"},
		"in the body of a function":    {"def f():\n    x = 1 +* 2\n", "m.py:2:"},
		"not UTF-8":                    {"x = 1\ny = '\xff'\n", "m.py:2:1: not UTF-8"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := ReadFiles(t.Context(), []File{{Path: "a.py", Source: []byte("x = 1")}, {Path: "m.py", Source: []byte(test.src)}})
			var syntax *SyntaxError
			if !errors.As(err, &syntax) || !strings.HasPrefix(err.Error(), test.want) {
				t.Errorf("got %v, want %s", err, test.want)
			}
		})
	}
}

func TestReadIsCancelled(t *testing.T) {
	ctx, cancel := context.WithCancelCause(t.Context())
	stop := errors.New("stopped")
	cancel(stop)
	if _, err := ReadFiles(ctx, []File{{Path: "a.py", Source: []byte("x = 1")}}); !errors.Is(err, stop) {
		t.Errorf("got %v, want %v", err, stop)
	}
}
