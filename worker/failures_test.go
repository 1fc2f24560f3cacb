package worker_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// TestEveryCodeIsExplained: reports link to docs/FAILURES.md by code.
func TestEveryCodeIsExplained(t *testing.T) {
	doc, err := os.ReadFile(filepath.Join("..", "docs", "FAILURES.md"))
	if err != nil {
		t.Fatal(err)
	}
	var headings []string
	for line := range strings.Lines(string(doc)) {
		if heading, ok := strings.CutPrefix(strings.TrimSpace(line), "## "); ok {
			headings = append(headings, heading)
		}
	}
	codes := codesOf(t, "verdict.go")
	if len(codes) < 15 {
		t.Fatalf("found only the codes %q", codes)
	}
	for _, code := range codes {
		if !slices.Contains(headings, code) {
			t.Errorf("docs/FAILURES.md does not explain %s", code)
		}
	}
	for _, heading := range headings {
		if !slices.Contains(codes, heading) {
			t.Errorf("docs/FAILURES.md explains %s, which is no code", heading)
		}
	}
}

// codesOf are the constants of type Code in a file.
func codesOf(t *testing.T, path string) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var codes []string
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok {
			return true
		}
		if typ, ok := spec.Type.(*ast.Ident); !ok || typ.Name != "Code" {
			return true
		}
		for _, value := range spec.Values {
			code, err := strconv.Unquote(value.(*ast.BasicLit).Value)
			if err != nil {
				t.Fatal(err)
			}
			codes = append(codes, code)
		}
		return true
	})
	return codes
}
