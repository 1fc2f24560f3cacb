package scrub_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/opencontainers/go-digest"
	ocispec "github.com/opencontainers/image-spec/specs-go/v1"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

// blobs keeps blobs in memory.
type blobs map[digest.Digest][]byte

func (b blobs) Put(_ context.Context, mediaType string, r io.Reader) (ocispec.Descriptor, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return ocispec.Descriptor{}, err
	}
	d := digest.FromBytes(data)
	b[d] = data
	return ocispec.Descriptor{MediaType: mediaType, Digest: d, Size: int64(len(data))}, nil
}

func (b blobs) Open(_ context.Context, d ocispec.Descriptor) (io.ReadCloser, error) {
	data, ok := b[d.Digest]
	if !ok {
		return nil, os.ErrNotExist
	}
	return io.NopCloser(bytes.NewReader(data)), nil
}

// marks are kinds by "table.column"; "public" leaves a column alone, and every column without a mark is public.
type marks map[string]string

// prepared is a dump on disk, surveyed, with a policy.
type prepared struct {
	source scrub.Source
	survey *scrub.Survey
	policy *anonymize.Policy
	opts   scrub.Options
}

func prepare(t *testing.T, dump string, m marks) prepared {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dump.sql")
	if err := os.WriteFile(path, []byte(dump), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := scrub.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return prepareSource(t, source, m)
}

func prepareSource(t *testing.T, source scrub.Source, m marks) prepared {
	t.Helper()
	survey, err := scrub.ReadSurvey(t.Context(), source, nil)
	if err != nil {
		t.Fatal(err)
	}
	p := prepared{source: source, survey: survey, policy: policyOf(t, survey, m)}
	key, err := anonymize.NewKey(strings.NewReader(strings.Repeat("k", anonymize.KeyBytes)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := anonymize.New(key, p.policy)
	if err != nil {
		t.Fatal(err)
	}
	p.opts = scrub.Options{Anonymizer: a, Jobs: 2}
	return p
}

func policyOf(t *testing.T, s *scrub.Survey, m marks) *anonymize.Policy {
	t.Helper()
	policy := &anonymize.Policy{}
	for _, d := range s.Tables {
		tp := &anonymize.TablePolicy{Database: d.Database, Table: d.Table.Name, Columns: map[string]anonymize.Decision{}}
		if m[d.Table.Name] == "none" {
			tp.Rows = anonymize.NoRows
		}
		for _, c := range d.Table.Columns {
			dec := anonymize.Decision{Status: anonymize.Public}
			if kind, ok := m[d.Table.Name+"."+c.Name]; ok && kind != "public" {
				dec = anonymize.Decision{Status: anonymize.Treated, Treatment: anonymize.Treatment{Kind: kind}}
			}
			tp.Columns[strings.ToLower(c.Name)] = dec
		}
		if err := policy.Add(tp); err != nil {
			t.Fatal(err)
		}
	}
	return policy
}

func (p prepared) toSQL(t *testing.T) (string, error) {
	t.Helper()
	var out bytes.Buffer
	_, err := scrub.ToSQL(t.Context(), p.source, p.survey, &out, p.opts)
	return out.String(), err
}

// toRows scrubs into a snapshot and returns each table's rows as they are spelled.
func (p prepared) toRows(t *testing.T) (map[string]string, *snapshot.Snapshot, error) {
	t.Helper()
	store := blobs{}
	manifest, _, err := scrub.ToSnapshot(t.Context(), p.source, p.survey, p.policy, scrub.Tool{Version: "test"}, store,
		snapshot.BuilderOptions{}, p.opts)
	if err != nil {
		return nil, nil, err
	}
	snap, err := snapshot.Load(t.Context(), store, manifest)
	if err != nil {
		t.Fatal(err)
	}
	rows := map[string]string{}
	for _, c := range snap.Chunks {
		r, err := snapshot.ChunkReader{Blobs: store}.Rows(t.Context(), c)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		rows[c.Table] += string(text)
		r.Close()
	}
	return rows, snap, nil
}

const people = "CREATE TABLE `people` (\n  `id` int NOT NULL,\n  `name` varchar(20) DEFAULT 'x',\n" +
	"  `up` varchar(20) GENERATED ALWAYS AS (upper(`name`)) STORED,\n  `photo` blob,\n  `b` bit(10) DEFAULT NULL,\n  PRIMARY KEY (`id`)\n);\n"

const other = "CREATE TABLE `other` (`x` text);\n"

func TestSQLOfUntouchedTablesIsByteForByte(t *testing.T) {
	dump := "SET NAMES utf8mb4;\n" + other + "LOCK TABLES `other` WRITE;\n" +
		"INSERT  INTO `other`  VALUES ('a;\\'\\n'),\n  (NULL) , (_utf8mb4'b''c'),(x'4142');\nUNLOCK TABLES;\n"
	got, err := prepare(t, dump, nil).toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(dump, got); diff != "" {
		t.Errorf("untouched dump changed (-want +got):\n%s", diff)
	}
}

func TestSQLTreatsTheRightColumn(t *testing.T) {
	tests := []struct{ name, insert, want string }{
		{
			"all columns", "INSERT INTO `people` VALUES (1,'canary','CANARY',NULL,b'1'),(2,NULL,NULL,'\\0\\'',NULL);\n",
			"INSERT INTO `people` VALUES (1,'xxxxxx',DEFAULT,NULL,b'1'),\n(2,NULL,DEFAULT,'\\0\\'',NULL);\n",
		},
		{
			"a list in another order", "INSERT INTO people (`NAME`, id) VALUES ('canary',1);\n",
			"INSERT INTO people (`NAME`, id) VALUES ('xxxxxx',1);\n",
		},
		{
			"REPLACE, a row a line", "REPLACE INTO `people` (`id`,`name`) VALUES\n(1,'canary'),\n(2,'can');\n",
			"REPLACE INTO `people` (`id`,`name`) VALUES\n(1,'xxxxxx'),\n(2,'xxx');\n",
		},
		{
			"INSERT IGNORE with introducer", "INSERT IGNORE INTO `people` (`id`,`name`) VALUES (1,_utf8mb4'canary');\n",
			"INSERT IGNORE INTO `people` (`id`,`name`) VALUES (1,_utf8mb4 'xxxxxx');\n",
		},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got, err := prepare(t, people+tt.insert, marks{"people.name": "redact"}).toSQL(t)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(people+tt.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

func TestSQLLeavesOutWhoAndWhere(t *testing.T) {
	dump := "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n--\n-- Host: db7.canary.example    Database: canary\n-- ---\n" +
		"-- canary's own comment\n/* canary */\nSET NAMES utf8mb4;\nSET @@GLOBAL.GTID_PURGED='canary:1-5';\n" + other +
		"DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`canary`@`host`*/ /*!50003 TRIGGER tr BEFORE INSERT ON other FOR EACH ROW SET NEW.x = 1 */;;\n" +
		"DELIMITER ;\nCHANGE MASTER TO MASTER_LOG_FILE='canary.1', MASTER_LOG_POS=1;\n-- Dump completed on 2026-01-01\n"
	got, err := prepare(t, dump, nil).toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "canary") {
		t.Errorf("a name is left:\n%s", got)
	}
	for _, want := range []string{"TRIGGER tr", "-- Host: -", "-- Dump completed", "SET NAMES", "CREATE TABLE `other`"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s was left out:\n%s", want, got)
		}
	}
}

func TestRowsNoneLeavesTheTableEmpty(t *testing.T) {
	p := prepare(t, other+"INSERT INTO other VALUES ('canary'),('b');\nINSERT INTO other VALUES ('canary');\n", marks{"other": "none"})
	got, err := p.toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if got != other {
		t.Errorf("got %q, want the definition alone", got)
	}
	rows, snap, err := p.toRows(t)
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) > 0 || !snap.Config.Tables[0].RowsOmitted {
		t.Errorf("snapshot has rows of %d tables, RowsOmitted %v; want none, true", len(rows), snap.Config.Tables[0].RowsOmitted)
	}
}

func TestSnapshotSpellsRows(t *testing.T) {
	tests := []struct{ name, insert, want string }{
		{"text and binary", `INSERT INTO people VALUES (1,'a\tb\\',NULL,'\0A','` + "\x02\x01" + `');`, "1\ta\\tb\\\\\t0041\t0201\n"},
		{"hex and bit literals", "INSERT INTO people VALUES (1,0x6162,NULL,0x00FF,b'101');", "1\tab\t00FF\t0005\n"},
		{"a bit as a number", "INSERT INTO people VALUES (1,'',NULL,'',513);", "1\t\t\t0201\n"},
		{"nulls", "INSERT INTO people VALUES (-1,NULL,NULL,NULL,NULL);", "-1\t\\N\t\\N\t\\N\n"},
		{"columns that are not given have their defaults", "INSERT INTO people (id) VALUES (1),(2);", "1\tx\t\\N\t\\N\n2\tx\t\\N\t\\N\n"},
		{"latin1 dump", "SET NAMES latin1;\nINSERT INTO people (id,name,photo) VALUES (1,'\xe9\x80','\xe9');", "1\té€\tE9\t\\N\n"},
		{"no backslash escapes", "SET sql_mode='NO_BACKSLASH_ESCAPES';\nINSERT INTO people (id,name) VALUES (1,'a\\n''b');", "1\ta\\\\n'b\t\\N\t\\N\n"},
		{"double quotes", `INSERT INTO people (id,name) VALUES (1,"it's");`, "1\tit's\t\\N\t\\N\n"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			rows, _, err := prepare(t, people+tt.insert+"\n", nil).toRows(t)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(tt.want, rows["people"]); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
}

// Where system versioning's columns are declared, mariadb-dump writes their values in every row.
func TestDeclaredRowStartAndEnd(t *testing.T) {
	const create = "CREATE TABLE `v` (\n  `a` int(11) DEFAULT NULL,\n  `s` timestamp(6) GENERATED ALWAYS AS ROW START,\n" +
		"  `e` timestamp(6) GENERATED ALWAYS AS ROW END,\n  PERIOD FOR SYSTEM_TIME (`s`, `e`)\n) WITH SYSTEM VERSIONING;\n"
	p := prepare(t, create+"INSERT INTO `v` VALUES (7,'2026-01-01 00:00:00.000000','2038-01-19 03:14:07.999999');\n", nil)
	rows, _, err := p.toRows(t)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff("7\n", rows["v"]); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}

func TestSnapshotKeepsObjects(t *testing.T) {
	dump := people + "/*!50001 CREATE VIEW `v` AS SELECT NULL AS `id` */;\nDELIMITER ;;\n" +
		"CREATE DEFINER=`canary`@`host` FUNCTION `f`() RETURNS int DETERMINISTIC\nreturn 1\n;;\nDELIMITER ;\n" +
		"/*!50001 DROP VIEW IF EXISTS `v`*/;\n/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`canary`@`host` SQL SECURITY DEFINER */\n" +
		"/*!50001 VIEW `v` AS select `people`.`id` AS `id` from `people` */;\n"
	_, snap, err := prepare(t, dump, nil).toRows(t)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, o := range append(snap.Before, snap.After...) {
		got = append(got, fmt.Sprintf("%s %s", o.Kind, o.Name))
		if strings.Contains(o.SQL, "canary") {
			t.Errorf("%s %s names its definer", o.Kind, o.Name)
		}
	}
	want := []string{"table people", "stand-in v", "routine f", "view v"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("objects (-want +got):\n%s", diff)
	}
}

// A row that cannot be understood stops both outputs, with its place and without its values.
func TestRowsThatStopARun(t *testing.T) {
	tests := []struct{ name, insert, want string }{
		{"too few values", "INSERT INTO people (id,name) VALUES (1,'ok'),(2);", "row 2"},
		{"too many values", "INSERT INTO people (id,name) VALUES (1,'canary','canary');", "row 1"},
		{"an unknown column", "INSERT INTO people (id,secret) VALUES (1,'canary');", "people"},
		{"a column twice", "INSERT INTO people (id,name,name) VALUES (1,'canary','canary');", "name"},
		{"ill-formed text", "INSERT INTO people (id,name) VALUES (1,'canary\xff');", "name"},
		{"a treated column is not given", "INSERT INTO people (id) VALUES (1);", "name"},
		{"a clause after the rows", "INSERT INTO people (id,name) VALUES (1,'a') ON DUPLICATE KEY UPDATE name='canary';", "after the rows"},
		{"a name in a clause", "INSERT INTO people (id,name) VALUES (1,'a') ON DUPLICATE KEY UPDATE name=canary;", "after the rows"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := prepare(t, people+tt.insert+"\n", marks{"people.name": "redact"})
			out, err := p.toSQL(t)
			checkRefusal(t, err, tt.want)
			if !strings.HasSuffix(out, scrub.FailedLine) {
				t.Errorf("the output does not end with the line that stops a client: %q", out)
			}
			if strings.Contains(out, "canary") {
				t.Errorf("the output shows the value: %q", out)
			}
			_, _, err = p.toRows(t)
			checkRefusal(t, err, tt.want)
		})
	}
}

// A number in an ENUM column is the rank of a member, and may be the name of another one.
func TestNumbersInEnumColumns(t *testing.T) {
	for _, dump := range []string{
		"CREATE TABLE e (e enum('2','canary'));\nINSERT INTO e VALUES (2);\n",
		"CREATE TABLE e (e set('2','canary'));\nINSERT INTO e VALUES ('2'),(2);\n",
	} {
		p := prepare(t, dump, marks{"e.e": "enum"})
		_, err := p.toSQL(t)
		checkRefusal(t, err, "does not belong")
		_, _, err = p.toRows(t)
		checkRefusal(t, err, "does not belong")
	}
}

func checkRefusal(t *testing.T, err error, want string) {
	t.Helper()
	switch {
	case err == nil:
		t.Error("no error")
	case !strings.Contains(err.Error(), want):
		t.Errorf("error %q does not say %q", err, want)
	case strings.Contains(err.Error(), "canary"):
		t.Errorf("error shows a value: %q", err)
	}
}

// A default that only a server knows is its business when SQL comes out; a snapshot has no place for it.
func TestDefaultsThatAreNoConstants(t *testing.T) {
	dump := "CREATE TABLE d (id int AUTO_INCREMENT, at timestamp DEFAULT current_timestamp(), x varchar(9), KEY (id));\nINSERT INTO d (x) VALUES ('canary');\n"
	p := prepare(t, dump, marks{"d.x": "redact"})
	if got, err := p.toSQL(t); err != nil || !strings.HasSuffix(got, "INSERT INTO d (x) VALUES ('xxxxxx');\n") {
		t.Errorf("got %q, error %v", got, err)
	}
	_, _, err := p.toRows(t)
	checkRefusal(t, err, "complete-insert")
}

func TestSurveyStopsAt(t *testing.T) {
	tests := []struct{ name, dump, want string }{
		{"rows without a definition", "INSERT INTO t VALUES (1);\n", "definition"},
		{"a table defined twice", other + other, "second time"},
		{"a changing charset", other + "INSERT INTO other VALUES (1);\nSET NAMES latin1;\nINSERT INTO other VALUES (1);\n", "character set"},
		{"a changing time zone", other + "INSERT INTO other VALUES (1);\nSET time_zone='+01:00';\nINSERT INTO other VALUES (1);\n", "time zone"},
		{"INSERT PARTITION", other + "INSERT INTO other PARTITION (p0) VALUES ('canary');\n", "PARTITION, as no dump program writes it"},
		{"INSERT SET", other + "INSERT INTO other SET x='canary';\n", "SET or PARTITION, as no dump"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "dump.sql")
			if err := os.WriteFile(path, []byte(tt.dump), 0o600); err != nil {
				t.Fatal(err)
			}
			source, err := scrub.OpenFile(path)
			if err != nil {
				t.Fatal(err)
			}
			_, err = scrub.ReadSurvey(t.Context(), source, nil)
			var syntax *mysqldump.SyntaxError
			if !errors.As(err, &syntax) || !strings.Contains(err.Error(), tt.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("ReadSurvey = %v, want a SyntaxError about %q", err, tt.want)
			}
		})
	}
}

func TestRunsWithAnyNumberOfJobsAgree(t *testing.T) {
	var dump strings.Builder
	dump.WriteString(people)
	for s := range 30 {
		dump.WriteString("INSERT INTO `people` (`id`,`name`) VALUES ")
		for i := range 4000 {
			if i > 0 {
				dump.WriteByte(',')
			}
			fmt.Fprintf(&dump, "(%d,'name%d')", s*4000+i, i*s)
		}
		dump.WriteString(";\n")
	}
	var first blobs
	for _, jobs := range []int{1, 3} {
		p := prepare(t, dump.String(), marks{"people.name": "string"})
		p.opts.Jobs = jobs
		store := blobs{}
		_, summary, err := scrub.ToSnapshot(t.Context(), p.source, p.survey, p.policy, scrub.Tool{}, store, snapshot.BuilderOptions{}, p.opts)
		if err != nil {
			t.Fatal(err)
		}
		if summary.Rows != 120_000 {
			t.Errorf("%d jobs: %d rows, want 120000", jobs, summary.Rows)
		}
		if first == nil {
			first = store
		} else if diff := cmp.Diff(len(first), len(store)); diff != "" {
			t.Errorf("number of blobs differs: %s", diff)
		}
		for d := range store {
			if _, ok := first[d]; !ok {
				t.Errorf("%d jobs: blob %s differs", jobs, d)
			}
		}
	}
}

func TestLiteralsThatNoTreatmentReaches(t *testing.T) {
	dump := "CREATE TABLE `c` (`id` int, `mail` varchar(40) DEFAULT 'canary@x.org', `plain` varchar(9) DEFAULT 'ok',\n" +
		"`e` enum('canary','b'), `n` varchar(9) DEFAULT '', CONSTRAINT `k` CHECK (`mail` <> 'canary'))\n" +
		"/*!50100 PARTITION BY LIST COLUMNS(n) (PARTITION p VALUES IN ('canary')) */;\n" +
		"CREATE VIEW quiet AS SELECT id FROM c WHERE id = 1;\nCREATE EVENT still ON SCHEDULE EVERY 1 DAY STARTS '2026-01-01 00:00:00' DO DELETE FROM c;\n" +
		"CREATE EVENT telling ON SCHEDULE AT '2026-01-01 00:00:00' DO DELETE FROM c WHERE mail = 'canary';\nCREATE EVENT timeless ON SCHEDULE AT 'canary' DO DELETE FROM c;\n" +
		"/*!50001 CREATE TABLE `stand_in` (`a` varchar(9) DEFAULT 'canary') */;\nCREATE VIEW loud AS SELECT id FROM c WHERE mail = 'canary';\n"
	p := prepare(t, dump, marks{"c.mail": "redact", "c.e": "enum", "c.n": "redact"})
	want := []scrub.Literal{
		{Object: "c.e", Where: "enum"},
		{Object: "c.mail", Where: "check"},
		{Object: "c.mail", Where: "default"},
		{Object: "c.n", Where: "partitions"},
		{Object: "telling", Where: "event"},
		{Object: "timeless", Where: "event"},
		{Object: "stand_in", Where: "view"},
		{Object: "loud", Where: "view"},
	}
	if diff := cmp.Diff(want, p.survey.Literals(p.policy)); diff != "" {
		t.Errorf("literals (-want +got):\n%s", diff)
	}
}

// Comments beside rows and statements once went out as they were; those that dump programs write did, whatever had been added to them. In
// a snapshot's definitions they stayed longer.
func TestCommentsInStatementsAreLeftOut(t *testing.T) {
	dump := "-- Dumping data for table canary\n-- Dump completed canary\n" +
		"CREATE TABLE `people` ( -- canary\n `id` int, `name` varchar(20) /* canary */);\n" + other +
		"INSERT /* canary */ INTO `people` VALUES (1,'ab') /* canary */, # canary\n(2,'cd') -- canary\n;\n" +
		"INSERT INTO `other` VALUES /* canary */ ('a' /* canary */), -- canary\n('/* b */') /* canary */;\nDROP TABLE /* canary */ `x`;\n"
	p := prepare(t, dump, marks{"people.name": "redact"})
	got, err := p.toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "canary") {
		t.Errorf("a comment is left:\n%s", got)
	}
	_, snap, err := p.toRows(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, o := range snap.Before {
		if strings.Contains(o.SQL, "canary") {
			t.Errorf("a comment is left in the snapshot: %s", o.SQL)
		}
	}
	for _, want := range []string{"(1,'xx'),\n(2,'xx')", "('/* b */')", "DROP TABLE"} {
		if !strings.Contains(got, want) {
			t.Errorf("%s was left out:\n%s", want, got)
		}
	}
}

// The rows of a table that the policy does not touch come out as they are, but only when they are understood: in a damaged dump they
// may hold those of another table.
func TestUntouchedRowsAreRead(t *testing.T) {
	for _, rows := range []string{"('a',concat('canary'))", "('a' 'canary')", "('a','canary')"} {
		p := prepare(t, people+other+"INSERT INTO other VALUES "+rows+";\n", marks{"people.name": "redact"})
		out, err := p.toSQL(t)
		checkRefusal(t, err, "other")
		if strings.Contains(out, "canary") {
			t.Errorf("the output shows the value: %q", out)
		}
	}
}

// The pseudonym of a number in a text column is text: it once went out without quotes.
func TestNumbersInTextColumns(t *testing.T) {
	got, err := prepare(t, people+"INSERT INTO people (id,name) VALUES (1,4711e5),(2,12);\n", marks{"people.name": "string"}).toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	survey := prepare(t, got, nil).survey // rows are read with it
	if survey == nil || strings.Contains(got, "4711") {
		t.Errorf("got %q", got)
	}
	if redacted, err := prepare(t, people+"INSERT INTO people (id,name) VALUES (1,-5.2e7);\n", marks{"people.name": "redact"}).toSQL(t); err != nil ||
		!strings.Contains(redacted, "(1,'*0*0x0')") {
		t.Errorf("got %q, error %v; want text in quotes", redacted, err)
	}
}

// A literal may name its own character set, and a hexadecimal one has the bytes that the column stores. Both were once read in the
// dump's.
func TestLiteralsOfOtherCharsets(t *testing.T) {
	const table = "CREATE TABLE `l` (`a` varchar(9) CHARACTER SET latin1, `b` varchar(9)) DEFAULT CHARSET=utf8mb4;\n"
	insert := "INSERT INTO l VALUES (_latin1'\xe9',_latin1 0xE9),(0xE9,0xC3A9),(_utf8mb4'é',_utf8mb3 0xC3A9),('é',_binary'é');\n"
	rows, _, err := prepare(t, table+insert, nil).toRows(t)
	if err != nil {
		t.Fatal(err)
	}
	if want := strings.Repeat("é\té\n", 4); rows["l"] != want {
		t.Errorf("got %q, want %q", rows["l"], want)
	}
	sql, err := prepare(t, table+insert, marks{"l.b": "string"}).toSQL(t)
	if err != nil || !strings.Contains(sql, "(x'E9','") || strings.Contains(sql, "C3A9") {
		t.Errorf("got %q, error %v", sql, err)
	}
	if _, _, err := prepare(t, table+"INSERT INTO l VALUES (_gbk'canary',NULL);\n", nil).toRows(t); err == nil || strings.Contains(err.Error(), "canary") {
		t.Errorf("a literal in gbk: %v", err)
	}
}

func TestLiteralsInExpressionsAndHex(t *testing.T) {
	dump := "SET sql_mode='ANSI_QUOTES';\nCREATE TABLE \"c\" (\"mail\" varchar(40), \"g\" int GENERATED ALWAYS AS (if(\"mail\"='canary',1,0)) VIRTUAL,\n" +
		"\"h\" varchar(9) CHECK (\"mail\" <> 'canary'), KEY \"k\" ((case when \"mail\" = 'canary' then 1 end)));\n" +
		"CREATE VIEW loud AS SELECT 0x63616e617279 AS a;\n"
	p := prepare(t, dump, marks{"c.mail": "redact"})
	want := []scrub.Literal{
		{Object: "c.mail", Where: "check"}, {Object: "c.mail", Where: "generated"}, {Object: "c.mail", Where: "index"}, {Object: "loud", Where: "view"},
	}
	if diff := cmp.Diff(want, p.survey.Literals(p.policy)); diff != "" {
		t.Errorf("literals (-want +got):\n%s", diff)
	}
}
