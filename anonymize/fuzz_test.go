package anonymize

import (
	"encoding/json"
	"math/rand/v2"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzApply gives any text to any kind: no panic, no endless walk, and what every kind
// of text keeps.
func FuzzApply(f *testing.F) {
	kinds := kindTable()
	random := rand.New(rand.NewPCG(1, 1))
	for i, k := range kinds {
		f.Add(byte(i), k.Before)
		if gen := generators()[k.Name]; gen != nil {
			f.Add(byte(i), gen(random))
		}
	}
	for _, s := range []string{" ", "é", "::ffff:1.2.3.4/99", "http://[::1]:80/%2F%zz", "a@b.c", "\x01/\x01", "-0", "0x", "a.b.", "\U0001f642\u0301", "1e999", "10.0.0.0/8/9"} {
		for i := range kinds {
			f.Add(byte(i), s)
		}
	}
	f.Fuzz(func(t *testing.T, which byte, v string) {
		k := kinds[int(which)%len(kinds)]
		switch k.Name {
		case kindEnum, kindBlob, kindConstant, kindNull, kindPublic:
			return
		}
		rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: k.Name})
		row := []Value{{Bytes: []byte(v)}}
		if _, err := rows.Apply(row); err != nil {
			if utf8.ValidString(v) {
				t.Fatal(err)
			}
			return
		}
		out := string(row[0].Bytes)
		if utf8.RuneCountInString(out) != utf8.RuneCountInString(v) && k.Name != kindJSON {
			t.Fatalf("%s: %q became %q: the number of characters changed", k.Name, v, out)
		}
		if len(out) != len(v) && k.Name != kindRedact && k.Name != kindJSON {
			t.Fatalf("%s: %q became %q: the number of bytes changed", k.Name, v, out)
		}
		if k.Identifier && strings.TrimRight(v, " ") != "" {
			again := []Value{{Bytes: []byte(strings.ToUpper(v))}}
			if isASCII(v) {
				if _, err := rows.Apply(again); err != nil || !strings.EqualFold(string(again[0].Bytes), out) {
					t.Fatalf("%s: %q and its upper case part ways", k.Name, v)
				}
			}
		}
	})
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// FuzzJSON: what was valid stays valid, with the same structure.
func FuzzJSON(f *testing.F) {
	for _, s := range []string{`{"a": [1, -2.50e+3, "x\u00e9\ud800\n\"", null, true], "a": {}}`, `"\\"`, `[[[]]]`, ` 0 `, `{"owner":{"email":"jane@example.org"}}`} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, v string) {
		if !utf8.ValidString(v) {
			return
		}
		for _, tr := range []Treatment{
			{Kind: kindJSON}, {Kind: kindJSON, Paths: map[string]Treatment{
				"$.a": {Kind: kindSecret}, "$[*]": {Kind: kindInteger}, "$.b[1]": {Kind: kindRedact}, "$.owner.email": {Kind: kindEmail}, "$[2]": {Kind: kindNull},
			}},
		} {
			out := applyOne(t, rowsFor(t, testKey(1), textColumn("c"), tr), v)
			if v == "" || !json.Valid([]byte(v)) {
				continue
			}
			if !json.Valid([]byte(out)) {
				t.Fatalf("%q became %q", v, out)
			}
			if tr.Paths == nil && structure(v) != structure(out) {
				t.Fatalf("%q became %q: the structure changed", v, out)
			}
		}
	})
}

// structure is a document without its leaves.
func structure(v string) string {
	var b strings.Builder
	d := json.NewDecoder(strings.NewReader(v))
	d.UseNumber()
	for {
		token, err := d.Token()
		if err != nil {
			return b.String()
		}
		switch x := token.(type) {
		case json.Delim:
			b.WriteString(x.String())
		case string:
			b.WriteString("s")
		case json.Number:
			b.WriteString("n")
		case bool:
			b.WriteString("b")
		default:
			b.WriteString("0")
		}
	}
}
