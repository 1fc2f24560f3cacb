package anonymize

import (
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/charset"
)

// oneByteSets are sets of all scripts; swe7 lacks signs of ASCII.
var oneByteSets = []string{"latin1", "latin2", "latin7", "cp1251", "cp1256", "koi8u", "greek", "hebrew", "tis620", "cp866", "macroman", "hp8", "swe7"}

// Every character of a charset is replaced by one that the charset has, of the same length, and distinct ones stay distinct.
func TestCharactersOfOneByteCharsets(t *testing.T) {
	for _, name := range oneByteSets {
		for _, kind := range []string{"string", "text", "redact"} {
			t.Run(name+" "+kind, func(t *testing.T) {
				rows := rowsOf(t, "varchar(400) CHARACTER SET "+name, kind)
				seen := map[string]bool{}
				for _, r := range charset.Of(name).Runes() {
					if r < 0xa0 {
						continue
					}
					in := "Jane" + string(r)
					out := applyOne(t, rows, in) // which fails when the charset lacks a character
					if len(out) > len(in) || kind == "string" && len(out) != len(in) || kind == "string" && seen[out] {
						t.Errorf("U+%04X: %d bytes became %d, seen before: %v", r, len(in), len(out), seen[out])
					}
					seen[out] = true
				}
			})
		}
	}
}

// Letters that a charset has in full have the pseudonyms that they have in UTF-8, so that columns in both join.
func TestCharsetsThatJoin(t *testing.T) {
	unicode := rowsOf(t, "varchar(40) CHARACTER SET utf8mb4", "string")
	for name, in := range map[string]string{"cp1251": "Москва 7", "koi8r": "Москва 7", "hebrew": "ירושלים", "latin1": "Žižek’s naïve Œuvre", "greek": "Jane Doe"} {
		want := applyOne(t, unicode, in)
		if got := applyOne(t, rowsOf(t, "varchar(40) CHARACTER SET "+name, "string"), in); got != want || got == in {
			t.Errorf("%s: %q and in UTF-8 %q", name, got, want)
		}
	}
	// Letters that stand alone in a charset become others of it.
	got := applyOne(t, rowsOf(t, "varchar(40) CHARACTER SET latin2", "string"), "Łódź")
	if strings.HasPrefix(got, "Łó") || strings.HasSuffix(got, "ź") {
		t.Errorf("stayed %q", got)
	}
}

func rowsOf(t *testing.T, definition, kind string) *Rows {
	t.Helper()
	a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": {"c": {Kind: kind}}}))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := a.Rows("", parseTable(t, "CREATE TABLE t (c "+definition+")"))
	if err != nil {
		t.Fatal(err)
	}
	return rows
}
