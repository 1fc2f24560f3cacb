package scrub_test

import (
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// A directory that mydumper wrote is a source like a file.
var _ scrub.Source = (*mydumper.Dir)(nil)

func TestMydumperDirectoryOnAServer(t *testing.T) {
	const session = "/*!40101 SET NAMES binary*/;\n/*!40014 SET FOREIGN_KEY_CHECKS=0*/;\n/*!40103 SET TIME_ZONE='+00:00' */;\n"
	s := servertest.Server(t)
	d := servertest.Name(t, s)
	dir := t.TempDir()
	for name, text := range map[string]string{
		"metadata":               "Started dump at: 2026-01-02 03:04:05\nFinished dump at: 2026-01-02 03:04:06\n",
		d + "-schema-create.sql": "CREATE DATABASE `" + d + "` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;\n",
		d + ".t-schema.sql":      session + "CREATE TABLE `t` (\n `id` int(11) NOT NULL,\n `sec` varchar(99) CHARACTER SET latin1,\n `pub` varchar(99) DEFAULT 'é',\n PRIMARY KEY (`id`)\n);\n",
		d + ".t.00000.sql":       session + "INSERT INTO `t` VALUES\n(1,\"qz100\xe9\",\"\\\"é\\\"\\n\"),\n(2,NULL,\"\");\n",
		d + ".t.00001.sql":       session + "INSERT INTO `t` (`pub`,`sec`,`id`) VALUES\n(\"qz1\\\\\",\"qz101\",3);\n",
		d + ".v-schema.sql":      session + "CREATE TABLE `v`(\n`id` int\n)ENGINE=MyISAM;\n",
		d + ".v-schema-view.sql": "/*!40101 SET NAMES binary*/;\nDROP TABLE IF EXISTS `v`;\nDROP VIEW IF EXISTS `v`;\n" +
			"SET character_set_client = utf8mb4;\nCREATE ALGORITHM=UNDEFINED DEFINER=`someone`@`somewhere` SQL SECURITY INVOKER VIEW `v` AS select `id` AS `id` from `t`;\n",
		d + ".t-schema-triggers.sql": "SET character_set_client = utf8mb4;\nCREATE DEFINER=`someone`@`somewhere` TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = 1; SET @b = 2; \nEND;\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	source, err := mydumper.Open(dir, 2)
	if err != nil {
		t.Fatal(err)
	}
	p := prepareSource(t, source, marks{"t.sec": "string"})
	got, err := p.toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(got, "qz100") || strings.Contains(got, "qz101") || strings.Contains(got, "someone") {
		t.Errorf("a treated value or a name shows:\n%s", got)
	}
	servertest.Load(t, s, "", strings.NewReader(got))
	want := []string{"1 22C3A9220A", "2 ", "3 717A315C"}
	if rows := query(t, s, d, "SELECT CONCAT_WS(' ', id, HEX(pub)) FROM t ORDER BY id"); strings.Join(rows, ",") != strings.Join(want, ",") {
		t.Errorf("got %q, want %q", rows, want)
	}
	if rows := query(t, s, d, "SELECT CONCAT_WS(' ', id, CHAR_LENGTH(sec)) FROM t JOIN v USING (id) ORDER BY id"); strings.Join(rows, ",") != "1 6,2,3 5" {
		t.Errorf("got %q of treated values", rows)
	}
	rows, snap, err := p.toRows(t)
	if err != nil || strings.Count(rows["t"], "\n") != 3 || len(snap.After) != 3 {
		t.Errorf("snapshot: error %v, rows %q, %d objects after them", err, rows["t"], len(snap.After))
	}
}

const mydumperSession = "/*!40101 SET NAMES binary*/;\n/*!40014 SET FOREIGN_KEY_CHECKS=0*/;\n"

// mydumperDir is a directory of two tables, with files that replace or add to those of a good one.
func mydumperDir(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	all := map[string]string{
		"metadata":            "Started dump at: 2026-01-02 03:04:05\nFinished dump at: 2026-01-02 03:04:06\n",
		"d-schema-create.sql": "CREATE DATABASE `d` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;\n",
		"d.a-schema.sql":      mydumperSession + "CREATE TABLE `a` (\n `id` int(11) NOT NULL,\n `sec` varchar(99)\n);\n",
		"d.b-schema.sql":      mydumperSession + "CREATE TABLE `b` (\n `id` int(11) NOT NULL,\n `sec` varchar(99)\n);\n",
		"d.a.00000.sql":       mydumperSession + "INSERT INTO `a` VALUES\n(1,\"canary\"),\n(2,\"canary\");\n",
		"d.a.00001.sql":       mydumperSession + "INSERT INTO `a` VALUES\n(3,\"canary\");\n",
		"d.b.00000.sql":       mydumperSession + "INSERT INTO `b` VALUES\n(1,\"canary\");\n",
	}
	maps.Copy(all, files)
	for name, text := range all {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// Errors say in which file, and where in it. Nothing goes on after one: no goroutine, no snapshot.
func TestMydumperErrorsNameFiles(t *testing.T) {
	insert := mydumperSession + "INSERT INTO `a` VALUES\n"
	for name, c := range map[string]struct{ file, text, want string }{
		"a row too short":     {"d.a.00001.sql", insert + "(3,\"canary\"),\n(4);\n", "table d.a, file d.a.00001.sql, statement near offset 89, row 2: the row has 1 values"},
		"in the last file":    {"d.b.00000.sql", strings.Replace(insert, "`a`", "`b`", 1) + "(3,\"canary\",1);\n", "file d.b.00000.sql, statement near offset 89, row 1"},
		"an expression":       {"d.a.00001.sql", insert + "(3,canary());\n", "read d.a.00001.sql: offset 92, INSERT \"a\", row 1"},
		"a statement":         {"d.a.00001.sql", mydumperSession + "DELETE FROM a;\n", "read d.a.00001.sql: line 3, offset "},
		"rows of no table":    {"d.a.00001.sql", strings.Replace(insert, "`a`", "`x`", 1) + "(3,\"canary\");\n", "read d.a.00001.sql: line 3, offset "},
		"rows that were lost": {"metadata", "[`d`.`a`]\nrows = 9\n# Finished dump at: 2026-01-02 03:04:06\n", "table d.a has 3 rows in the files, 9 by metadata"},
		"defined twice":       {"d.c-schema.sql", "CREATE TABLE `b` (`id` int);\n", "read d.c-schema.sql, CREATE TABLE \"b\": the table is defined a second time"},
	} {
		t.Run(name, func(t *testing.T) {
			before := runtime.NumGoroutine()
			source, err := scrub.Open(mydumperDir(t, map[string]string{c.file: c.text}), 4)
			if err != nil {
				t.Fatal(err)
			}
			_, err = scrub.ReadSurvey(t.Context(), source, nil)
			if err == nil {
				p := prepareSource(t, source, marks{"a.sec": "string", "b.sec": "string"})
				_, _, err = p.toRows(t)
				if out, sqlErr := p.toSQL(t); sqlErr == nil || err == nil || sqlErr.Error() != err.Error() || !strings.HasSuffix(out, scrub.FailedLine) {
					t.Errorf("as SQL: error %v, ending %q", sqlErr, out[max(0, len(out)-20):])
				}
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "canary") {
				t.Errorf("error %v, want %s", err, c.want)
			}
			for range 100 {
				if runtime.NumGoroutine() <= before {
					return
				}
				time.Sleep(10 * time.Millisecond)
			}
			t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), before)
		})
	}
}
