package mydumper_test

import (
	"bytes"
	"compress/gzip"
	"errors"
	"maps"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/klauspost/compress/zstd"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

const (
	done    = "Started dump at: 2026-01-02 03:04:05\nFinished dump at: 2026-01-02 03:04:06\n"
	session = "/*!40101 SET NAMES binary*/;\n/*!40014 SET FOREIGN_KEY_CHECKS=0*/;\n"
)

// files are a directory as mydumper 0.10 writes it.
func files() map[string]string {
	return map[string]string{
		"metadata":            done,
		"d-schema-create.sql": "CREATE DATABASE `d` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;\n",
		"d.t-schema.sql":      session + "\nCREATE TABLE `t` (\n  `a` int\n);\n",
		"d.t.00000.sql":       session + "INSERT INTO `t` VALUES\n(1);\n",
		"d.t.00001.sql":       session + "INSERT INTO `t` VALUES\n(2);\n",
		"d.v-schema.sql":      session + "CREATE TABLE `v`(\n`a` int\n)ENGINE=MyISAM;\n",
		"d.v-schema-view.sql": session + "DROP TABLE IF EXISTS `v`;\nCREATE ALGORITHM=UNDEFINED VIEW `v` AS select 1 AS `a`;\n",
		"d.t-schema-triggers.sql": "SET @PREV_X=@@CHARACTER_SET_CLIENT;\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = ';;'; \n END;\n" +
			"SET character_set_client = @PREV_X;\n",
		"d-schema-post.sql": "CREATE PROCEDURE p() SELECT 1;\n",
	}
}

func written(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		var b bytes.Buffer
		switch filepath.Ext(name) {
		case ".gz":
			w := gzip.NewWriter(&b)
			_, err := w.Write([]byte(text))
			if err := errors.Join(err, w.Close()); err != nil {
				t.Fatal(err)
			}
		case ".zst":
			w, err := zstd.NewWriter(&b)
			if err == nil {
				_, err = w.Write([]byte(text))
				err = errors.Join(err, w.Close())
			}
			if err != nil {
				t.Fatal(err)
			}
		default:
			b.WriteString(text)
		}
		if err := os.WriteFile(filepath.Join(dir, name), b.Bytes(), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestText(t *testing.T) {
	utf8 := strings.Replace(session, "binary*/", "utf8mb4*/", 1)
	const use = "USE `d`;\n"
	const mode = "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO' */;\n"
	want := mode + "CREATE DATABASE `d` /*!40100 DEFAULT CHARACTER SET utf8mb4 */;\n" +
		use + utf8 + "CREATE TABLE `t` (\n  `a` int\n);\n\n" +
		use + utf8 + "/*!50001 CREATE TABLE `v`(\n`a` int\n)ENGINE=MyISAM */;\n\n" +
		use + session + "INSERT INTO `t` VALUES\n(1);\n" + use + session + "INSERT INTO `t` VALUES\n(2);\n" +
		"/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;\n" +
		use + "/*!40103 SET TIME_ZONE='SYSTEM' */;\nDELIMITER ;;\nCREATE PROCEDURE p() SELECT 1\n;;\nDELIMITER ;\n" +
		use + session + "DROP TABLE IF EXISTS `v`;\nDELIMITER ;;\nCREATE ALGORITHM=UNDEFINED VIEW `v` AS select 1 AS `a`\n;;\nDELIMITER ;\n" +
		use + "SET @PREV_X=@@CHARACTER_SET_CLIENT;\nDELIMITER //\nCREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a = ';;'; \n END\n//\nDELIMITER ;\n" +
		"SET character_set_client = @PREV_X;\n"
	for _, compressed := range []string{"", ".gz", ".zst"} {
		names := files()
		for name := range files() {
			if strings.Contains(name, ".sql") {
				names[name+compressed], names[name] = names[name], ""
				if compressed != "" {
					delete(names, name)
				}
			}
		}
		if compressed == "" {
			names = files()
		}
		d := open(t, written(t, names))
		if diff := cmp.Diff(want, textOf(t, d)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", compressed, diff)
		}
	}
}

func TestRefusedDirectories(t *testing.T) {
	for name, c := range map[string]struct {
		file, text, want string
	}{
		"no metadata":             {"metadata", "-", "not a dump that mydumper finished"},
		"not finished":            {"metadata", "Started dump at: 2026-01-02 03:04:05\n", "finished"},
		"unfinished":              {"metadata.partial", done, "metadata.partial"},
		"another file":            {"d.t.00000.dat", "1\n", "d.t.00000.dat"},
		"notes":                   {"notes.txt", "", "notes.txt"},
		"twice":                   {"d.t.00000.sql.gz", "", "twice"},
		"whose":                   {"other.t.sql", "", "not clear"},
		"whose objects":           {"other-schema-post.sql", "", "not clear"},
		"two databases may be":    {"d.t-schema-create.sql", "CREATE DATABASE `d.t`;\n", "not clear"},
		"two databases in one":    {"d-schema-create.sql", "CREATE DATABASE `d`;\nCREATE DATABASE `e`;\n", "more than one"},
		"no database in it":       {"d-schema-create.sql", "SET NAMES utf8;\n", "no CREATE DATABASE"},
		"rows among definitions":  {"d.u-schema.sql", "INSERT INTO t VALUES ('secret');\n", "rows among definitions"},
		"a query":                 {"d.u-schema.sql", "CREATE TABLE u AS SELECT 'secret';\n", "d.u-schema.sql"},
		"cut definition":          {"d.u-schema.sql", "CREATE TABLE u (a varchar(9) DEFAULT 'secret", "truncated"},
		"cut rows":                {"d.t.00000.sql", "INSERT INTO `t` VALUES\n('secret'),\n", "truncated"},
		"cut in a value":          {"d.t.00000.sql", "INSERT INTO `t` VALUES\n('secret;", "truncated"},
		"cut objects":             {"d-schema-post.sql", "CREATE PROCEDURE p() SELECT 'secret'", "truncated"},
		"objects without a break": {"d-schema-post.sql", "CREATE PROCEDURE p() SELECT 'secret'; ;;//$$||~~%%;\n", "delimiter"},
	} {
		t.Run(name, func(t *testing.T) {
			names := files()
			names[c.file] = c.text
			if c.text == "-" {
				delete(names, c.file)
			}
			d, err := mydumper.Open(written(t, names), 3)
			if err == nil {
				err = readAll(d)
			}
			if err == nil || !strings.Contains(err.Error(), c.want) || strings.Contains(err.Error(), "secret") {
				t.Errorf("error %v; want one about %q that shows no value", err, c.want)
			}
		})
	}
}

// A compressed file that was cut is truncated, wherever.
func TestCutCompressedFiles(t *testing.T) {
	for _, extension := range []string{".gz", ".zst"} {
		names := files()
		names["d.t.00001.sql"+extension] = names["d.t.00001.sql"]
		delete(names, "d.t.00001.sql")
		dir := written(t, names)
		path := filepath.Join(dir, "d.t.00001.sql"+extension)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for cut := 7; cut < len(whole); cut++ {
			if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
				t.Fatal(err)
			}
			if err := readAll(open(t, dir)); !errors.Is(err, mysqldump.ErrTruncated) || !strings.Contains(err.Error(), "d.t.00001.sql") {
				t.Fatalf("%s, cut after %d of %d bytes: %v", extension, cut, len(whole), err)
			}
		}
	}
}

// Without files that create databases, what stands before the only dot is the database.
func TestDirectoryWithoutDatabases(t *testing.T) {
	names := files()
	delete(names, "d-schema-create.sql")
	if text := textOf(t, open(t, written(t, names))); strings.Count(text, "USE `d`") != 7 {
		t.Errorf("got %s", text)
	}
	for _, name := range []string{"d.x.t.sql", "d.x.t-schema.sql", "d.t.0001.sql", "t.sql"} {
		more := maps.Clone(names)
		more[name] = "INSERT INTO t VALUES (1);\n"
		if _, err := mydumper.Open(written(t, more), 3); err == nil {
			t.Errorf("%s: it is not clear which database it belongs to", name)
		}
	}
}

func TestIsDir(t *testing.T) {
	if dir := written(t, files()); !mydumper.IsDir(dir) || mydumper.IsDir(filepath.Join(dir, "metadata")) || mydumper.IsDir(t.TempDir()) {
		t.Error("a directory of mydumper is not told from others")
	}
}
