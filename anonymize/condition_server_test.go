package anonymize

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// conditionColumns are what random conditions are about: the definition, values, and literals to compare with.
var conditionColumns = []struct {
	name, typ, class string
}{
	{"i", "int", "number"},
	{"big", "bigint unsigned", "number"},
	{"z", "int(6) unsigned zerofill", "number"},
	{"d", "decimal(12,3)", "number"},
	{"f", "double", "double"},
	{"b", "bit(3)", "bit"},
	{"day", "date", "date"},
	{"at", "datetime(3)", "date"},
	{"ts", "timestamp NULL", "date"},
	{"gen", "varchar(20) COLLATE utf8mb4_general_ci", "text"},
	{"uni", "varchar(20) COLLATE utf8mb4_unicode_ci", "text"},
	{"five", "varchar(20) COLLATE utf8mb4_unicode_520_ci", "text"},
	{"uca", "varchar(20) COLLATE utf8mb4_uca1400_ai_ci", "text"},
	{"unpad", "varchar(20) COLLATE utf8mb4_unicode_nopad_ci", "text"},
	{"old", "varchar(20) CHARACTER SET utf8mb3 COLLATE utf8mb3_general_ci", "old"},
	{"swe", "varchar(20) CHARACTER SET latin1 COLLATE latin1_swedish_ci", "latin"},
	{"lat", "char(20) CHARACTER SET latin1 COLLATE latin1_general_ci", "latin"},
	{"bin", "varchar(20) COLLATE utf8mb4_bin", "ordered"},
	{"nobin", "text COLLATE utf8mb4_nopad_bin", "ordered"},
	{"raw", "varbinary(20)", "ordered"},
	{"e", "enum('new','Old','été','') COLLATE utf8mb4_general_ci", "enum"},
}

// conditionMaker makes random rows and conditions.
type conditionMaker struct{ *rand.Rand }

func (m conditionMaker) pick(from ...string) string { return from[m.IntN(len(from))] }

func (m conditionMaker) word(class string) string {
	var b strings.Builder
	for range m.IntN(4) {
		switch class {
		case "latin":
			b.WriteString(m.pick("a", "A", "b", "O", "l", " ", "-", "[", "é", "É", "ß", "ü", "å", "ä", "·", "€", "9", "y", "%", "_"))
		case "old":
			b.WriteString(m.pick("a", "A", "b", "L", " ", "-", "é", "ß", "æ", "ž", "ж", "Ａ", "·", "9", "%", "_"))
		default:
			b.WriteString(m.pick("a", "A", "b", "L", "l", "s", " ", "  ", "\t", "-", "é", "e", "e\u0301", "ß", "æ", "ž", "ж", "Ａ", "\u200b", "·", "\u0387",
				"ŀ", "½", "㎏", "𝐀", "😀", "\u0001", "\u00a0", "9", "%", "_", "日"))
		}
	}
	return b.String()
}

// value is a value as SQL.
func (m conditionMaker) value(class string) string {
	if m.IntN(6) == 0 {
		return "NULL"
	}
	switch class {
	case "number":
		return m.pick("0", "1", "2", "7", "10", "123", "99999")
	case "double":
		return m.pick("0", "0.1", "-1.5", "1e300", "3", "0.30000000000000004", "-7")
	case "bit":
		return m.pick("b'0'", "b'1'", "b'111'")
	case "date":
		return "'" + m.pick("2020-01-01", "2020-02-29", "2038-01-01", "1999-12-31") + m.pick("", " 00:00:00", " 10:20:30", " 10:20:30.125") + "'"
	case "enum":
		return m.pick("'new'", "'old'", "'été'", "''")
	}
	return quoteSQL(m.word(class))
}

func quoteSQL(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

func (m conditionMaker) literal(class string) string {
	switch class {
	case "number", "bit":
		return m.pick("0", "1", "2", "-1", "7", "10.0", "123", "99.999", "007", "TRUE", "FALSE", "0.30000000000000004")
	case "double":
		return m.pick("0", "0.1", "1e300", "-1.5", "3.0", "0.3", "-7")
	case "date":
		return "'" + m.pick("2020-01-01", "2020-02-29", "2000-01-01") + m.pick("", " 00:00:00", " 10:20:30", " 10:20:30.125") + "'"
	case "enum":
		return m.pick("'NEW'", "'old'", "'ete'", "''", "'OLD '")
	}
	return quoteSQL(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' {
			return -1
		}
		return r
	}, m.word(class)))
}

func (m conditionMaker) predicate() string {
	c := conditionColumns[m.IntN(len(conditionColumns))]
	cmp := m.pick("=", "<>", "!=", "<=>")
	if c.class != "text" && c.class != "latin" && c.class != "old" && c.class != "enum" && m.IntN(2) == 0 {
		cmp = m.pick("<", "<=", ">", ">=")
	}
	isText := slices.Contains([]string{"text", "latin", "old", "enum", "ordered"}, c.class)
	switch n := m.IntN(10); {
	case n == 0:
		return c.name + " IS" + m.pick("", " NOT") + " NULL"
	case n == 1:
		return fmt.Sprintf("%s %sIN (%s, %s)", c.name, m.pick("", "NOT "), m.literal(c.class), m.pick(m.literal(c.class), "NULL"))
	case n == 2 && !isText, n == 2 && c.class == "ordered":
		return fmt.Sprintf("%s %sBETWEEN %s AND %s", c.name, m.pick("", "NOT "), m.literal(c.class), m.literal(c.class))
	case n <= 4 && isText:
		pattern := m.literal(c.class)
		pattern = strings.Replace(pattern, "'", "'"+m.pick("", "%", "_"), 1)
		if m.IntN(4) == 0 {
			pattern = strings.TrimSuffix(pattern, "'") + "!%' ESCAPE '!'"
		} else {
			pattern = strings.TrimSuffix(pattern, "'") + m.pick("", "%", "_") + "'"
		}
		return c.name + m.pick(" ", " NOT ") + "LIKE " + pattern
	case n == 5 && (c.class == "number" || c.class == "double" || c.class == "bit"):
		return m.pick(c.name, c.name+" IS TRUE", c.name+" IS NOT FALSE")
	case n == 6:
		return m.literal(c.class) + " " + cmp + " " + c.name
	case n == 7 && c.class == "text":
		return c.name + " COLLATE utf8mb4_bin " + m.pick("=", "<", ">=") + " " + m.literal(c.class)
	}
	return c.name + " " + cmp + " " + m.literal(c.class)
}

func (m conditionMaker) condition(depth int) string {
	if depth == 0 || m.IntN(3) == 0 {
		return m.predicate()
	}
	switch m.IntN(5) {
	case 0:
		return "NOT " + m.condition(0)
	case 1:
		return "(" + m.condition(depth-1) + ") IS " + m.pick("TRUE", "NOT TRUE", "FALSE", "NOT FALSE")
	case 2:
		return "(" + m.condition(depth-1) + ")"
	}
	return m.condition(depth-1) + m.pick(" AND ", " OR ", " and not ") + m.condition(depth-1)
}

// Random conditions choose the same of random rows as a server does.
func TestConditionsChooseAsServersDo(t *testing.T) {
	m := conditionMaker{rand.New(rand.NewPCG(7, 7))} //nolint:gosec // a test that can be repeated
	s, name := servertest.Database(t)
	create := "CREATE TABLE t (id int PRIMARY KEY"
	for _, c := range conditionColumns {
		create += ", `" + c.name + "` " + c.typ
	}
	create += ") DEFAULT CHARSET=utf8mb4"
	const rows = 400
	insert := "INSERT INTO t VALUES "
	for i := range rows {
		insert += fmt.Sprintf("%s(%d", strings.Repeat(",", min(i, 1)), i)
		for _, c := range conditionColumns {
			insert += "," + m.value(c.class)
		}
		insert += ")"
	}
	servertest.Load(t, s, name, strings.NewReader("SET time_zone='+00:00', sql_mode='';"+create+";"+insert))
	table := parseTable(t, create)
	db := s.DB(name)
	defer db.Close()
	db.SetMaxOpenConns(1)
	if _, err := db.ExecContext(t.Context(), "SET NAMES utf8mb4, time_zone='+00:00', sql_mode=''"); err != nil {
		t.Fatal(err)
	}
	values := queryValues(t, db, "SELECT * FROM t ORDER BY id")
	var known collations
	chosen, refused := 0, 0
	for range 1500 {
		text := m.condition(3)
		want := map[string]bool{}
		for _, row := range queryValues(t, db, "SELECT id FROM t WHERE "+text) {
			want[string(row[0].Bytes)] = true
		}
		c, err := ParseCondition(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		b, err := known.bind(c, table)
		if err != nil {
			refused++ // a literal outside ASCII, mostly
			continue
		}
		for _, row := range values {
			got, err := b.holds(row)
			if err != nil || got != want[string(row[0].Bytes)] {
				t.Fatalf("%s: row %s is chosen %v, by the server %v (%v): %q", text, row[0].Bytes, got, want[string(row[0].Bytes)], err, describeRow(b, table, row))
			}
		}
		chosen += len(want)
	}
	t.Logf("%d conditions refused, %d rows chosen", refused, chosen)
	if refused > 500 || chosen == 0 {
		t.Errorf("%d of 1500 conditions refused, %d rows chosen: the test says little", refused, chosen)
	}
}

func describeRow(b *bound, table *ddl.Table, row []Value) []string {
	var out []string
	for _, i := range b.reads {
		out = append(out, fmt.Sprintf("%s=%s (NULL: %v)", table.Columns[i].Name, row[i].Bytes, row[i].Null))
	}
	return out
}
