package anonymize

import (
	"sync"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// One Anonymizer serves several goroutines, each with Rows of its own, and all give the
// same pseudonyms.
func TestGoroutinesAgree(t *testing.T) {
	columns := map[string]Treatment{"a": {Kind: kindEmail}, "b": {Kind: kindText}, "c": {Kind: kindSecret}}
	a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": columns}))
	if err != nil {
		t.Fatal(err)
	}
	table := &ddl.Table{Name: "t", Columns: []ddl.Column{textColumn("a"), textColumn("b"), textColumn("c")}}
	out := make([]string, 4)
	var wg sync.WaitGroup
	for i := range out {
		wg.Go(func() {
			rows, err := a.Rows("", table)
			if err != nil {
				t.Error(err)
				return
			}
			for range 200 {
				row := []Value{text("jane@example.org"), text("Zoë's mail: jane@example.org"), text("s3cr3t")}
				if _, err := rows.Apply(row); err != nil {
					t.Error(err)
				}
				out[i] = string(row[0].Bytes) + string(row[1].Bytes)
			}
		})
	}
	wg.Wait()
	for _, s := range out[1:] {
		if s != out[0] {
			t.Error("goroutines disagree")
		}
	}
}

func TestNoAllocationsForShortValues(t *testing.T) {
	for _, c := range []struct{ kind, value string }{
		{kindString, "Jane Doe-42"},
		{kindUUID, "6ba7b811-9dad-41d1-80b4-00c04fd430c8"},
		{kindInteger, "48151"},
		{kindDatetime, "2014-02-14 10:31:22"},
		{kindEmail, "jane@example.org"},
		{kindIP, "10.1.2.3"},
		{kindIP, "2001:db8::17"},
		{kindURL, "https://a.example.org/v2/x?y=1"},
		{kindText, "Jane called"},
	} {
		rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: c.kind})
		rows.columns[0].memo = nil
		v := []byte(c.value)
		row := make([]Value, 1)
		if got := testing.AllocsPerRun(50, func() {
			row[0] = Value{Bytes: v}
			if _, err := rows.Apply(row); err != nil {
				t.Fatal(err)
			}
		}); got > 0 {
			t.Errorf("%s: %v allocations", c.kind, got)
		}
	}
}
