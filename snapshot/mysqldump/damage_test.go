package mysqldump

import (
	"errors"
	"io"
	"strings"
	"testing"
)

// readDump reads all of a dump, rows value by value.
func readDump(dump string) (Header, error) {
	r := NewReader(strings.NewReader(dump))
	for {
		st, err := r.Next()
		if errors.Is(err, io.EOF) {
			return r.Header(), nil
		}
		if err != nil {
			return r.Header(), err
		}
		var rows Rows
		for st.Kind == Insert {
			if err := r.NextRows(&rows); errors.Is(err, io.EOF) {
				break
			} else if err != nil {
				return r.Header(), err
			}
			scanner := NewRowScanner(&rows, st.Session.Mode())
			for err = nil; err == nil; {
				_, err = scanner.Next(nil)
			}
			if !errors.Is(err, io.EOF) {
				return r.Header(), err
			}
		}
	}
}

// A statement whose terminator was lost reaches to the next one and may hold rows: each was once taken for a whole statement, and
// passed on as it was.
func TestStatementsThatLostTheirEnd(t *testing.T) {
	const rows = "\nINSERT INTO `t` VALUES (1,'canary');\n"
	for _, start := range []string{
		"LOCK TABLES `t` WRITE", "UNLOCK TABLES", "USE `a`", "DROP TABLE IF EXISTS `x`", "COMMIT", "START TRANSACTION",
		"CREATE DATABASE `a`", "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `a` /*!40100 DEFAULT CHARACTER SET utf8mb4 */",
		"ALTER DATABASE `a` CHARACTER SET utf8mb4 COLLATE utf8mb4_bin", "FLUSH TABLES", "ANALYZE TABLE t", "RESET MASTER",
		"CHANGE MASTER TO MASTER_LOG_POS=1", "CREATE SEQUENCE `s` start with 1 cache 1000 nocycle ENGINE=InnoDB", "DO SETVAL(`s`, 1, 0)",
		"CREATE VIEW v AS SELECT 1 AS a FROM t", "SET autocommit=0", "SET @a=@@b", "SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE",
		"/*!40101 SET character_set_client = utf8 */", "CREATE TABLE u (a int) ENGINE=InnoDB PARTITION BY HASH(a) PARTITIONS 4",
		"CREATE TABLE u (a int) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4",
	} {
		t.Run(start, func(t *testing.T) {
			if _, err := readDump("CREATE TABLE `t` (a int, b text);\nCREATE TABLE `x` (a int);\n" + start + ";" + rows + "UNLOCK TABLES;\n"); err != nil {
				t.Fatalf("refused with its end: %v", err)
			}
			_, err := readDump("CREATE TABLE `t` (a int, b text);\n" + start + rows)
			if err == nil {
				t.Error("accepted without its end")
			} else if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error shows a value: %v", err)
			}
		})
	}
	t.Run("VALUE for VALUES", func(t *testing.T) {
		if _, err := readDump("CREATE TABLE t (a int) ENGINE=InnoDB\nINSERT INTO `t` (a) VALUE (1,'canary');\n"); err == nil {
			t.Error("accepted without its end")
		}
	})
	t.Run("sandbox", func(t *testing.T) {
		if _, err := readDump("/*M!999999\\- enable\nINSERT INTO t VALUES (1,'canary') */\nCREATE TABLE t (a int);\n"); err == nil {
			t.Error("accepted without its end")
		}
	})
}

// A name that lost its closing quote reaches to the next quote, over rows.
func TestErrorsShowNoNameThatHoldsRows(t *testing.T) {
	for _, dump := range []string{
		"INSERT INTO `t VALUES (1,'canary',5);\nLOCK TABLES `t` WRITE;\n",
		"INSERT INTO `t` (`a) VALUES ('canary');\nLOCK TABLES `t` WRITE;\n",
		"INSERT INTO `a VALUES ('canary'`);\n",
		"LOCK TABLES `t WRITE;\nINSERT INTO `t` VALUES (1,'canary');\n",
		"CREATE TABLE `t ( a int);\nINSERT INTO `t` VALUES (1,'canary');\n",
		"CREATE TABLE `t` (`a int);\nINSERT INTO t VALUES (1,'canary');\nLOCK TABLES `t` WRITE;\n",
	} {
		_, err := readDump("CREATE TABLE x (a int);\n" + dump)
		switch {
		case err == nil:
			t.Errorf("accepted: %s", dump)
		case strings.Contains(err.Error(), "canary"):
			t.Errorf("the error shows a value: %v", err)
		}
	}
}

// What a snapshot tells of a dump's comments and session is of a known form: a damaged one may hold anything.
func TestHeaderAndSessionHoldNoOtherText(t *testing.T) {
	h, err := readDump("-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n-- Host: h    Database: d\n" +
		"-- Server version\t8.0.36-0ubuntu0.22.04.1 INSERT INTO t VALUES (canary)\nSET NAMES utf8;\n-- Dump completed\n")
	if err != nil || h.ServerVersion != "" || h.ToolVersion != "10.13  Distrib 8.0.36, for Linux (x86_64)" {
		t.Errorf("header %+v, error %v; want no server version and the tool's", h, err)
	}
	for _, set := range []string{
		"SET sql_mode='canary'", "SET time_zone='it''s canary'", "SET NAMES 'canary;'", "SET collation_connection='a b'';'", "SET @x='canary'",
	} {
		if _, err := readDump(set + ";\n"); err == nil || strings.Contains(err.Error(), "canary") {
			t.Errorf("%s: error %v; want one that does not show the value", set, err)
		}
	}
}
