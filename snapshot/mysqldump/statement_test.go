package mysqldump_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
)

func TestKinds(t *testing.T) {
	for _, c := range []struct {
		text           string
		kind           mysqldump.Kind
		database, name string
	}{
		{";", mysqldump.Comment, "", ""},
		{"/*M!999999\\- enable the sandbox mode */ \n", mysqldump.Sandbox, "", ""},
		{"/*!40101 SET NAMES utf8mb4 */;", mysqldump.Set, "", ""},
		{"SET @@GLOBAL.GTID_PURGED=/*!80000 '+'*/ '2b7b:1-5';", mysqldump.Set, "", ""},
		{"SET @@SESSION.SQL_LOG_BIN= 0;", mysqldump.Set, "", ""},
		{"/*!50112 SET @is_rocksdb_supported = IF (a, b(1,2), 0) */;", mysqldump.Set, "", ""},
		{"set autocommit=0;", mysqldump.Set, "", ""},
		{"USE `a``b`;", mysqldump.Use, "a`b", "a`b"},
		{"CREATE DATABASE /*!32312 IF NOT EXISTS*/ `d` /*!40100 DEFAULT CHARACTER SET utf8mb4 */ /*!80016 DEFAULT ENCRYPTION='N' */;", mysqldump.CreateDatabase, "", "d"},
		{"/*!40000 DROP DATABASE IF EXISTS `d`*/;", mysqldump.Drop, "", "d"},
		{"ALTER DATABASE `d` CHARACTER SET latin1 COLLATE latin1_swedish_ci ;", mysqldump.AlterDatabase, "", "d"},
		{"DROP TABLE IF EXISTS `t`;", mysqldump.Drop, "", "t"},
		{"/*!50001 DROP VIEW IF EXISTS `v`*/;", mysqldump.Drop, "", "v"},
		{"/*!50032 DROP TRIGGER IF EXISTS tr */;", mysqldump.Drop, "", "tr"},
		{"CREATE TABLE `t` (`a` int COMMENT ';') COMMENT='it''s; `';", mysqldump.CreateTable, "", "t"},
		{"CREATE TABLE /*!32312 IF NOT EXISTS*/ `d`.`t` (`a` int);", mysqldump.CreateTable, "d", "t"},
		{"LOCK TABLES `t` WRITE, `u` READ;", mysqldump.Lock, "", "t"},
		{"UNLOCK TABLES;", mysqldump.Unlock, "", ""},
		{"/*!40000 ALTER TABLE `t` DISABLE KEYS */;", mysqldump.AlterKeys, "", "t"},
		{"CREATE SEQUENCE `s` start with 5 ENGINE=InnoDB;", mysqldump.CreateSequence, "", "s"},
		{"DO SETVAL(`s`, 1005, 0);", mysqldump.SetVal, "", "s"},
		{"SELECT SETVAL(`s`, 1005, 0);", mysqldump.SetVal, "", "s"},
		{"START TRANSACTION;", mysqldump.Transaction, "", ""},
		{"COMMIT;", mysqldump.Transaction, "", ""},
		{"CHANGE MASTER TO MASTER_LOG_FILE='b.01', MASTER_LOG_POS=4;", mysqldump.Replication, "", ""},
		{"CHANGE REPLICATION SOURCE TO SOURCE_LOG_FILE='b.01';", mysqldump.Replication, "", ""},
		{"STOP SLAVE;", mysqldump.Replication, "", ""},
		{"/*!50112 FLUSH PRIVILEGES */;", mysqldump.Maintenance, "", ""},
		{"/*!80002 ANALYZE TABLE `t` UPDATE HISTOGRAM ON `a` WITH 100 BUCKETS */;", mysqldump.Maintenance, "", ""},
		{"/*!50001 CREATE VIEW `v` AS SELECT\n NULL AS `id`,\n  1 AS `b` */;", mysqldump.CreateView, "", "v"},
		{"/*!50001 CREATE ALGORITHM=UNDEFINED */\n/*!50013 DEFINER=`root`@`localhost` SQL SECURITY DEFINER */\n/*!50001 VIEW `v` AS select ';' AS `a` */;", mysqldump.CreateView, "", "v"},
	} {
		t.Run(c.text, func(t *testing.T) {
			d := mustRead(t, []byte("DROP TABLE x;"+c.text+"UNLOCK TABLES;"))
			s := d.Statements[1]
			if s.Kind != c.kind || s.Database != c.database || s.Name != c.name {
				t.Errorf("got %v of database %q, name %q", s.Kind, s.Database, s.Name)
			}
			if want := strings.TrimSpace(strings.TrimSuffix(c.text, ";")); c.kind != mysqldump.Comment && s.SQL != want {
				t.Errorf("SQL is %q", s.SQL)
			}
		})
	}
}

func TestPrograms(t *testing.T) {
	text := "DELIMITER ;;\n" +
		"/*!50003 CREATE*/ /*!50017 DEFINER=`root`@`localhost`*/ /*!50003 TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN\n" +
		"INSERT INTO u VALUES ('a;;b'); -- it's ;; over\nEND */;;\n" +
		"CREATE DEFINER=`root`@`localhost` PROCEDURE `p`() BEGIN INSERT INTO t VALUES (1); END ;;\n" +
		"delimiter //\n" +
		"CREATE OR REPLACE DEFINER=CURRENT_USER() AGGREGATE FUNCTION f() RETURNS int RETURN 1//\n" +
		"/*!50106 CREATE*/ /*!50117 DEFINER=`root`@`localhost`*/ /*!50106 EVENT IF NOT EXISTS `e` ON SCHEDULE EVERY 1 DAY DO DELETE FROM t */ //\n" +
		"DELIMITER ;\n"
	type object struct {
		Kind mysqldump.Kind
		Name string
	}
	var got []object
	d := mustRead(t, []byte(text))
	for _, s := range d.Statements {
		if s.Kind != mysqldump.Comment {
			got = append(got, object{s.Kind, s.Name})
		}
	}
	want := []object{
		{mysqldump.Delimiter, ""},
		{mysqldump.CreateTrigger, "tr"},
		{mysqldump.CreateRoutine, "p"},
		{mysqldump.Delimiter, ""},
		{mysqldump.CreateRoutine, "f"},
		{mysqldump.CreateEvent, "e"},
		{mysqldump.Delimiter, ""},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestStandIns(t *testing.T) {
	for _, c := range []struct {
		text string
		want bool
	}{
		{"/*!50001 CREATE VIEW `v` AS SELECT\n 1 AS `id`,\n 1 AS `b`*/;", true},
		{"/*!50001 CREATE VIEW `v` AS SELECT NULL AS `id` */;", true},
		{"/*!50001 CREATE TABLE `v` (`id` tinyint NOT NULL) ENGINE=MyISAM */;", true},
		{"/*!50001 CREATE ALGORITHM=UNDEFINED */ /*!50013 DEFINER=`a`@`b` SQL SECURITY DEFINER */ /*!50001 VIEW `v` AS select 1 AS `id` */;", false},
		{"CREATE VIEW `v` AS SELECT 1 AS `id`;", false},
		{"CREATE TABLE /*!32312 IF NOT EXISTS*/ `t` (`a` int);", false},
		{"CREATE TABLE `t` (`a` int) /*!50100 PARTITION BY HASH (`a`) */;", false},
	} {
		t.Run(c.text, func(t *testing.T) {
			if got := mustRead(t, []byte(c.text)).Statements[0].StandIn; got != c.want {
				t.Errorf("got %v", got)
			}
		})
	}
}

func TestSession(t *testing.T) {
	utf8 := mysqldump.InitialSession()
	latin1 := mysqldump.Session{CharacterSetClient: "latin1", CharacterSetResults: "latin1", TimeZone: "SYSTEM"}
	for _, c := range []struct {
		name, text string
		want       mysqldump.Session
	}{
		{"nothing set", "", utf8},
		{"SET NAMES", "/*!40101 SET NAMES latin1 */;", latin1},
		{"SET NAMES with quotes", "SET NAMES 'LATIN1' COLLATE 'latin1_bin';", mysqldump.Session{
			CharacterSetClient: "latin1", CharacterSetResults: "latin1", CollationConnection: "latin1_bin", TimeZone: "SYSTEM",
		}},
		{"set and back", "SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT; SET CHARACTER_SET_CLIENT=latin1; SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT;", utf8},
		{"several assignments", "SET @a=@@TIME_ZONE, TIME_ZONE='+00:00', @@session.sql_mode = 'ANSI', SESSION collation_connection := utf8mb4_bin;", mysqldump.Session{
			SQLMode: "ANSI", CharacterSetClient: "utf8mb4", CharacterSetResults: "utf8mb4", CollationConnection: "utf8mb4_bin", TimeZone: "+00:00",
		}},
		{"where replication stands", "SET GLOBAL gtid_slave_pos='0-1-2', SESSION time_zone='Europe/Berlin', time_zone='CET'; SET @@GLOBAL.gtid_purged='a:1'; SET time_zone='+00:00', time_zone='SYSTEM';", utf8},
		{"what other dump programs set", "SET autocommit=0, FOREIGN_KEY_CHECKS='OFF', default_storage_engine='InnoDB', SQL_NOTES=@OLD_SQL_NOTES, SESSION unique_checks=@@unique_checks, rocksdb_bulk_load=1;", utf8},
		{"saved for an object", "SET @saved_sql_mode = @@sql_mode; SET sql_mode = 'ANSI'; SET @saved_sql_mode = @saved_sql_mode; SET sql_mode = @saved_sql_mode;", utf8},
		{"default", "SET NAMES latin1; SET sql_mode='ANSI', time_zone='+01:00'; SET NAMES DEFAULT; SET sql_mode=DEFAULT, time_zone=DEFAULT;", utf8},
		{"sql_mode 0", "SET sql_mode='ANSI'; SET sql_mode=0;", utf8},
		{"under a delimiter", "DELIMITER ;;\n/*!50003 SET time_zone = '+01:00' */ ;;\nSET time_zone = 'SYSTEM' ;;\nDELIMITER ;\n", utf8},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, []byte(c.text+"\nUNLOCK TABLES;"))
			got := d.of(mysqldump.Unlock)[0].Session
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestFixtures: what real servers wrote is recognized, object by object.
func TestFixtures(t *testing.T) {
	for name, text := range fixtures(t) {
		t.Run(name, func(t *testing.T) {
			d := mustRead(t, text)
			if !d.Header.Completed || d.Header.Tool == "" || d.Header.Database == "" {
				t.Errorf("header is %+v", d.Header)
			}
			for _, kind := range []mysqldump.Kind{mysqldump.CreateTable, mysqldump.Insert, mysqldump.CreateTrigger, mysqldump.CreateView} {
				if len(d.of(kind)) == 0 {
					t.Errorf("no %v in it", kind)
				}
			}
			for _, s := range d.of(mysqldump.CreateTrigger) {
				if !strings.Contains(s.Session.SQLMode, "STRICT_TRANS_TABLES") || s.Session.CharacterSetClient == "" {
					t.Errorf("trigger %s was read under %+v", s.Name, s.Session)
				}
			}
			for _, s := range d.of(mysqldump.Insert) {
				i := slices.IndexFunc(d.Statements, func(c statement) bool {
					return c.Kind == mysqldump.CreateTable && c.Name == s.Name
				})
				if i < 0 {
					t.Errorf("rows of %s before its definition", s.Name)
					continue
				}
				columns := len(s.Columns)
				if s.Columns == nil {
					columns = len(d.Statements[i].Table.Columns)
				}
				for _, row := range s.Rows {
					if len(row) != columns {
						t.Errorf("a row of %s has %d values for %d columns", s.Name, len(row), columns)
					}
				}
			}
		})
	}
}

func TestByteOrderMark(t *testing.T) {
	d := mustRead(t, []byte("\xef\xbb\xbfDROP TABLE `t`;"))
	if s := d.Statements[0]; s.Kind != mysqldump.Drop || s.SQL != "DROP TABLE `t`" {
		t.Errorf("got %v %q", s.Kind, s.SQL)
	}
}

func TestManyComments(t *testing.T) {
	text := strings.Repeat("-- a long comment that says nothing\n", 200_000) + "DROP TABLE t;\n"
	d := mustRead(t, []byte(text))
	for _, s := range d.Statements {
		if len(s.Text) > 4<<20 {
			t.Errorf("%d bytes of comments in one piece", len(s.Text))
		}
	}
}
