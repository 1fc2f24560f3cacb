package anonymize

import (
	"errors"
	"strings"
	"testing"
)

// casesFor is a policy for table t: column v by cases "when → kind", every other column public.
func casesFor(tb testing.TB, sql string, cases ...string) (*Rows, error) {
	tb.Helper()
	table := parseTable(tb, "CREATE TABLE t ("+sql+") DEFAULT CHARSET=utf8mb4")
	tp := &TablePolicy{Table: "t", Columns: map[string]Decision{}}
	for _, c := range table.Columns {
		tp.Columns[strings.ToLower(c.Name)] = Decision{Status: Public}
	}
	d := Decision{Status: Treated}
	for _, c := range cases {
		when, kind, ok := strings.Cut(c, " → ")
		if !ok {
			when, kind = "", c
		}
		d.Cases = append(d.Cases, Case{When: when, Treatment: Treatment{Kind: kind}})
	}
	tp.Columns["v"] = d
	p := &Policy{}
	if err := p.Add(tp); err != nil {
		return nil, err
	}
	a, err := New(testKey(1), p)
	if err != nil {
		tb.Fatal(err)
	}
	return a.Rows("", table)
}

// The first condition that holds decides; conditions are about the original row, whatever is treated before.
func TestCasesTreatByTheRow(t *testing.T) {
	rows, err := casesFor(t, "`key` varchar(20), v varchar(40)", "`key` = 'email' → email", "`key` IN ('size', 'EMAIL') → public", "v = 'gone' → null", "redact")
	if err != nil {
		t.Fatal(err)
	}
	if rows.Needs(0) || !rows.Reads(0) || !rows.Needs(1) || rows.Passthrough() || rows.Chooses() {
		t.Error("the condition's column is read and not written; the treated one is both")
	}
	email := applyOne(t, rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "email"}), "jane@example.org")
	for _, c := range []struct{ key, in, want string }{
		{"Email", "jane@example.org", email},
		{"size", "jane@example.org", "jane@example.org"},
		{"other", "Jane", "Xxxx"},
		{"other", "GONE", "NULL"},
		{"NULL", "Jane", "Xxxx"},
	} {
		row := []Value{{Bytes: []byte(c.key), Null: c.key == "NULL"}, text(c.in)}
		if _, err := rows.Apply(row); err != nil {
			t.Fatal(err)
		}
		got := string(row[1].Bytes)
		if row[1].Null {
			got = "NULL"
		}
		if got != c.want || string(row[0].Bytes) != c.key {
			t.Errorf("%s of %s became %q, want %q", c.in, c.key, got, c.want)
		}
	}
}

func TestCasesThatAreRefused(t *testing.T) {
	for _, c := range []struct {
		sql   string
		cases []string
		want  string
	}{
		{"v text", []string{"a = → email", "text"}, "t.v: condition is not understood"},
		{"v text", []string{"email", "text"}, "t.v: only the last case may lack a condition"},
		{"v text", []string{"v = 'x' → email", "v = 'y' → text"}, "t.v: the last case must have no condition"},
		{"v text", []string{"v = 'x' → emial", "text"}, `t.v: unknown kind "emial"`},
		{"v text", []string{"w = 'x' → email", "text"}, "t.v: the condition names column w"},
		{"v text", []string{"v = 'x' → blob", "text"}, "t.v: kind blob cannot treat the type text"},
		{"v varchar(9) NOT NULL", []string{"v = 'x' → null", "text"}, "t.v: kind null, but the column is NOT NULL"},
		{"v varchar(9) UNIQUE", []string{"v = 'x' → email", "string"}, "t.v: a treatment by conditions may make two values one"},
		{"v varchar(9), UNIQUE KEY (v(3))", []string{"v = 'x' → email", "string"}, "t.v: a unique index covers only a prefix"},
		{"v varchar(9), FOREIGN KEY (v) REFERENCES p (v)", []string{"v = 'x' → email", "string"}, "t.v: a column of a foreign key cannot be treated by conditions"},
	} {
		_, err := casesFor(t, c.sql, c.cases...)
		var pe *PolicyError
		if !errors.As(err, &pe) || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s, %q: got %v, want %s…", c.sql, c.cases, err, c.want)
		}
	}
}

// A foreign key may not refer to a column that is treated by conditions: its child would be treated otherwise.
func TestCasesAreNoParents(t *testing.T) {
	p := &Policy{}
	cases := Decision{Status: Treated, Cases: []Case{{When: "n = 1", Treatment: Treatment{Kind: "email"}}, {Treatment: Treatment{Kind: "string"}}}}
	for _, tp := range []*TablePolicy{
		{Table: "p", Columns: map[string]Decision{"id": cases, "n": {Status: Public}}},
		{Table: "t", Columns: map[string]Decision{"c": {Status: Treated, Treatment: Treatment{Kind: "string"}}}},
	} {
		if err := p.Add(tp); err != nil {
			t.Fatal(err)
		}
	}
	a, err := New(testKey(1), p)
	if err != nil {
		t.Fatal(err)
	}
	_, err = a.Rows("", parseTable(t, "CREATE TABLE t (c varchar(9), FOREIGN KEY (c) REFERENCES p (id))"))
	if err == nil || !strings.Contains(err.Error(), "treated otherwise than p.id") {
		t.Errorf("got %v", err)
	}
}

// Policies that differ in cases or rows have different digests.
func TestDigestSaysWhatBecomesOfRows(t *testing.T) {
	seen := map[string]int{}
	for i, tp := range []*TablePolicy{
		{},
		{Rows: NoRows},
		{Rows: NoRows, Children: DropChildren},
		{Rows: SomeRows, Fraction: 0.5},
		{Rows: SomeRows, Fraction: 0.25},
		{Rows: SomeRows, Where: "a = 1"},
		{Rows: SomeRows, Where: "a = 1", Children: NullChildren},
		{Columns: map[string]Decision{"a": {Status: Treated, Treatment: Treatment{Kind: "email"}}}},
		{Columns: map[string]Decision{"a": {Status: Treated, Cases: []Case{{When: "a = 1", Treatment: Treatment{Kind: "email"}}, {Treatment: Treatment{Kind: "text"}}}}}},
		{Columns: map[string]Decision{"a": {Status: Treated, Cases: []Case{{When: "a = 2", Treatment: Treatment{Kind: "email"}}, {Treatment: Treatment{Kind: "text"}}}}}},
	} {
		tp.Table = "t"
		p := &Policy{}
		if err := p.Add(tp); err != nil {
			t.Fatal(err)
		}
		if first, ok := seen[p.Digest()]; ok {
			t.Errorf("policies %d and %d have one digest", first, i)
		}
		seen[p.Digest()] = i
	}
}
