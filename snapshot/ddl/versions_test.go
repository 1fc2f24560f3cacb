package ddl_test

import (
	"bytes"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestVersions: what the servers of many years write is understood; each file of testdata names its server.
func TestVersions(t *testing.T) {
	paths, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(paths) < 8 {
		t.Fatalf("%d files, %v", len(paths), err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			var got strings.Builder
			_, text, _ = bytes.Cut(text, []byte("\n"))
			for statement := range bytes.SplitAfterSeq(text, []byte(";\n")) {
				if len(statement) > 0 {
					describe(&got, mustParse(t, string(statement), ddl.Mode{}))
				}
			}
			golden := strings.TrimSuffix(path, ".sql") + ".golden"
			if *update {
				if err := os.WriteFile(golden, []byte(got.String()), 0o600); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(string(want), got.String()); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// describe writes what is known of a table, a line for each thing, without what is empty.
func describe(b *strings.Builder, t *ddl.Table) {
	fmt.Fprintf(b, "table %s%s\n", t.Name, said("engine", t.Engine, "charset", t.Charset, "collation", t.Collation, "comment", t.Comment)+
		flags("versioned", t.SystemVersioned, "partitioned", t.Partitioned))
	for _, c := range t.Columns {
		kind := fmt.Sprint(c.Type.Name, c.Type.Members)
		if c.Type.Members == nil {
			kind = c.Type.Name
		}
		for _, n := range []int{c.Type.Length, c.Type.Decimals} {
			if n >= 0 {
				kind += fmt.Sprintf("(%d)", n)
			}
		}
		generated := []string{"", "virtual", "stored", "row start", "row end"}[c.Generated]
		fmt.Fprintf(b, "  %s %s: %s%s\n", c.Name, kind, c.Type.Class(), flags("unsigned", c.Type.Unsigned, "zerofill", c.Type.Zerofill, "null", c.Nullable, "json", c.JSON(),
			"invisible", c.Invisible, "auto", c.AutoIncrement, "primary", c.PrimaryKey, "unique", c.Unique)+
			said("charset", c.Charset, "collation", c.Collation, "generated", generated, "as", c.Expression, "default", c.Default, "update", c.OnUpdate, "check", c.Check, "comment", c.Comment))
	}
	for _, ix := range t.Indexes {
		fmt.Fprintf(b, "  index %s%s", ix.Name, flags("unique", ix.Unique)+said("kind", ix.Kind))
		for _, p := range ix.Parts {
			fmt.Fprintf(b, " [%s%s%s]", p.Column, p.Expression, flags("descending", p.Descending))
			if p.Prefix > 0 {
				fmt.Fprintf(b, " prefix %d", p.Prefix)
			}
		}
		b.WriteByte('\n')
	}
	for _, fk := range t.ForeignKeys {
		fmt.Fprintf(b, "  foreign key %s %s -> %s.%s %s%s\n", fk.Name, fk.Columns, fk.RefDatabase, fk.RefTable, fk.RefColumns, said("delete", fk.OnDelete, "update", fk.OnUpdate))
	}
	for _, c := range t.Checks {
		fmt.Fprintf(b, "  check %s %s\n", c.Name, c.Expression)
	}
}

func said(pairs ...string) string {
	out := ""
	for i := 0; i < len(pairs); i += 2 {
		if pairs[i+1] != "" {
			out += fmt.Sprintf(" %s=<%s>", pairs[i], pairs[i+1])
		}
	}
	return out
}

func flags(pairs ...any) string {
	out := ""
	for i := 0; i < len(pairs); i += 2 {
		if set, _ := pairs[i+1].(bool); set {
			out += fmt.Sprint(" ", pairs[i])
		}
	}
	return out
}
