package anonymize

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

func TestOptionsThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		kind    string
		options map[string]any
		want    string
	}{
		{"string", map[string]any{"prefix": "keep"}, "option prefix must be preserve"},
		{"email", map[string]any{"prefix": "preserve"}, "kind email takes no prefix"},
		{"string", map[string]any{"range": map[string]any{"min": "1", "max": "2"}}, "only integer and datetime take a range"},
		{"integer", map[string]any{"range": map[string]any{"min": "1"}}, "option range must be a map of min and max"},
		{"integer", map[string]any{"range": map[string]any{"min": "1", "max": "x"}}, "from one whole number to another"},
		{"integer", map[string]any{"range": map[string]any{"min": "7", "max": "7"}}, "the range is empty"},
		{"date", map[string]any{"range": map[string]any{"min": "2014-02-30", "max": "2015-01-01"}}, "a range of dates is from one"},
		{"date", map[string]any{"range": map[string]any{"min": "2015-01-01", "max": "2014-01-01"}}, "the range is empty"},
		{"string", map[string]any{"format": map[string]any{"first": "-1"}}, "a format keeps the first"},
		{"string", map[string]any{"format": map[string]any{}}, "a format keeps the first"},
		{"string", map[string]any{"format": map[string]any{"middle": "1"}}, "option format must be a map of first and last"},
		{"uuid", map[string]any{"format": map[string]any{"first": "1"}}, "only string and digits take a format"},
		{"string", map[string]any{"format": map[string]any{"first": "1"}, "prefix": "preserve"}, "exclude each other"},
		{"json", map[string]any{"paths": map[string]any{"$.a": map[string]any{"kind": "string", "prefix": "preserve"}}}, "for whole columns"},
	} {
		if _, err := NewTreatment(c.kind, c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s with %v: got %v, want …%s", c.kind, c.options, err, c.want)
		}
	}
	for _, c := range []struct{ definition, want string }{
		{"c longtext CHECK (json_valid(c))", "not for the type longtext"},
		{"c enum('a')", "not for the type enum"},
		{"c varbinary(9)", "not for the type varbinary"},
	} {
		table := parseTable(t, "CREATE TABLE t ("+c.definition+")")
		if _, err := tryRows(testKey(1), table.Columns[0], Treatment{Kind: "string", Prefix: PreservePrefix}); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want …%s", c.definition, err, c.want)
		}
	}
	a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": {"c": {Kind: "integer", Range: &Range{"1", "9"}}}}))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := a.Rows("", parseTable(t, "CREATE TABLE t (c int UNIQUE)")); err == nil || !strings.Contains(err.Error(), "a range may make two values one") {
		t.Errorf("a range in a unique index: %v", err)
	}
}

// commonPrefix is how many characters two texts have in common at their beginning, letter case aside.
func commonPrefix(a, b string) int {
	x, y := []rune(strings.ToLower(a)), []rune(strings.ToLower(b))
	n := 0
	for n < min(len(x), len(y)) && x[n] == y[n] {
		n++
	}
	return n
}

// Values begin alike as far as before, no further; shape and case are kept.
func TestPrefixIsPreserved(t *testing.T) {
	random := rand.New(rand.NewPCG(4, 4)) //nolint:gosec // a test that can be repeated
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "string", Prefix: PreservePrefix})
	other := rowsFor(t, testKey(2), textColumn("c"), Treatment{Kind: "string", Prefix: PreservePrefix})
	var in []string
	for range 300 {
		var b strings.Builder
		for range random.IntN(9) {
			b.WriteString([]string{"a", "b", "A", "1", "2", "-", " ", "ж", "日", "!"}[random.IntN(10)])
		}
		in = append(in, b.String())
	}
	in = append(in, "jane@example.org", "jane@example.com", "6ba7b811-9dad-41d1-80b4-00c04fd430c8")
	differs := 0
	for _, v := range in {
		out := applyOne(t, rows, v)
		if utf8.RuneCountInString(out) != utf8.RuneCountInString(v) || len(out) != len(v) {
			t.Fatalf("%q became %q", v, out)
		}
		if out != applyOne(t, other, v) {
			differs++
		}
		for _, w := range in {
			if got, want := commonPrefix(out, applyOne(t, rows, w)), commonPrefix(v, w); got != want {
				t.Fatalf("%q and %q have %d characters in common, their pseudonyms %d", v, w, want, got)
			}
		}
	}
	if differs < 200 {
		t.Errorf("another key changes %d of %d values", differs, len(in))
	}
}

func TestPrefixOfBytes(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (c varbinary(20), UNIQUE KEY (c(4)))")
	rows := rowsFor(t, testKey(1), table.Columns[0], Treatment{Kind: "blob", Prefix: PreservePrefix})
	seen := map[string]bool{}
	for i := range 256 {
		out := applyOne(t, rows, "ab"+string([]byte{byte(i)})+"\x00xyz")
		if out[:2] != applyOne(t, rows, "abcdefghi")[:2] || seen[out[:3]] {
			t.Fatalf("byte %d: prefixes are not preserved", i)
		}
		seen[out[:3]] = true
	}
}

// All numbers of a range change places; what lies outside becomes a limit.
func TestRangeOfNumbers(t *testing.T) {
	for _, r := range []Range{{"0", "120"}, {"-5", "5"}, {"1", "65535"}, {"-9223372036854775808", "9223372036854775806"}} {
		col := ddl.Column{Name: "c", Nullable: true, Type: ddl.Type{Name: "bigint", Length: -1, Decimals: -1}}
		rows := rowsFor(t, testKey(1), col, Treatment{Kind: "integer", Range: &r})
		low, high, err := r.numbers()
		if err != nil {
			t.Fatal(err)
		}
		seen := map[string]bool{}
		for x := low; x <= high && x-low < 20_000; x++ {
			out := applyOne(t, rows, strconv.FormatInt(x, 10))
			if n, err := strconv.ParseInt(out, 10, 64); err != nil || n < low || n > high || seen[out] {
				t.Fatalf("%v: %d became %s", r, x, out)
			}
			seen[out] = true
		}
		if high < 1<<40 {
			if got := applyOne(t, rows, strconv.FormatInt(high+1, 10)); got != r.Max {
				t.Errorf("%v: a number above became %s", r, got)
			}
			if got := applyOne(t, rows, "-999999"); got != r.Min {
				t.Errorf("%v: a number below became %s", r, got)
			}
		}
	}
}

func TestRangeOfDates(t *testing.T) {
	col := ddl.Column{Name: "c", Nullable: true, Type: ddl.Type{Name: "datetime", Length: -1, Decimals: -1}}
	rows := rowsFor(t, testKey(1), col, Treatment{Kind: "datetime", Range: &Range{"2014-02-10", "2014-03-10"}})
	for day := 1; day <= 28; day++ {
		for _, month := range []string{"2014-01", "2014-02", "2014-03", "2014-04"} {
			out := applyOne(t, rows, fmt.Sprintf("%s-%02d 10:31:22", month, day))
			if out[:10] < "2014-02-10" || out[:10] > "2014-03-10" || len(out) != 19 {
				t.Errorf("day %d of %s became %s", day, month, out)
			}
		}
	}
	if out := applyOne(t, rows, "0000-00-00 00:00:00"); out != "0000-00-00 00:00:00" {
		t.Errorf("the zero date became %s", out)
	}
}

// The ends stay, what is between them is permuted, and a value without anything between is not kept.
func TestFormat(t *testing.T) {
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "digits", Format: &Format{First: 4, Last: 2}})
	seen := map[string]bool{}
	for i := range 1000 {
		out := applyOne(t, rows, fmt.Sprintf("DE21-%03d-77  ", i))
		if !strings.HasPrefix(out, "DE21-") || !strings.HasSuffix(out, "-77  ") || seen[out] {
			t.Fatalf("%d became %q", i, out)
		}
		seen[out] = true
	}
	moved := 0
	for i := range 100 {
		v := fmt.Sprintf("%06d", i*7919)
		if applyOne(t, rows, v) != v {
			moved++
		}
	}
	if moved < 95 {
		t.Errorf("%d of 100 short values are replaced", moved)
	}
	umlauts := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "string", Format: &Format{First: 1, Last: 1}})
	if out := applyOne(t, umlauts, "ÄbcdeÖ"); !strings.HasPrefix(out, "Ä") || !strings.HasSuffix(out, "Ö") || len(out) != 8 || out == "ÄbcdeÖ" {
		t.Errorf("got %q", out)
	}
}
