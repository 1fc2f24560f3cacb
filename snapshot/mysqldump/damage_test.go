package mysqldump

import (
	"errors"
	"fmt"
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
		"SET sql_mode='ANSI_QUOTES';\nLOCK TABLES `t WRITE;\nREPLACE \"a`b\" VALUES ('canary');\nREPLACE \"a`b\" VALUES (1);UNLOCK TABLES;\n",
		"SET sql_mode='ANSI_QUOTES';\nLOCK TABLES t WRITE, `u;REPLACE \"a`b\" VALUES ('canary and what is behind it, which is more than a name holds')\", `x`;\n",
		"DROP TABLE `t;\nINSERT INTO u VALUES ('canary',`);\n",
		"CREATE VIEW v AS SELECT 1 AS `a;\nREPLACE INTO u VALUES ('canary',`);\n",
		"CREATE TABLE t (a int CHECK (`a > 0));\nREPLACE INTO u VALUES ('canary',`)));\n",
		"INSERT INTO t VALUES (1) ON DUPLICATE KEY UPDATE a=`b;\nREPLACE INTO u VALUES ('canary',`;\n",
		"SET autocommit=`b;\nREPLACE INTO u VALUES ('canary',`;\n",
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
		"-- Server version\t8.0.36-0ubuntu0.22.04.1 (1,canary)\nSET NAMES utf8;\n-- Dump completed\n")
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

// A line comment that lost its line break reaches over the statement after it, whose rows were once missing without a word.
func TestCommentsThatSwallowedAStatement(t *testing.T) {
	for _, comment := range []string{
		"-- Dumping data for table `t`INSERT INTO `t` VALUES (1,'canary');",
		"-- anything: insert  ignore into t values (1,'canary');",
		"# REPLACE DELAYED INTO t (a) VALUE ('canary');",
		"--\tINSERT INTO`t`VALUES('canary');",
		"/* INSERT INTO t\nVALUES (1,'canary'); */",
		"-- Table structure for table `t`DROP TABLE IF EXISTS `t`;",
		"-- Table structure for table `t``x",
		"-- Current Database: `d`USE `d`;",
		"-- Server version\t8.0.36/*!40101 SET NAMES latin1 */;",
		"-- Server version\t8.0.36/*M!100616 SET NOTE_VERBOSITY=0 */;",
	} {
		_, err := readDump("CREATE TABLE t (a int);\n\n" + comment + "\nDROP TABLE x;\n")
		if err == nil {
			t.Errorf("accepted: %s", comment)
		} else if strings.Contains(err.Error(), "canary") || !strings.Contains(err.Error(), "line 3, offset 25") {
			t.Errorf("%s: the error shows a value, or not where: %v", comment, err)
		}
	}
	for _, comment := range []string{
		"-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)", "-- Host: db.example    Database: shop", "-- CHANGE MASTER TO MASTER_LOG_FILE='b.1', MASTER_LOG_POS=4;",
		"-- SET GLOBAL gtid_slave_pos='0-1-2';", "-- Table structure for table `a``b`  ", "-- Dumping data for table shop.t: ~3 rows (approximately)",
		"-- WHERE:  id > 5", "-- we insert nothing into it", "# made by hand; reviewed -- twice", "/* header: 'quoted; */", "-- Dumping events for database 'it's'", "--",
	} {
		if _, err := readDump(comment + "\nDROP TABLE x;\n-- Dump completed\n"); err != nil {
			t.Errorf("%s: %v", comment, err)
		}
	}
}

// A stored object that lost its delimiter reaches to the next object's, over the rows between them.
func TestObjectsThatLostTheirEnd(t *testing.T) {
	const between = "\nDELIMITER ;\nINSERT INTO `t` VALUES (1,'canary');\nDELIMITER ;;\n"
	for _, object := range []string{
		"/*!50003 CREATE*/ /*!50017 DEFINER=`r`@`h`*/ /*!50003 TRIGGER tr BEFORE INSERT ON t FOR EACH ROW SET @n = 1 */",
		"CREATE PROCEDURE p() BEGIN INSERT INTO u VALUES (1); END",
		"CREATE DEFINER=`r`@`h` FUNCTION f() RETURNS int RETURN 1",
		"/*!50106 CREATE*/ /*!50106 EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t */",
		"/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50001 VIEW v AS select 1 AS a */",
	} {
		other := object + ";;\nDELIMITER ;\n"
		if _, err := readDump("DELIMITER ;;\n" + object + ";;" + between + other); err != nil {
			t.Errorf("%s: refused with its end: %v", object, err)
		}
		for _, end := range []string{"", ";"} {
			if _, err := readDump("DELIMITER ;;\n" + object + end + between + other); err == nil {
				t.Errorf("%s: accepted without its end", object)
			} else if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error shows a value: %v", err)
			}
		}
	}
	if _, err := readDump("DELIMITER //\nCREATE FUNCTION f(`delimiter` int, x int) RETURNS int RETURN x+NEW.delimiter//\nDELIMITER ;\n"); err != nil {
		t.Errorf("a column called delimiter: %v", err)
	}
}

// A quote too many or too few makes a string of what is between two strings, rows and delimiters included: a CREATE SEQUENCE once
// took them for its own.
func TestStringsThatSwallowedRows(t *testing.T) {
	for _, dump := range []string{
		"CREATE SEQUENCE s start with 5 nocache' nocycle;\nREPLACE INTO t VALUES (-1,NULL,'`','`#canary\n;\n",
		"CREATE DATABASE d /*!80016 DEFAULT ENCRYPTION='N */;\nINSERT INTO t VALUES (1,'canary */;\n",
		"ALTER DATABASE d CHARACTER SET ';\nINSERT INTO t VALUES (1,'canary;\n",
		"CHANGE MASTER TO MASTER_LOG_FILE='b.1;\nINSERT INTO t VALUES (1,'canary;\n",
		"SET names_of='a;\nINSERT INTO t VALUES (1,';\n", "SET a=concat(1,'a;\nINSERT INTO t VALUES (1,');\n",
		"CREATE VIEW v AS SELECT 'a;\nINSERT INTO t VALUES (1,';\n",
		"CREATE TABLE u (a int COMMENT 'x);\nINSERT INTO t VALUES (1,');\n", "CREATE TABLE u (a varchar(9) DEFAULT 'x);\nINSERT INTO t VALUES (1,');\n",
		"CREATE TABLE u (a int) COMMENT='x;\nINSERT INTO t VALUES (1,';\n", "CREATE TABLE u (a int) PASSWORD='x;\nINSERT INTO t VALUES (1,';\n",
		"CREATE TABLE u (a enum('x);\nINSERT INTO t VALUES (1,'));\n",
		"DELIMITER ;;\nCREATE PROCEDURE p() SET @n = 1';;\nDELIMITER ;\nINSERT INTO t VALUES ('+'canary');\nDELIMITER ;;\nDELIMITER ;\n",
		"DELIMITER //\nCREATE PROCEDURE p() SET @n = 1/*//\nDELIMITER ;\nINSERT INTO t VALUES ('canary');\nDELIMITER //\n*/\n//\nDELIMITER ;\n",
	} {
		if _, err := readDump("CREATE TABLE t (a int);\n" + dump); err == nil {
			t.Errorf("accepted: %s", dump)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("the error shows a value: %v", err)
		}
	}
	for _, dump := range []string{
		"SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ 'a:1-5,\nb:1-7';\n", "DELIMITER ;;\nCREATE PROCEDURE p() SET @n = 'a\nb -- ;; \n', @m = 1; /* a\nb */;;\nDELIMITER ;\n",
		"CREATE TABLE u (a int COMMENT 'a\\nb', CHECK (a <> 'a\nb')) COMMENT='\\r';\n",
	} {
		if _, err := readDump(dump); err != nil {
			t.Errorf("%s: %v", dump, err)
		}
	}
}

// The clause after the rows once took any text to the next semicolon, the rows of another table too.
func TestClausesThatLostTheirEnd(t *testing.T) {
	for _, clause := range []string{
		" AS\nINSERT INTO t VALUES ('canary')", " AS new\nINSERT INTO t VALUES ('canary')",
		" ON DUPLICATE KEY UPDATE a=1\nINSERT INTO t VALUES ('canary')", " ON DUPLICATE KEY UPDATE a=VALUES(a)\nINSERT INTO t VALUES ('canary')",
		" ON DUPLICATE KEY UPDATE\nINSERT INTO t VALUES ('canary')", " ON DUPLICATE KEY UPDATE a=(1\nINSERT INTO t VALUES ('canary')",
		" ON DUPLICATE KEY UPDATE a=('x' INSERT INTO t VALUES ('canary'))", " ON DUPLICATE KEY UPDATE a=", " ON DUPLICATE KEY UPDATE a='canary' 'b'",
		" ON DUPLICATE KEY UPDATE a=1,", " RETURNING a", " 'canary'",
	} {
		if _, err := readDump("INSERT INTO u VALUES (1)" + clause + ";\n"); err == nil {
			t.Errorf("accepted: %s", clause)
		} else if strings.Contains(err.Error(), "canary") {
			t.Errorf("the error shows a value: %v", err)
		}
	}
}

// What would otherwise take memory or time out of proportion: a row of a gigabyte may have 500 million values.
func TestMoreThanServersHave(t *testing.T) {
	many := func(n int, one string) string { return strings.TrimSuffix(strings.Repeat(one+",", n), ",") }
	names := func(n int, format string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, format, i)
		}
		return strings.TrimSuffix(b.String(), ",")
	}
	for name, dump := range map[string]func(n int) string{
		"values":    func(n int) string { return "INSERT INTO t VALUES (" + many(n, "1") + ");\n" },
		"names":     func(n int) string { return "INSERT INTO t (" + names(n, "c%d,") + ") VALUES (1);\n" },
		"columns":   func(n int) string { return "CREATE TABLE t (" + names(n, "c%d int,") + ");\n" },
		"variables": func(n int) string { return names(n/4, "SET @v%d=1;") },
		"keys":      func(n int) string { return "CREATE TABLE t (a int, " + names(n/8, "KEY k%d (a),") + ");\n" },
		"parts":     func(n int) string { return "CREATE TABLE t (a int, KEY k (" + names(n/64, "c%d,") + "));\n" },
		"references": func(n int) string {
			return "CREATE TABLE t (a int, " + names(n, "FOREIGN KEY f%d (a) REFERENCES p (a),") + ");\n"
		},
	} {
		t.Run(name, func(t *testing.T) {
			if _, err := readDump(dump(3900)); err != nil {
				t.Errorf("as many as there may be: %v", err)
			}
			if _, err := readDump(dump(5000)); err == nil {
				t.Error("more is accepted")
			}
		})
	}
}
