package mysqldump_test

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

// seeds are short pieces of dumps; inserts are the rest.
var seeds = []string{
	"-- MySQL dump 10.13\n-- Host: a    Database: d\n\n/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE t;\n-- Dump completed\n",
	"/*M!999999\\- enable the sandbox mode */ \nUSE `d`;\nLOCK TABLES t WRITE;\nUNLOCK TABLES;\n",
	"SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='ANSI';\nINSERT INTO \"t\" VALUES ('a');\nSET SQL_MODE=@OLD_SQL_MODE;\n",
	"DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER t BEFORE INSERT ON u FOR EACH ROW SET @a=1 */;;\nDELIMITER ;\n",
	"/*!50001 CREATE VIEW `v` AS SELECT 1 AS `a` */;\nCREATE TABLE t (a int DEFAULT 1, KEY (a));\n",
	"-- Dumping data for table `t`\nDELIMITER //\nCREATE PROCEDURE p() BEGIN INSERT INTO t VALUES (1); END//\nDELIMITER ;\nCREATE SEQUENCE `s` start with 1;\n",
	"INSERT  IGNORE INTO t (a,b) VALUES (1,2)\n,(3,_binary'x') AS n ON DUPLICATE KEY UPDATE a=n.a, b=IF(VALUES(b)>1,'x;',b);\r\n",
	"CREATE TABLE t (a int, g int AS (a+1) STORED, KEY ((a+1) DESC)) WITH SYSTEM VERSIONING PARTITION BY HASH (a);\nREPLACE t VALUE (1,DEFAULT)",
	"SET sql_mode='NO_BACKSLASH_ESCAPES';INSERT INTO t VALUES ('\\');DO SETVAL(`s`, 1, 0);",
}

// FuzzReader: no input panics or hangs; a whole input comes out again; what is
// read does not depend on how the input arrives, nor on whether rows are read.
func FuzzReader(f *testing.F) {
	for _, text := range seeds { // short, so that the fuzzer is fast
		f.Add([]byte(text))
	}
	for _, c := range inserts {
		f.Add([]byte(c.text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		whole, err := read(bytes.NewReader(text))
		if err == nil && whole.Text != string(text) {
			t.Error("texts and rows, concatenated, are not the input")
		}
		if !strings.HasPrefix(string(text), whole.Text) {
			t.Error("texts and rows, concatenated, are not how the input starts")
		}
		halves, errHalves := read(iotest.HalfReader(bytes.NewReader(text)))
		if diff := cmp.Diff(whole, halves); diff != "" || (err == nil) != (errHalves == nil) {
			t.Errorf("in pieces: %v, %v\n%s", err, errHalves, diff)
		}
		if err == nil {
			skip(t, text, len(whole.Statements))
		}
	})
}

func skip(t *testing.T, text []byte, statements int) {
	r := mysqldump.NewReader(bytes.NewReader(text))
	for n := 0; ; n++ {
		_, err := r.Next()
		if errors.Is(err, io.EOF) {
			if n != statements {
				t.Errorf("%d statements when rows are skipped, %d otherwise", n, statements)
			}
			return
		}
		if err != nil {
			t.Fatalf("fails when rows are skipped: %v", err)
		}
	}
}

// FuzzRowScanner: no block panics or hangs, and what is decoded and written
// again is read the same.
func FuzzRowScanner(f *testing.F) {
	for _, c := range inserts {
		if _, rows, ok := strings.Cut(c.text, "VALUES"); ok {
			f.Add([]byte(strings.TrimRight(strings.TrimSpace(rows), ";\n\r")), false, false)
		}
	}
	f.Fuzz(func(t *testing.T, raw []byte, ansi, noEscapes bool) {
		m := ddl.Mode{ANSIQuotes: ansi, NoBackslashEscapes: noEscapes}
		scanner := mysqldump.NewRowScanner(&mysqldump.Rows{Raw: raw, First: 1}, m)
		var values []mysqldump.Value
		for {
			var err error
			if values, err = scanner.Next(values[:0]); err != nil {
				return
			}
			for _, v := range values {
				b, err := v.AppendBytes(nil, m)
				if err != nil || v.Kind == mysqldump.Null {
					continue
				}
				checkWritten(t, b, m)
			}
		}
	})
}

// checkWritten checks that a value is written so that it reads the same.
func checkWritten(t *testing.T, value []byte, m ddl.Mode) {
	t.Helper()
	raw := append([]byte{'('}, mysqldump.AppendQuoted(nil, value, m)...)
	raw = append(mysqldump.AppendHex(append(raw, ','), value), ')')
	values, err := mysqldump.NewRowScanner(&mysqldump.Rows{Raw: raw, First: 1}, m).Next(nil)
	if err != nil || len(values) != 2 {
		t.Fatalf("a written row reads as %d values, %v", len(values), err)
	}
	for _, v := range values {
		if again, err := v.AppendBytes(nil, m); err != nil || !bytes.Equal(again, value) {
			t.Errorf("%q reads as %q, %v", value, again, err)
		}
	}
}

func TestWritten(t *testing.T) {
	all := make([]byte, 256)
	for i := range all {
		all[i] = byte(i)
	}
	for name, value := range map[string][]byte{
		"every byte": all, "empty": {}, "backslash at the end": []byte(`a\`), "wildcards": []byte(`\%\_%`), "quotes": []byte(`'"''`),
	} {
		t.Run(name, func(t *testing.T) {
			for _, m := range []ddl.Mode{{}, {NoBackslashEscapes: true}, {ANSIQuotes: true}} {
				checkWritten(t, value, m)
			}
		})
	}
}
