package main

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestWorkedExample runs the commands of the worked example in docs/MARKUP.md: they print what it says. "…" stands for lines left out.
func TestWorkedExample(t *testing.T) {
	doc, err := os.ReadFile("../../docs/MARKUP.md")
	if err != nil {
		t.Fatal(err)
	}
	dump, err := os.ReadFile("testdata/worked/shop.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, example, _ := strings.Cut(string(doc), "## A worked example")
	example, _, _ = strings.Cut(example, "\n## ")
	_, example, _ = strings.Cut(example, "```python\n")
	models, example, found := strings.Cut(example, "```\n")
	if !found {
		t.Fatal("the example has no models")
	}
	t.Chdir(t.TempDir())
	write := func(name, text string) {
		if err := os.WriteFile(filepath.Clean(name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	write("models.py", models)
	write("shop.sql", string(dump))
	var block strings.Builder
	for line := range strings.Lines(example) {
		if text, ok := strings.CutPrefix(line, "    "); ok {
			block.WriteString(text)
		}
	}
	_, commands, _ := strings.Cut(block.String(), "$ ")
	steps := strings.Split(commands, "\n$ ")
	if len(steps) < 4 {
		t.Fatalf("the example has %d commands", len(steps))
	}
	for _, step := range steps {
		first, want, _ := strings.Cut(step, "\n")
		line, remark, _ := strings.Cut(first, "#")
		args := strings.Fields(line)
		if args[0] == "cat" {
			write(args[1], want)
			continue
		}
		status := 0
		if strings.Contains(remark, "exit status 3") {
			status = 3
		}
		got, code := fuzzy(t, args[1:]...)
		got = regexp.MustCompile(`[0-9.]+ s:`).ReplaceAllString(got, "0.0 s:")
		pattern := strings.ReplaceAll(regexp.QuoteMeta(strings.TrimSpace(want)), "…\n", `(?:.*\n)*?`)
		if code != status || !regexp.MustCompile(`^`+pattern+`$`).MatchString(strings.TrimSpace(got)) {
			t.Errorf("%s: exit status %d, want %d, output:\n%s\nwant:\n%s", line, code, status, got, want)
		}
	}
}
