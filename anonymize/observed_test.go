package anonymize

import (
	"strconv"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// Columns of few values are named, however often each occurs and whichever goroutine sees it; those of many, of none, and those whose
// treatment does not depend on the value are not.
func TestFewValuedColumnsAreNamed(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (many int, few varchar(9), none text, secret text, redacted text, free text)")
	a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": treatments("many integer, few string, none text, secret secret, redacted redact, free text")}))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for part := range 2 {
		rows := mustRows(t, a, table)
		wg.Go(func() {
			for i := range FewValues {
				n := strconv.Itoa(i + part*FewValues/2)
				row := []Value{text(n), text(strconv.Itoa(i % (FewValues * 9 / 10))), {Null: true}, text(n), text(n), text(n)}
				if _, err := rows.Apply(row); err != nil {
					t.Error(err)
				}
			}
		})
	}
	wg.Wait()
	want := []SmallColumn{{ColumnRef{Table: "t", Column: "few"}, "string"}}
	if diff := cmp.Diff(want, a.FewValued()); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
