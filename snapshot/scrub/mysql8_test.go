package scrub_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func mysql84(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("testdata", "mysql-8.4-by-hand.sql"))
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var mysql84Marks = marks{"customer.email": "string", "customer.bio": "string", "log.who": "string"}

// A dump as mysqldump 8.4 writes it, by hand from MySQL's manual, since none of its servers is at hand: right columns are treated,
// and every other byte stays but for those that name somebody or concern other servers.
func TestDumpOfMySQL84(t *testing.T) {
	want := mysql84(t)
	for _, change := range []struct{ from, to string }{
		{"-- Host: db01.example.com    Database: shop\n", "-- Host: -    Database: -\n"},
		{between(t, want, "\n\n--\n-- GTID state", "8a94f357-aab4-11df-86ab-c80aa9429562:1-3:7-9';"), ""},
		{between(t, want, "\n\n--\n-- Position to start", "SOURCE_LOG_POS=157;"), ""},
		{between(t, want, "\n/*!80002 ANALYZE", "BUCKETS */;"), ""}, // the server makes it anew, of other values
		{"-- Dumping events for database 'shop'\n", "-- Dumping events\n"},
		{"-- Dumping routines for database 'shop'\n", "-- Dumping routines\n"},
		{"/*!50017 DEFINER=`ann.admin`@`%`*/ ", ""},
		{"/*!50117 DEFINER=`ann.admin`@`%`*/ ", ""},
		{"DEFINER=`ann.admin`@`%` FUNCTION", "FUNCTION"},
		{"DEFINER=`app_role`@`%` ", ""},
		// Rows of treated tables: one a line.
		{"),(2,NULL,'qz103'", "),\n(2,NULL,'qz103'"},
		{"),(3,-7,'qz104'", "),\n(3,-7,'qz104'"},
		{"),(2,NULL,'qz106'", "),\n(2,NULL,'qz106'"},
	} {
		if strings.Count(want, change.from) != 1 {
			t.Fatalf("%d times in the dump: %.60q", strings.Count(want, change.from), change.from)
		}
		want = strings.Replace(want, change.from, change.to, 1)
	}
	want = regexp.MustCompile(`0x(E6[0-9A-F]+|0{32}|07)`).ReplaceAllString(want, "x'$1'") // as literals of treated tables come out
	got, err := prepare(t, mysql84(t), mysql84Marks).toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "qz1") {
		t.Error("a treated value shows")
	}
	if diff := cmp.Diff(strings.Split(pseudonym.ReplaceAllString(want, "'-'"), "\n"), strings.Split(pseudonym.ReplaceAllString(got, "'-'"), "\n")); diff != "" {
		t.Error(diff)
	}
	if n := len(pseudonym.FindAllString(got, -1)); n != 6 {
		t.Errorf("%d pseudonyms, want 6", n)
	}
}

// pseudonym is a treated value, before or after.
var pseudonym = regexp.MustCompile(`'[a-z]{2}[0-9]{3}'`)

// A snapshot of the same dump has the rows that a server would store, and every object in an order that can be restored.
func TestSnapshotOfMySQL84(t *testing.T) {
	rows, snap, err := prepare(t, mysql84(t), mysql84Marks).toRows(t)
	if err != nil {
		t.Fatal(err)
	}
	for table, text := range rows {
		if strings.Contains(text, "qz1") {
			t.Errorf("table %s: a treated value shows", table)
		}
		rows[table] = regexp.MustCompile(`\b[a-z]{2}[0-9]{3}\b`).ReplaceAllString(text, "-")
	}
	const nowhere, origin = "E6100000010100000000000000000000000000000000000000", "00000000000000000000000000000000"
	want := map[string]string{
		"customer": "1\t5\t-\t{\"k\": \"it's; (x) , (y)\", \"é\": [1.0, null]}\t[1, 2]\t00270A5C221AFF\t6162636465666768696A6B6C6D6E6F70\tE61000000101000000000000000000F03F0000000000000040\tit's; (\t05\t2024-01-01 00:00:00.000001\t-\n" +
			"2\t\\N\t-\t\\N\t\\N\t\\N\t\\N\t" + nowhere + "\té\t07\t\\N\t\\N\n" +
			"3\t-7\t-\tnull\t[]\t\t" + origin + "\t" + nowhere + "\tnew\t00\t0000-00-00 00:00:00.000000\t\n",
		"log":  "1\tkept; (1)\t-\n2\t\\N\t-\n",
		"sale": "1\t1999\t0000803F00000040\t-1.500000000000000000000000000000\n2\t2155\t0000803F00000040\t\\N\n",
	}
	if diff := cmp.Diff(want, rows); diff != "" {
		t.Error(diff)
	}
	var objects []string
	for _, o := range slices.Concat(snap.Before, snap.After) {
		objects = append(objects, string(o.Kind)+" "+o.Name)
		if strings.Contains(o.SQL, "DEFINER=") || strings.Contains(o.SQL, "GTID") {
			t.Errorf("%s %s: %s", o.Kind, o.Name, o.SQL)
		}
	}
	if diff := cmp.Diff([]string{
		"database shop", "table customer", "table log", "table sale", "trigger audit", "stand-in emails", "event nightly", "routine plus", "view emails",
	}, objects); diff != "" {
		t.Error(diff)
	}
}

// Percona Server's program writes more around its dumps, which changes no data and is left out. Nothing else may be prepared or executed.
func TestDumpOfPerconaServer(t *testing.T) {
	const start = "/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;\n"
	const end = "/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;\n"
	const before50 = "/*!50112 SELECT COUNT(*) INTO @is_rocksdb_supported FROM INFORMATION_SCHEMA.SESSION_VARIABLES WHERE VARIABLE_NAME='rocksdb_bulk_load' */;\n" +
		"/*!50112 SET @save_old_rocksdb_bulk_load = IF (@is_rocksdb_supported, 'SET @old_rocksdb_bulk_load = @@rocksdb_bulk_load', 'SET @dummy_old_rocksdb_bulk_load = 0') */;\n" +
		"/*!50112 PREPARE s FROM @save_old_rocksdb_bulk_load */;\n/*!50112 EXECUTE s */;\n" +
		"/*!50112 SET @enable_bulk_load = IF (@is_rocksdb_supported, 'SET SESSION rocksdb_bulk_load = 1', 'SET @dummy_rocksdb_bulk_load = 0') */;\n" +
		"/*!50112 PREPARE s FROM @enable_bulk_load */;\n/*!50112 EXECUTE s */;\n/*!50112 DEALLOCATE PREPARE s */;\n"
	const before57 = "/*!50717 SELECT COUNT(*) INTO @rocksdb_has_p_s_session_variables FROM INFORMATION_SCHEMA.TABLES WHERE TABLE_SCHEMA = 'performance_schema' AND TABLE_NAME = 'session_variables' */;\n" +
		`/*!50717 SET @rocksdb_get_is_supported = IF (@rocksdb_has_p_s_session_variables, 'SELECT COUNT(*) INTO @rocksdb_is_supported FROM performance_schema.session_variables WHERE VARIABLE_NAME=\'rocksdb_bulk_load\'', 'SELECT 0') */;` +
		"\n/*!50717 PREPARE s FROM @rocksdb_get_is_supported */;\n/*!50717 EXECUTE s */;\n/*!50717 DEALLOCATE PREPARE s */;\n" +
		"/*!50717 SET @rocksdb_enable_bulk_load = IF (@rocksdb_is_supported, 'SET SESSION rocksdb_bulk_load = 1', 'SET @rocksdb_dummy_bulk_load = 0') */;\n" +
		"/*!50717 PREPARE s FROM @rocksdb_enable_bulk_load */;\n/*!50717 EXECUTE s */;\n/*!50717 DEALLOCATE PREPARE s */;\n"
	const after = "/*!50112 SET @disable_bulk_load = IF (@is_rocksdb_supported, 'SET SESSION rocksdb_bulk_load = @old_rocksdb_bulk_load', 'SET @dummy_rocksdb_bulk_load = 0') */;\n" +
		"/*!50112 PREPARE s FROM @disable_bulk_load */;\n/*!50112 EXECUTE s */;\n/*!50112 DEALLOCATE PREPARE s */;\n"
	want, err := prepare(t, mysql84(t), mysql84Marks).toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	for _, before := range []string{before50, before57} {
		dump := strings.NewReplacer(start, start+before, end, after+end).Replace(mysql84(t))
		got, err := prepare(t, dump, mysql84Marks).toSQL(t)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(strings.Split(want, "\n"), strings.Split(got, "\n")); diff != "" {
			t.Error(diff)
		}
	}
	for _, statement := range []string{
		"SET @enable_bulk_load = IF (1, 'INSERT INTO log VALUES (9,''s3cret'',NULL)', 'SELECT 0');\n/*!50112 PREPARE s FROM @enable_bulk_load */;\n/*!50112 EXECUTE s */;\n",
		"/*!50112 PREPARE s FROM @s3cret */;\n", "PREPARE s FROM @enable_bulk_load;\n", "/*!50112 SELECT 's3cret' INTO @is_rocksdb_supported */;\n", "EXECUTE s;\n",
	} {
		_, err := tryPrepare(t, strings.Replace(mysql84(t), start, start+statement, 1), mysql84Marks)
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("%q: error %v", statement, err)
		}
	}
}

// What a dump of MySQL 8 may have besides is refused by name: values in histograms, accounts and roles.
func TestRefusedOfMySQL84(t *testing.T) {
	const before = "/*!40000 ALTER TABLE `customer` ENABLE KEYS */;\n"
	for statement, want := range map[string]string{
		"/*!80032 ANALYZE TABLE `customer` UPDATE HISTOGRAM ON `email` USING DATA '{\"buckets\": [[\"s3cret\", 1.0]]}' */;": "a histogram carries values",
		"CREATE ROLE `app`@`%`;":             "an account, role or privilege",
		"GRANT `app`@`%` TO `ann`@`%`;":      "an account, role or privilege",
		"SET DEFAULT ROLE ALL TO `ann`@`%`;": "SET DEFAULT",
		"CREATE USER `ann`@`%` IDENTIFIED WITH 'caching_sha2_password' AS 's3cret';": "an account, role or privilege",
		"ALTER USER `ann`@`%` DEFAULT ROLE `app`@`%`;":                               "an account, role or privilege",
		"DROP USER `ann`@`%`;": "an account, role or privilege",
	} {
		t.Run(strings.Fields(statement)[0]+" "+strings.Fields(statement)[1], func(t *testing.T) {
			_, err := tryPrepare(t, strings.Replace(mysql84(t), before, before+statement+"\n", 1), mysql84Marks)
			if err == nil || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "s3cret") {
				t.Errorf("got %v, want %s", err, want)
			}
		})
	}
}

// between returns the text from one mark up to and with another.
func between(t *testing.T, text, from, to string) string {
	t.Helper()
	start := strings.Index(text, from)
	end := strings.Index(text, to)
	if start < 0 || end < start {
		t.Fatalf("no text from %q to %q", from, to)
	}
	return text[start : end+len(to)]
}
