package scrub_test

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// Dump text is scrubbed both ways and loaded into a real server, beside the same text as it was: in tables whose column sec is
// treated, everything else must be equal, whatever the text looks like.

// construct is one way of writing a table into a dump. Its table has the construct's name, written «t»; its treated column is sec,
// whose every value holds a word with "qz" and a number that no other value has.
type construct struct {
	name string
	// columns follow "CREATE TABLE «t» (id int PRIMARY KEY, ". They may close the parenthesis and go on with options.
	columns string
	rows    string // statements
	// session stands before the table; the mode is set back after it.
	session string
	also    []string // columns that the treated one decides about
}

const plainColumns = "sec varchar(200), pub varchar(200))"

// constructs are the ways of writing rows and definitions, each alone.
var constructs = []construct{
	{name: "no_list", columns: plainColumns, rows: "INSERT INTO «t» VALUES (1,'qz100','a'),(2,NULL,NULL),(3,'','');"},
	{name: "complete_list", columns: plainColumns, rows: "INSERT INTO «t» (`id`, `sec`, `pub`) VALUES (1,'qz101','a');"},
	{name: "partial_list", columns: "sec varchar(200), pub varchar(200) DEFAULT 'it''s', n int DEFAULT -5, m decimal(9,2) DEFAULT -1.50)", rows: "INSERT INTO «t» (id,sec) VALUES (1,'qz102'),(2,NULL);"},
	{name: "reordered_list", columns: plainColumns, rows: "INSERT INTO «t» (pub,SEC,Id) VALUES ('a','qz103',1);"},
	{name: "lists_that_change", columns: plainColumns, rows: "INSERT INTO «t» (pub,sec,id) VALUES ('a','qz104',1);\nINSERT INTO «t» (sec,pub,id) VALUES ('qz105','b',2);\nINSERT INTO «t» VALUES (3,'qz106','c');"},
	{name: "escapes", columns: plainColumns, rows: `INSERT INTO «t» VALUES (1,'qz107\0\n\r\Z\\\'\"\t\b\%\_\x','\0\n\r\Z\\\'\"\t\b\%\_\x'),(2,'qz108\\','\\'),(3,'\\\'qz109','\\\\\'');`},
	{name: "doubled_quotes", columns: plainColumns, rows: `INSERT INTO «t» VALUES (1,'''qz110''','it''s'),(2,"""qz111""","a""b'c"),(3,'qz112"','"''');`},
	{name: "rows_in_strings", columns: plainColumns, rows: `INSERT INTO «t» VALUES (1,'qz113),(2,''x'',''y''),(','),(3,\'x\',\'y'),(4,'qz114;\nINSERT INTO «t» VALUES (5);',';\nDROP TABLE «t»;'),(6,'qz115-- a','/* b */ # c');`},
	{name: "introducers", columns: "sec varchar(200), pub varchar(200), b varbinary(99))", rows: `INSERT INTO «t» VALUES (1,_utf8mb4'qz116é',_utf8mb4 'é',_binary'\'\0\xff'),(2,_latin1'qz117',_latin1 0xE9,_binary 0xff00),(3,N'qz118',n'é',_binary '');`},
	{name: "hexadecimal", columns: "sec varchar(200), pub varchar(200), b blob)", rows: "INSERT INTO «t» VALUES (1,0x717a313139,0x61C3A9,0x00FF27),(2,x'717A313230',X'',x'00ff'),(3,0x717A31323031,x'62',NULL);"},
	{name: "bits", columns: "sec varchar(200), b bit(10), c bit(64))", rows: "INSERT INTO «t» VALUES (1,'qz121',b'1000000001',0b1),(2,'qz122',0x0201,B''),(3,'qz123',513,NULL);"},
	{name: "numbers", columns: "sec bigint, d decimal(65,30), f double, g float, n bigint unsigned, i int)", rows: "INSERT INTO «t» VALUES (1,987654321012340,-99999999999999999999999999999999999.999999999999999999999999999999,-1.7976931348623157e308,-3.40282e38,18446744073709551615,-2147483648),\n" +
		"(2,-987654321012341,0.000000000000000000000000000001,2.2250738585072014e-308,1e-37,0,00012),(3,NULL,+5,.5,-1.,1e3,2147483647);"},
	{name: "numbers_in_quotes", columns: "sec bigint, d decimal(10,3), n int)", rows: "INSERT INTO «t» VALUES (1,'987654321012342','-1.500','7'),(2,\"987654321012343\",\"1e2\",'-0');"},
	{name: "binary", columns: "sec varbinary(200), pub blob)", rows: "INSERT INTO «t» VALUES (1,'qz124\x02\\0\xff',_binary '\xfe\\'\\\\'),(2,0x717a313235FF,0x00),(3,_binary 'qz126','');"},
	{name: "json", columns: "sec varchar(200), pub json)", rows: `INSERT INTO «t» VALUES (1,'qz127','{\"a\": [1, \"it\'s\", \"\\\\n\", null], \"b\": \"\\u00e9 \\\"q\\\"\"}'),(2,'qz128','[]'),(3,NULL,NULL);`},
	{name: "four_bytes", columns: plainColumns, rows: "INSERT INTO «t» VALUES (1,'😀qz129😀','日本😀\\'é'),(2,'é\\'qz130','e\u0301\u200b');"},
	{name: "column_charsets", columns: "sec varchar(200) CHARACTER SET latin1, pub varchar(200) CHARACTER SET latin1, k varchar(20) CHARACTER SET gbk, s varchar(20) CHARACTER SET sjis)", rows: "INSERT INTO «t» VALUES (1,'qz131éÿ','é\\\\ÿ','誠縗','ソ表\\\\');"},
	{name: "generated_before", columns: "g varchar(200) AS (upper(sec)) VIRTUAL, sec varchar(200), pub varchar(200))", rows: "INSERT INTO «t» VALUES (1,'QZ132','qz132','a'),(2,NULL,NULL,'b'),(3,DEFAULT,'qz133','c');", also: []string{"g"}},
	{name: "generated_after", columns: "sec varchar(200), pub varchar(200), g varchar(200) AS (concat(sec,'!')) STORED, h int AS (length(pub)) PERSISTENT)", rows: "INSERT INTO «t» VALUES (1,'qz134','a','qz134!',1),(2,'qz135','bb',DEFAULT,NULL);", also: []string{"g"}},
	{name: "generated_listed", columns: "g varchar(200) AS (upper(sec)) VIRTUAL, sec varchar(200), pub varchar(200))", rows: "INSERT INTO «t» (sec,g,pub,id) VALUES ('qz136','QZ136','a',1);\nINSERT INTO «t» (sec,pub,id) VALUES ('qz137','b',2);", also: []string{"g"}},
	{name: "replace", columns: plainColumns, rows: "REPLACE INTO «t» VALUES (1,'qz138','a');\nREPLACE DELAYED «t» VALUES (2,'qz1381','a');\nREPLACE INTO «t» VALUES (1,'qz139','b');", session: "-"},
	{name: "ignore", columns: plainColumns, rows: "INSERT IGNORE INTO «t» VALUES (1,'qz140','a');\nINSERT  IGNORE INTO «t» VALUES (2,'qz141','b'),(2,'qz142','c');\nINSERT LOW_PRIORITY IGNORE INTO «t» VALUES (1,'qz143','d');"},
	{name: "delayed", columns: plainColumns + " ENGINE=MyISAM", rows: "INSERT DELAYED INTO «t» VALUES (1,'qz144','a');\nINSERT  DELAYED IGNORE INTO «t» VALUES (2,'qz145','b');\nINSERT HIGH_PRIORITY «t» VALUES (3,'qz146','c');"},
	{name: "row_a_line", columns: plainColumns, rows: "INSERT INTO «t» VALUES\n(1,'qz147','a'),\n(2,'qz148','b');"},
	{name: "row_a_statement", columns: plainColumns, rows: "INSERT INTO «t» VALUES (1,'qz149','a');\nINSERT INTO «t» VALUES (2,'qz150','b');"},
	{name: "carriage_returns", columns: plainColumns, rows: "INSERT INTO «t»\r\nVALUES\r\n(1,'qz151','a'),\r\n(2,'qz152','b')\r\n;\r\n"},
	{name: "raw_newlines", columns: plainColumns, rows: "INSERT INTO «t» VALUES (1,'qz153\n),(\n','a\nb\n;\n-- c\n');"},
	{name: "blanks", columns: plainColumns, rows: "insert\tinto  «t»values\v( 1 ,\f'qz154' , 'a' ) ,( 2,'qz155','b')\n ;"},
	{name: "comments", columns: "/* it's; */ sec varchar(200), -- a ' ;\n # b `\n pub varchar(200) /*!50100 COMMENT 'c' */)", rows: "INSERT /* ' */ INTO «t» -- it's;\n VALUES # (\n(/* ' */1,'qz156' /* ; */,'a'), -- ')\n/* ( */(2,'qz157','/* b */') # ;\n /**/;"},
	{name: "conditional", columns: "sec varchar(200) /*!50100 NOT NULL */, pub varchar(200) /*!40101 CHARACTER SET latin1 */) /*!50100 COMMENT='a;b' */ /*M!100301 ENGINE=InnoDB */", rows: "/*!40000 ALTER TABLE «t» DISABLE KEYS */;\nINSERT INTO «t» VALUES (1,'qz158','a');\n/*!40000 ALTER TABLE «t» ENABLE KEYS */;"},
	{
		name: "punctuation", columns: "e enum('a','b''c','d\\\\e',',)(;','\"`','é','-- f') COMMENT 'it''s; `,) /* -- \"', sec varchar(200) COMMENT 'sec; )', s set('x','y;z)') DEFAULT 'x') COMMENT='(;\\'`\"--'",
		rows: `INSERT INTO «t» VALUES (1,'b\'c','qz159','x,y;z)'),(2,'d\\e','qz160',''),(3,',)(;',NULL,'x'),(4,'é','qz161',NULL),(5,'-- f','qz162','x');`,
	},
	{name: "odd `names`; (", columns: "`select` int, `a``b` int, `x.y` int, `ключ;'\"` int, sec varchar(200), `values` int)", rows: "INSERT INTO «t» (`select`,`a``b`,`sec`,`x.y`,`ключ;'\"`,`values`,`id`) VALUES (1,2,'qz163',3,4,5,6);\nINSERT INTO «t» VALUES (7,1,2,3,4,'qz164',5);"},
	{name: "values", columns: "`into` int, sec varchar(200))", rows: "LOCK TABLES «t» WRITE;\nINSERT INTO «t» (`into`,`sec`,`id`) VALUES (1,'qz165',2);\nUNLOCK TABLES;"},
	{name: "ansi_quotes", session: "SET sql_mode='ANSI_QUOTES,NO_AUTO_VALUE_ON_ZERO'", columns: "\"sec\" varchar(200), \"a\"\"b;'\" varchar(200) DEFAULT 'x')", rows: `INSERT INTO «t» ("id","a""b;'","sec") VALUES (1,'"it''s"','qz166"'),(2,'\'','qz167\'"');`},
	{name: "no_backslash", session: "SET sql_mode='NO_BACKSLASH_ESCAPES'", columns: "sec varchar(200), pub varchar(200) DEFAULT '\\')", rows: "INSERT INTO «t» VALUES (1,'qz168\\','\\'),(2,'\\n''qz169','a\\''b'),(3,\"qz170\\\",\"\\\"\"c\");\nINSERT INTO «t» (id,sec) VALUES (4,'\\qz171');"},
	{name: "both_modes", session: "SET sql_mode='NO_BACKSLASH_ESCAPES,ANSI'", columns: "\"sec\" varchar(200), \"p\\\" varchar(200))", rows: `INSERT INTO «t» ("p\","sec",id) VALUES ('\','qz172\',1),('"','''qz173',2);`},
	{name: "partitioned", columns: "sec varchar(200), pub int, PRIMARY KEY (id, pub))\n/*!50100 PARTITION BY RANGE (`pub`)\nSUBPARTITION BY HASH (id) SUBPARTITIONS 2\n(PARTITION `p;0` VALUES LESS THAN (10) COMMENT = ';(' ENGINE = InnoDB,\n PARTITION p1 VALUES LESS THAN MAXVALUE ENGINE = InnoDB) */", rows: "INSERT INTO «t» VALUES (1,'qz174',5),(2,'qz175',50);", session: "--"},
	{name: "versioned", columns: plainColumns + " WITH SYSTEM VERSIONING", rows: "INSERT INTO «t» VALUES (1,'qz176','a');"},
	{name: "declared_versions", columns: "sec varchar(200), s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END, PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING", rows: "INSERT INTO «t» VALUES (1,'qz177','2026-01-01 00:00:00.000000','2038-01-19 03:14:07.999999');", also: []string{"s", "e"}},
	{name: "invisible", columns: "hid int INVISIBLE DEFAULT 5, sec varchar(200), pub int)", rows: "INSERT INTO «t» VALUES (1,'qz178',7);\nINSERT INTO «t» (id,hid,sec,pub) VALUES (2,6,'qz179',8);"},
	{name: "empty_table", columns: plainColumns, rows: "LOCK TABLES «t» WRITE;\nUNLOCK TABLES;"},
	{name: "no_rows_values", columns: "sec varchar(200))", rows: ""},
	{name: "keys_of_all_kinds", columns: "sec varchar(200), pub text, n int, KEY k (sec(10)), UNIQUE KEY u (n,id) COMMENT ';', FULLTEXT KEY f (pub), KEY d (n DESC), CONSTRAINT c CHECK (pub <> ');')) ENGINE=InnoDB", rows: "INSERT INTO «t» VALUES (1,'qz180','a',2);"},
	{name: "types_of_mariadb", columns: "sec varchar(200), u uuid, i inet6, c mediumtext COMPRESSED, g point, y year, ts timestamp(6) NULL, tm time(3), dt datetime)", rows: "INSERT INTO «t» VALUES (1,'qz181','123e4567-e89b-12d3-a456-426655440000','2001:db8::1','cc',x'000000000101000000000000000000F03F0000000000000040',2026,'2026-01-02 03:04:05.123456','-838:59:59.000','0000-00-00 00:00:00');"},
	{name: "update_kept", columns: "pub varchar(200), n int)", rows: "INSERT INTO «t» VALUES (1,'a',1),(2,'b',2) ON DUPLICATE KEY UPDATE n=VALUES(n);\nINSERT INTO «t» VALUES (1,'c',3) ON DUPLICATE KEY UPDATE pub=CONCAT(pub,';(',VALUES(pub)), n=n+1;"},
	{name: "update_treated", columns: plainColumns, rows: "INSERT INTO «t» VALUES (1,'qz183','a'),(2,'qz184','b') ON DUPLICATE KEY UPDATE sec=VALUES(sec);\nINSERT INTO «t» (sec,id,pub) VALUES ('qz185',1,'c') ON DUPLICATE KEY UPDATE «t».`sec` = VALUES(`sec`), `pub`=VALUES(pub), id=id;"},
	{name: "drop_before", columns: plainColumns, rows: "INSERT INTO «t» VALUES (1,'qz182','a');", session: "DROP TABLE IF EXISTS «t», `nowhere`;\n/*!50001 DROP VIEW IF EXISTS «t»*/"},
}

// objectsBetween stand between the tables: bodies with rows in them, under several delimiters.
const objectsBetween = `
CREATE TABLE log (id int AUTO_INCREMENT PRIMARY KEY, a varchar(99));
INSERT INTO log VALUES (3,'kept; as it was');
DELIMITER ;;
/*!50003 CREATE*/ /*!50017 DEFINER=CURRENT_USER()*/ /*!50003 TRIGGER tr1 AFTER INSERT ON log FOR EACH ROW BEGIN
  -- it's a comment; with ; (
  IF NEW.a = ';;' THEN INSERT INTO log2 VALUES (1,'a;;b'),(2,"x"); END IF; /* ' */
END */;;
DELIMITER //
CREATE DEFINER=CURRENT_USER PROCEDURE ` + "`p;1`" + `(x int) COMMENT 'it''s; //' BEGIN INSERT INTO log2 VALUES (x,'y'); REPLACE INTO log2 VALUES (5,'//'); END//
CREATE FUNCTION f1(a varchar(9)) RETURNS varchar(9) CHARSET utf8mb4 DETERMINISTIC RETURN concat(a, ' // # -- ')//
DELIMITER $$
/*!50106 CREATE*/ /*!50117 DEFINER=CURRENT_USER*/ /*!50106 EVENT e1 ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO BEGIN INSERT INTO log2 VALUES (1,'$'); DELETE FROM log2; END */ $$
delimiter ;
CREATE TABLE log2 (id int, a varchar(99));
INSERT INTO log2 VALUES (1,'DELIMITER ;;'),(2,'CREATE TRIGGER x');
/*!50001 CREATE VIEW v1 AS SELECT
 1 AS ` + "`id`" + `,
  1 AS ` + "`a`" + ` */;
CREATE VIEW v2 AS SELECT id, 'insert; values (1)' AS c FROM log2 WHERE a <> ');';
DROP VIEW v1;
/*!50001 CREATE ALGORITHM=UNDEFINED */
/*!50013 DEFINER=CURRENT_USER SQL SECURITY INVOKER */
/*!50001 VIEW v1 AS select id AS id, a AS a from log2 */;
CREATE SEQUENCE sq start with 5 minvalue 1 maxvalue 99 increment by 2 cache 10 nocycle ENGINE=InnoDB;
DO SETVAL(sq, 15, 0);
`

// tableText writes a construct as a dump does.
func (c construct) tableText() string {
	name := "`" + strings.ReplaceAll(c.name, "`", "``") + "`"
	id, session := "id int PRIMARY KEY, ", c.session
	switch session {
	case "--": // the key is in columns
		id, session = "id int, ", ""
	case "-": // an engine that does as it is told
		session = ""
	}
	text := "CREATE TABLE «t» (" + id + c.columns + ";\n" + c.rows + "\n"
	if c.session == "-" {
		text = strings.Replace(text, ";\n", " ENGINE=MyISAM;\n", 1)
	}
	if session != "" {
		text = session + ";\n" + text + "SET sql_mode='NO_AUTO_VALUE_ON_ZERO';\n"
	}
	return strings.ReplaceAll(text, "«t»", name)
}

const dumpSession = "/*!40101 SET NAMES utf8mb4 */;\n/*!40103 SET TIME_ZONE='+00:00' */;\nSET sql_mode='NO_AUTO_VALUE_ON_ZERO';\nSET FOREIGN_KEY_CHECKS=0;\n"

func TestConstructsOnAServer(t *testing.T) {
	text, m, ignored := dumpOf(constructs)
	compareOnServer(t, text, m, ignored)
}

// dumpOf is a dump of constructs, with the marks of their treated columns and the columns that may differ then.
func dumpOf(constructs []construct) (text string, m marks, ignored []string) {
	var dump strings.Builder
	dump.WriteString(dumpSession)
	m = marks{}
	for i, c := range constructs {
		dump.WriteString(c.tableText())
		if i == len(constructs)/2 {
			dump.WriteString(objectsBetween)
		}
		m[c.name+".sec"] = kindOfSec(c.columns)
		ignored = append(ignored, c.name+".sec")
		for _, column := range c.also {
			ignored = append(ignored, c.name+"."+column)
		}
	}
	return strings.TrimSuffix(dump.String(), "\n"), m, ignored // no final newline
}

func kindOfSec(columns string) string {
	switch {
	case strings.Contains(columns, "sec bigint"):
		return "integer"
	case strings.Contains(columns, "sec varbinary"):
		return "blob"
	}
	return "string"
}

// compareOnServer loads a dump, and what scrubbing makes of it both ways, and compares.
func compareOnServer(t *testing.T, dump string, m marks, ignored []string) {
	t.Helper()
	s, want := servertest.Database(t)
	servertest.Load(t, s, want, strings.NewReader(dump))
	compareWith(t, s, want, dump, m, ignored)
}

// compareWith loads what scrubbing makes of a dump both ways, and compares with the database that it is of.
func compareWith(t *testing.T, s *server.Server, want, dump string, m marks, ignored []string) {
	t.Helper()
	p := prepare(t, dump, m)
	scrubbed, err := p.toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	if i := strings.Index(strings.ToLower(scrubbed), "qz1"); i >= 0 {
		t.Errorf("a treated value shows near %q", scrubbed[max(0, i-100):min(len(scrubbed), i+20)])
	}
	got := loadText(t, s, scrubbed)
	servertest.Compare(t, s, want, s, got, servertest.CompareOptions{IgnoreColumns: ignored})
	compareTreated(t, s, want, got, ignored)

	rows, snap, err := p.toRows(t)
	if err != nil {
		t.Fatal(err)
	}
	restored := restoreRows(t, s, snap, rows, dump)
	for _, table := range snap.Config.Tables {
		if !sameRowsInSnapshot(table.Name) {
			continue
		}
		compareTable(t, s, want, restored, table.Name, ignored)
		compareTable(t, s, got, restored, table.Name, nil)
	}
}

// sameRowsInSnapshot: what REPLACE, IGNORE and UPDATE do to rows that stand twice is the server's to do, and a snapshot refuses them
// when it is restored.
func sameRowsInSnapshot(table string) bool {
	return table != "replace" && table != "ignore" && !strings.HasPrefix(table, "update_")
}

func loadText(t *testing.T, s *server.Server, sql string) string {
	t.Helper()
	name := servertest.Name(t, s)
	servertest.Load(t, s, "", strings.NewReader("CREATE DATABASE "+name+";\n"))
	servertest.Load(t, s, name, strings.NewReader(sql))
	return name
}

// restoreRows makes the tables of a dump without its rows and loads a snapshot's rows.
func restoreRows(t *testing.T, s *server.Server, snap *snapshot.Snapshot, rows map[string]string, dump string) string {
	t.Helper()
	p := prepare(t, dump, nil)
	none := marks{}
	for _, d := range p.survey.Tables {
		none[d.Table.Name] = "none"
	}
	definitions, err := prepare(t, dump, none).toSQL(t)
	if err != nil {
		t.Fatal(err)
	}
	name := loadText(t, s, definitions)
	db := s.DB(name)
	defer db.Close()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	exec := func(sql string) {
		t.Helper()
		if _, err := conn.ExecContext(context.WithoutCancel(t.Context()), sql); err != nil {
			t.Errorf("%.100s: %v", sql, err)
		}
	}
	exec("SET sql_mode='" + rowtext.LoadSQLMode + "', time_zone='" + snap.Config.Provenance.TimeZone + "', foreign_key_checks=0")
	for i, table := range snap.Config.Tables {
		if !sameRowsInSnapshot(table.Name) {
			continue
		}
		file := filepath.Join(s.FIFODir(), fmt.Sprint(name, i))
		if err := os.WriteFile(file, []byte(rows[table.Name]), 0o644); err != nil { //nolint:gosec // the server reads it
			t.Fatal(err)
		}
		if table.Name == "log" {
			exec("DROP TRIGGER tr1")
		}
		exec(table.Layout.LoadData(table.Name, rowtext.LoadOptions{File: file}))
		if err := os.Remove(file); err != nil {
			t.Fatal(err)
		}
	}
	return name
}

// compareTable compares the rows of one table, but for some columns.
func compareTable(t *testing.T, s *server.Server, a, b, table string, ignored []string) {
	t.Helper()
	var columns []string
	for _, c := range query(t, s, a, "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA=DATABASE() AND TABLE_NAME='"+
		strings.ReplaceAll(table, "'", "''")+"' AND COLUMN_NAME NOT IN ('s','e','row_start','row_end')") {
		if !slices.Contains(ignored, table+"."+c) {
			columns = append(columns, "IFNULL(HEX("+quoteName(c)+"),'NULL')")
		}
	}
	sql := "SELECT CONCAT_WS(' ', " + strings.Join(columns, ", ") + ") FROM " + quoteName(table) + " ORDER BY 1"
	if x, y := query(t, s, a, sql), query(t, s, b, sql); !slices.Equal(x, y) {
		t.Errorf("table %s: rows differ:\n%q\n%q", table, x, y)
	}
}

// compareTreated checks what a treatment may change: not which values are NULL or empty, and not their length.
func compareTreated(t *testing.T, s *server.Server, want, got string, columns []string) {
	t.Helper()
	for _, c := range columns {
		table, column, _ := strings.Cut(c, ".sec")
		if column != "" || !strings.HasSuffix(c, ".sec") || table == "update_kept" {
			continue
		}
		const shape = "SELECT CONCAT_WS(' ', id, sec IS NULL, CHAR_LENGTH(sec)) FROM "
		if a, b := query(t, s, want, shape+quoteName(table)+" ORDER BY id"), query(t, s, got, shape+quoteName(table)+" ORDER BY id"); !slices.Equal(a, b) {
			t.Errorf("table %s: treated values differ in shape:\n%q\n%q", table, a, b)
		}
		equal := query(t, s, want, "SELECT a.id FROM "+quoteName(table)+" a JOIN "+got+"."+quoteName(table)+" b USING (id) WHERE HEX(a.sec) = HEX(b.sec) AND a.sec <> ''")
		if len(equal) > 0 {
			t.Errorf("table %s: values that were not treated, of rows %v", table, equal)
		}
	}
}

func query(t *testing.T, s *server.Server, database, sql string) []string {
	t.Helper()
	db := s.DB(database)
	defer db.Close()
	rows, err := db.QueryContext(t.Context(), sql)
	if err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			t.Fatalf("%s: %v", sql, err)
		}
		out = append(out, v)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// tryPrepare is prepare for dumps that may be refused.
func tryPrepare(t *testing.T, dump string, m marks) (prepared, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "dump.sql")
	if err := os.WriteFile(path, []byte(dump), 0o600); err != nil {
		t.Fatal(err)
	}
	source, err := scrub.OpenFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := scrub.ReadSurvey(t.Context(), source, nil); err != nil {
		return prepared{}, err
	}
	return prepare(t, dump, m), nil
}

// counter counts what is written.
type counter struct{ bytes int }

func (c *counter) Write(b []byte) (int, error) {
	c.bytes += len(b)
	return len(b), nil
}

func (p prepared) write(t *testing.T, w io.Writer) error {
	t.Helper()
	_, err := scrub.ToSQL(t.Context(), p.source, p.survey, w, p.opts)
	return err
}
