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
