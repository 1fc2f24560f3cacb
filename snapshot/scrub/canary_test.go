package scrub_test

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

// canaryColumn is a column of a made-up table. kind "" means public.
type canaryColumn struct {
	name, typ, kind string
	cases           bool // the kind is for rows that keepColumn does not mark; those it does are public
	option          bool // a prefix, a format or a range
}

func (c canaryColumn) treatment() anonymize.Treatment {
	t := anonymize.Treatment{Kind: c.kind}
	switch {
	case !c.option:
	case c.kind == "integer":
		t.Range = &anonymize.Range{Min: "-7", Max: "99"}
	case c.kind == "blob", len(c.name)%2 == 0:
		t.Prefix = anonymize.PreservePrefix
	default:
		t.Format = &anonymize.Format{First: 2, Last: 1}
	}
	return t
}

// keepColumn is a column that conditions are about: it holds keepValue in the rows that they choose, and never that elsewhere.
const (
	keepColumn = "keep"
	keepValue  = "keepit"
)

func (c canaryColumn) isText() bool {
	return strings.Contains(c.typ, "char") || strings.Contains(c.typ, "text")
}

func (c canaryColumn) isBinary() bool {
	return strings.Contains(c.typ, "blob") || strings.Contains(c.typ, "binary")
}

type canaryTable struct {
	database, name string
	columns        []canaryColumn
	none           bool // no rows are kept
	where          bool // only the rows that keepColumn marks are kept
	fraction       bool // about half of them
	children       anonymize.Children
	parent         string // a table of which a fraction is kept, and to which a foreign key refers
}

// untouched reports whether the policy touches nothing of the table, so that its rows come out as they went in.
func (t canaryTable) untouched() bool {
	return !t.none && !t.where && !t.fraction && t.parent == "" && !slices.ContainsFunc(t.columns, func(c canaryColumn) bool { return c.kind != "" && c.kind != "generated" })
}

// canaryDump is a dump whose treated columns hold values found nowhere else: the canaries, as a leak would show them, in lower case.
type canaryDump struct {
	sql      string
	tables   []canaryTable
	canaries []string
	public   []string // what must be in the output
	rows     int64
	atMost   bool // some of the rows are a fraction's
}

// dumpMaker writes one made-up dump.
type dumpMaker struct {
	*rand.Rand
	out  strings.Builder
	dump canaryDump
	// the layout
	noEscapes, hexBlob, complete, extended, lines, locks, comments, latin1, ansi bool
	verb                                                                         string
	marked                                                                       bool // the current row is one that conditions choose
	// the last table of which a fraction is kept, and its rows' keys
	parent     canaryTable
	parentKeys []string
}

func (m *dumpMaker) coin() bool { return m.IntN(2) == 0 }

func pick[T any](m *dumpMaker, from ...T) T { return from[m.IntN(len(from))] }

func (m *dumpMaker) printf(format string, args ...any) { fmt.Fprintf(&m.out, format, args...) }

// letters returns a word that is in no dictionary.
func (m *dumpMaker) letters(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = 'a' + byte(m.IntN(26))
	}
	return string(b)
}

func makeCanaryDump(seed uint64) canaryDump {
	m := &dumpMaker{Rand: rand.New(rand.NewPCG(seed, 1))} //nolint:gosec // a test that can be repeated
	m.noEscapes, m.hexBlob, m.complete, m.extended = m.IntN(8) == 0, m.coin(), m.coin(), m.coin()
	m.lines, m.locks, m.comments, m.latin1 = m.coin(), m.coin(), m.coin(), m.IntN(4) == 0
	m.verb = pick(m, "INSERT INTO", "INSERT  IGNORE INTO", "REPLACE INTO", "INSERT DELAYED IGNORE INTO", "insert low_priority into", "REPLACE")
	m.ansi = m.IntN(6) == 0
	if m.comments {
		m.printf("-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: h    Database: d\n-- ------\n-- Server version\t8.0.36\n")
	}
	m.printf("/*!40101 SET NAMES %s */;\n", map[bool]string{true: "latin1", false: "utf8mb4"}[m.latin1])
	m.printf("/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='%s' */;\n", m.sqlMode())
	databases := []string{""}
	if m.IntN(3) == 0 {
		databases = []string{"first_db", "other_one"}
	}
	width := 1 + m.IntN(3)
	for _, database := range databases {
		if database != "" {
			m.printf("CREATE DATABASE /*!32312 IF NOT EXISTS*/ `%[1]s` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;\n\nUSE `%[1]s`;\n", database)
		}
		for range 1 + m.IntN(3) {
			width += 1 + m.IntN(3) // tables differ in width, so that rows of one never fit another
			width = m.table(database, width)
		}
	}
	m.printf("/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\n")
	if m.comments {
		m.printf("-- Dump completed on 2026-01-02  3:04:05\n")
	}
	m.dump.sql = m.out.String()
	if !m.noEscapes && m.IntN(8) == 0 { // values have no line feed of their own then
		m.dump.sql = strings.ReplaceAll(m.dump.sql, "\n", "\r\n")
	}
	return m.dump
}

func (m *dumpMaker) sqlMode() string {
	mode := "NO_AUTO_VALUE_ON_ZERO"
	if m.noEscapes {
		mode = "NO_BACKSLASH_ESCAPES"
	}
	if m.ansi {
		mode += ",ANSI_QUOTES"
	}
	return mode
}

// object writes one or two objects as they stand between tables, with rows in their bodies that are nobody's.
func (m *dumpMaker) object(table string) {
	n := len(m.dump.tables)
	mark := pick(m, ";;", "//", "$$")
	body := pick(m, "SET @n = 1", "BEGIN INSERT INTO log VALUES (1,@n); /* it's */ REPLACE INTO log VALUES (2,NULL); END", "BEGIN\n  INSERT INTO log (a)\nVALUES (5); -- (\n\nEND")
	switch m.IntN(6) {
	case 0, 1:
		m.printf("DELIMITER %[1]s\n/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER `tr%[2]d` BEFORE INSERT ON %[3]s FOR EACH ROW %[4]s */%[1]s\nDELIMITER ;\n", mark, n, table, body)
	case 2:
		m.printf("DELIMITER %[1]s\nCREATE DEFINER=`root`@`localhost` PROCEDURE `p%[2]d`(x int)\n%[3]s %[1]s\nCREATE FUNCTION `f%[2]d`() RETURNS int RETURN 1%[1]s\nDELIMITER ;\n", mark, n, body)
	case 3:
		m.printf("DELIMITER %[1]s\n/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT `e%[2]d` ON SCHEDULE EVERY 1 DAY DO %[3]s */ %[1]s\nDELIMITER ;\n", mark, n, body)
	case 4:
		m.printf("/*!50001 CREATE VIEW `v%[1]d` AS SELECT\n 1 AS `a`*/;\n/*!50001 DROP VIEW IF EXISTS `v%[1]d`*/;\n/*!50001 CREATE ALGORITHM=UNDEFINED */\n"+
			"/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */\n/*!50001 VIEW `v%[1]d` AS select count(0) AS `a` from %[2]s */;\n", n, table)
	case 5:
		m.printf("CREATE SEQUENCE `s%[1]d` start with 5 minvalue -1 maxvalue 99 increment by 2 nocache nocycle ENGINE=InnoDB;\nDO SETVAL(`s%[1]d`, 15, 0);\n", n)
	}
}

// cyrillic returns a name that a dump in latin1 cannot have: in it names of rows are in latin1 too.
func (m *dumpMaker) cyrillic(name string) string {
	if m.latin1 {
		return "name"
	}
	return name
}

func (m *dumpMaker) column(i int) canaryColumn {
	c := canaryColumn{name: pick(m, "c", "Name ", m.cyrillic("ключ"), "select", "a`b", "x.y") + strconv.Itoa(i)}
	c.typ = pick(m, "varchar(120)", "text", "longtext", "char(90)", "varbinary(120)", "blob", "bigint", "decimal(30,4)", "varchar(120) CHARACTER SET latin1")
	switch {
	case m.IntN(5) < 2:
	case c.isText():
		c.kind = pick(m, "string", "redact", "free_text", "secret", "email", "hostname", "username", "name", "pathname",
			"ssh_key", "url", "key_name", "hexstring", "uuid", "phone", "ip_address", "json", "ec2_id", "null")
	case c.isBinary():
		c.kind = pick(m, "blob", "redact", "secret", "null")
	case c.typ == "bigint":
		c.kind = pick(m, "integer", "decimal", "redact", "null", "digits", "phone")
	default:
		c.kind = pick(m, "decimal", "redact", "null")
	}
	c.option = slices.Contains([]string{"string", "blob", "integer"}, c.kind) && m.coin()
	return c
}

// table writes a table of at least width columns, and returns how many it has.
func (m *dumpMaker) table(database string, width int) int {
	t := canaryTable{database: database, name: pick(m, "users", "Log.entries", "tab`le", m.cyrillic("имя")) + strconv.Itoa(len(m.dump.tables)), none: m.IntN(10) == 0}
	name := quoteName(t.name)
	if m.comments {
		m.printf("\n--\n-- Table structure for table %s\n--\n\n", name)
	}
	m.printf("DROP TABLE IF EXISTS %s;\n/*!50503 SET character_set_client = utf8mb4 */;\nCREATE TABLE %s (\n", name, name)
	for i := range width {
		c := m.column(i)
		t.columns = append(t.columns, c)
		m.printf("  %s %s DEFAULT NULL,\n", quoteName(c.name), c.typ)
		if c.isText() && m.IntN(8) == 0 {
			m.printf("  %s varchar(120) GENERATED ALWAYS AS (upper(%s)) VIRTUAL,\n", quoteName("g"+strconv.Itoa(i)), quoteName(c.name))
			t.columns = append(t.columns, canaryColumn{name: "g" + strconv.Itoa(i), typ: "varchar(120)", kind: "generated"})
		}
	}
	if !t.none && m.IntN(3) == 0 {
		m.printf("  `%s` varchar(20) DEFAULT NULL,\n", keepColumn)
		t.columns = append(t.columns, canaryColumn{name: keepColumn, typ: "varchar(20)"})
		t.where = m.coin()
		for i := range t.columns {
			c := &t.columns[i]
			c.cases = !t.where && (c.isText() || c.isBinary()) && c.kind != "" && c.kind != "generated" && m.coin()
		}
	}
	key := quoteName(t.columns[0].name) + "(20)"
	if m.IntN(8) == 0 {
		m.printf("  `id_of_row` int NOT NULL,\n  PRIMARY KEY (`id_of_row`),\n")
		t.columns = append(t.columns, canaryColumn{name: "id_of_row", typ: "int"})
		t.fraction, m.dump.atMost = !t.none && !t.where, m.dump.atMost || !t.none && !t.where
	}
	if m.parent.name != "" && m.parent.database == database && !t.none && m.coin() {
		m.printf("  `ref` int DEFAULT NULL,\n  CONSTRAINT `fk` FOREIGN KEY (`ref`) REFERENCES %s (`id_of_row`),\n", quoteName(m.parent.name))
		t.columns = append(t.columns, canaryColumn{name: "ref", typ: "int"})
		t.parent, m.dump.atMost = m.parent.name, true
	}
	if t.fraction {
		t.children = pick(m, anonymize.DropChildren, anonymize.NullChildren)
		m.parent, m.parentKeys = t, nil
	}
	m.printf("  KEY `k` (%s)\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;\n", key)
	m.printf("/*!40101 SET character_set_client = %s */;\n", map[bool]string{true: "latin1", false: "utf8mb4"}[m.latin1])
	m.dump.tables = append(m.dump.tables, t)
	if m.locks {
		m.printf("LOCK TABLES %s WRITE;\n", name)
	}
	if m.coin() {
		m.printf("/*!40000 ALTER TABLE %s DISABLE KEYS */;\n", name)
	}
	m.inserts(t)
	if m.locks {
		m.printf("UNLOCK TABLES;\n")
	}
	if m.IntN(3) == 0 {
		m.printf("/*!50003 SET sql_mode = '' */ ;\n")
		m.object(name)
		m.printf("/*!50003 SET sql_mode = '%s' */ ;\n", m.sqlMode())
	}
	return len(t.columns)
}

func quoteName(name string) string { return "`" + strings.ReplaceAll(name, "`", "``") + "`" }

func (m *dumpMaker) inserts(t canaryTable) {
	order := make([]int, len(t.columns))
	for i := range order {
		order[i] = i
	}
	quote := quoteName
	if m.ansi {
		quote = func(name string) string { return `"` + name + `"` }
	}
	head := fmt.Sprintf("%s %s", m.verb, quote(t.name))
	if m.complete {
		order = slices.DeleteFunc(order, func(i int) bool { return t.columns[i].kind == "generated" && m.coin() })
		m.Shuffle(len(order), func(i, j int) { order[i], order[j] = order[j], order[i] })
		var names []string
		for _, i := range order {
			names = append(names, quote(t.columns[i].name))
		}
		head += " (" + strings.Join(names, ",") + ")"
	}
	blank := map[bool]string{true: "\n", false: " "}[m.lines]
	for range 1 + m.IntN(2) {
		rows := 1 + m.IntN(4)
		m.printf("%s VALUES%s", head, blank)
		for r := range rows {
			m.marked = m.coin()
			var values []string
			for _, i := range order {
				values = append(values, m.value(t, t.columns[i]))
			}
			if !t.none && (!t.where || m.marked) {
				m.dump.rows++
			}
			m.printf("(%s)", strings.Join(values, ","))
			switch {
			case r == rows-1 && t.untouched() && m.verb == "INSERT INTO" && m.IntN(3) == 0:
				column := quote(t.columns[0].name)
				m.printf("%s ON DUPLICATE KEY UPDATE %s=VALUES(%s);\n", blank, column, column)
			case r == rows-1:
				m.printf(";\n")
			case m.extended:
				m.printf(",%s", strings.TrimLeft(blank, " "))
			default:
				m.printf(";\n%s VALUES%s", head, blank)
			}
		}
	}
}

// value writes a value, a canary in a treated column.
func (m *dumpMaker) value(t canaryTable, c canaryColumn) string {
	switch {
	case c.name == keepColumn && m.marked:
		return pick(m, "'keepit'", "'KeepIt'", "'KEEPIT  '")
	case c.name == keepColumn:
		// More than one byte from being kept, so that no damage makes it so.
		return pick(m, "NULL", "''", "'keepit..'", m.quoted(m.letters(9)))
	case c.name == "id_of_row":
		id := strconv.Itoa(m.IntN(1e6))
		if t.name == m.parent.name {
			m.parentKeys = append(m.parentKeys, id)
		}
		return id
	case c.name == "ref":
		return pick(m, append(m.parentKeys, "NULL")...)
	}
	treated := c.kind != "" && !(c.cases && m.marked) || t.none || t.where && !m.marked
	note := func(s string) {
		switch {
		case (t.fraction || t.parent != "") && !treated: // it may be left out, or not
		case treated && t.untouched(): // a generated column
		case treated:
			m.dump.canaries = append(m.dump.canaries, strings.ToLower(s))
		default:
			m.dump.public = append(m.dump.public, strings.ToLower(s))
		}
	}
	switch {
	case m.IntN(12) == 0:
		return "NULL"
	case c.isText():
		word := m.letters(14)
		note(word)
		if treated {
			note(hex.EncodeToString([]byte(word)))
		}
		return m.quoted(m.dress(c, word))
	case c.isBinary():
		b := []byte(m.letters(12))
		b[3], b[7] = byte(m.IntN(256)), byte(m.IntN(256))
		if treated {
			note(hex.EncodeToString(b))
		}
		if m.hexBlob {
			return "0x" + pick(m, strings.ToLower, strings.ToUpper)(hex.EncodeToString(b))
		}
		return pick(m, "", "_binary ") + m.quoted(string(b))
	case c.typ == "bigint":
		n := strconv.FormatUint(1e15+m.Uint64N(8e15), 10)
		note(n)
		return pick(m, "", "-") + n
	}
	n := strconv.FormatUint(1e15+m.Uint64N(8e15), 10)
	note(n)
	return n + ".2500"
}

// dress puts a word where values of a kind have words, or among what looks like SQL.
func (m *dumpMaker) dress(c canaryColumn, word string) string {
	switch m.IntN(4) {
	case 0:
		return word
	case 1:
		switch c.kind {
		case "email":
			return word + "@" + m.letters(8) + ".example"
		case "json":
			return `{"k": ["` + word + `", {"n": 17, "t": "\u00e9\n"}]}`
		case "url":
			return "https://" + word + ".example/p?q=1"
		case "pathname":
			return "/home/" + word + "/x.txt"
		}
	}
	odd := []string{"'", "''", "\\", "\\'", `"`, "`", "(", ")", ",", ";", "\n", "\t", "\x00", "\x1a", "-- ", "#", "/*", "*/", "/*!", "%", " ", "');", "','"}
	if m.noEscapes { // a line feed stays one then, and damage moves lines
		odd = slices.DeleteFunc(odd, func(s string) bool { return s == "\n" })
	}
	if !m.latin1 {
		odd = append(odd, "é", "ß")
		if !strings.Contains(c.typ, "latin1") {
			odd = append(odd, "日本", "😀", "e\u0301")
		}
	}
	return pick(m, odd...) + pick(m, odd...) + word + pick(m, odd...)
}

func (m *dumpMaker) quoted(s string) string {
	if m.noEscapes {
		return "'" + strings.ReplaceAll(s, "'", "''") + "'"
	}
	quote := pick(m, `\'`, "''")
	return "'" + strings.NewReplacer("'", quote, "\\", "\\\\", "\n", "\\n", "\x00", "\\0", "\x1a", "\\Z", "\r", "\\r").Replace(s) + "'"
}

// policy decides about the tables of a survey: what the dump was made with, and nothing about the rest.
func (d *canaryDump) policy(s *scrub.Survey) (*anonymize.Policy, error) {
	policy := &anonymize.Policy{}
	for _, def := range s.Tables {
		tp := &anonymize.TablePolicy{Database: def.Database, Table: def.Table.Name, Columns: map[string]anonymize.Decision{}}
		i := slices.IndexFunc(d.tables, func(t canaryTable) bool { return t.database == def.Database && t.name == def.Table.Name })
		if i >= 0 {
			switch t := d.tables[i]; {
			case t.none:
				tp.Rows = anonymize.NoRows
			case t.where:
				tp.Rows, tp.Where = anonymize.SomeRows, fmt.Sprintf("`%s` = '%s'", keepColumn, keepValue)
			case t.fraction:
				tp.Rows, tp.Fraction, tp.Children = anonymize.SomeRows, 0.5, t.children
			}
			for _, c := range d.tables[i].columns {
				dec := anonymize.Decision{Status: anonymize.Treated, Treatment: c.treatment()}
				if c.kind == "" || c.kind == "generated" {
					dec = anonymize.Decision{Status: anonymize.Public}
				}
				if c.cases {
					dec = anonymize.Decision{Status: anonymize.Treated, Cases: []anonymize.Case{
						{When: fmt.Sprintf("`%s` LIKE '%s%%' AND `%[1]s` IN ('%[3]s', NULL)", keepColumn, keepValue[:4], keepValue), Treatment: anonymize.Treatment{Kind: "public"}},
						{Treatment: c.treatment()},
					}}
				}
				tp.Columns[strings.ToLower(c.name)] = dec
			}
		}
		if err := policy.Add(tp); err != nil {
			return nil, err
		}
	}
	return policy, nil
}

var errLiterals = errors.New("literals in definitions")

// scrubbed is all that a run shows to anybody: outputs and errors.
type scrubbed struct {
	text    bytes.Buffer
	sql     string
	summary scrub.Summary
}

// run scrubs a dump both ways as the command does.
func (d *canaryDump) run(t *testing.T, dump string) (*scrubbed, error) {
	t.Helper()
	out := &scrubbed{}
	err := d.scrub(t, dump, out)
	if err != nil {
		fmt.Fprintln(&out.text, err)
	}
	return out, err
}

func (d *canaryDump) scrub(t *testing.T, dump string, out *scrubbed) error {
	t.Helper()
	src := memorySource(dump)
	survey, err := scrub.ReadSurvey(t.Context(), src, nil)
	if err != nil {
		return err
	}
	policy, err := d.policy(survey)
	if err != nil {
		return err
	}
	if literals := survey.Literals(policy); len(literals) > 0 {
		fmt.Fprintln(&out.text, literals)
		return errLiterals
	}
	key, err := anonymize.NewKey(strings.NewReader(strings.Repeat("k", anonymize.KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := anonymize.New(key, policy)
	if err != nil {
		return err
	}
	o := scrub.Options{Anonymizer: a, Jobs: 2}
	var sql bytes.Buffer
	out.summary, err = scrub.ToSQL(t.Context(), src, survey, &sql, o)
	out.sql = sql.String()
	out.text.Write(sql.Bytes())
	if err != nil {
		return err
	}
	store := blobs{}
	manifest, summary, err := scrub.ToSnapshot(t.Context(), src, survey, policy, scrub.Tool{}, store, snapshot.BuilderOptions{}, o)
	if err != nil {
		return fmt.Errorf("SQL was written, a snapshot was not: %w", err)
	}
	if summary.Rows != out.summary.Rows {
		t.Errorf("%d rows in SQL, %d in the snapshot", out.summary.Rows, summary.Rows)
	}
	snap, err := snapshot.Load(t.Context(), store, manifest)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.NewEncoder(&out.text).Encode(snap); err != nil {
		t.Fatal(err)
	}
	for _, c := range snap.Chunks {
		r, err := snapshot.ChunkReader{Blobs: store}.Rows(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := out.text.ReadFrom(r); err != nil {
			t.Fatal(err)
		}
		if err := r.Close(); err != nil {
			t.Fatal(err)
		}
	}
	return nil
}

// leak returns the first canary in what a run shows, or "".
func (d *canaryDump) leak(out *scrubbed) string {
	text := bytes.ToLower(out.text.Bytes())
	for _, c := range d.canaries {
		if bytes.Contains(text, []byte(c)) {
			return c
		}
	}
	return ""
}

// checkCanaries makes a dump, scrubs it, and scrubs it damaged in a number of ways: a canary may never show.
func checkCanaries(t *testing.T, seed uint64, damages int) {
	t.Helper()
	d := makeCanaryDump(seed)
	out, err := d.run(t, d.sql)
	if err != nil {
		t.Fatalf("seed %d: a sound dump is refused: %v\n%s", seed, err, d.sql)
	}
	if c := d.leak(out); c != "" {
		t.Fatalf("seed %d: canary %q in the output\n%s\n%s", seed, c, d.sql, out.text.String())
	}
	if out.summary.Rows != d.rows && !(d.atMost && out.summary.Rows < d.rows) {
		t.Errorf("seed %d: %d rows, want %d", seed, out.summary.Rows, d.rows)
	}
	for _, p := range d.public {
		if !strings.Contains(strings.ToLower(out.sql), p) {
			t.Errorf("seed %d: the public value %q is not in the SQL", seed, p)
		}
	}
	r := rand.New(rand.NewPCG(seed, 2)) //nolint:gosec // a test that can be repeated
	for n := range damages {
		dump, what := damage(r, d.sql)
		out, err := d.run(t, dump)
		if c := d.leak(out); c != "" {
			t.Fatalf("seed %d, damage %d (%s): canary %q shows (error: %v)\n%s\n----\n%s", seed, n, what, c, err, dump, out.text.String())
		}
	}
}

// damage changes a dump as transports, editors and disks do, in a way after which no canary stands in a public place by the rules of
// SQL: one byte, the end, or whole lines. Lines of a definition keep their order: another order makes other columns of the values.
func damage(r *rand.Rand, dump string) (damaged, what string) {
	i := r.IntN(len(dump))
	const odd = "'\"`\\;,()#-/*! \n\x00xN0=@_"
	switch r.IntN(7) {
	case 0:
		return dump[:i] + string(odd[r.IntN(len(odd))]) + dump[i+1:], fmt.Sprintf("byte %d changed", i)
	case 1:
		return dump[:i] + string(byte(r.IntN(256))) + dump[i+1:], fmt.Sprintf("byte %d changed", i)
	case 2:
		return dump[:i] + dump[i+1:], fmt.Sprintf("byte %d lost", i)
	case 3:
		return dump[:i] + string(odd[r.IntN(len(odd))]) + dump[i:], fmt.Sprintf("byte put in at %d", i)
	case 4:
		return dump[:i], fmt.Sprintf("cut at %d", i)
	}
	lines := strings.SplitAfter(dump, "\n")
	from := r.IntN(len(lines))
	line := lines[from]
	if strings.HasPrefix(line, "  ") {
		return dump[:i] + dump[i+1:], fmt.Sprintf("byte %d lost", i)
	}
	if r.IntN(3) > 0 {
		lines = slices.Delete(lines, from, from+1)
		what = fmt.Sprintf("line %d lost", from+1)
	}
	if r.IntN(2) == 0 {
		to := r.IntN(len(lines))
		for strings.HasPrefix(lines[to], "  ") {
			to = r.IntN(len(lines))
		}
		lines = slices.Insert(lines, to, line)
		what += fmt.Sprintf(" line %d put before %d", from+1, to+1)
	}
	return strings.Join(lines, ""), what
}

// TestCanariesNeverShow is the promise of the package: no value of a treated column gets out, whatever the dump. It runs for about two
// seconds; CANARY_SECONDS makes it longer, CANARY_SEED starts it elsewhere.
func TestCanariesNeverShow(t *testing.T) {
	seconds, seed := 2, uint64(1)
	if s := os.Getenv("CANARY_SECONDS"); s != "" {
		n, err := strconv.Atoi(s)
		if err != nil {
			t.Fatal(err)
		}
		seconds = n
	}
	if s := os.Getenv("CANARY_SEED"); s != "" {
		n, err := strconv.ParseUint(s, 10, 64)
		if err != nil {
			t.Fatal(err)
		}
		seed = n
	}
	end := time.Now().Add(time.Duration(seconds) * time.Second)
	for ; time.Now().Before(end) && !t.Failed(); seed++ {
		checkCanaries(t, seed, 20)
	}
	t.Logf("next seed: %d", seed)
}

func FuzzCanary(f *testing.F) {
	for seed := range uint64(8) {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, seed uint64) { checkCanaries(t, seed, 10) })
}

// memorySource is a dump that needs no file.
type memorySource string

func (s memorySource) Open() (io.ReadCloser, *atomic.Int64, error) {
	return io.NopCloser(strings.NewReader(string(s))), &atomic.Int64{}, nil
}

func (s memorySource) SizeBytes() int64 { return int64(len(s)) }

func (s memorySource) Close() error { return nil }
