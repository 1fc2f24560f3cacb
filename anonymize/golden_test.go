package anonymize

import (
	"encoding/json"
	"flag"
	"math/rand/v2"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var update = flag.Bool("update", false, "rewrite the golden files")

// TestPseudonymsStayWhatTheyAre pins the mapping of every deterministic kind: datasets
// made years apart under one key only join while it stays as it is.
func TestPseudonymsStayWhatTheyAre(t *testing.T) {
	const path = "testdata/pseudonyms.json"
	got := map[string]map[string]string{}
	random := rand.New(rand.NewPCG(11, 11))
	for _, k := range kindTable() {
		if !k.Keyed || k.Name == kindEnum || k.Name == kindBlob {
			continue
		}
		rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: k.Name})
		got[k.Name] = map[string]string{k.Before: applyOne(t, rows, k.Before)}
		for range 3 {
			if gen := generators()[k.Name]; gen != nil {
				v := gen(random)
				got[k.Name][v] = applyOne(t, rows, v)
			}
		}
		for _, v := range []string{"Zoë's 東京 🙂", "A", "42 ", "x@y.zz"} {
			got[k.Name][v] = applyOne(t, rows, v)
		}
	}
	for name, c := range map[string]struct {
		column string
		t      Treatment
		values []string
	}{
		"string, prefix": {"longtext", Treatment{Kind: "string", Prefix: PreservePrefix}, []string{"Jane Doe-42", "Jane Roe", "Zoë's 東京 🙂", "jane@example.org"}},
		"string, format": {"longtext", Treatment{Kind: "string", Format: &Format{First: 2, Last: 1}}, []string{"Jane Doe-42", "JA", "Zoë's 東京 🙂"}},
		"digits, format": {"longtext", Treatment{Kind: "digits", Format: &Format{First: 4}}, []string{"DE21-1234-77", "42 "}},
		"integer, range": {"bigint", Treatment{Kind: "integer", Range: &Range{"0", "120"}}, []string{"0", "42", "120", "121", "-1"}},
		"date, range":    {"datetime", Treatment{Kind: "date", Range: &Range{"2014-02-10", "2015-01-01"}}, []string{"2014-02-14 10:31:22", "2013-01-01 00:00:00", "0000-00-00 00:00:00"}},
	} {
		col := parseTable(t, "CREATE TABLE t (c "+c.column+") DEFAULT CHARSET=utf8mb4").Columns[0]
		rows := rowsFor(t, testKey(1), col, c.t)
		got[name] = map[string]string{}
		for _, v := range c.values {
			got[name][v] = applyOne(t, rows, v)
		}
	}
	if *update {
		text, err := json.MarshalIndent(got, "", " ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, append(text, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var want map[string]map[string]string
	if err := json.Unmarshal(text, &want); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("pseudonyms changed (-want +got)\n%s", diff)
	}
}
