package anonymize

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

// treatments gives every column of a table a kind, by "column kind, …"; "constant" writes x.
func treatments(list string) map[string]Treatment {
	out := map[string]Treatment{}
	for part := range strings.SplitSeq(list, ", ") {
		column, kind, _ := strings.Cut(part, " ")
		t := Treatment{Kind: kind}
		if kind == kindConstant {
			value := "x"
			t.Value = &value
		}
		out[column] = t
	}
	return out
}

// Kinds that may make two values one were once taken for columns of unique indexes, which then broke at restore.
func TestUniqueIndexesNeedKindsThatKeepValuesDistinct(t *testing.T) {
	const (
		refused = "t.c: kind %s may make two values one and would break a unique index (u); string and the other identifier kinds keep distinct values distinct"
		secret  = "t.c: kind secret in a column of less than 16 characters would break a unique index (u)"
	)
	for _, c := range []struct{ sql, kinds, want string }{
		{"c varchar(40), UNIQUE KEY u (c)", "c text", fmt.Sprintf(refused, "text")},
		{"c varchar(40), UNIQUE KEY u (c)", "c free_text", fmt.Sprintf(refused, "text")},
		{"c varchar(40), UNIQUE KEY u (c)", "c json", fmt.Sprintf(refused, "json")},
		{"c varchar(40), UNIQUE KEY u (c)", "c ssh_key", fmt.Sprintf(refused, "ssh_key")},
		{"c varchar(40) UNIQUE", "c text", "t.c: kind text may make two values one and would break a unique index; string"},
		{"c varchar(40) PRIMARY KEY", "c text", "t.c: kind text may make two values one and would break a unique index (PRIMARY); string"},
		{"c varbinary(40), UNIQUE KEY u (c)", "c text", "t.c: kind text may make two values one and would break a unique index (u); blob, uuid, string"},
		{"c varchar(15), UNIQUE KEY u (c)", "c secret", secret},
		{"c binary(8), UNIQUE KEY u (c)", "c secret", secret},
		{"a int, c varchar(40), UNIQUE KEY u (a, c)", "a public, c text", fmt.Sprintf(refused, "text")},
		{"a char(36), c varchar(40), UNIQUE KEY u (a, c)", "a uuid, c text", fmt.Sprintf(refused, "text")},
		{"a int UNIQUE, c varchar(40), UNIQUE KEY u (a, c)", "a public, c text", fmt.Sprintf(refused, "text")}, // NULLs in a
		{"a char(9) NOT NULL UNIQUE, c varchar(40), UNIQUE KEY u (a, c)", "a string, c constant", ""},
		{"a int, c varchar(40), UNIQUE KEY u (a, c)", "a public, c constant", "t.c: kind constant would break a unique index (u)"},
		{"a int, c varchar(40), g int GENERATED ALWAYS AS (a) STORED NOT NULL UNIQUE, UNIQUE KEY u (g, c)", "a public, c text", fmt.Sprintf(refused, "text")},
		{"c varchar(40), UNIQUE KEY u (c, (lower(c)))", "c text", fmt.Sprintf(refused, "text")},

		{"c varchar(40), UNIQUE KEY u (c)", "c string", ""},
		{"c varchar(40), UNIQUE KEY u (c)", "c redact", ""},
		{"c varchar(40), UNIQUE KEY u (c)", "c null", ""},
		{"c varchar(40), KEY u (c)", "c text", ""},
		{"c varchar(16), UNIQUE KEY u (c)", "c secret", ""},
		{"c varbinary(64), UNIQUE KEY u (c)", "c blob", ""},
		{"c bit(9), UNIQUE KEY u (c)", "c blob", ""},
		{"a int AUTO_INCREMENT, c varchar(40), KEY (a), UNIQUE KEY u (c, a)", "a public, c text", ""},
		{"a int NOT NULL, c varchar(40), PRIMARY KEY (a), UNIQUE KEY u (c, a)", "a public, c text", ""},
		{"a int NOT NULL, c varchar(40), PRIMARY KEY (a), UNIQUE KEY u (c, a)", "a integer, c json", ""},
		{"a int, c varchar(40), UNIQUE KEY u (c, a)", "a null, c text", ""},
	} {
		a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": treatments(c.kinds)}))
		if err != nil {
			t.Fatal(err)
		}
		_, err = a.Rows("", parseTable(t, "CREATE TABLE t ("+c.sql+")"))
		var pe *PolicyError
		switch {
		case c.want == "" && err != nil:
			t.Errorf("%s with %s: %v", c.sql, c.kinds, err)
		case c.want != "" && (!errors.As(err, &pe) || !strings.HasPrefix(err.Error(), c.want)):
			t.Errorf("%s with %s: got %v, want %s…", c.sql, c.kinds, err, c.want)
		}
	}
}

// Unique indexes that only a server can check are named with the reason; those of other indexes, or that hold anyway, are not.
func TestUncheckedIndexes(t *testing.T) {
	const head = "CREATE TABLE `t` (`id` int NOT NULL, `v` varchar(20) %s, `g` int GENERATED ALWAYS AS (length(`v`)) VIRTUAL, "
	tests := []struct{ name, collation, index, want string }{
		{"a collation without weights", "utf8mb4_danish_ci", "UNIQUE KEY `u` (`v`)", "t.u: collation utf8mb4_danish_ci"},
		{"a generated column", "utf8mb4_bin", "UNIQUE KEY `u` (`v`,`g`)", "t.u: generated column g"},
		{"a collation with weights", "utf8mb4_uca1400_nopad_as_cs", "UNIQUE KEY `u` (`v`)", ""},
		{"MySQL's", "utf8mb4_0900_ai_ci", "UNIQUE KEY `u` (`v`)", ""},
		{"an index that holds because another one does", "utf8mb4_danish_ci", "UNIQUE KEY `u` (`v`,`id`)", ""},
		{"no unique index", "utf8mb4_danish_ci", "KEY `u` (`v`)", ""},
		{"no character set, which the database's default then is", "", "UNIQUE KEY `u` (`v`)", "t.u: a collation that the dump does not name"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			collation := test.collation
			if collation != "" {
				collation = "CHARACTER SET utf8mb4 COLLATE " + collation
			}
			table := parseTable(t, fmt.Sprintf(head, collation)+test.index+", PRIMARY KEY (`id`))")
			policy := &Policy{}
			if err := policy.Add(&TablePolicy{Table: "t", Columns: map[string]Decision{
				"id": {Status: Public}, "g": {Status: Public}, "v": {Status: Treated, Treatment: Treatment{Kind: "string"}},
			}}); err != nil {
				t.Fatal(err)
			}
			key, err := NewKey(strings.NewReader(strings.Repeat("k", KeyBytes)))
			if err != nil {
				t.Fatal(err)
			}
			a, err := New(key, policy)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := a.Rows("", table)
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, u := range rows.Unchecked() {
				got += u.Name() + ": " + u.Reason
			}
			if got != test.want {
				t.Errorf("unchecked %q, want %q", got, test.want)
			}
		})
	}
}

// ” is a member of its own in ENUM(”,'a','b'); it stays, so nothing else may become it.
func TestEmptyMemberStaysDistinct(t *testing.T) {
	for key := range 8 {
		table := parseTable(t, "CREATE TABLE t (c enum('','a','b') UNIQUE)")
		rows := rowsFor(t, testKey(byte(key)), table.Columns[0], Treatment{Kind: kindEnum})
		if a, b := applyOne(t, rows, "a"), applyOne(t, rows, "b"); a == "" || b == "" || a == b {
			t.Errorf("key %d: the members become %q and %q", key, a, b)
		}
	}
}

// Equal texts need not begin with equal ones: an index over the whole is checked although there is one over its beginning.
func TestIndexesThatImplyOthers(t *testing.T) {
	for definition, want := range map[string]int{
		"v varchar(40), UNIQUE KEY (v), UNIQUE KEY (v(1))":              2,
		"v varchar(40), UNIQUE KEY (v(3)), UNIQUE KEY (v(2))":           2,
		"v varchar(40), n int, UNIQUE KEY (v(3)), UNIQUE KEY (n, v(3))": 1,
	} {
		a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": {"v": {Kind: kindString, Prefix: PreservePrefix}, "n": {Kind: kindPublic}}}))
		if err != nil {
			t.Fatal(err)
		}
		rows, err := a.Rows("", parseTable(t, "CREATE TABLE t ("+definition+") CHARSET=utf8mb4 COLLATE=utf8mb4_unicode_ci"))
		if err != nil {
			t.Fatal(err)
		}
		if len(rows.unique) != want {
			t.Errorf("%s: %d indexes are checked, want %d", definition, len(rows.unique), want)
		}
	}
}
