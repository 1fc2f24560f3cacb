package mysqldump_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// inserts are the ways of writing rows, each alone; all of them fill t.
var inserts = []struct {
	name, text string
	rows       [][]string
}{
	{"one line", "INSERT INTO `t` VALUES (1,'a'),(2,NULL);\n", [][]string{{"1", "a"}, {"2", "NULL"}}},
	{"one row a line", "INSERT INTO `t` VALUES\n(1,'a'),\n(2,'b');\n", [][]string{{"1", "a"}, {"2", "b"}}},
	{"carriage returns", "INSERT INTO `t` VALUES\r\n(1,'a'),\r\n(2,'b')\r\n;\r\n", [][]string{{"1", "a"}, {"2", "b"}}},
	{"blanks everywhere", "insert  into t\tvalues ( 1 , 'a' ) , ( 2 , 'b' ) ;", [][]string{{"1", "a"}, {"2", "b"}}},
	{"no blanks", "INSERT INTO`t`VALUES(1,'a'),(2,'b');", [][]string{{"1", "a"}, {"2", "b"}}},
	{"escapes of mysqldump", `INSERT INTO t VALUES ('\0\n\r\Z\\\'\"');`, [][]string{{"\x00\n\r\x1a\\'\""}}},
	{"other escapes", `INSERT INTO t VALUES ('\t\b\x\%\_');`, [][]string{{"\t\bx\\%\\_"}}},
	{"backslashes before the quote", `INSERT INTO t VALUES ('\\','a\\\\',''),('\\\'','');`, [][]string{{`\`, `a\\`, ""}, {`\'`, ""}}},
	{"doubled quotes", `INSERT INTO t VALUES ('it''s','''','');`, [][]string{{"it's", "'", ""}}},
	{"double quotes", `INSERT INTO t VALUES ("it's","a""b",'"');`, [][]string{{"it's", `a"b`, `"`}}},
	{"raw line breaks", "INSERT INTO t VALUES ('a\nb\r\nc');", [][]string{{"a\nb\r\nc"}}},
	{"rows inside strings", `INSERT INTO t VALUES ('),(2,'),('; INSERT INTO u VALUES (1);');`, [][]string{{"),(2,"}, {"; INSERT INTO u VALUES (1);"}}},
	{"comments inside strings", `INSERT INTO t VALUES ('-- a','/* b','# c','*/');`, [][]string{{"-- a", "/* b", "# c", "*/"}}},
	{"comments between values", "INSERT INTO t /* it's; */ VALUES (1 /* ' */,2) -- ;'\n,# (\n(3,4)/**/;", [][]string{{"1", "2"}, {"3", "4"}}},
	{"hexadecimal", `INSERT INTO t VALUES (0x0A27,x'0a27',X'',0xF);`, [][]string{{"\n'", "\n'", "", "\x0f"}}},
	{"bits", `INSERT INTO t VALUES (b'1000000001',0b1,B'');`, [][]string{{"\x02\x01", "\x01", ""}}},
	{"introducers", `INSERT INTO t VALUES (_binary 'a\'b',_utf8mb4'é',_binary 0x41,_binary '',N'x');`, [][]string{{"a'b", "é", "A", "", "x"}}},
	{"numbers", `INSERT INTO t VALUES (-1,+2,0,00012,-0.5,.5,1.,1.7976931348623157e308,-1e-30,-99999999999999999999999999999999999.999999999999999999999999999999);`, [][]string{{
		"-1", "+2", "0", "00012", "-0.5", ".5", "1.", "1.7976931348623157e308", "-1e-30",
		"-99999999999999999999999999999999999.999999999999999999999999999999",
	}}},
	{"words", `INSERT INTO t VALUES (NULL,null,DEFAULT,default);`, [][]string{{"NULL", "NULL", "DEFAULT", "DEFAULT"}}},
	{"JSON", `INSERT INTO t VALUES ('{\"a\": [1, \"it\'s\", \"\\\\n\"]}');`, [][]string{{`{"a": [1, "it's", "\\n"]}`}}},
	{"four-byte characters", "INSERT INTO t VALUES ('😀\\'😀');", [][]string{{"😀'😀"}}},
	{"binary bytes", "INSERT INTO t VALUES ('\x02\x01\xff\xfe','\\0\\0\xf0?');", [][]string{{"\x02\x01\xff\xfe", "\x00\x00\xf0?"}}},
	{"no values", "INSERT INTO t () VALUES (),();", [][]string{{}, {}}},
	{"on duplicate key", "INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a=VALUES(a), b='x;y';", [][]string{{"1"}}},
	{"row alias", "INSERT INTO t VALUES (1) AS new ON DUPLICATE KEY UPDATE a=new.a;", [][]string{{"1"}}},
	{"one row a statement", "INSERT INTO t VALUES (1);\nINSERT INTO t VALUES (2);\n", [][]string{{"1"}, {"2"}}},
	{"value", "INSERT t VALUE (1);", [][]string{{"1"}}},
}

func TestRows(t *testing.T) {
	for _, c := range inserts {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, []byte(c.text))
			var rows [][]string
			for _, s := range d.of(mysqldump.Insert) {
				if s.Name != "t" {
					t.Errorf("rows for table %q", s.Name)
				}
				rows = append(rows, s.Rows...)
			}
			if diff := cmp.Diff(c.rows, rows); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestInsertHead(t *testing.T) {
	type head struct {
		Database, Name  string
		Columns         []string
		Replace, Ignore bool
	}
	for _, c := range []struct {
		name, text string
		want       head
	}{
		{"plain", "INSERT INTO `t` VALUES (1);", head{Name: "t"}},
		{"complete", "INSERT INTO `t` (`b`, `a``c`,`key`) VALUES (1,2,3);", head{Name: "t", Columns: []string{"b", "a`c", "key"}}},
		{"qualified", "INSERT INTO `d`.`t` VALUES (1);", head{Database: "d", Name: "t"}},
		{"ignore", "INSERT IGNORE INTO `t` VALUES (1);", head{Name: "t", Ignore: true}},
		{"ignore with two spaces", "INSERT  IGNORE INTO `t` VALUES (1);", head{Name: "t", Ignore: true}},
		{"delayed", "INSERT DELAYED IGNORE INTO t VALUES (1);", head{Name: "t", Ignore: true}},
		{"replace", "REPLACE INTO `t` VALUES (1);", head{Name: "t", Replace: true}},
		{"replace delayed", "REPLACE DELAYED `t` (a) VALUES (1);", head{Name: "t", Replace: true, Columns: []string{"a"}}},
		{"table named like a keyword", "INSERT INTO `values` (`values`) VALUES (1);", head{Name: "values", Columns: []string{"values"}}},
		{"odd name", "INSERT INTO `a``b; (` VALUES (1);", head{Name: "a`b; ("}},
		{"column list over lines", "INSERT INTO t\n(a,\n b)\nVALUES\n(1,2);", head{Name: "t", Columns: []string{"a", "b"}}},
		{"ANSI quotes", "SET sql_mode='ANSI';\nINSERT INTO \"a\"\"b\" (\"c\") VALUES ('x');", head{Name: `a"b`, Columns: []string{"c"}}},
		{"database in force", "USE `shop`;\nINSERT INTO t VALUES (1);", head{Database: "shop", Name: "t"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := mustRead(t, []byte(c.text)).of(mysqldump.Insert)[0]
			got := head{s.Database, s.Name, s.Columns, s.Replace, s.Ignore}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestUpdates(t *testing.T) {
	for _, c := range []struct {
		clause string
		want   mysqldump.Update
	}{
		{"", mysqldump.Update{}},
		{" AS new", mysqldump.Update{}},
		{" ON DUPLICATE KEY UPDATE a=VALUES(a), `b c` = values ( `b c` )", mysqldump.Update{Columns: []string{"a", "a", "b c", "b c"}}},
		{" on duplicate key update id=id,t.a=VALUE(b)", mysqldump.Update{Columns: []string{"id", "id", "a", "b"}}},
		{" AS new ON DUPLICATE KEY UPDATE a=new.a", mysqldump.Update{Columns: []string{"a", "a"}}},
		{" ON DUPLICATE KEY UPDATE a=t.a", mysqldump.Update{Carries: true}},
		{" ON DUPLICATE KEY UPDATE a=VALUES(a), b='x;y,(', c=VALUES(c)", mysqldump.Update{Carries: true}},
		{" ON DUPLICATE KEY UPDATE n=n+1, m=IF(VALUES(m) > 1, 'a b', concat(m, x'41'))", mysqldump.Update{Carries: true}},
		{" AS new(x, y) ON DUPLICATE KEY UPDATE a=x", mysqldump.Update{Carries: true}},
		{" ON DUPLICATE KEY UPDATE a=VALUES(a)+1", mysqldump.Update{Carries: true}},
	} {
		t.Run(c.clause, func(t *testing.T) {
			for _, s := range mustRead(t, []byte("INSERT INTO t VALUES (1)"+c.clause+";")).of(mysqldump.InsertEnd) {
				if diff := cmp.Diff(c.want, s.Update); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

func TestDelimiters(t *testing.T) {
	for _, d := range []string{";", ";;", "//", "$$", "|", "\\\\", "%%", "~", "END", "*/", "@", "&&"} {
		text := "DELIMITER " + d + "\nCREATE PROCEDURE p() BEGIN INSERT INTO u VALUES ('a" + d + "', 1)" + map[bool]string{true: "", false: "; "}[d == ";"] +
			"COMMIT" + d + "\nINSERT INTO t VALUES ('" + d + "')" + d + "\nDELIMITER ;\n"
		if d == "END" { // letters have to stand alone
			text = strings.ReplaceAll(text, "COMMITEND", "COMMIT END")
		}
		got, err := read(strings.NewReader(text))
		if strings.Contains(d, `\`) {
			if err == nil {
				t.Errorf("%s is accepted", d)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", d, err)
			continue
		}
		if diff := cmp.Diff([][]string{{d}}, got.of(mysqldump.Insert)[0].Rows); diff != "" || len(got.of(mysqldump.CreateRoutine)) != 1 {
			t.Errorf("%s: %s", d, diff)
		}
	}
	for _, d := range []string{"#", "--", "/*", "(", ",", "'", "`", "a b", "", strings.Repeat("/", 17)} {
		if _, err := read(strings.NewReader("DELIMITER " + d + "\n")); err == nil || errors.Is(err, mysqldump.ErrTruncated) {
			t.Errorf("delimiter %q: %v", d, err)
		}
	}
}

func TestNoBackslashEscapes(t *testing.T) {
	d := mustRead(t, []byte(`SET sql_mode='NO_BACKSLASH_ESCAPES,STRICT_ALL_TABLES'; INSERT INTO t VALUES ('a\','\n'),('it''s','');`))
	want := [][]string{{`a\`, `\n`}, {"it's", ""}}
	if diff := cmp.Diff(want, d.of(mysqldump.Insert)[0].Rows); diff != "" {
		t.Error(diff)
	}
}

// fixtures returns the dumps of testdata.
func fixtures(t testing.TB) map[string][]byte {
	t.Helper()
	paths, err := filepath.Glob("testdata/*.sql")
	if err != nil || len(paths) == 0 {
		t.Fatalf("no fixture: %v", err)
	}
	out := map[string][]byte{}
	for _, path := range paths {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		out[strings.TrimSuffix(filepath.Base(path), ".sql")] = text
	}
	return out
}

// TestOneByteAtATime: what a reader finds does not depend on how the input
// arrives.
func TestOneByteAtATime(t *testing.T) {
	for name, text := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			whole := mustRead(t, text)
			single, err := read(iotest.OneByteReader(bytes.NewReader(text)))
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(whole, single); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTruncated: a dump with header comments cut anywhere before its last
// comment is never taken for a whole one.
func TestTruncated(t *testing.T) {
	for name, text := range fixtures(t) {
		end := bytes.LastIndex(text, []byte("-- Dump completed")) + len("-- Dump completed")
		if end < len("-- Dump completed") {
			t.Fatalf("%s: has no comment at its end", name)
		}
		t.Run(name, func(t *testing.T) {
			step := 1 + len(text)/8000*12 // every byte of a small dump, some of a longer one
			for n := 0; n < end; n += step {
				if _, err := read(bytes.NewReader(text[:n])); err == nil {
					t.Fatalf("cut after %d bytes it reads as whole", n)
				}
			}
			if _, err := read(bytes.NewReader(text[:end])); err != nil {
				t.Errorf("without its last line's end: %v", err)
			}
		})
	}
}

func TestTruncatedWithoutComments(t *testing.T) {
	for name, text := range map[string]string{
		"in a statement":     "DROP TABLE `t`",
		"in a row":           "INSERT INTO t VALUES (1),(2",
		"in a string":        "INSERT INTO t VALUES (1),('a",
		"between rows":       "INSERT INTO t VALUES (1),",
		"after a row":        "INSERT INTO t VALUES (1)",
		"before rows":        "INSERT INTO t VALUES ",
		"in a comment":       "DROP TABLE t; /* a",
		"in a conditional":   "/*!40000 DROP TABLE t",
		"tables locked":      "LOCK TABLES `t` WRITE;\nINSERT INTO t VALUES (1);\n",
		"delimiter changed":  "DELIMITER ;;\nCREATE PROCEDURE p() BEGIN END;;\n",
		"variables not back": "/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='' */;\nDROP TABLE t;\n",
		"sandbox line alone": "/*M!999999\\- enable the sandbox mode */ \n",
		"header alone":       "-- MySQL dump 10.13\n--\n",
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := read(strings.NewReader(text)); !errors.Is(err, mysqldump.ErrTruncated) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestNotDump(t *testing.T) {
	for name, text := range map[string]string{
		"nothing":         "",
		"blanks":          " \n\n",
		"prose":           "Dear all, here is the dump",
		"XML":             "<?xml version=\"1.0\"?>\n<mysqldump>",
		"binary":          "\x00\x01\x02\x03",
		"UTF-16":          "\xff\xfe-\x00-\x00",
		"CSV":             "1,alice,secret\n",
		"a usage message": "Usage: mariadb-dump [OPTIONS] database [tables]\n",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(strings.NewReader(text))
			if !errors.Is(err, mysqldump.ErrNotDump) {
				t.Errorf("got %v", err)
			}
		})
	}
}

// TestRefused: what cannot be understood stops the reader, and the error shows
// no value.
func TestRefused(t *testing.T) {
	for name, text := range map[string]string{
		"LOAD DATA":                "LOAD DATA INFILE 'secret' INTO TABLE t;",
		"UPDATE":                   "UPDATE t SET a='secret';",
		"DELETE":                   "DELETE FROM t WHERE a='secret';",
		"CALL":                     "CALL p('secret');",
		"PREPARE":                  "PREPARE s FROM 'INSERT INTO t VALUES (''secret'')';",
		"EXECUTE":                  "EXECUTE s USING @secret;",
		"SELECT":                   "SELECT 'secret' INTO @a;",
		"INSERT SELECT":            "INSERT INTO t SELECT 'secret';",
		"INSERT SET":               "INSERT INTO t SET a='secret';",
		"INSERT PARTITION":         "INSERT INTO t PARTITION (p0) VALUES ('secret');",
		"RETURNING":                "INSERT INTO t VALUES ('secret') RETURNING a;",
		"conditional INSERT":       "/*!40000 INSERT INTO t VALUES ('secret') */;",
		"conditional row":          "INSERT INTO t VALUES ('a') /*!40000 ,('secret') */;",
		"conditional in a row":     "INSERT INTO t VALUES ('a' /*!40000 ,'secret' */);",
		"SET STATEMENT":            "SET STATEMENT a=1 FOR INSERT INTO t VALUES ('secret');",
		"CREATE SELECT":            "CREATE TABLE t (a int) SELECT 'secret' AS a;",
		"CREATE AS SELECT":         "CREATE TABLE t (a int) AS SELECT 'secret' AS a;",
		"CREATE LIKE":              "CREATE TABLE u LIKE t;",
		"CREATE USER":              "CREATE USER a IDENTIFIED BY 'secret';",
		"GRANT":                    "GRANT ALL ON *.* TO a IDENTIFIED BY 'secret';",
		"FEDERATED":                "CREATE TABLE f (a int) ENGINE=FEDERATED CONNECTION='mysql://u:secret@h/d/t';",
		"SPIDER":                   "CREATE TABLE f (a int) ENGINE=SPIDER COMMENT='password \"secret\"';",
		"ALTER TABLE":              "ALTER TABLE t ADD c int DEFAULT 'secret';",
		"histogram":                "ANALYZE TABLE t UPDATE HISTOGRAM ON a USING DATA '{\"secret\"}';",
		"accounts":                 "USE `mysql`; INSERT INTO `global_priv` VALUES ('secret');",
		"system rows":              "REPLACE INTO MYSQL.innodb_table_stats VALUES ('secret');",
		"system tables":            "CREATE TABLE `tables_priv` (`Host` char(60) DEFAULT 'secret');",
		"rows of the past":         "/*M!101100 SET @old_system_versioning_insert_history=@@session.system_versioning_insert_history, @@session.system_versioning_insert_history=1 */; INSERT INTO t VALUES ('secret');",
		"expression":               "INSERT INTO t VALUES (CONCAT('secret'));",
		"operator":                 "INSERT INTO t VALUES (1+1);",
		"adjacent strings":         "INSERT INTO t VALUES ('a' 'secret');",
		"garbage after rows":       "INSERT INTO t VALUES (1) 'secret';",
		"garbage between rows":     "INSERT INTO t VALUES (1),'secret';",
		"semicolon in a row":       "INSERT INTO t VALUES (1;'secret');",
		"delimiter in conditional": "/*!40000 DROP TABLE a; INSERT INTO t VALUES ('secret') */;",
		"client command":           "DROP TABLE t \\! echo secret;",
		"client command in rows":   "INSERT INTO t VALUES (1 \\! echo secret);",
		"source":                   "source secret.sql;",
		"gbk":                      "/*!40101 SET NAMES gbk */; INSERT INTO t VALUES ('secret');",
		"sjis client":              "SET character_set_client = sjis; INSERT INTO t VALUES ('secret');",
		"rows in ujis":             "SET NAMES ujis; INSERT INTO t VALUES ('secret');",
		"rows in euckr":            "SET NAMES euckr; INSERT INTO t VALUES ('secret');",
		"swe7":                     "SET NAMES swe7; INSERT INTO t VALUES ('secret');", // whose backslash is a letter
		"unknown sql_mode":         "SET sql_mode=@nobody_saved_this; INSERT INTO t VALUES ('secret');",
		"time zone of any word":    "SET time_zone='secret';",
		"delimiter with quotes":    "DELIMITER 'secret'\n",
		"double quotes under ANSI": "SET sql_mode='ANSI_QUOTES'; INSERT INTO t VALUES (\"secret\");",
		"bad hexadecimal":          "INSERT INTO t VALUES (0xsecret);",
		"bad bits":                 "INSERT INTO t VALUES (b'secret');",
	} {
		t.Run(name, func(t *testing.T) {
			_, err := read(strings.NewReader("DROP TABLE IF EXISTS `t`;\n" + text + "\n"))
			if _, ok := errors.AsType[*mysqldump.SyntaxError](err); !ok {
				t.Fatalf("got %v", err)
			}
			if strings.Contains(err.Error(), "secret") {
				t.Errorf("the error shows a value: %v", err)
			}
		})
	}
}

func TestErrorPosition(t *testing.T) {
	text := "USE `d`;\n\nINSERT INTO `t` VALUES\n(1),\n(2),\n(f(3));\n"
	_, err := read(strings.NewReader(text))
	syntax, ok := errors.AsType[*mysqldump.SyntaxError](err)
	if !ok {
		t.Fatalf("got %v", err)
	}
	if syntax.Table != "t" || syntax.Row != 3 || syntax.Offset != int64(strings.Index(text, "f(3")) {
		t.Errorf("got %+v", syntax)
	}
}

func TestInputError(t *testing.T) {
	broken := errors.New("the disk is gone")
	_, err := read(io.MultiReader(strings.NewReader("INSERT INTO t VALUES (1),"), iotest.ErrReader(broken)))
	if !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
}

// TestLongValue: a value of 64 MiB passes, in a row between short ones.
func TestLongValue(t *testing.T) {
	const size = 64 << 20
	value := strings.Repeat(`it\'s; `, size/7)
	text := "INSERT INTO t VALUES (1,'a'),(2,'" + value + "'),(3,'c');\nDROP TABLE t;\n"
	r := mysqldump.NewReader(strings.NewReader(text))
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	var block mysqldump.Rows
	longest, count := 0, 0
	for {
		err := r.NextRows(&block)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		longest, count = max(longest, len(block.Raw)), count+block.Count
	}
	if longest < len(value) || count != 3 {
		t.Errorf("%d rows, the longest block %d bytes", count, longest)
	}
	for {
		if _, err := r.Next(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
}

// TestLongStatement: a statement much longer than the reader's buffer comes in
// blocks of about 1 MiB.
func TestLongStatement(t *testing.T) {
	var text bytes.Buffer
	text.WriteString("INSERT INTO t VALUES ")
	const rows = 400_000
	for i := range rows {
		fmt.Fprintf(&text, "(%d,'some text'),\n", i)
	}
	text.Truncate(text.Len() - 2)
	text.WriteString(";\n")
	r := mysqldump.NewReader(&text)
	if _, err := r.Next(); err != nil {
		t.Fatal(err)
	}
	var block mysqldump.Rows
	count := 0
	for err := r.NextRows(&block); !errors.Is(err, io.EOF); err = r.NextRows(&block) {
		if err != nil {
			t.Fatal(err)
		}
		if len(block.Raw) > 1<<20+100 {
			t.Fatalf("a block of %d bytes", len(block.Raw))
		}
		if block.First != int64(count)+1 {
			t.Fatalf("block starts with row %d after %d", block.First, count)
		}
		count += block.Count
	}
	if count != rows {
		t.Errorf("%d rows", count)
	}
}

func TestSkipping(t *testing.T) {
	text := "INSERT INTO `t` VALUES (1),('(;');\nINSERT INTO `u` VALUES (1);\n"
	r := mysqldump.NewReader(strings.NewReader(text))
	var got []string
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, s.Name+":"+string(s.Text))
	}
	want := []string{"t:INSERT INTO `t` VALUES ", "t:;", "u:\nINSERT INTO `u` VALUES ", "u:;", ":\n"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
