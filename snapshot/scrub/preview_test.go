package scrub_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

func TestPreview(t *testing.T) {
	p := choosing(t, other+"INSERT INTO other VALUES ('canary');\nCREATE TABLE t (id int, s varchar(9), n varchar(9));\n"+
		"INSERT INTO t VALUES (0,'left out','x'),(1,'Jane',NULL),(2,'Bob','x');\nINSERT INTO t VALUES (3,'more','x');\n",
		map[string]anonymize.TablePolicy{"t": where("id", 0)}, marks{"t.s": "redact", "t.n": "redact"})
	for _, tt := range []struct {
		rows int
		want string
	}{
		{2, "s Jane>Xxxx n NULL>NULL | s Bob>Xxx n x>x"}, {9, "s Jane>Xxxx n NULL>NULL | s Bob>Xxx n x>x | s more>xxxx n x>x"}, {0, ""},
	} {
		got, err := scrub.Preview(t.Context(), p.source, p.survey, p.opts, "", "t", tt.rows)
		if err != nil {
			t.Fatal(err)
		}
		var rows []string
		for _, row := range got {
			var b strings.Builder
			for _, c := range row {
				fmt.Fprintf(&b, " %s %s>%s", c.Column, spell(c.Before), spell(c.After))
			}
			rows = append(rows, strings.TrimSpace(b.String()))
		}
		if diff := cmp.Diff(tt.want, strings.Join(rows, " | ")); diff != "" {
			t.Errorf("%d rows (-want +got):\n%s", tt.rows, diff)
		}
	}
	if _, err := scrub.Preview(t.Context(), p.source, p.survey, p.opts, "", "missing", 1); err == nil {
		t.Error("a table that is not there is previewed")
	}
}

func spell(v anonymize.Value) string {
	if v.Null {
		return "NULL"
	}
	return string(v.Bytes)
}
