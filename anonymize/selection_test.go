package anonymize

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// rowPolicy makes a policy in which every column is public.
func rowPolicy(tb testing.TB, tables []*ddl.Table, rows map[string]TablePolicy) *Policy {
	tb.Helper()
	p := &Policy{}
	for _, t := range tables {
		tp := rows[t.Name]
		tp.Table, tp.Columns = t.Name, map[string]Decision{}
		for _, c := range t.Columns {
			tp.Columns[strings.ToLower(c.Name)] = Decision{Status: Public}
		}
		if err := p.Add(&tp); err != nil {
			tb.Fatal(err)
		}
	}
	return p
}

func sources(tables []*ddl.Table) []Source {
	var out []Source
	for _, t := range tables {
		out = append(out, Source{Table: t})
	}
	return out
}

func TestRowsThatAreRefused(t *testing.T) {
	for name, tp := range map[string]TablePolicy{
		"children of all rows":   {Children: DropChildren},
		"nothing chosen":         {Rows: SomeRows},
		"chosen twice":           {Rows: SomeRows, Fraction: 0.5, Where: "a = 1"},
		"all as a fraction":      {Rows: SomeRows, Fraction: 1},
		"negative":               {Rows: SomeRows, Fraction: -0.5},
		"not a number":           {Rows: SomeRows, Fraction: math.NaN()},
		"a condition that fails": {Rows: SomeRows, Where: "a ="},
		"none and a fraction":    {Rows: NoRows, Fraction: 0.5},
	} {
		tp.Table = "t"
		var pe *PolicyError
		if err := (&Policy{}).Add(&tp); !errors.As(err, &pe) {
			t.Errorf("%s: got %v", name, err)
		}
	}
}

// A fraction is chosen by key and primary key, about as many rows as it says, and independently from table to table.
func TestFractionOfRows(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (a varchar(9), id int, PRIMARY KEY (id, a)) DEFAULT CHARSET=utf8mb4")
	kept := func(key Key, database, name string, share float64) map[int]bool {
		named := *table
		named.Name = name
		p := &Policy{}
		columns := map[string]Decision{"a": {Status: Public}, "id": {Status: Public}}
		if err := p.Add(&TablePolicy{Database: database, Table: name, Rows: SomeRows, Fraction: share, Columns: columns}); err != nil {
			t.Fatal(err)
		}
		a, err := New(key, p)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := a.Rows(database, &named)
		if err != nil {
			t.Fatal(err)
		}
		out := map[int]bool{}
		for i := range 10_000 {
			keep, err := rows.Apply([]Value{text("x"), text(strconv.Itoa(i))})
			if err != nil {
				t.Fatal(err)
			}
			if keep {
				out[i] = true
			}
		}
		return out
	}
	tenth := kept(testKey(1), "", "t", 0.1)
	var first []int
	for id := range 60 {
		if tenth[id] {
			first = append(first, id)
		}
	}
	if want := []int{15, 19, 45, 52, 58}; !slices.Equal(first, want) { // pinned: dumps made years apart keep the same rows
		t.Errorf("of the first 60 rows %v are kept, want %v", first, want)
	}
	if n := len(tenth); n < 850 || n > 1150 { // five standard deviations
		t.Errorf("%d of 10,000 rows kept, want about 1000", n)
	}
	if !maps.Equal(tenth, kept(testKey(1), "elsewhere", "t", 0.1)) {
		t.Error("the same rows of another dump are not kept")
	}
	for id := range tenth {
		if !kept(testKey(1), "", "t", 0.3)[id] {
			t.Fatal("a larger fraction lacks a row of a smaller one")
		}
		break
	}
	for name, other := range map[string]map[int]bool{"another key": kept(testKey(2), "", "t", 0.1), "another table": kept(testKey(1), "", "u", 0.1)} {
		both := 0
		for id := range other {
			if tenth[id] {
				both++
			}
		}
		if both > 170 {
			t.Errorf("%s keeps %d of the same rows, want about 100", name, both)
		}
	}
	if _, err := fractionOf(t, "CREATE TABLE t (a int)"); err == nil || !strings.Contains(err.Error(), "the table has none") {
		t.Errorf("without a primary key: %v", err)
	}
}

func fractionOf(t *testing.T, sql string) (*Rows, error) {
	t.Helper()
	table := parseTable(t, sql)
	a, err := New(testKey(1), rowPolicy(t, []*ddl.Table{table}, map[string]TablePolicy{"t": {Rows: SomeRows, Fraction: 0.5}}))
	if err != nil {
		t.Fatal(err)
	}
	return a.Rows("", table)
}

// testDatabase is a random schema with random rows: every table has id and three foreign keys, to any table.
type testDatabase struct {
	*rand.Rand
	tables []*ddl.Table
	rows   map[string][][]Value
	rules  map[string]TablePolicy
}

func newTestDatabase(t *testing.T, seed uint64) *testDatabase {
	t.Helper()
	d := &testDatabase{Rand: rand.New(rand.NewPCG(seed, 1)), rows: map[string][][]Value{}, rules: map[string]TablePolicy{}} //nolint:gosec // a test that can be repeated
	n := 2 + d.IntN(4)
	for i := range n {
		sql := fmt.Sprintf("CREATE TABLE t%d (id int PRIMARY KEY, w int, a int, b int NULL", i)
		for _, column := range []string{"a", "b"} {
			if d.IntN(3) > 0 {
				sql += fmt.Sprintf(", FOREIGN KEY (%s) REFERENCES t%d (id)", column, d.IntN(n))
			}
		}
		d.tables = append(d.tables, parseTable(t, sql+")"))
		var rows [][]Value
		for id := range 1 + d.IntN(30) {
			rows = append(rows, []Value{number(id), number(d.IntN(4)), d.reference(), d.reference()})
		}
		d.rows[d.tables[i].Name] = rows
		children := []Children{DropChildren, DropChildren, NullChildren}[d.IntN(3)]
		switch d.IntN(4) {
		case 0:
			d.rules[d.tables[i].Name] = TablePolicy{Rows: NoRows, Children: children}
		case 1, 2:
			d.rules[d.tables[i].Name] = TablePolicy{Rows: SomeRows, Where: "w > 0", Children: children}
		}
	}
	return d
}

func number(n int) Value { return text(strconv.Itoa(n)) }

func (d *testDatabase) reference() Value {
	if d.IntN(4) == 0 {
		return Value{Null: true}
	}
	return number(d.IntN(20)) // may refer to nothing, as dumps made with checks off do
}

// want finds the rows that stay by going over all of them until nothing changes.
func (d *testDatabase) want() map[string]map[string]bool {
	kept := map[string]map[string]bool{}
	drops, affected := map[string]bool{}, map[string]bool{}
	for name, rows := range d.rows {
		kept[name] = map[string]bool{}
		rule := d.rules[name]
		affected[name], drops[name] = rule.Rows != AllRows, rule.Children == DropChildren
		for _, row := range rows {
			if rule.Rows == AllRows || rule.Rows == SomeRows && string(row[1].Bytes) != "0" {
				kept[name][string(row[0].Bytes)] = true
			}
		}
	}
	for changed := true; changed; {
		changed = false
		for _, t := range d.tables {
			for _, fk := range t.ForeignKeys {
				if !affected[fk.RefTable] || !drops[fk.RefTable] {
					continue
				}
				if !affected[t.Name] {
					affected[t.Name], drops[t.Name], changed = true, true, true
				}
				for _, row := range d.rows[t.Name] {
					v, id := row[t.ColumnIndex(fk.Columns[0])], string(row[0].Bytes)
					if kept[t.Name][id] && !v.Null && !kept[fk.RefTable][string(v.Bytes)] {
						delete(kept[t.Name], id)
						changed = true
					}
				}
			}
		}
	}
	return kept
}

// choose selects rows as package scrub does.
func (d *testDatabase) choose(t *testing.T) (map[string]map[string][]Value, error) {
	t.Helper()
	a, err := New(testKey(1), rowPolicy(t, d.tables, d.rules))
	if err != nil {
		t.Fatal(err)
	}
	s, err := a.Selection(sources(d.tables))
	if err != nil {
		return nil, err
	}
	each := func(do func(rows *Rows, row []Value) error) error {
		for _, table := range d.tables {
			rows, err := a.Rows("", table)
			if err != nil {
				t.Fatal(err)
			}
			rows.Link(s)
			for _, row := range d.rows[table.Name] {
				if err := do(rows, slices.Clone(row)); err != nil {
					return err
				}
			}
		}
		return nil
	}
	err = each(func(rows *Rows, row []Value) error {
		if !s.Gathers("", rows.table.Name) {
			return nil
		}
		records, err := rows.Gather(nil, row)
		s.Add("", rows.table.Name, records)
		return err
	})
	if err == nil {
		err = s.Settle()
	}
	kept := map[string]map[string][]Value{}
	for _, table := range d.tables {
		kept[table.Name] = map[string][]Value{}
	}
	if err == nil {
		err = each(func(rows *Rows, row []Value) error {
			keep, err := rows.Apply(row)
			if keep {
				kept[rows.table.Name][string(row[0].Bytes)] = row
			}
			return err
		})
	}
	return kept, err
}

// In random schemas with circles, self references and orphans: the rows that stay are those that the definition says, and no foreign
// key to a table that lost rows refers to nothing.
func TestSelectionIsClosed(t *testing.T) {
	refused := 0
	for seed := range uint64(600) {
		d := newTestDatabase(t, seed)
		got, err := d.choose(t)
		if _, ok := errors.AsType[*PolicyError](err); ok { // columns that are to be NULL are referred to
			refused++
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		want := d.want()
		for _, table := range d.tables {
			if d.rules[table.Name].Rows == NoRows {
				continue
			}
			if g, w := slices.Sorted(maps.Keys(got[table.Name])), slices.Sorted(maps.Keys(want[table.Name])); !slices.Equal(g, w) {
				t.Fatalf("seed %d: of %s stay %v, want %v", seed, table.Name, g, w)
			}
			for id, row := range got[table.Name] {
				d.checkRow(t, table, id, row, got, want)
			}
		}
	}
	if refused > 60 {
		t.Errorf("%d of 600 schemas refused", refused)
	}
}

func (d *testDatabase) checkRow(t *testing.T, table *ddl.Table, id string, row []Value, got map[string]map[string][]Value, want map[string]map[string]bool) {
	t.Helper()
	for _, fk := range table.ForeignKeys {
		v := row[table.ColumnIndex(fk.Columns[0])]
		lost := len(want[fk.RefTable]) < len(d.rows[fk.RefTable])
		if _, ok := got[fk.RefTable][string(v.Bytes)]; !v.Null && !ok && lost {
			t.Errorf("row %s of %s refers to %s, which %s lost", id, table.Name, v.Bytes, fk.RefTable)
		}
	}
}

// The default fails where a row would be left alone, naming table and column; what cannot be followed is refused before a row is read.
func TestSelectionRefuses(t *testing.T) {
	some := func(c Children) map[string]TablePolicy {
		return map[string]TablePolicy{"p": {Rows: SomeRows, Where: "w > 0", Children: c}}
	}
	for _, c := range []struct {
		name, child string
		rules       map[string]TablePolicy
		want        string
	}{
		{"a child", "CREATE TABLE t (id int PRIMARY KEY, c int, FOREIGN KEY (c) REFERENCES p (id))", some(FailChildren), "t.c: it refers to a row that is not kept; say children: drop or null"},
		{"of no rows", "CREATE TABLE t (id int PRIMARY KEY, c int, FOREIGN KEY (c) REFERENCES p (id))", map[string]TablePolicy{"p": {Rows: NoRows}}, "t.c: it refers to a row that is not kept"},
		{"NOT NULL", "CREATE TABLE t (id int PRIMARY KEY, c int NOT NULL, FOREIGN KEY (c) REFERENCES p (id))", some(NullChildren), "t.c: a foreign key to p, which loses rows, cannot be followed: children are to become NULL"},
		{"referred to", "CREATE TABLE t (id int PRIMARY KEY, c int, KEY (c), FOREIGN KEY (c) REFERENCES p (id), FOREIGN KEY (id) REFERENCES t (c))", some(NullChildren), "t.c: children are to become NULL, and a foreign key refers to this column"},
		{"generated", "CREATE TABLE t (id int PRIMARY KEY, c int GENERATED ALWAYS AS (id) STORED, FOREIGN KEY (c) REFERENCES p (id))", some(DropChildren), "t.c: a foreign key to p, which loses rows, cannot be followed: column c of a key is generated"},
	} {
		d := &testDatabase{
			tables: []*ddl.Table{parseTable(t, c.child), parseTable(t, "CREATE TABLE p (id int PRIMARY KEY, w int)")},
			rows:   map[string][][]Value{"t": {{number(1), number(7)}}, "p": {{number(7), number(0)}}},
			rules:  c.rules,
		}
		if _, err := d.choose(t); err == nil || !strings.HasPrefix(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s…", c.name, err, c.want)
		}
	}
}

// Whoever forgets the selection gets an error, not rows.
func TestRowsMustBeLinked(t *testing.T) {
	d := newTestDatabase(t, 1)
	d.rules = map[string]TablePolicy{d.tables[0].Name: {Rows: NoRows}}
	child := parseTable(t, "CREATE TABLE c (a int, FOREIGN KEY (a) REFERENCES t0 (id))")
	a, err := New(testKey(1), rowPolicy(t, append(d.tables, child), d.rules))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := mustRows(t, a, child).Apply([]Value{{Null: true}}); !errors.Is(err, errUnlinked) {
		t.Errorf("got %v", err)
	}
}

// Keys that a server takes for equal are one key, however they are spelled; others are not.
func TestKeysOfRows(t *testing.T) {
	table := parseTable(t, "CREATE TABLE t (i int(5) unsigned zerofill, ci varchar(9) COLLATE utf8mb4_unicode_ci, bin varchar(9) COLLATE utf8mb4_bin, raw varbinary(9), two varchar(9)) DEFAULT CHARSET=utf8mb4")
	a := &Anonymizer{}
	for _, c := range []struct {
		column, a, b string
		same         bool
	}{
		{"i", "00042", "42", true},
		{"i", "00000", "0", true},
		{"i", "00042", "420", false},
		{"ci", "Jane", "JANÉ  ", true},
		{"ci", "ss", "ß", true},
		{"ci", "Жан", "жан", false}, // not known: then it is another, which drops or fails
		{"ci", "Жан", "Жан", true},
		{"ci", "f", "rf", false},
		{"bin", "a", "a ", true},
		{"bin", "a", "A", false},
		{"raw", "a", "a ", false},
	} {
		parts, err := a.keyParts(table, []string{c.column})
		if err != nil {
			t.Fatal(err)
		}
		row := make([]Value, len(table.Columns))
		key := func(v string) string {
			row[parts[0].column] = text(v)
			k, _ := appendKey(nil, parts, row)
			return string(k)
		}
		if (key(c.a) == key(c.b)) != c.same {
			t.Errorf("%s: %q and %q are the same: %v", c.column, c.a, c.b, !c.same)
		}
	}
	parts, err := a.keyParts(table, []string{"bin", "two"})
	if err != nil {
		t.Fatal(err)
	}
	one, _ := appendKey(nil, parts, []Value{{}, {}, text("ab"), {}, text("c")})
	two, _ := appendKey(nil, parts, []Value{{}, {}, text("a"), {}, text("bc")})
	if string(one) == string(two) {
		t.Error("columns of a key run together")
	}
}
