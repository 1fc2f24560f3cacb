package anonymize

import (
	"bytes"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

func parseTable(tb testing.TB, sql string) *ddl.Table {
	tb.Helper()
	t, err := ddl.ParseCreateTable([]byte(sql), ddl.Mode{})
	if err != nil {
		tb.Fatal(err)
	}
	return t
}

// policyFor makes a policy: table → column → kind; "public" and "" are no treatments.
func policyFor(tb testing.TB, tables map[string]map[string]Treatment) *Policy {
	tb.Helper()
	p := &Policy{}
	for name, columns := range tables {
		tp := &TablePolicy{Table: name, Columns: map[string]Decision{}}
		for column, t := range columns {
			d := Decision{Status: Treated, Treatment: t}
			switch t.Kind {
			case "public":
				d = Decision{Status: Public}
			case "":
				d = Decision{}
			}
			tp.Columns[column] = d
		}
		if err := p.Add(tp); err != nil {
			tb.Fatal(err)
		}
	}
	return p
}

func text(s string) Value { return Value{Bytes: []byte(s)} }

func TestPolicyThatCannotBeCarriedOut(t *testing.T) {
	child := "CREATE TABLE t (c varchar(36), FOREIGN KEY (c) REFERENCES p (id))"
	constant := "x"
	for _, c := range []struct {
		name, sql string
		tables    map[string]map[string]Treatment
		want      string
	}{
		{"unknown table", "CREATE TABLE t (c int)", nil, "t: the policy does not know the table"},
		{"unknown column", "CREATE TABLE t (c int)", map[string]map[string]Treatment{"t": {}}, "t.c: nobody decided"},
		{"undecided", "CREATE TABLE t (c int)", map[string]map[string]Treatment{"t": {"c": {}}}, "t.c: nobody decided"},
		{"text kind on numbers", "CREATE TABLE t (c int)", map[string]map[string]Treatment{"t": {"c": {Kind: "email"}}}, "t.c: kind email cannot treat the type int"},
		{"text kind on geometry", "CREATE TABLE t (c geometry)", map[string]map[string]Treatment{"t": {"c": {Kind: "text"}}}, "t.c: kind text cannot treat the type geometry"},
		{"text kind on JSON", "CREATE TABLE t (c longtext CHECK (json_valid(c)))", map[string]map[string]Treatment{"t": {"c": {Kind: "text"}}}, "t.c: the column holds JSON"},
		{"number kind on dates", "CREATE TABLE t (c date)", map[string]map[string]Treatment{"t": {"c": {Kind: "int"}}}, "t.c: kind integer cannot treat the type date"},
		{"blob kind on text", "CREATE TABLE t (c text)", map[string]map[string]Treatment{"t": {"c": {Kind: "blob"}}}, "t.c: kind blob cannot treat the type text"},
		{"string on enum", "CREATE TABLE t (c enum('a','b'))", map[string]map[string]Treatment{"t": {"c": {Kind: "string"}}}, "t.c: kind string cannot treat the type enum"},
		{"null on NOT NULL", "CREATE TABLE t (c int NOT NULL)", map[string]map[string]Treatment{"t": {"c": {Kind: "null"}}}, "t.c: kind null, but the column is NOT NULL"},
		{"redact on geometry NOT NULL", "CREATE TABLE t (c point NOT NULL)", map[string]map[string]Treatment{"t": {"c": {Kind: "redact"}}}, "t.c: kind null, but the column is NOT NULL"},
		{"constant on a key", "CREATE TABLE t (c varchar(9), UNIQUE KEY (c))", map[string]map[string]Treatment{"t": {"c": {Kind: "constant", Value: &constant}}}, "t.c: kind constant would break a unique index"},
		{"constant that does not fit", "CREATE TABLE t (c int)", map[string]map[string]Treatment{"t": {"c": {Kind: "constant", Value: &constant}}}, "t.c: the constant does not fit"},
		{"key on a prefix", "CREATE TABLE t (c varchar(99), UNIQUE KEY (c(10)))", map[string]map[string]Treatment{"t": {"c": {Kind: "string"}}}, "t.c: a unique index covers only a prefix"},
		{"generated", "CREATE TABLE t (a int, c int GENERATED ALWAYS AS (a) VIRTUAL)", map[string]map[string]Treatment{"t": {"a": {Kind: "int"}, "c": {Kind: "int"}}}, "t.c: the column is generated"},
		{"foreign key, other kind", child, map[string]map[string]Treatment{"t": {"c": {Kind: "string"}}, "p": {"id": {Kind: "uuid"}}}, "t.c: treated otherwise than p.id"},
		{"foreign key, public child", child, map[string]map[string]Treatment{"t": {"c": {Kind: "public"}}, "p": {"id": {Kind: "uuid"}}}, "t.c: treated otherwise than p.id"},
		{"foreign key, other domain", child, map[string]map[string]Treatment{"t": {"c": {Kind: "uuid", Domain: "x"}}, "p": {"id": {Kind: "uuid"}}}, "t.c: treated otherwise than p.id"},
		{"foreign key, secret", child, map[string]map[string]Treatment{"t": {"c": {Kind: "secret"}}, "p": {"id": {Kind: "secret"}}}, "t.c: kind secret would break a foreign key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := New(testKey(1), policyFor(t, c.tables))
			if err != nil {
				t.Fatal(err)
			}
			_, err = a.Rows("", parseTable(t, c.sql))
			var pe *PolicyError
			if !errors.As(err, &pe) || !strings.HasPrefix(err.Error(), c.want) {
				t.Errorf("got %v, want %s…", err, c.want)
			}
		})
	}
}

func TestForeignKeysThatAreFine(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (c varchar(36), FOREIGN KEY (c) REFERENCES p (id))")
	for name, tables := range map[string]map[string]map[string]Treatment{
		"aliases":   {"t": {"c": {Kind: "varchar"}}, "p": {"id": {Kind: "string"}}},
		"null":      {"t": {"c": {Kind: "null"}}, "p": {"id": {Kind: "uuid"}}},
		"no parent": {"t": {"c": {Kind: "uuid"}}},
	} {
		a, err := New(testKey(1), policyFor(t, tables))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := a.Rows("", table); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Every type with a kind that treats it: values stay of the type.
func TestTypes(t *testing.T) {
	for _, c := range []struct {
		name, definition, kind string
		in                     []string
		check                  func(in, out string) bool
	}{
		{"tinyint", "tinyint", "tinyint", []string{"1", "-128", "127", "99", "100", "0"}, sameNumberShape},
		{"bigint unsigned", "bigint unsigned", "bigint", []string{"18446744073709551615", "9223372036854775808", "12345678901"}, sameNumberShape},
		{"zerofill", "int(8) unsigned zerofill", "integer", []string{"00000042", "00000000"}, sameLength},
		{"decimal", "decimal(65,30)", "decimal", []string{strings.Repeat("9", 35) + "." + strings.Repeat("9", 30), "-0.000000000000000000000000000001", "0.000000000000000000000000000000"}, sameLength},
		{"decimal as integer", "decimal(20,0)", "integer", []string{"99999999999999999999", "18446744073709551616", "5"}, sameNumberShape},
		{"double", "double", "float", []string{"1.7976931348623157e308", "5e-324", "2.2250738585072014e-308", "-1.5", "1e15"}, sameLength},
		{"float", "float", "float", []string{"3.40282e38", "1.17549e-38", "9.5e37"}, sameLength},
		{"date", "date", "date", []string{"2014-02-14", "0000-00-00", "2014-00-00", "2014-02-31", "9999-12-31"}, sameMonth},
		{"datetime", "datetime(6)", "datetime", []string{"2014-02-14 10:31:22.123456", "2014-02-14 00:00:00.000000", "0000-00-00 00:00:00.000000"}, sameMonth},
		{"timestamp", "timestamp", "datetime", []string{"1970-01-01 00:00:01", "2038-01-19 03:14:07", "1970-01-02 00:00:00", "2038-01-05 12:00:00"}, sameMonth},
		{"time", "time(3)", "datetime", []string{"838:59:59.000", "-01:02:03.004", "00:00:00.000", "23:59:59.999"}, func(in, out string) bool { return len(in) == len(out) && in[:3] == out[:3] }},
		{"year", "year", "date", []string{"1901", "2155", "0000", "1987"}, func(in, out string) bool { return in[:3] == out[:3] }},
		{"enum", "enum('a','b','c''d')", "enum", []string{"a", "b", "c'd"}, nil},
		{"set", "set('x','y','z')", "enum", []string{"x", "x,y,z", "y,z"}, func(in, out string) bool { return strings.Count(in, ",") == strings.Count(out, ",") }},
		{"binary", "varbinary(20)", "blob", []string{"\x00\x01\xff", "abc"}, sameLength},
		{"text in binary", "varbinary(40)", "username", []string{"Jane", "jane@example.org"}, sameLength},
		{"address in binary", "varbinary(16)", "ip_address", []string{"\x0a\x00\x00\x01", "\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07"}, sameLength},
		{"bit", "bit(10)", "blob", []string{"\x03\xff", "\x00\x01"}, func(_, out string) bool { return len(out) == 2 && out[0] < 4 }},
		{"uuid", "uuid", "uuid", []string{"6ba7b811-9dad-41d1-80b4-00c04fd430c8", "00000000-0000-0000-0000-000000000000"}, sameLength},
		{"inet6", "inet6", "ip_address_v6", []string{"2001:db8::1", "::ffff:10.0.0.1", "::"}, sameLength},
		{"inet4", "inet4", "ip_address_v4", []string{"10.0.0.1"}, sameLength},
		{"latin1", "varchar(40) CHARACTER SET latin1", "string", []string{"Žižek’s naïve Œuvre – 5 €", "Ångström ß"}, sameLength},
		{"utf8", "varchar(40) CHARACTER SET utf8", "name", []string{"Ελλάδα Москва 東京 한국", "é́"}, sameLength},
		{"utf8mb4", "varchar(40) CHARACTER SET utf8mb4", "free_text", []string{"🙂🚀𠀀 ∑ ﷽", "👩‍👩‍👧"}, sameLength},
		{"redacted number", "decimal(5,2)", "redact", []string{"-12.50"}, func(_, out string) bool { return out == "0.00" }},
		{"redacted date", "datetime(3)", "redact", []string{"2014-02-14 10:31:22.123"}, func(_, out string) bool { return out == "1970-01-02 00:00:00.000" }},
		{"redacted time", "time", "redact", []string{"-838:59:59"}, func(_, out string) bool { return out == "000:00:00" }},
		{"redacted enum", "enum('a','b')", "redact", []string{"b"}, func(_, out string) bool { return out == "a" }},
		{"redacted text", "varchar(20)", "redact", []string{"Jane Doé, 42"}, func(_, out string) bool { return out == "Xxxx Xxx* 00" || out == "Xxxx Xxx, 00" }},
		{"redacted key", "varchar(20) UNIQUE", "redact", []string{"jane", "john"}, func(_, out string) bool { return out != "xxxx" }},
		{"redacted inet6", "inet6", "redact", []string{"2001:db8::1"}, func(_, out string) bool { return out == "::" }},
		{"redacted json", "json", "redact", []string{`{"a": "Jane", "b": 1.5}`}, func(_, out string) bool { return out == `{"a": "Xxxx", "b": 0.0}` }},
	} {
		t.Run(c.name, func(t *testing.T) {
			table := parseTable(t, "CREATE TABLE t (c "+c.definition+")")
			a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": {"c": {Kind: c.kind}}}))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := a.Rows("", table)
			if err != nil {
				t.Fatal(err)
			}
			for _, in := range c.in {
				out := applyOne(t, rows, in)
				if c.check != nil && !c.check(in, out) {
					t.Errorf("%q became %q", in, out)
				}
			}
		})
	}
}

func sameLength(in, out string) bool {
	return len(in) == len(out) && utf8.RuneCountInString(in) == utf8.RuneCountInString(out)
}

func sameNumberShape(in, out string) bool {
	return len(in) == len(out) && in[0] == '-' == (out[0] == '-')
}
func sameMonth(in, out string) bool { return len(in) == len(out) && in[:7] == out[:7] }

func TestNullAndEmptyStay(t *testing.T) {
	for _, k := range Kinds() {
		if k.Name == kindNull || k.Name == kindPublic || k.Name == kindConstant {
			continue
		}
		a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"example": {"value": {Kind: k.Name}}}))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := a.Rows("", exampleTable(k.Name))
		if err != nil {
			t.Fatal(err)
		}
		row := []Value{{Null: true}}
		if keep, err := rows.Apply(row); err != nil || !keep || !row[0].Null {
			t.Errorf("%s: NULL did not stay", k.Name)
		}
		if applyOne(t, rows, "") != "" {
			t.Errorf("%s: the empty value did not stay", k.Name)
		}
	}
}

func TestRowsOfATable(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (id int, a varchar(9), g int GENERATED ALWAYS AS (id) VIRTUAL, b varchar(9))")
	p := policyFor(t, map[string]map[string]Treatment{"t": {"id": {Kind: "public"}, "a": {Kind: "string"}, "b": {Kind: "string"}}})
	a, err := New(testKey(1), p)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := a.Rows("", table)
	if err != nil {
		t.Fatal(err)
	}
	if rows.Passthrough() || rows.Needs(0) || !rows.Needs(1) || rows.Needs(2) || !rows.Needs(3) {
		t.Error("the wrong columns are asked for")
	}
	row := []Value{text("1"), text("jane"), text("1"), text("jane")}
	if keep, err := rows.Apply(row); !keep || err != nil {
		t.Fatal(keep, err)
	}
	if string(row[0].Bytes) != "1" || string(row[1].Bytes) == "jane" || string(row[1].Bytes) != string(row[3].Bytes) {
		t.Error("equal values became different, or a public one changed")
	}
}

func TestRowsNone(t *testing.T) {
	p := &Policy{}
	if err := p.Add(&TablePolicy{Table: "t", Rows: NoRows}); err != nil {
		t.Fatal(err)
	}
	a, err := New(testKey(1), p)
	if err != nil {
		t.Fatal(err)
	}
	rows, err := a.Rows("", parseTable(t, "CREATE TABLE t (id int)"))
	if err != nil {
		t.Fatal(err)
	}
	keep, err := rows.Apply([]Value{text("1")})
	if keep || err != nil || rows.Passthrough() || !rows.Drops() || rows.Needs(0) {
		t.Error("the row was kept")
	}
}

// What does not fit or is not well formed is an error that names the column and never
// shows the value.
func TestValuesThatCannotBeTreated(t *testing.T) {
	for _, c := range []struct{ name, definition, kind, in, want string }{
		{"ill-formed text", "varchar(20)", "string", "Jane\xff", "not well-formed UTF-8"},
		{"ill-formed bytes as text", "varbinary(20)", "string", "Jane\xff", "not well-formed UTF-8"},
		{"not a number", "int", "int", "Jane", "not one of the column's type"},
		{"not a date", "datetime", "datetime", "Jane", "not one of the column's type"},
		{"not a member", "enum('a')", "enum", "Jane", "not one of the column's type"},
		{"charset nobody knows", "varchar(20) CHARACTER SET big5", "string", "Jane é", "charset lacks"},
		{"no address", "inet6", "ip_address", "Jane", "not one of the column's type"},
		{"too big", "tinyint", "int", "300", "outside the column's range"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": {"c": {Kind: c.kind}}}))
			if err != nil {
				t.Fatal(err)
			}
			rows, err := a.Rows("", parseTable(t, "CREATE TABLE t (c "+c.definition+")"))
			if err != nil {
				t.Fatal(err)
			}
			_, err = rows.Apply([]Value{text(c.in)})
			var ve *ValueError
			if !errors.As(err, &ve) || ve.Column != "c" || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), c.in) {
				t.Errorf("got %v, want …%s", err, c.want)
			}
		})
	}
}

func TestFreeTextHidesWords(t *testing.T) {
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "text"})
	a, b := applyOne(t, rows, "Jane called about Jane, again"), applyOne(t, rows, "Jane called about Jane, again!")
	if a[:4] == a[18:22] || a[:4] == b[:4] {
		t.Errorf("words can be matched up: %q %q", a, b)
	}
	if a != applyOne(t, rows, "Jane called about Jane, again") {
		t.Error("not deterministic")
	}
}

func TestSecretsNeverRepeat(t *testing.T) {
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "secret"})
	first := applyOne(t, rows, "s3cr3t-Token-0123")
	if first == applyOne(t, rows, "s3cr3t-Token-0123") {
		t.Error("a secret came out the same twice")
	}
}

func TestLargeText(t *testing.T) {
	big := strings.Repeat("Jane called 10.0.0.1 about é. ", 64<<20/30)
	for _, kind := range []string{"text", "json", "string"} {
		rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: kind})
		in := big
		if testing.Short() || kind != "text" {
			in = big[:4<<20]
		}
		if out := applyOne(t, rows, in); len(out) != len(in) || strings.Contains(out, "Jane called") {
			t.Errorf("%s: a long text was not treated", kind)
		}
	}
}

func TestJSON(t *testing.T) {
	paths := map[string]Treatment{
		"$.owner.email": {Kind: "email"}, "$.size": {Kind: "public"}, "$.ports[*].mac": {Kind: "mac"}, "$.tags[0]": {Kind: "public"},
		"$.meta": {Kind: "public"}, "$.meta.token": {Kind: "redact"}, "$.gone": {Kind: "null"},
	}
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "json", Paths: paths})
	plain := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "json"})
	email := applyOne(t, rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "email"}), "jane@example.org")
	in := `{ "owner": {"email": "jane@example.org"},` + "\n" + `"size": 12, "tags": ["red", "blue"], "meta": {"a": ["b", 7], "token": "Abc1"}, "gone": "x", "n": null, "t": true, "size": "dup"}`
	out := applyOne(t, rows, in)
	for _, want := range []string{`{ "owner": {"email": "` + email + `"},` + "\n", `"size": 12`, `["red", "`, `"meta": {"a": ["b", 7], "token": "Xxx0"}`, `"gone": null`, `"n": null, "t": true, "size": "dup"}`} {
		if !strings.Contains(out, want) {
			t.Errorf("%s\nlacks %s", out, want)
		}
	}
	if strings.Contains(out, "blue") {
		t.Error("a leaf without a rule was kept")
	}
	for _, in := range []string{`"jane"`, `-1.50e10`, ` [1, "\u00e9\ud83d\ude00 \"q\" \n", {"a":{}}, [] ] `, `{"":"\\ \/"}`, `0`, `[0.5,-0]`} {
		out := applyOne(t, plain, in)
		if !json.Valid([]byte(out)) || len(out) != len(in) {
			t.Errorf("%s became %s", in, out)
		}
	}
	if out := applyOne(t, plain, `{"a": jane}`); strings.Contains(out, "jane") || json.Valid([]byte(out)) {
		t.Errorf("text that is no JSON became %s", out)
	}
}

// True and false stay under pseudonyms, which two values cannot hide; redact and secret once left them too, though they are to remove.
func TestJSONTruthIsRemoved(t *testing.T) {
	rows := rowsFor(t, testKey(1), textColumn("c"), Treatment{Kind: "json", Paths: map[string]Treatment{
		"$.ill": {Kind: "redact"}, "$.ill.known": {Kind: "email"}, "$.s": {Kind: "secret"},
	}})
	if got := applyOne(t, rows, `{"ill": {"a": [true, false, null], "known": true}, "t": true}`); got != `{"ill": {"a": [false, false, null], "known": true}, "t": true}` {
		t.Errorf("got %s", got)
	}
	seen := map[string]bool{} // equal documents, one after the other, were once given equal secrets
	for range 100 {
		seen[applyOne(t, rows, `{"s": true}`)] = true
	}
	if len(seen) != 2 {
		t.Errorf("a secret is always one of %v", seen)
	}
	if got := applyOne(t, rowsFor(t, testKey(1), ddl.Column{Name: "c", Type: ddl.Type{Name: "json"}}, Treatment{Kind: "redact"}), `[true]`); got != "[false]" {
		t.Errorf("a redacted column has %s", got)
	}
}

// The digits of other scripts are digits: kinds that keep all but digits once kept them.
func TestDigitsOfOtherScripts(t *testing.T) {
	for _, kind := range []Treatment{{Kind: "digits"}, {Kind: "digits", Format: &Format{First: 1}}} {
		rows := rowsFor(t, testKey(1), textColumn("c"), kind)
		for _, v := range []string{"N ٠٥٥١٢٣٤٥٦٧", "N ۰۹۱۲۳۴۵۶۷۸", "N ０３－１２３４－５６７８", "N ९८७६५४३२१०", "N ๐๘๑๒๓๔๕๖๗๘"} {
			got := applyOne(t, rows, v)
			if got == v || len(got) != len(v) || got[:2] != "N " {
				t.Errorf("%v of %s became %s", kind, v, got)
			}
		}
	}
}

func TestTreatmentOptions(t *testing.T) {
	for _, c := range []struct {
		kind    string
		options map[string]any
		want    string
	}{
		{"nonsense", nil, `unknown kind "nonsense"`},
		{"string", map[string]any{"when": "a = 1"}, "a condition stands in a list of treatments"},
		{"integer", map[string]any{"range": "1-5"}, "option range must be a map"},
		{"string", map[string]any{"prefix": "x"}, "option prefix must be preserve"},
		{"string", map[string]any{"nonsense": 1}, `unknown option "nonsense"`},
		{"secret", map[string]any{"domain": "x"}, "takes no domain"},
		{"string", map[string]any{"paths": map[string]any{"$.a": "email"}}, "takes no paths"},
		{"json", map[string]any{"paths": map[string]any{"$..a": "email"}}, `path "$..a"`},
		{"json", map[string]any{"paths": map[string]any{"$.*": "email"}}, `path "$.*"`},
		{"json", map[string]any{"paths": map[string]any{"a": "email"}}, "must start with $"},
		{"json", map[string]any{"paths": map[string]any{"$.a": "blob"}}, "cannot treat a part of a document"},
		{"json", map[string]any{"paths": map[string]any{"$.a": "nonsense"}}, "unknown kind"},
		{"constant", nil, "takes the option value"},
	} {
		if _, err := NewTreatment(c.kind, c.options); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s %v: got %v, want %s", c.kind, c.options, err, c.want)
		}
	}
	got, err := NewTreatment("json", map[string]any{"domain": "d", "paths": map[string]any{"$.a[*].b": map[string]any{"kind": "email", "domain": "e"}}})
	if err != nil || got.Paths["$.a[*].b"].Domain != "e" {
		t.Errorf("%+v %v", got, err)
	}
}

func TestIntegerRangesStayWithinTypes(t *testing.T) {
	d := testDomain(1)
	limits := []float64{127, 255, 32767, 65535, 8388607, 16777215, math.MaxInt32, math.MaxUint32, math.MaxInt64}
	random := rand.New(rand.NewPCG(1, 1))
	for range 20_000 {
		v := random.Uint64() >> random.IntN(64)
		var out uint64
		if _, err := fmt.Sscan(string(d.number(nil, fmt.Append(nil, v))), &out); err != nil {
			t.Fatal(err)
		}
		for _, limit := range limits {
			if (float64(v) <= limit) != (float64(out) <= limit) {
				t.Fatalf("%d became %d, past %g", v, out, limit)
			}
		}
	}
}

func TestPolicyIsDeterministic(t *testing.T) {
	p := policyFor(t, map[string]map[string]Treatment{"b": {"x": {Kind: "varchar"}, "a": {}}, "a": {"y": {Kind: "public"}}})
	q := policyFor(t, map[string]map[string]Treatment{"b": {"x": {Kind: "string"}, "a": {}}, "a": {"y": {Kind: "public"}}})
	if p.Digest() != q.Digest() {
		t.Error("an alias changes the digest")
	}
	one, err := json.Marshal(p)
	two, _ := json.Marshal(p)
	if err != nil || !bytes.Equal(one, two) || !json.Valid(one) {
		t.Error(err)
	}
	if got := fmt.Sprint(p.Undecided()); got != "[b.a]" {
		t.Errorf("undecided: %s", got)
	}
	if p.Add(&TablePolicy{Table: "a"}) == nil {
		t.Error("a table could be added twice")
	}
	if names := []string{p.Tables()[0].Table, p.Tables()[1].Table}; !slices.IsSorted(names) {
		t.Error("tables are not sorted")
	}
}

// Short binary values and bits were once hashed, and collided in unique indexes.
func TestShortBytesStayDistinct(t *testing.T) {
	for sql, width := range map[string]int{
		"CREATE TABLE t (c binary(2), UNIQUE KEY (c))": 16, "CREATE TABLE t (c bit(11), UNIQUE KEY (c))": 11, "CREATE TABLE t (c bit(1))": 1,
		"CREATE TABLE t (c bit(64))": 0, "CREATE TABLE t (c varbinary(16))": 0,
	} {
		a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": {"c": {Kind: "blob"}}}))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := a.Rows("", parseTable(t, sql))
		if err != nil {
			t.Fatal(err)
		}
		size := (width + 7) / 8
		if width == 0 {
			size, width = 8, 10
		}
		seen := map[string]bool{}
		for x := range 1 << width {
			v := binary.BigEndian.AppendUint64(nil, uint64(x))[8-size:]
			row := []Value{{Bytes: v}}
			if _, err := rows.Apply(row); err != nil {
				t.Fatalf("%s: %v", sql, err)
			}
			if len(row[0].Bytes) != size {
				t.Fatalf("%s: %d bytes become %d", sql, size, len(row[0].Bytes))
			}
			seen[string(row[0].Bytes)] = true
		}
		if len(seen) != 1<<width {
			t.Errorf("%s: %d values become %d", sql, 1<<width, len(seen))
		}
	}
}
