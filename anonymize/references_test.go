package anonymize

import (
	"errors"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

func redactedFamily(t *testing.T) (a *Anonymizer, parent, child *ddl.Table) {
	t.Helper()
	a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"p": treatments("code redact, note redact"), "t": treatments("c redact")}))
	if err == nil {
		return a, parseTable(t, "CREATE TABLE p (Code varchar(20), note varchar(20), KEY (Code), KEY (note))"),
			parseTable(t, "CREATE TABLE t (c varchar(20), FOREIGN KEY (c) REFERENCES p (CODE))")
	}
	t.Fatal(err)
	return nil, nil, nil
}

func mustRows(t *testing.T, a *Anonymizer, table *ddl.Table) *Rows {
	t.Helper()
	rows, err := a.Rows("", table)
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

// A foreign key to a column with an index that is not unique once got pseudonyms at its own end and constants at the other.
func TestRedactIsTheSameAtBothEndsOfAForeignKey(t *testing.T) {
	for _, parentFirst := range []bool{true, false} {
		a, parent, child := redactedFamily(t)
		tables := []*ddl.Table{child, parent}
		if parentFirst {
			tables = []*ddl.Table{parent, child}
		}
		first := map[*ddl.Table]*Rows{}
		for _, table := range tables {
			first[table] = mustRows(t, a, table)
		}
		for range 2 { // and once more with Rows that are made now
			p, c := []Value{text("jane"), text("jane")}, []Value{text("jane")}
			if _, err := first[parent].Apply(p); err != nil {
				t.Fatal(err)
			}
			if _, err := first[child].Apply(c); err != nil {
				t.Fatal(err)
			}
			if string(p[0].Bytes) != string(c[0].Bytes) || string(p[0].Bytes) == "xxxx" {
				t.Errorf("%q refers to %q", c[0].Bytes, p[0].Bytes)
			}
			if string(p[1].Bytes) != "xxxx" {
				t.Errorf("a column that nothing refers to was not redacted: %q", p[1].Bytes)
			}
			first[parent], first[child] = mustRows(t, a, parent), mustRows(t, a, child)
		}
	}
}

func TestRedactRefusesAForeignKeyThatComesTooLate(t *testing.T) {
	a, parent, child := redactedFamily(t)
	if _, err := mustRows(t, a, parent).Apply([]Value{text("jane"), text("jane")}); err != nil {
		t.Fatal(err)
	}
	_, err := a.Rows("", child)
	var pe *PolicyError
	if !errors.As(err, &pe) || !strings.HasPrefix(err.Error(), "t.c: a foreign key refers to p.CODE, whose rows were redacted") {
		t.Errorf("got %v", err)
	}
	mustRows(t, a, parent)
}

// JSON has no pseudonyms, and is redacted with an index all the same.
func TestRedactOfIndexedJSON(t *testing.T) {
	a, err := New(testKey(1), policyFor(t, map[string]map[string]Treatment{"t": {"c": {Kind: kindRedact}}}))
	if err != nil {
		t.Fatal(err)
	}
	rows := mustRows(t, a, parseTable(t, "CREATE TABLE t (c longtext CHECK (json_valid(c)), KEY (c(9)))"))
	if out := applyOne(t, rows, `{"a": "Jane"}`); out != `{"a": "Xxxx"}` {
		t.Error(out)
	}
}
