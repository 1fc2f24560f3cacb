package environment_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
)

// wheel is a package as pip installs it: a zip file with a module of the
// package's name, and what it requires.
func wheel(t *testing.T, name, version string, requires ...string) (file string, data []byte) {
	t.Helper()
	info := fmt.Sprintf("%s-%s.dist-info/", name, version)
	metadata := fmt.Sprintf("Metadata-Version: 2.1\nName: %s\nVersion: %s\n", name, version)
	for _, r := range requires {
		metadata += "Requires-Dist: " + r + "\n"
	}
	files := []struct{ name, text string }{
		{name + ".py", fmt.Sprintf("version = %q\n", version)},
		{info + "METADATA", metadata},
		{info + "WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"},
		{info + "entry_points.txt", fmt.Sprintf("[console_scripts]\n%s-says = %s:main\n", name, name)},
	}
	record := ""
	for _, f := range files {
		record += f.name + ",,\n"
	}
	files = append(files, struct{ name, text string }{info + "RECORD", record + info + "RECORD,,\n"})
	var buf bytes.Buffer
	z := zip.NewWriter(&buf)
	for _, f := range files {
		w, err := z.Create(f.name)
		if err == nil {
			_, err = w.Write([]byte(f.text))
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%s-%s-py3-none-any.whl", name, version), buf.Bytes()
}

// index is a package index (PEP 503) that can be made to fail.
type index struct {
	*httptest.Server
	mu       sync.Mutex
	files    map[string][]byte
	requests []string
	fault    func(w http.ResponseWriter, r *http.Request) bool // answers in the index's place, or not
}

func newIndex(t *testing.T) *index {
	t.Helper()
	x := &index{files: map[string][]byte{}}
	x.Server = httptest.NewServer(http.HandlerFunc(x.serve))
	t.Cleanup(x.Close)
	return x
}

func (x *index) add(t *testing.T, name, version string, requires ...string) *index {
	t.Helper()
	file, data := wheel(t, name, version, requires...)
	x.files[file] = data
	return x
}

func (x *index) serve(w http.ResponseWriter, r *http.Request) {
	x.mu.Lock()
	defer x.mu.Unlock()
	x.requests = append(x.requests, r.URL.Path)
	if x.fault != nil && x.fault(w, r) {
		return
	}
	base := filepath.Base(r.URL.Path)
	if data, ok := x.files[base]; ok && strings.HasPrefix(r.URL.Path, "/files/") {
		w.Header().Set("Cache-Control", "max-age=31536000, immutable")
		w.Header().Set("ETag", `"`+base+`"`)
		_, _ = w.Write(data)
		return
	}
	page := ""
	for file := range x.files {
		if strings.HasPrefix(file, base+"-") && strings.HasPrefix(r.URL.Path, "/simple/") {
			page += fmt.Sprintf("<a href=\"/files/%s\">%s</a>\n", file, file)
		}
	}
	if page == "" {
		http.NotFound(w, r)
		return
	}
	w.Header().Set("Content-Type", "text/html")
	_, _ = fmt.Fprintf(w, "<!DOCTYPE html><html><body>%s</body></html>", page)
}

// asked counts the requests for paths with a prefix.
func (x *index) asked(prefix string) int {
	x.mu.Lock()
	defer x.mu.Unlock()
	return len(slices.DeleteFunc(slices.Clone(x.requests), func(p string) bool { return !strings.HasPrefix(p, prefix) }))
}

func (x *index) url() string { return x.URL + "/simple/" }

// failing answers the first n requests with a path that has part with a status.
func failing(n, status int, part string) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, part) {
			return false
		}
		if n--; n < 0 {
			return false
		}
		w.WriteHeader(status)
		return true
	}
}

// write makes files; names are relative to dir.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// project is a tree that builds itself, without any other package; script is
// Python that runs while it is built.
func project(script string) map[string]string {
	return map[string]string{
		"pyproject.toml": "[build-system]\nrequires = []\nbuild-backend = \"backend\"\nbackend-path = [\".\"]\n",
		"backend.py": `
import os, sys, zipfile
` + script + `
def build_wheel(directory, settings=None, metadata=None):
    name = "tree-1.0-py3-none-any.whl"
    info = "tree-1.0.dist-info/"
    with zipfile.ZipFile(os.path.join(directory, name), "w") as z:
        z.writestr("tree.py", "version = '1.0'\n")
        z.writestr(info + "METADATA", "Metadata-Version: 2.1\nName: tree\nVersion: 1.0\n")
        z.writestr(info + "WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        z.writestr(info + "RECORD", "")
    return name
`,
	}
}
