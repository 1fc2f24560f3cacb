package scrub_test

import (
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// combiner writes dumps in which the ways of writing rows are combined at random.
type combiner struct {
	*rand.Rand
	out     strings.Builder
	charset string // of the dump: utf8mb4, latin1, binary
	// comments may stand between values; those do not come out again.
	comments bool
	ignored  []string
	marks    marks
	words    int
}

// combination is how one table is written.
type combination struct {
	mode                string
	noEscapes, ansi     bool
	verb, list, layout  string
	generated, versions string
	quote               string // of names
}

func oneOf(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func (m *combiner) combine() combination {
	c := combination{
		verb: oneOf(m.Rand, "INSERT INTO", "INSERT IGNORE INTO", "INSERT  IGNORE INTO", "REPLACE INTO", "insert low_priority", "REPLACE"),
		list: oneOf(m.Rand, "none", "complete", "reordered", "partial"), layout: oneOf(m.Rand, "line", "rows", "crlf", "blanks", "statements"),
		generated: oneOf(m.Rand, "", "", "before", "after"), versions: oneOf(m.Rand, "", "", "", " WITH SYSTEM VERSIONING", " PARTITION BY KEY (id) PARTITIONS 3"),
		noEscapes: m.IntN(3) == 0, ansi: m.IntN(3) == 0, quote: "`",
	}
	if m.comments && m.IntN(3) == 0 {
		c.layout = "comments"
	}
	modes := []string{"NO_AUTO_VALUE_ON_ZERO"}
	if c.noEscapes {
		modes = append(modes, "NO_BACKSLASH_ESCAPES")
	}
	if c.ansi {
		modes, c.quote = append(modes, "ANSI_QUOTES"), `"`
	}
	c.mode = strings.Join(modes, ",")
	return c
}

// dump writes a number of tables.
func (m *combiner) dump(tables int) string {
	m.marks = marks{}
	fmt.Fprintf(&m.out, "/*!40101 SET NAMES %s */;\nSET time_zone='+00:00';\n", m.charset)
	for i := range tables {
		m.table(fmt.Sprintf("t%d", i), m.combine())
	}
	return m.out.String()
}

func (m *combiner) table(name string, c combination) {
	q := func(s string) string { return c.quote + s + c.quote }
	columns := []string{"id", "sec", "pub", "bin", "n"}
	types := map[string]string{
		"id": "int NOT NULL", "sec": "varchar(200)", "pub": "varchar(200) DEFAULT 'x''y'", "bin": "blob", "n": "decimal(30,5) DEFAULT 12",
		"g": "varchar(200) GENERATED ALWAYS AS (concat(" + q("sec") + ",'!')) STORED",
	}
	switch c.generated {
	case "before":
		columns = slices.Insert(columns, 1, "g")
	case "after":
		columns = append(columns, "g")
	}
	fmt.Fprintf(&m.out, "SET sql_mode='%s';\nCREATE TABLE %s (\n", c.mode, q(name))
	for _, column := range columns {
		fmt.Fprintf(&m.out, "  %s %s,\n", q(column), types[column])
	}
	fmt.Fprintf(&m.out, "  PRIMARY KEY (%s)\n) DEFAULT CHARSET=%s%s;\n", q("id"), oneOf(m.Rand, "utf8mb4", "utf8mb4", "latin1"), c.versions)
	m.ignored = append(m.ignored, name+".sec", name+".g")
	m.marks[name+".sec"] = "string"
	latin1 := strings.Contains(m.out.String()[strings.LastIndex(m.out.String(), "DEFAULT CHARSET="):], "latin1")
	m.rows(q(name), columns, c, latin1)
}

func (m *combiner) rows(table string, columns []string, c combination, latin1 bool) {
	head := c.verb + " " + table
	switch c.list {
	case "reordered":
		columns = slices.Clone(columns)
		m.Shuffle(len(columns), func(i, j int) { columns[i], columns[j] = columns[j], columns[i] })
	case "partial":
		columns = slices.DeleteFunc(slices.Clone(columns), func(s string) bool { return s == "pub" || s == "g" || s == "n" && m.IntN(2) == 0 })
	}
	if c.list != "none" {
		head += " (" + c.quote + strings.Join(columns, c.quote+","+c.quote) + c.quote + ")"
	}
	before, between, comma, end := " ", ",", ",", ";\n"
	switch c.layout {
	case "rows":
		before, between = "\n", ",\n"
	case "crlf":
		before, between, end = "\r\n", ",\r\n", "\r\n;\r\n"
	case "blanks":
		before, between, comma, end = "\t\n ", " ,\v ", "\f, ", " \n;"
	case "comments":
		before, between, comma, end = " /* ( */", "-- ')\n,# ;\n", "/* ' */,", " /* */;\n"
	case "statements":
		between = ";\n" + head + " VALUES "
	}
	m.out.WriteString(head + " VALUES" + before)
	for id := range 1 + m.IntN(4) {
		if id > 0 {
			m.out.WriteString(between)
		}
		var values []string
		for _, column := range columns {
			values = append(values, m.value(column, id, c, latin1))
		}
		m.out.WriteString("(" + strings.Join(values, comma) + ")")
	}
	m.out.WriteString(end)
}

func (m *combiner) value(column string, id int, c combination, latin1 bool) string {
	switch column {
	case "id":
		return oneOf(m.Rand, fmt.Sprint(id), fmt.Sprintf("'%d'", id), fmt.Sprintf("+%d", id))
	case "g":
		return oneOf(m.Rand, "DEFAULT", "NULL", "default")
	case "n":
		return oneOf(m.Rand, "NULL", "-1.5", ".5", "1e3", "'-2.25'", "0", "99999999999999999999.12345")
	case "bin":
		return m.literal(strings.Repeat(oneOf(m.Rand, "\x00", "\xff", "'", "\\", "x", "\x1a", `"`), m.IntN(4)), c, true)
	}
	if m.IntN(8) == 0 {
		return "NULL"
	}
	odd := []string{"'", "''", `\`, `\'`, `"`, "`", "(", ")", "),(", ";", "\t", "-- ", "#", "/*", "*/", "/*!", "%", "_", `\%`, " ", "','", "INSERT INTO t VALUES (1);", "\n", "\x00", "\x1a", "é", "ß"}
	if !latin1 && m.charset != "latin1" {
		odd = append(odd, "日本", "😀", "e\u0301", "\u200b")
	}
	text := oneOf(m.Rand, odd...) + oneOf(m.Rand, odd...)
	if column == "sec" {
		m.words++
		text = oneOf(m.Rand, "", text) + fmt.Sprintf("qz1%06d", m.words) + oneOf(m.Rand, "", text)
	}
	if m.charset == "latin1" || m.charset == "binary" && latin1 {
		text = toLatin1(text)
	}
	return m.literal(text, c, false)
}

func toLatin1(s string) string { return strings.NewReplacer("é", "\xe9", "ß", "\xdf").Replace(s) }

// literal writes bytes that are in the dump's charset.
func (m *combiner) literal(text string, c combination, binary bool) string {
	if c.noEscapes { // clients refuse the byte but with --binary-mode
		text = strings.ReplaceAll(text, "\x00", "")
	}
	var prefix string
	switch style := m.IntN(8); {
	case style == 0 && (binary || m.charset == "binary") && text != "": // what the column stores
		return oneOf(m.Rand, "0x"+hex.EncodeToString([]byte(text)), "x'"+strings.ToUpper(hex.EncodeToString([]byte(text)))+"'")
	case style <= 2 && binary:
		prefix = oneOf(m.Rand, "_binary ", "_binary", "_BINARY ")
	case style == 1 && m.charset != "binary":
		prefix = "_" + m.charset + oneOf(m.Rand, "", " ")
	}
	quote := "'"
	if !c.ansi && m.IntN(4) == 0 {
		quote = `"`
	}
	if c.noEscapes {
		return prefix + quote + strings.ReplaceAll(text, quote, quote+quote) + quote
	}
	escaped := strings.NewReplacer("\\", "\\\\", "\n", oneOf(m.Rand, "\\n", "\n"), "\x00", "\\0", "\x1a", "\\Z", "\t", oneOf(m.Rand, "\\t", "\t"),
		"'", oneOf(m.Rand, "\\'", "'"), `"`, oneOf(m.Rand, "\\\"", `"`)).Replace(text)
	return prefix + quote + doubled(escaped, quote[0]) + quote
}

// doubled doubles the quotes that no backslash is before.
func doubled(s string, quote byte) string {
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		b.WriteByte(s[i])
		switch s[i] {
		case '\\':
			i++
			b.WriteByte(s[i])
		case quote:
			b.WriteByte(quote)
		}
	}
	return b.String()
}

func newCombiner(seed uint64, charset string) *combiner {
	return &combiner{Rand: rand.New(rand.NewPCG(seed, 7)), charset: charset} //nolint:gosec // a test that can be repeated
}

func TestCombinedConstructsOnAServer(t *testing.T) {
	for i, charset := range []string{"utf8mb4", "latin1", "binary"} {
		t.Run(charset, func(t *testing.T) {
			t.Parallel()
			m := newCombiner(uint64(i), charset)
			m.comments = true
			dump := m.dump(20)
			compareOnServer(t, dump, m.marks, m.ignored)
		})
	}
}

// What no treatment touches comes out byte for byte, and what was treated is read again as what was written.
func TestCombinedConstructsByteForByte(t *testing.T) {
	for seed := range uint64(6) {
		m := newCombiner(100+seed, []string{"utf8mb4", "latin1", "binary"}[seed%3])
		dump := m.dump(100)
		got, err := prepare(t, dump, nil).toSQL(t)
		if err != nil {
			t.Fatal(err)
		}
		if got != dump {
			t.Errorf("seed %d: an untouched dump changed %s", seed, around(dump, got))
		}
		once, err := prepare(t, dump, m.marks).toSQL(t)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := prepare(t, once, nil).toSQL(t); err != nil || again != once {
			t.Errorf("seed %d: the treated dump, read again: %v %s", seed, err, around(once, again))
		}
	}
}

func around(want, got string) string {
	i := 0
	for i < min(len(want), len(got)) && want[i] == got[i] {
		i++
	}
	cut := func(s string) string { return fmt.Sprintf("%q", s[max(0, i-60):min(len(s), i+60)]) }
	return "near " + cut(want) + "\ngot " + cut(got)
}

// Character sets in which a byte of a character may look like a backslash or a quote are refused by name, wherever they stand, when
// text would have to be understood.
func TestRefusedCharacterSets(t *testing.T) {
	for _, charset := range []string{"gbk", "sjis", "big5", "cp932", "gb18030", "ucs2", "utf16", "utf32"} {
		table := "CREATE TABLE `c` (`a` varchar(9) CHARACTER SET " + charset + ", `b` varchar(9));\n"
		for name, dump := range map[string]string{
			"the dump":           "SET NAMES " + charset + ";\n" + other + "INSERT INTO other VALUES ('canary\x5c');\n",
			"the client":         "/*!40101 SET character_set_client = " + charset + " */;\n" + other,
			"an introducer":      other + "INSERT INTO other VALUES (_" + charset + "'canary');\n",
			"a column, in bytes": "SET NAMES binary;\n" + table + "INSERT INTO c VALUES ('canary','x');\n",
		} {
			p, err := tryPrepare(t, dump, marks{"other.x": "string", "c.b": "string"})
			if err == nil {
				_, err = p.toSQL(t)
			}
			if err == nil || !strings.Contains(err.Error(), charset) || strings.Contains(err.Error(), "canary") {
				t.Errorf("%s in %s: error %v; want one that names it", name, charset, err)
			}
		}
		// The same column in a dump of another charset is text like any other.
		if _, err := prepare(t, table+"INSERT INTO c VALUES ('誠','x');\n", marks{"c.a": "redact"}).toSQL(t); err != nil {
			t.Errorf("a column in %s: %v", charset, err)
		}
	}
}

// Several databases in one dump: tables of the same name are told apart.
func TestSeveralDatabasesOnAServer(t *testing.T) {
	s := servertest.Server(t)
	a, b := servertest.Name(t, s), servertest.Name(t, s)
	const table = "CREATE TABLE t (id int PRIMARY KEY, «c» varchar(99), d varchar(99));\n"
	dump := dumpSession + "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `" + a + "` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;\nUSE `" + a + "`;\n" +
		strings.ReplaceAll(table, "«c»", "sec") + "INSERT INTO t VALUES (1,'qz100','x');\n" +
		"CREATE DATABASE `" + b + "`;\nUSE `" + b + "`;\n" + strings.ReplaceAll(table, "«c»", "pub") +
		"INSERT INTO t VALUES (1,'qy100','y');\nINSERT INTO `" + a + "`.`t` (d,sec,id) VALUES ('z','qz101',2);\n" +
		"USE `" + a + "`;\nINSERT INTO t VALUES (3,'qz102','w');\n"
	p := prepare(t, dump, marks{"t.sec": "string"})
	got, err := p.toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "qz10") || !strings.Contains(got, "'qy100'") {
		t.Errorf("the wrong column was treated:\n%s", got)
	}
	servertest.Load(t, s, "", strings.NewReader(got))
	if d := query(t, s, a, "SELECT d FROM t ORDER BY id"); !slices.Equal(d, []string{"x", "z", "w"}) {
		t.Errorf("got %q", d)
	}
}

// A value of 64 MiB and a statement of 64 MiB pass, in memory that is a small multiple of a value and does not depend on the statement.
// What is allocated in sum bounds what is in use at any time.
func TestLongValuesAndStatements(t *testing.T) {
	const size, mib = 64 << 20, 1 << 20
	big := "SET NAMES utf8mb4;\nCREATE TABLE `b` (`id` int, `sec` varchar(20), `pub` longtext);\nINSERT INTO `b` VALUES "
	for _, c := range []struct {
		name     string
		rows     func(b *strings.Builder)
		limitMiB uint64
	}{
		{"value", func(b *strings.Builder) {
			b.WriteString("(1,'qz100','a'),(2,'qz101','")
			b.WriteString(strings.Repeat(`it\'s; `, size/7))
			b.WriteString("'),(3,'qz102','c')")
		}, 600},
		{"statement", func(b *strings.Builder) {
			b.WriteString("(0,'qz100','a')")
			for i := 1; b.Len() < size; i++ {
				fmt.Fprintf(b, ",(%d,'qz%d','%s')", i, i, "some text of nobody, and more of it, and more of it, and more of it")
			}
		}, 150},
	} {
		t.Run(c.name, func(t *testing.T) {
			var dump strings.Builder
			dump.Grow(size + 2*mib)
			dump.WriteString(big)
			c.rows(&dump)
			dump.WriteString(";\n")
			p := prepare(t, dump.String(), marks{"b.sec": "redact"})
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			out := counter{}
			if err := p.write(t, &out); err != nil {
				t.Fatal(err)
			}
			runtime.ReadMemStats(&after)
			if allocated := (after.TotalAlloc - before.TotalAlloc) / mib; allocated > c.limitMiB {
				t.Errorf("%d MiB were allocated for %d MiB of dump, want at most %d", allocated, dump.Len()/mib, c.limitMiB)
			} else {
				t.Logf("%d MiB were allocated for %d MiB of dump", allocated, dump.Len()/mib)
			}
			if lost := dump.Len() - out.bytes; lost < -dump.Len()/10 || lost > dump.Len()/10 {
				t.Errorf("%d bytes came out of %d", out.bytes, dump.Len())
			}
		})
	}
}

// Dumps of an empty database and of an empty table, as the server's own program writes them, come out byte for byte but for who and
// where, and make a snapshot.
func TestEmptyDumpsOfAServer(t *testing.T) {
	s, database := servertest.Database(t)
	for _, setup := range []string{"", "CREATE TABLE t (a varchar(9)); CREATE TABLE u (b int) WITH SYSTEM VERSIONING;"} {
		servertest.Load(t, s, database, strings.NewReader(setup))
		for _, args := range [][]string{nil, {"--databases"}, {"--skip-comments", "--skip-opt"}} {
			dump := string(servertest.Dump(t, s, database, args...))
			p := prepare(t, dump, marks{"t.a": "string"})
			got, err := p.toSQL(t)
			if err != nil {
				t.Fatal(err)
			}
			lines := func(s string) []string {
				return slices.DeleteFunc(strings.Split(s, "\n"), func(l string) bool { return strings.HasPrefix(l, "-- Host:") })
			}
			if !slices.Equal(lines(dump), lines(got)) {
				t.Errorf("%v: %s", args, around(dump, got))
			}
			if rows, snap, err := p.toRows(t); err != nil || len(rows) > 0 || len(snap.Config.Tables) != strings.Count(setup, "TABLE") {
				t.Errorf("%v: snapshot: %v", args, err)
			}
		}
	}
}
