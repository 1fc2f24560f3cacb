package anonymize

import (
	"strings"
	"testing"
)

// What is not understood, or would be read otherwise than servers read it, is refused when it is read.
func TestConditionsThatAreRefused(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", "it is empty"},
		{"  ", "it is empty"},
		{"a = ", "syntax error"},
		{"key = 1", "syntax error near key; names that are words of SQL need backticks"},
		{"a = 1; drop table t", `unexpected ';'`},
		{"a = 1 -- b", `unexpected '-'`},
		{"a = 1 # b", `unexpected '#'`},
		{"a = 1 /* b */", `unexpected '/'`},
		{"a = 1 || b = 2", `unexpected '|'`},
		{"! a", `unexpected '!'`},
		{"@a = 1", `unexpected '@'`},
		{"a = :v", `unexpected ':'`},
		{"a LIKE 'x\\_y'", "a backslash"},
		{"a = 'x\x00'", "a control character"},
		{"a = 1 LIMIT 1", "want an expression and nothing after it"},
		{"a = 1 ORDER BY a", "want an expression and nothing after it"},
		{"a = 1 GROUP BY a", "want an expression and nothing after it"},
		{"a = 1 FOR UPDATE", "want an expression and nothing after it"},
		{"a = 1 UNION SELECT 1 FROM t", "want an expression and nothing after it"},
		{"a = (SELECT 1)", "want a column and literals, not a query"},
		{"EXISTS (SELECT 1 FROM t)", "a query is not supported"},
		{"lower(a) = 'x'", "want a column and literals, not function lower"},
		{"a + 1 = 2", "want a column and literals, not operator +"},
		{"a = b", "want a column and literals, not column b"},
		{"1 = 1", "want a column and literals, not a literal"},
		{"t.a = 1", "a column is named without its table"},
		{"a REGEXP 'x'", "operator regexp is not supported"},
		{"a IN (SELECT 1)", "IN wants a list of literals"},
		{"a IN (b)", "not column b"},
		{"a LIKE b", "LIKE wants text in quotes"},
		{"a LIKE 'x' ESCAPE ''", "ESCAPE wants one sign"},
		{"a = 1 IS TRUE", "IS TRUE wants a column or a condition in parentheses"},
		{"a = _latin1'x'", ""},
		{"a = x'41'", "not a literal"},
		{"a BETWEEN b AND 2", "not column b"},
		{"CASE WHEN a THEN 1 END", "an expression of this sort is not supported"},
	} {
		_, err := ParseCondition(c.text)
		if err == nil || !strings.HasPrefix(err.Error(), "condition is not understood: ") || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%q: got %v, want …%s", c.text, err, c.want)
		}
	}
}

// What a table's columns do not take is refused before a row is read.
func TestConditionsThatATableRefuses(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (i int, f float, d date NOT NULL, v varchar(9), o varchar(9) COLLATE utf8mb4_0900_ai_ci, dk varchar(9) COLLATE utf8mb4_danish_ci,"+
		" n varbinary(9), y year, s set('a'), j json, g int GENERATED ALWAYS AS (i) VIRTUAL, k varchar(9) CHARACTER SET cp1251, e enum('new','Été') NOT NULL) DEFAULT CHARSET=utf8mb4")
	var known collations
	for _, c := range []struct{ text, want string }{
		{"missing = 1", "names column missing, which the table does not have"},
		{"i = '1'", "numbers are compared with numbers"},
		{"i = 1e3", "a number with an exponent"},
		{"i LIKE 'x'", "not supported for its type"},
		{"f = 1", "FLOAT is dumped with fewer digits"},
		{"d = '2014-02-30'", "no such date"},
		{"d = '2014-2-3'", "want a date as"},
		{"d = 20140203", "dates are compared with"},
		{"d IS NULL", "servers take IS NULL for the zero date"},
		{"v = 1", "text is compared with text in quotes"},
		{"v < 'a'", "the order of text under collation utf8mb4_general_ci is not known"},
		{"v = 'ж'", "characters that cannot be compared exactly under collation utf8mb4_general_ci"},
		{"v LIKE 'ж%'", "characters that cannot be compared exactly"},
		{"v", "text alone is no condition"},
		{"d", "only a column of numbers can be a condition alone"},
		{"o = 'a'", "under collation utf8mb4_0900_ai_ci cannot be compared exactly; write COLLATE utf8mb4_bin"},
		{"dk = 'a'", "under collation utf8mb4_danish_ci cannot be compared exactly"},
		{"k = 'a'", "the dump names no collation"},
		{"n = 'é'", "compared with ASCII text only"},
		{"y = 2001", "type year takes IS NULL only"},
		{"s = 'a'", "type set takes IS NULL only"},
		{"j = 'a'", "type json takes IS NULL only"},
		{"g = 1", "it is generated"},
		{"e = 'nwe'", "a literal is no member of the ENUM"}, // it was false for every row, and what it was to hide stayed as it was
		{"e <> 'nwe'", "a literal is no member of the ENUM"},
		{"e IN ('new', 'old')", "a literal is no member of the ENUM"},
		{"e COLLATE utf8mb4_bin = 'NEW'", "a literal is no member of the ENUM"},
		{"i COLLATE utf8mb4_bin = 1", "COLLATE is for columns of text"},
		{"v COLLATE nonsense = 'a'", "under collation nonsense cannot"},
	} {
		cond, err := ParseCondition(c.text)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if _, err := known.bind(cond, table); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want …%s", c.text, err, c.want)
		}
	}
	for _, text := range []string{"v COLLATE utf8mb4_bin = 'ж'", "o COLLATE utf8mb4_bin < 'b'", "y IS NULL", "v = 'é'", "d = '0000-00-00'", "e = 'NEW '", "e IN ('', 'ete')", "e LIKE 'x%'"} {
		cond, err := ParseCondition(text)
		if err == nil {
			_, err = known.bind(cond, table)
		}
		if err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// A value that is not of its column's type decides nothing: the run fails. A server would store another one: the rank of an ENUM's member
// was once taken for text that is no member, and what a condition was to hide stayed public.
func TestConditionsOverDamagedValues(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (i int, d datetime, f double, b bit(3), e enum('new','old'), c varchar(3), n decimal(4,1)) DEFAULT CHARSET=utf8mb4")
	var known collations
	for text, row := range map[string][]Value{
		"i = 1":                    {text("1x"), {}, {}, {}},
		"i <> 1":                   {text("1e3"), {}, {}, {}},
		"i IN (1)":                 {text(""), {}, {}, {}},
		"d < '2014-01-01'":         {{}, text("2014-13-01"), {}, {}},
		"d NOT IN ('2014-01-01')":  {{}, text("2014-01-01T00:00:00"), {}, {}},
		"NOT f = 1":                {{}, {}, text("one"), {}},
		"b = 1":                    {{}, {}, {}, text("123456789")},
		"i IS NOT NULL AND i = 1":  {text("--1"), {}, {}, {}},
		"i IS NULL OR i <=> 1":     {text("0x1"), {}, {}, {}},
		"(i = 1) IS NOT TRUE":      {text("."), {}, {}, {}},
		"i BETWEEN -1 AND 1":       {text("-"), {}, {}, {}},
		"NOT (i IS NULL OR i < 2)": {text("1 "), {}, {}, {}},
		"i = 6":                    {text("5.6"), {}, {}, {}},
		"i > 0":                    {text("99999999999"), {}, {}, {}},
		"e = 'new'":                {4: text("1")},
		"e LIKE 'n%'":              {4: text("newer")},
		"e NOT IN ('new')":         {4: text("0")},
		"c = 'abc'":                {5: text("abcd")},
		"n = 5.6":                  {6: text("5.55")},
	} {
		cond, err := ParseCondition(text)
		if err != nil {
			t.Fatal(err)
		}
		b, err := known.bind(cond, table)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := b.holds(row); err == nil {
			t.Errorf("%s: a damaged value is taken", text)
		}
	}
}

// Conditions see rows by the million.
func TestConditionsDoNotAllocate(t *testing.T) {
	b, row := benchCondition(t)
	if n := testing.AllocsPerRun(100, func() {
		if holds, err := b.holds(row); !holds || err != nil {
			t.Fatalf("%v, %v", holds, err)
		}
	}); n != 0 {
		t.Errorf("%v allocations a row", n)
	}
}

func benchCondition(tb testing.TB) (*bound, []Value) {
	tb.Helper()
	cond, err := ParseCondition("`key` IN ('size', 'owner_email') AND deleted = 0 AND at >= '2014-01-01' AND note LIKE '%é%n' AND size > 10.5")
	if err != nil {
		tb.Fatal(err)
	}
	var known collations
	b, err := known.bind(cond, parseTable(tb, "CREATE TABLE t (`key` varchar(20), deleted tinyint, at datetime, note text, size double) DEFAULT CHARSET=utf8mb4 COLLATE utf8mb4_unicode_ci"))
	if err != nil {
		tb.Fatal(err)
	}
	return b, []Value{text("Owner_Email"), text("0"), text("2014-02-14 10:31:22"), text("Jane says: é and then"), text("12.25")}
}

func BenchmarkCondition(b *testing.B) {
	c, row := benchCondition(b)
	b.ReportAllocs()
	for b.Loop() {
		if _, err := c.holds(row); err != nil {
			b.Fatal(err)
		}
	}
}

func FuzzParseCondition(f *testing.F) {
	for _, text := range []string{"a = 1", "a IN ('x', NULL) AND NOT b IS NULL", "`a` LIKE '%x' ESCAPE '!'", "(a <=> -1.5) IS TRUE", "a between 1 and 2 or b"} {
		f.Add(text)
	}
	table := parseTable(f, "CREATE TABLE t (a int, b varchar(9)) DEFAULT CHARSET=utf8mb4")
	f.Fuzz(func(t *testing.T, s string) {
		cond, err := ParseCondition(s)
		if err != nil {
			return
		}
		var known collations
		b, err := known.bind(cond, table)
		if err != nil {
			return
		}
		for _, row := range [][]Value{{{Null: true}, {Null: true}}, {text("1"), text("x é")}} {
			if _, err := b.holds(row); err != nil {
				t.Errorf("%q: %v", s, err)
			}
		}
	})
}
