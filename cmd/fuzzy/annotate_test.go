package main

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// Where Debian installs Python packages, and the interpreter that finds them there.
const (
	distPackages = "/usr/lib/python3/dist-packages"
	python3      = "/usr/bin/python3"
)

// A realProject is one whose models are annotated in a copy.
type realProject struct {
	name     string
	paths    []string // that are copied and annotated
	packages []string // that these are parts of
	modules  []string // that make the models known
}

// TestAnnotateRealProjects annotates copies of installed projects: afterwards nothing is left to decide, Python compiles every
// file, SQLAlchemy makes the same tables of them, and a second run changes nothing. It needs python3-nova, -neutron, -heat.
func TestAnnotateRealProjects(t *testing.T) {
	for _, p := range []realProject{
		{"nova", []string{"nova/db"}, []string{"nova"}, []string{"nova.db.main.models", "nova.db.api.models"}},
		{
			"neutron",
			[]string{"neutron/db", "neutron/ipam", "neutron/plugins", "neutron/services", "neutron_lib/db"},
			[]string{"neutron", "neutron_lib"},
			[]string{"neutron.db.migration.models.head"},
		},
		{"heat", []string{"heat/db"}, []string{"heat"}, []string{"heat.db.sqlalchemy.models"}},
	} {
		t.Run(p.name, func(t *testing.T) {
			t.Parallel()
			if _, err := os.Stat(filepath.Join(distPackages, p.paths[0])); err != nil {
				t.Skipf("python3-%s is not installed", p.name)
			}
			p.annotate(t)
		})
	}
}

func (p *realProject) annotate(t *testing.T) {
	dir := t.TempDir()
	var paths []string
	for _, path := range p.paths {
		copyPython(t, filepath.Join(distPackages, path), filepath.Join(dir, path))
		paths = append(paths, filepath.Join(dir, path))
	}
	for _, name := range append([]string{""}, p.packages...) {
		linkOthers(t, filepath.Join(distPackages, name), filepath.Join(dir, name))
	}
	before := readTree(t, dir, p.paths)
	if out, status := fuzzy(t, append([]string{"annotate", "--public", "--write"}, paths...)...); status != 0 {
		t.Fatalf("annotate --write: exit status %d\n%s", status, out)
	}
	after := readTree(t, dir, p.paths)
	var changed []string
	for path, source := range after {
		if source == before[path] {
			continue
		}
		changed = append(changed, filepath.Join(dir, path))
		if !contains(source, before[path]) {
			t.Errorf("%s: something that was there is gone", path)
		}
	}
	if len(changed) == 0 || len(after) != len(before) {
		t.Fatalf("%d of %d files changed, %d before", len(changed), len(after), len(before))
	}
	t.Logf("%d of %d files changed", len(changed), len(before))

	if out, status := fuzzy(t, append([]string{"annotate", "--check"}, paths...)...); status != 0 {
		t.Errorf("annotate --check: exit status %d\n%s", status, out)
	}
	if out, status := fuzzy(t, append([]string{"annotate", "--public", "--write"}, paths...)...); status != 0 || !strings.Contains(out, "0 files changed") {
		t.Errorf("a second annotate --write: exit status %d\n%s", status, out)
	}
	run(t, append([]string{"-m", "py_compile"}, changed...)...)
	var got map[string][]string
	if err := json.Unmarshal([]byte(run(t, append([]string{"testdata/annotate/import.py", dir}, p.modules...)...)), &got); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(p.tables(t), got); diff != "" {
		t.Errorf("SQLAlchemy makes other tables of the changed models than there were (-want +got):\n%s", diff)
	}
}

// tables gives the columns of the installed models, by table; package sqlalchemy has a test that SQLAlchemy sees the same.
func (p *realProject) tables(t *testing.T) map[string][]string {
	t.Helper()
	tables := map[string][]string{}
	for _, path := range p.paths {
		markups, err := readMarkup(t.Context(), []string{filepath.Join(distPackages, path)}, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, table := range markups[0].Tables {
			for _, c := range table.Columns {
				if !slices.Contains(tables[table.Name], c.Name) {
					tables[table.Name] = append(tables[table.Name], c.Name)
				}
			}
			slices.Sort(tables[table.Name])
		}
	}
	return tables
}

// contains reports whether all characters of a text are in another one, in order.
func contains(source, text string) bool {
	for i := range len(text) {
		j := strings.IndexByte(source, text[i])
		if j < 0 {
			return false
		}
		source = source[j+1:]
	}
	return true
}

// fuzzy runs the program and gives all that it prints.
func fuzzy(t *testing.T, args ...string) (output string, status int) {
	t.Helper()
	var out bytes.Buffer
	p := &program{
		stdin: strings.NewReader(""), stdout: &out, stderr: &out, random: rand.Reader, now: time.Now,
		env: func(string) string { return "" }, jobs: 1,
	}
	status = p.Run(context.WithoutCancel(t.Context()), append([]string{"fuzzy"}, args...))
	return out.String(), status
}

func run(t *testing.T, args ...string) string {
	t.Helper()
	var stderr bytes.Buffer
	cmd := exec.CommandContext(t.Context(), python3, args...)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python3 %s: %v\n%s", strings.Join(args, " "), err, stderr.String())
	}
	return string(out)
}

// copyPython copies a directory's Python files.
func copyPython(t *testing.T, from, to string) {
	t.Helper()
	err := filepath.WalkDir(from, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || !strings.HasSuffix(path, ".py") {
			return err
		}
		rel, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		in, err := os.Open(path)
		if err != nil {
			return err
		}
		defer in.Close()
		if err := os.MkdirAll(filepath.Dir(filepath.Join(to, rel)), 0o755); err != nil {
			return err
		}
		out, err := os.Create(filepath.Join(to, rel))
		if err != nil {
			return err
		}
		if _, err := io.Copy(out, in); err != nil {
			return err
		}
		return out.Close()
	})
	if err != nil {
		t.Fatal(err)
	}
}

// linkOthers links what a directory has and its copy lacks.
func linkOthers(t *testing.T, from, to string) {
	t.Helper()
	entries, err := os.ReadDir(from)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if _, err := os.Lstat(filepath.Join(to, e.Name())); err == nil {
			continue
		}
		if err := os.Symlink(filepath.Join(from, e.Name()), filepath.Join(to, e.Name())); err != nil {
			t.Fatal(err)
		}
	}
}

// readTree reads all files below some paths of a directory.
func readTree(t *testing.T, dir string, paths []string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, path := range paths {
		err := fs.WalkDir(os.DirFS(dir), path, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() {
				return err
			}
			text, err := os.ReadFile(filepath.Join(dir, path))
			files[path] = string(text)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return files
}
