package scrub_test

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// foreign are characters outside ASCII, and some inside, that come out near one another.
var foreign = []string{
	"aeioucnyzàéîõüçñýž", "aAeEàÀéÉßſsS", "жшцаЖШЦАйё\u0306", "αβγάΑΒΣσς", "漢字名前東京", "😀😎🎉☃→", "e\u0301\u0308a\u200b\u00ad", "ıiİIłŁlL·", "ﬁfiæaeœoeß",
	"กขคเแโ", "かがカガｶ", "abcABC019", "ab01.,-\t", "각한글가",
}

func foreignText(r *rand.Rand, least int) string {
	from := []rune(foreign[r.IntN(len(foreign))])
	var b strings.Builder
	for range least + r.IntN(2) {
		b.WriteRune(from[r.IntN(len(from))])
	}
	return b.String()
}

// collidable are the tables of TestUniqueIndexesAreCheckedAsAServerDoes: columns, the index, what v is and how it is treated.
var collidable = []struct {
	columns, index, kind string
	prefix               bool
	make                 func(r *rand.Rand) string
}{
	{"v varchar(40)", "(v)", "string", false, func(r *rand.Rand) string { return foreignText(r, 1) }},
	{"v varchar(40), n int", "(v, n)", "string", false, func(r *rand.Rand) string { return foreignText(r, 1) }},
	{"v varchar(40), n varchar(9)", "(n, v)", "string", false, func(r *rand.Rand) string { return foreignText(r, 1) }},
	{"v char(40), w varchar(40)", "(v), ADD UNIQUE KEY uq_b (w, v)", "username", false, func(r *rand.Rand) string { return foreignText(r, 2) + pickOf(r, "", " ") }},
	{"v varchar(40)", "(v(2))", "string", true, func(r *rand.Rand) string { return foreignText(r, 2) }},
	{"v text", "(v(5))", "string", true, func(r *rand.Rand) string { return foreignText(r, 3) }},
	{"v varchar(40)", "(v)", "email", false, func(r *rand.Rand) string {
		return pickOf(r, "a", "b", "B", "zoé", "a%4e", "a%4E") + "@" + pickOf(r, "a", "b") + pickOf(r, ".org", ".zuerich", ".bayern1", ".koeln", ".versicherung", ".xn--p1ai")
	}},
	{"v varchar(40)", "(v)", "hostname", false, func(r *rand.Rand) string { return word(r) + pickOf(r, ".org", ".foo", ".bar", ".baz", ".FOO", "") }},
	{"v varchar(40)", "(v)", "hexstring", false, func(r *rand.Rand) string { return fmt.Sprintf(pickOf(r, "%x", "%X", "0x%x"), r.IntN(600)) }},
	{"v varchar(40)", "(v)", "uuid", false, func(r *rand.Rand) string {
		return fmt.Sprintf("00000000-0000-4000-8000-00000000"+pickOf(r, "%04x", "%04X"), r.IntN(600))
	}},
	{"v double", "(v)", "decimal", false, func(r *rand.Rand) string {
		return pickOf(r, fmt.Sprint(r.IntN(50)), fmt.Sprintf("0.%017d", r.Int64N(1e17)), "1.5e300")
	}},
	{"v float", "(v)", "decimal", false, func(r *rand.Rand) string { return fmt.Sprintf("%d.%d", r.IntN(9000), r.IntN(100)) }},
	{"v varbinary(20)", "(v)", "string", false, func(r *rand.Rand) string { return foreignText(r, 1) }},
	{"v binary(6)", "(v)", "blob", false, func(r *rand.Rand) string { return string(rune('a'+r.IntN(26))) + pickOf(r, "", "b", "\\0") }},
}

// collidableTable makes a table whose unique index holds under a collation.
func collidableTable(r *rand.Rand, n int, collation string) (table, sql string) {
	c := collidable[n]
	table = fmt.Sprintf("t%02d", n)
	var b strings.Builder
	columns := strings.NewReplacer("char(40)", "char(40) COLLATE "+collation, "char(9)", "char(9) COLLATE "+collation, "text", "text COLLATE "+collation).Replace(c.columns)
	for i := range n {
		fmt.Fprintf(&b, "DROP TABLE IF EXISTS t%02d;\n", i) // a dump has one table
	}
	fmt.Fprintf(&b, "CREATE TABLE %s (id int AUTO_INCREMENT PRIMARY KEY, %s);\nALTER TABLE %s ADD UNIQUE KEY uq_a %s;\n", table, columns, table, c.index)
	name := ""
	if fields := strings.Fields(c.columns); len(fields) > 2 {
		name = ", " + fields[2]
	}
	fmt.Fprintf(&b, "INSERT IGNORE INTO %s (v%s) VALUES ", table, name)
	for i := range []int{20, 80, 300}[r.IntN(3)] {
		if i > 0 {
			b.WriteString(", ")
		}
		value := c.make(r)
		if strings.HasPrefix(collation, "latin5") { // the pseudonyms of others are not all in it
			value = strings.Map(func(c rune) rune {
				if c >= 0x80 {
					return []rune("iIaA")[c%4]
				}
				return c
			}, value)
		}
		b.WriteString("(" + quote(value))
		if name != "" {
			b.WriteString(", " + pickOf(r, "NULL", "'1'", "'1'", "'2'"))
		}
		b.WriteString(")")
	}
	return table, b.String() + ";\n"
}

func withPrefix(t *testing.T, p *prepared, table, column string) {
	t.Helper()
	p.policy.Table("", table).Columns[column] = anonymize.Decision{
		Status: anonymize.Treated, Treatment: anonymize.Treatment{Kind: "string", Prefix: anonymize.PreservePrefix},
	}
	key, err := anonymize.NewKey(strings.NewReader(strings.Repeat("k", anonymize.KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	if p.opts.Anonymizer, err = anonymize.New(key, p.policy); err != nil {
		t.Fatal(err)
	}
}

// Scrub fails with a collision where, and only where, a server would refuse the copy; and it says the same whatever the number of jobs.
func TestUniqueIndexesAreCheckedAsAServerDoes(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 9)) //nolint:gosec // a test that can be repeated
	s, _ := servertest.Database(t)
	collations := []string{
		"utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_unicode_520_ci", "utf8mb4_uca1400_ai_ci",
		"utf8mb4_uca1400_nopad_as_ci", "utf8mb4_bin", "latin1_german2_ci", "latin5_turkish_ci",
	}
	var collisions, copies atomic.Int32
	for i, collation := range collations {
		t.Run(collation, func(t *testing.T) {
			_, database := servertest.Database(t)
			_, plain := servertest.Database(t)
			_, copied := servertest.Database(t)
			db := s.DB(plain)
			defer db.Close()
			for n, c := range collidable {
				if i > 0 && !strings.Contains(c.columns, "char") && !strings.Contains(c.columns, "text") {
					continue // of no collation
				}
				table, sql := collidableTable(r, n, collation)
				servertest.Load(t, s, database, strings.NewReader("SET sql_mode='';\n"+sql))
				dump := string(servertest.Dump(t, s, database))
				m := marks{table + ".v": c.kind}
				check := func(dump string, jobs int) (string, error) {
					p := prepare(t, dump, m)
					if c.prefix {
						withPrefix(t, &p, table, "v")
					}
					p.opts.Jobs = jobs
					return p.toSQL(t)
				}
				out, err := check(dump, 1)
				if _, err4 := check(dump, 4); fmt.Sprint(err) != fmt.Sprint(err4) {
					t.Errorf("%s: with one job %v, with four %v", c.index, err, err4)
				}
				var collision *scrub.CollisionError
				if err != nil && !errors.As(err, &collision) {
					t.Fatal(err)
				}
				// The copy without the check is the one of a dump without the index.
				without, plainErr := check(strings.ReplaceAll(dump, "UNIQUE KEY `uq", "KEY `uq"), 1)
				if plainErr != nil {
					t.Fatal(plainErr)
				}
				servertest.Load(t, s, plain, strings.NewReader(without))
				_, refused := db.ExecContext(t.Context(), "ALTER TABLE "+table+" DROP KEY uq_a, "+
					strings.Repeat("DROP KEY uq_b, ", strings.Count(c.index, "uq_b"))+"ADD UNIQUE KEY uq_a "+c.index)
				switch {
				case (err != nil) != (refused != nil):
					t.Errorf("%s %s %s: scrub says %v, a server %v", c.columns, c.index, c.kind, err, refused)
				case err != nil:
					collisions.Add(1)
				default:
					copies.Add(1)
					servertest.Load(t, s, copied, strings.NewReader(checked(t, out)))
				}
			}
		})
	}
	if collisions.Load() < 10 || copies.Load() < 10 {
		t.Errorf("%d collisions and %d copies: the test shows too little", collisions.Load(), copies.Load())
	}
	t.Logf("%d collisions, %d copies", collisions.Load(), copies.Load())
}

// countingSource counts how often a dump is read.
type countingSource struct {
	memorySource
	opened atomic.Int32
}

func (s *countingSource) Open() (io.ReadCloser, *atomic.Int64, error) {
	s.opened.Add(1)
	return s.memorySource.Open()
}

// tableOf is a dump of one table with a unique index.
func tableOf(definition string, rows ...string) string {
	return "SET NAMES utf8mb4;\nCREATE TABLE `t` (\n  " + definition + "\n) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_general_ci;\nINSERT INTO `t` VALUES\n" +
		strings.Join(rows, ",\n") + ";\n"
}

func TestCollisions(t *testing.T) {
	const text = "`v` varchar(40) NOT NULL,\n  UNIQUE KEY `uq` (`v`)"
	var plain, accented, mixed []string
	for c := 'a'; c <= 'z'; c++ {
		if c != 'o' && c != 'u' {
			plain = append(plain, fmt.Sprintf("('%c')", c))
		}
	}
	accented = []string{"('ò')", "('ù')"}
	mixed = append(slices.Clone(plain), accented...)
	var short []string
	for i := range 900 {
		short = append(short, fmt.Sprintf("('a%d')", i))
	}
	cyrillic := []string{"('ж')", "('ш')", "('a')"}
	var spelled []string // no server writes them so
	for i := range 900 {
		if whole, tenth := 10+i/10, i%10; tenth > 0 {
			spelled = append(spelled, fmt.Sprintf("(%d.%d%s)", whole, tenth, strings.Repeat("00", whole%2)))
		}
	}
	tests := []struct {
		name, dump, kind string
		want             string // of the error
		readings         int32  // the survey's included
	}{
		{"rows that are distinct by construction before one that is not", tableOf(text, mixed...), "string", "unique index uq (v)", 3},
		{"and behind it", tableOf(text, slices.Concat(accented, plain)...), "string", "unique index uq (v)", 3},
		{"ASCII alone is read once", tableOf(text, plain...), "string", "", 2},
		{"so is a script that ASCII is not equal to", tableOf(text, cyrillic...), "string", "", 2},
		{"under _bin nothing is equal to ASCII", tableOf("`v` varchar(40) COLLATE utf8mb4_bin NOT NULL,\n  UNIQUE KEY `uq` (`v`)", mixed...), "string", "", 2},
		{"short secrets", tableOf(text, short...), "secret", "unique index uq (v)", 2},
		{"NULL is equal to nothing", tableOf("`v` varchar(40),\n  `n` int,\n  UNIQUE KEY `uq` (`v`,`n`)", "('ò',NULL)", "('ù',NULL)", "('á',NULL)"), "string", "", 2},
		{"an index that has the columns of another one", tableOf("`v` varchar(40),\n  `n` int NOT NULL,\n  PRIMARY KEY (`n`),\n  UNIQUE KEY `uq` (`v`,`n`)", "('ò',1)", "('ù',2)"), "string", "", 2},
		{"a column that rows leave to its default", strings.Replace(tableOf("`v` varchar(40),\n  `n` int NOT NULL DEFAULT 1,\n  UNIQUE KEY `uq` (`v`,`n`)", mixed...), "`t` VALUES", "`t` (`v`) VALUES", 1), "string", "unique index uq (v, n)", 3},
		{"a default of NULL", strings.Replace(tableOf("`v` varchar(40),\n  `n` int DEFAULT NULL,\n  UNIQUE KEY `uq` (`v`,`n`)", mixed...), "`t` VALUES", "`t` (`v`) VALUES", 1), "string", "", 2},
		{"numbers spelled otherwise than a server does", tableOf("`v` decimal(9,3) NOT NULL,\n  UNIQUE KEY `uq` (`v`)", spelled...), "decimal", "unique index uq (v)", 3},
		{"an index over text that is public", tableOf("`v` varchar(40),\n  `n` int,\n  UNIQUE KEY `uq` (`v`)", "('ò',1)", "('o',2)"), "public", "", 2},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			source := &countingSource{memorySource: memorySource(test.dump)}
			p := prepareSource(t, source, marks{"t.v": test.kind})
			out, err := p.toSQL(t)
			if (err == nil) != (test.want == "") || err != nil && !strings.Contains(err.Error(), test.want) {
				t.Errorf("error %v, want one with %q", err, test.want)
			}
			if strings.HasSuffix(out, scrub.FailedLine) != (test.want != "") {
				t.Error("the output does not end as it should")
			}
			if got := source.opened.Load(); got != test.readings {
				t.Errorf("the dump was read %d times, want %d", got, test.readings)
			}
			if _, _, snapshotErr := p.toRows(t); (snapshotErr == nil) != (err == nil) {
				t.Errorf("of a snapshot: %v", snapshotErr)
			}
		})
	}
}
