package scrub_test

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// promised are the identifier kinds with what makes values of printable ASCII that they are for, alike enough to come near one another.
var promised = []struct {
	kind string
	make func(r *rand.Rand) string
}{
	{"string", func(r *rand.Rand) string { return printable(r, r.IntN(5)) }},
	{"digits", func(r *rand.Rand) string { return printable(r, 1+r.IntN(4)) }},
	{"email", func(r *rand.Rand) string {
		return word(r) + "@" + word(r) + pickOf(r, ".org", ".ORG", ".com", ".de", ".example")
	}},
	{"hostname", func(r *rand.Rand) string {
		return word(r) + pickOf(r, "", ".a", ".b.org", "."+word(r)+".com", "-1.example.net")
	}},
	{"uuid", func(r *rand.Rand) string {
		return fmt.Sprintf("00000000-0000-4000-8000-00000000%04x", r.IntN(300))
	}},
	{"ip_address", func(r *rand.Rand) string { return fmt.Sprintf("10.0.%d.%d", r.IntN(2), r.IntN(150)) }},
	{"mac", func(r *rand.Rand) string { return fmt.Sprintf("fa:16:3e:00:%02x:%02x", r.IntN(2), r.IntN(150)) }},
	{"url", func(r *rand.Rand) string {
		return "https://" + word(r) + ".org/" + word(r) + pickOf(r, "", "?a="+word(r), "#x")
	}},
	{"phone", func(r *rand.Rand) string {
		return fmt.Sprintf("%s%d", pickOf(r, "+49 30 ", "030/", "00"), r.IntN(90))
	}},
	{"pathname", func(r *rand.Rand) string { return "/" + word(r) + "/" + word(r) + pickOf(r, "", ".txt", "/") }},
	{"hexstring", func(r *rand.Rand) string { return fmt.Sprintf("%03x", r.IntN(300)) }},
	{"ec2_id", func(r *rand.Rand) string { return fmt.Sprintf("i-%08x", r.IntN(300)) }},
	{"cidr", func(r *rand.Rand) string { return fmt.Sprintf("10.%d.%d.0/24", r.IntN(2), r.IntN(150)) }},
	{"redact", func(r *rand.Rand) string { return printable(r, r.IntN(5)) }},
}

func pickOf(r *rand.Rand, from ...string) string { return from[r.IntN(len(from))] }

func word(r *rand.Rand) string {
	return pickOf(r, "a", "B", "ab", "Ab", "x1", "jane", "Jane") + pickOf(r, "", "", "b", "7")
}

func printable(r *rand.Rand, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = "aAbBzZ019 -_.!~@"[r.IntN(16)]
	}
	return string(b)
}

func quote(s string) string {
	return "'" + strings.NewReplacer("\\", "\\\\", "'", "''").Replace(s) + "'"
}

// promisedUnder says which kinds are tried under the n-th collation: string under all, the others under some, for want of time.
func promisedUnder(kind, n int) bool { return kind == 0 || kind%3 == n%3 }

// promiseSchema makes tables whose unique indexes are under a collation, with values that are distinct under it, and columns that refer to
// them with a foreign key and without.
func promiseSchema(r *rand.Rand, collation string, n int) (sql string, kinds marks) {
	var b strings.Builder
	kinds = marks{}
	for i, p := range promised {
		if !promisedUnder(i, n) {
			continue
		}
		table := fmt.Sprintf("p%02d", i)
		fmt.Fprintf(&b, "CREATE TABLE %[1]s (v varchar(80) COLLATE %[2]s NOT NULL, w varchar(80) COLLATE %[2]s, PRIMARY KEY (v), UNIQUE KEY both_of (w, v)) ENGINE=InnoDB;\n", table, collation)
		fmt.Fprintf(&b, "CREATE TABLE %[1]sr (id int AUTO_INCREMENT PRIMARY KEY, declared varchar(80) COLLATE %[2]s, loose varchar(80) COLLATE %[2]s, FOREIGN KEY (declared) REFERENCES %[1]s (v));\n", table, collation)
		values, rows, children := make([]string, 120), make([]string, 120), make([]string, 60)
		for j := range values {
			values[j] = p.make(r)
			w := quote(p.make(r))
			if r.IntN(8) == 0 {
				w = "NULL"
			}
			rows[j] = fmt.Sprintf("(%s,%s)", quote(values[j]), w)
		}
		for j := range children {
			children[j] = fmt.Sprintf("(%s,%s)", quote(values[r.IntN(len(values))]), quote(pickOf(r, values[r.IntN(len(values))], p.make(r))))
		}
		fmt.Fprintf(&b, "INSERT IGNORE INTO %s VALUES %s;\n", table, strings.Join(rows, ","))
		fmt.Fprintf(&b, "INSERT INTO %sr (declared, loose) VALUES %s;\n", table, strings.Join(children, ","))
		for _, column := range []string{".v", ".w", "r.declared", "r.loose"} {
			kinds[table+column] = p.kind
		}
		if p.kind == "redact" { // it gives this kind's pseudonyms in keys, and constants elsewhere
			kinds[table+"r.loose"] = "string"
		}
	}
	fmt.Fprintf(&b, "CREATE TABLE q_prefix (id int PRIMARY KEY, v varchar(80) COLLATE %[1]s, t text COLLATE %[1]s, UNIQUE KEY (v(3)), UNIQUE KEY (t(5), v(2)), b varbinary(20), UNIQUE KEY (b(2)));\n", collation)
	fmt.Fprintf(&b, "CREATE TABLE q_other (i int, d decimal(9,3), day datetime, e enum('a','b','c'), age int CHECK (age BETWEEN 0 AND 120), j longtext CHECK (json_valid(j)),"+
		" UNIQUE KEY (i, d), UNIQUE KEY (day, e), UNIQUE KEY (d), c char(5) COLLATE %s UNIQUE);\n", collation)
	var prefixes, others []string
	for i := range 300 {
		prefixes = append(prefixes, fmt.Sprintf("(%d,%s,%s,x'%04x%02x')", i, quote(printable(r, r.IntN(7))), quote(printable(r, 4+r.IntN(4))), r.IntN(600), i%256))
		others = append(others, fmt.Sprintf("(%d,%d.%d,'2014-02-%02d %02d:00:01',%s,%d,%s,%s)", r.IntN(2000)-1000, r.IntN(300)-150, r.IntN(1000), 1+r.IntN(28), r.IntN(24),
			pickOf(r, "'a'", "'b'", "'c'"), r.IntN(121), quote(`{"name": "Jane", "n": [1, 2.5, "x"]}`), quote(printable(r, r.IntN(5)))))
	}
	fmt.Fprintf(&b, "INSERT IGNORE INTO q_prefix VALUES %s;\nINSERT IGNORE INTO q_other VALUES %s;\n", strings.Join(prefixes, ","), strings.Join(others, ","))
	for column, kind := range map[string]string{"i": "integer", "d": "decimal", "day": "datetime", "e": "enum", "j": "json", "c": "string"} {
		kinds["q_other."+column] = kind
	}
	return b.String(), kinds
}

// promise prepares a dump under a key, with the treatments that have options.
func promise(t *testing.T, dump string, kinds marks, key string) prepared {
	t.Helper()
	p := prepare(t, dump, kinds)
	treat := func(table, column string, treatment anonymize.Treatment) {
		p.policy.Table("", table).Columns[column] = anonymize.Decision{Status: anonymize.Treated, Treatment: treatment}
	}
	treat("q_prefix", "v", anonymize.Treatment{Kind: "string", Prefix: anonymize.PreservePrefix})
	treat("q_prefix", "t", anonymize.Treatment{Kind: "string", Prefix: anonymize.PreservePrefix})
	treat("q_prefix", "b", anonymize.Treatment{Kind: "blob", Prefix: anonymize.PreservePrefix})
	treat("q_other", "age", anonymize.Treatment{Kind: "integer", Range: &anonymize.Range{Min: "0", Max: "120"}})
	k, err := anonymize.NewKey(strings.NewReader(strings.Repeat(key, anonymize.KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	if p.opts.Anonymizer, err = anonymize.New(k, p.policy); err != nil {
		t.Fatal(err)
	}
	return p
}

// checked is a dump whose loading is checked in every way: strictly, and with all keys at once.
func checked(t *testing.T, dump string) string {
	t.Helper()
	for from, to := range map[string]string{"UNIQUE_CHECKS=0": "UNIQUE_CHECKS=1", "FOREIGN_KEY_CHECKS=0": "FOREIGN_KEY_CHECKS=1", "SQL_MODE='": "SQL_MODE='STRICT_ALL_TABLES,"} {
		if !strings.Contains(dump, from) {
			t.Fatalf("the dump does not say %s", from)
		}
		dump = strings.ReplaceAll(dump, from, to)
	}
	return dump
}

// The promises about pseudonyms: a copy loads with all checks on, for unique keys under many collations, alone, composite and on prefixes;
// joins have as many rows as before, with foreign keys and without, in one copy and between two made with one key; and under another key
// hardly a value is the same.
func TestPromisesOnAServer(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 6)) //nolint:gosec // a test that can be repeated
	s, original := servertest.Database(t)
	db := s.DB("")
	defer db.Close()
	for n, collation := range []string{
		"utf8mb4_bin", "utf8mb4_general_ci", "utf8mb4_unicode_ci", "utf8mb4_unicode_520_ci", "utf8mb4_uca1400_ai_ci", "latin1_swedish_ci",
	} {
		t.Run(collation, func(t *testing.T) {
			_, second := servertest.Database(t)
			var databases [3]string
			sql, kinds := promiseSchema(r, collation, n)
			reset := "DROP DATABASE " + original + "; CREATE DATABASE " + original + " CHARACTER SET utf8mb4; USE " + original + ";"
			servertest.Load(t, s, original, strings.NewReader(reset+"SET sql_mode='';\n"+sql))
			again, _ := promiseSchema(r, collation, n)
			servertest.Load(t, s, second, strings.NewReader("SET sql_mode='';\n"+again))
			dumps := [2]string{string(servertest.Dump(t, s, original)), string(servertest.Dump(t, s, second))}
			copies := []struct{ dump, key string }{{dumps[0], "k"}, {dumps[1], "k"}, {dumps[0], "o"}}
			if n > 2 {
				copies = copies[:2] // another key was tried for every kind
			}
			for i, copied := range copies {
				out, err := promise(t, copied.dump, kinds, copied.key).toSQL(t)
				if err != nil {
					t.Fatal(err)
				}
				_, databases[i] = servertest.Database(t)
				servertest.Load(t, s, databases[i], strings.NewReader(checked(t, out)))
			}
			for i, p := range promised {
				if !promisedUnder(i, n) {
					continue
				}
				for _, join := range []string{
					"%[1]s.p%02[3]d a JOIN %[1]s.p%02[3]dr b ON a.v = b.declared", "%[1]s.p%02[3]d a JOIN %[1]s.p%02[3]dr b ON a.v = b.loose",
					"%[1]s.p%02[3]d a JOIN %[2]s.p%02[3]d b ON a.v = b.v", "%[1]s.p%02[3]d a JOIN %[2]s.p%02[3]dr b ON a.w = b.loose",
				} {
					want := count(t, db, "SELECT COUNT(*) FROM "+fmt.Sprintf(join, original, second, i))
					got := count(t, db, "SELECT COUNT(*) FROM "+fmt.Sprintf(join, databases[0], databases[1], i))
					if want != got || want == 0 {
						t.Errorf("kind %s: %s has %d rows, want %d", p.kind, join, got, want)
					}
				}
				if len(copies) < 3 {
					continue
				}
				total := count(t, db, fmt.Sprintf("SELECT COUNT(*) FROM %s.p%02d WHERE LENGTH(v) > 6", databases[0], i))
				same := count(t, db, fmt.Sprintf("SELECT COUNT(*) FROM %s.p%02d a JOIN %s.p%02d b ON a.v = b.v WHERE LENGTH(a.v) > 6", databases[0], i, databases[2], i))
				if total > 20 && same*2 > total {
					t.Errorf("kind %s: under another key %d of %d values are the same", p.kind, same, total)
				}
			}
			for _, table := range []string{"q_prefix", "q_other"} {
				if n := count(t, db, "SELECT COUNT(*) FROM "+databases[0]+"."+table); n < 20 || n != count(t, db, "SELECT COUNT(*) FROM "+original+"."+table) {
					t.Errorf("%d rows of %s", n, table)
				}
			}
		})
	}
}
