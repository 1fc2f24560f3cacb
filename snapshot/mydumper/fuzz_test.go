package mydumper_test

import (
	"io"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
)

// FuzzDirectory: no content of a file panics or hangs, and rows come out as they went in.
func FuzzDirectory(f *testing.F) {
	for name, text := range files() {
		if strings.HasSuffix(name, ".sql") {
			f.Add(name, text)
		}
	}
	f.Fuzz(func(t *testing.T, name, text string) {
		known := files()
		if _, ok := known[name]; !ok || name == "metadata" {
			t.Skip()
		}
		known[name] = text
		d, err := mydumper.Open(written(t, known), 3)
		if err != nil {
			return
		}
		r, _, err := d.Open()
		if err != nil {
			t.Fatal(err)
		}
		defer r.Close()
		out, err := io.ReadAll(r)
		if err == nil && strings.HasPrefix(name, "d.t.0000") && !strings.Contains(string(out), "USE `d`;\n"+text) && !compressed(text) {
			t.Error("rows do not come out as they went in")
		}
	})
}

// compressed reports whether text starts as compressed files do.
func compressed(text string) bool {
	for _, magic := range []string{"\x1f\x8b", "\x28\xb5\x2f\xfd", "\xfd7zXZ\x00", "BZh"} {
		if strings.HasPrefix(text, magic) {
			return true
		}
	}
	return len(text) > 3 && text[1:4] == "\x2a\x4d\x18"
}
