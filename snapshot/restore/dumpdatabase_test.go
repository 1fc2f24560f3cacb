package restore_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// A dump of another database than the one that is wanted lands where it is wanted, with that database's defaults.
func TestDumpOfAnotherDatabase(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(`
		ALTER DATABASE CHARACTER SET latin1 COLLATE latin1_german2_ci;
		CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9)) CHARACTER SET latin1;
		INSERT INTO t VALUES (1, 'é');
		CREATE PROCEDURE early() SELECT 1;
		ALTER DATABASE CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
		CREATE TRIGGER late BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 'x';
		CREATE FUNCTION late() RETURNS INT RETURN 1;
		CREATE VIEW v AS SELECT late() AS l, t.* FROM t;
		CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO INSERT INTO t VALUES (2, '');`))
	for _, options := range []string{
		"--routines --events --add-drop-database --databases", // has CREATE DATABASE and USE, and ALTER DATABASE around early
		"--routines --events", // has ALTER DATABASE alone
	} {
		t.Run(options, func(t *testing.T) {
			dump := servertest.Dump(t, s, original, strings.Fields(options)...)
			if !strings.Contains(string(dump), "ALTER DATABASE `"+original) {
				t.Fatal("the dump has no ALTER DATABASE: it shows nothing")
			}
			got, _, err := loadDump(t, s, dump, restore.DumpOptions{})
			if err != nil {
				t.Fatal(err)
			}
			// Without CREATE DATABASE what most tables have is taken until then: the trigger remembers that.
			fair := servertest.CompareOptions{IgnoreDefiners: true, IgnoreDatabaseCollation: !strings.Contains(options, "databases")}
			servertest.Compare(t, s, original, s, got, fair)
			if collation := ask(t, s, got, "SELECT @@collation_database"); collation != "utf8mb4_bin" {
				t.Errorf("the database's collation is %s", collation)
			}
			if left := ask(t, s, original, "SELECT COUNT(*) FROM t"); left != "1" {
				t.Error("the dump's own database was touched")
			}
		})
	}
}

// What a dump defines belongs to the account: it runs with its rights, whoever defined it in production.
func TestDefinersOfADump(t *testing.T) {
	s := servertest.Server(t)
	name := servertest.Name(t, s)
	account, err := s.CreateAccount(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	const dump = "CREATE TABLE t (v INT);\n" +
		"/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`nova`@`%` SQL SECURITY DEFINER */\n/*!50001 VIEW `w` AS select v from t */;\n" +
		"DELIMITER ;;\n/*!50003 CREATE*/ /*!50017 DEFINER=`nova`@`10.%`*/ /*!50003 TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.v = 7 */;;\nDELIMITER ;\n"
	if _, err := restore.Dump(t.Context(), s, account, name, strings.NewReader(dump), restore.DumpOptions{}); err != nil {
		t.Fatal(err)
	}
	db := s.AccountDB(account, name)
	defer func() { _ = db.Close() }()
	if _, err := db.Exec("INSERT INTO t VALUES (1)"); err != nil {
		t.Errorf("the trigger: %v", err)
	}
	var v int
	if err := db.QueryRow("SELECT v FROM w").Scan(&v); err != nil || v != 7 {
		t.Errorf("the view: %d, %v", v, err)
	}
	if definer := ask(t, s, name, "SELECT DEFINER FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE()"); definer != account.User+"@localhost" {
		t.Errorf("the view is %s's", definer)
	}
}

// The head and tail that mysqldump 8.0 writes with GTIDs, which a client stumbles over.
func TestDumpOfMySQL8(t *testing.T) {
	s := servertest.Server(t)
	const dump = `-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)
--
-- Host: db    Database: shop
/*!50503 SET NAMES utf8mb4 */;
/*!50606 SET @OLD_INNODB_STATS_AUTO_RECALC=@@INNODB_STATS_AUTO_RECALC */;
/*!50606 SET GLOBAL INNODB_STATS_AUTO_RECALC=OFF */;
SET @MYSQLDUMP_TEMP_LOG_BIN = @@SESSION.SQL_LOG_BIN;
SET @@SESSION.SQL_LOG_BIN= 0;
SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '3e11fa47-71ca-11e1-9e33-c80aa9429562:1-77';
CREATE TABLE t (id int NOT NULL, v varchar(30) COLLATE utf8mb4_0900_ai_ci DEFAULT NULL) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci;
LOCK TABLES t WRITE;
INSERT INTO t VALUES (1,'utf8mb4_0900_ai_ci');
UNLOCK TABLES;
/*!50003 SET @saved_col_connection = @@collation_connection */ ;
/*!50003 SET collation_connection  = utf8mb4_0900_ai_ci */ ;
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=` + "`root`@`%`" + `*/ /*!50003 TRIGGER g AFTER INSERT ON t FOR EACH ROW SET @x = 'COLLATE utf8mb4_0900_ai_ci' */;;
DELIMITER ;
/*!50003 SET collation_connection  = @saved_col_connection */ ;
SET @@SESSION.SQL_LOG_BIN = @MYSQLDUMP_TEMP_LOG_BIN;
/*!50606 SET GLOBAL INNODB_STATS_AUTO_RECALC=@OLD_INNODB_STATS_AUTO_RECALC */;
-- Dump completed on 2024-01-01  0:00:00
`
	_, _, err := loadDump(t, s, []byte(dump), restore.DumpOptions{})
	var unknown *restore.CollationError
	if !errors.As(err, &unknown) || !cmp.Equal(unknown.Unknown, []string{"utf8mb4_0900_ai_ci"}) {
		t.Fatalf("got %v, want the collation that the server lacks", err)
	}
	mapping := map[string]string{"UTF8MB4_0900_AI_CI": "utf8mb4_unicode_520_ci"}
	name, result, err := loadDump(t, s, []byte(dump), restore.DumpOptions{MapCollation: mapping})
	if err != nil || result.Rows != 1 {
		t.Fatalf("got %+v, %v", result, err)
	}
	for query, want := range map[string]string{
		"SELECT v FROM t": "utf8mb4_0900_ai_ci",
		"SELECT COLLATION_CONNECTION FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()":              "utf8mb4_unicode_520_ci",
		"SELECT COLLATION_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND COLUMN_NAME = 'v'": "utf8mb4_unicode_520_ci",
		"SELECT @@collation_database": "utf8mb4_unicode_520_ci",
		"SELECT ACTION_STATEMENT LIKE '%COLLATE utf8mb4_0900%' FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()": "1",
	} {
		if got := ask(t, s, name, query); got != want {
			t.Errorf("%s: got %s, want %s", query, got, want)
		}
	}
}

// As with a client, a dump's sql_mode may let the server change what does not fit. That is said.
func TestDumpNotes(t *testing.T) {
	s := servertest.Server(t)
	const dump = "SET sql_mode='NO_AUTO_VALUE_ON_ZERO';\n" +
		"CREATE TABLE cut (v VARCHAR(3));\nINSERT INTO cut VALUES ('abc'),('s3cret'),('s3cret');\nINSERT INTO cut VALUES ('s3cret');\n" +
		"CREATE TABLE odd (v INT) ENGINE=TokuDB;\nINSERT INTO odd VALUES (1);\n" +
		"CREATE TABLE twice (id INT PRIMARY KEY);\nINSERT IGNORE INTO twice VALUES (1),(1),(2);\n" +
		"CREATE TABLE gone (v INT);\nINSERT INTO gone VALUES (1);\nDROP TABLE gone;\n"
	_, result, err := loadDump(t, s, []byte(dump), restore.DumpOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want := restore.DumpResult{
		Tables: 3, Rows: 7, Digest: result.Digest, Bytes: int64(len(dump)),
		Notes: []string{
			`table "odd": the server lacks its storage engine and took another`,
			`table "cut": 3 warnings of the server while rows were loaded, which may have changed them; the first: value does not fit the column's type`,
			`table "twice": 1 warnings of the server while rows were loaded, which may have changed them; the first: duplicate key`,
		},
	}
	if diff := cmp.Diff(want, result); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
}
