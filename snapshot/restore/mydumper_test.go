package restore_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// tablesForMydumper are the tables of servertest.AllTypes but for what mydumper 0.10 does not carry over: it ends with a fault at
// backticks in names, leaves invisible columns out without saying so, and writes text in the bytes of its own character set and UUIDs
// so that no server reads them again. Dates that no calendar has are lost in the session in which dumps are loaded; the sql_mode and the time zone that
// objects were created in are not written.
func tablesForMydumper() string {
	tables, _, _ := strings.Cut(servertest.AllTypes, "CREATE SEQUENCE plain_sequence")
	return tables + `
SET foreign_key_checks=0;
ALTER TABLE texts DROP COLUMN u2, DROP COLUMN u16, DROP COLUMN sj;
DROP TABLE addresses, invisible_columns, computed_invisible, ` + "`odd``name; '\"it.is`" + `;
DELETE FROM times WHERE id = 4;
SET foreign_key_checks=1, sql_mode='NO_AUTO_VALUE_ON_ZERO';
CREATE TABLE zero (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY);
INSERT INTO zero VALUES (0),(1);
CREATE TABLE latin2 (id INT PRIMARY KEY, a VARCHAR(300) CHARACTER SET latin2, ` + "`ß` ENUM('ł','ß')" + ` CHARACTER SET latin2);
INSERT INTO latin2 VALUES (1, 'Łódź żółć \\ '' "', 'ł'),(2, '', 'ß');
CREATE TABLE ` + "`a.b`" + ` (id INT PRIMARY KEY); INSERT INTO ` + "`a.b`" + ` VALUES (1),(2),(3);
CREATE TABLE ` + "`a b-c`" + ` (id INT PRIMARY KEY); INSERT INTO ` + "`a b-c`" + ` VALUES (1);
CREATE TABLE ` + "`a.00001`" + ` (id INT PRIMARY KEY); INSERT INTO ` + "`a.00001`" + ` VALUES (1),(20),(30);
CREATE TABLE a (id INT PRIMARY KEY); INSERT INTO a VALUES (1),(20),(30);
SET sql_mode='', time_zone='SYSTEM';
CREATE FUNCTION f(x VARCHAR(9)) RETURNS VARCHAR(9) CHARSET utf8mb4 DETERMINISTIC RETURN CONCAT(x, ';;//é');
CREATE VIEW ` + "`z.view`" + ` AS SELECT id, f(a) AS a FROM latin2;
CREATE VIEW a_view AS SELECT id FROM ` + "`z.view`" + `;
CREATE TRIGGER tr BEFORE INSERT ON a FOR EACH ROW SET NEW.id = NEW.id + 1;
CREATE PROCEDURE p() INSERT INTO a VALUES (7);
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2036-01-01 00:00:00' DISABLE DO DELETE FROM a;
`
}

// What mydumper wrote, however it was asked to, comes back as it was, out of a snapshot and as SQL.
func TestWholePathOfMydumper(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(tablesForMydumper()))
	into := servertest.Start(t, "--sql-mode=")
	for _, args := range []string{
		"--compress --rows=2", "--build-empty-files --complete-insert --statement-size=1000", "--trx-consistency-only --skip-tz-utc",
	} {
		t.Run(args, func(t *testing.T) {
			source, err := scrub.Open(servertest.Mydumper(t, s, original, strings.Fields(args)...), 3)
			if err != nil {
				t.Fatal(err)
			}
			scrubbed := publicSource(t, source)
			snap, chunks := scrubbed.stored(t)
			name := servertest.Name(t, s)
			if _, err := restore.Restore(t.Context(), s, name, snap, chunks, restore.Options{}); err != nil {
				t.Fatal(err)
			}
			servertest.Compare(t, s, original, s, name, servertest.CompareOptions{})

			var sql bytes.Buffer
			if _, err := scrub.ToSQL(t.Context(), source, scrubbed.survey, &sql, scrubbed.opts); err != nil {
				t.Fatal(err)
			}
			servertest.Load(t, into, "", &sql)
			servertest.Compare(t, s, original, into, original, servertest.CompareOptions{})
			if err := into.DropDatabase(t.Context(), original); err != nil {
				t.Fatal(err)
			}
		})
	}
}
