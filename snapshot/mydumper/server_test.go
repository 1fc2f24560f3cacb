package mydumper_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mydumper"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// fixture has what mydumper 0.10 writes without loss, in a database «a» with a dash in its name. Semicolons inside of bodies have a
// blank behind them, which mydumper would put there.
const fixture = "CREATE TABLE `t` (id int PRIMARY KEY, a varchar(99), n int, KEY (a)) COMMENT='it''s; é';\n" +
	`INSERT INTO t VALUES (1,'it\'s; "x"\n),(',2),(2,NULL,NULL),(3,'\0\Z\\ é 😀',-1);
CREATE TABLE big (id int PRIMARY KEY AUTO_INCREMENT, a varchar(99));
INSERT INTO big (a) SELECT CONCAT(REPEAT('x', seq MOD 70), seq) FROM seq_1_to_5000;
CREATE TABLE empty1 (id int);
CREATE TABLE ` + "`order.by`" + ` (id int, ` + "`имя`" + ` enum('é','b') CHARACTER SET latin1 DEFAULT 'é');
INSERT INTO ` + "`order.by`" + ` VALUES (1,'é'),(2,'b'),(3,NULL);
CREATE TABLE types (d decimal(10,3), f double, j json, b blob, bt bit(9), p point, ts timestamp(6) NULL, l varchar(20) CHARACTER SET latin1, g varchar(20) CHARACTER SET gbk, v varchar(9) AS (upper(l)) VIRTUAL, h int INVISIBLE DEFAULT 5, s int AS (h + 1) STORED);
INSERT INTO types (d,f,j,b,bt,p,ts,l,g,h) VALUES (-1.5,1e300,'{"a": "b\\n"}',x'00ff27225c0a0d1a80',b'100000001',POINT(1,2),'2020-01-01 00:00:00.5','é\\ÿ','誠\\縗',6);
CREATE TABLE parts (id int) PARTITION BY HASH (id) PARTITIONS 3;
INSERT INTO parts VALUES (1),(2);
CREATE FUNCTION f(x varchar(9)) RETURNS varchar(9) CHARSET utf8mb4 DETERMINISTIC RETURN CONCAT(x, ';;//$$', 'é');
CREATE VIEW z_last AS SELECT id, 'x;' AS a FROM t;
CREATE VIEW a_first AS SELECT id, f(a) AS fa FROM z_last;
DELIMITER |
CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW BEGIN
  SET @n = 'a'; ` + `
  INSERT INTO big (a) VALUES (';'); -- it's
END|
CREATE TRIGGER tr2 AFTER INSERT ON big FOR EACH ROW SET @n = 1|
CREATE PROCEDURE p(x int) BEGIN DECLARE y int; IF x > 1 THEN INSERT INTO parts VALUES (x); END IF; END|
CREATE EVENT e ON SCHEDULE EVERY 1 DAY STARTS '2030-01-01 00:00:00' DISABLE DO DELETE FROM parts|
`

func loadFixture(t *testing.T) (s *server.Server, database string) {
	t.Helper()
	s = servertest.Server(t)
	database = servertest.Name(t, s) + "-x"
	t.Cleanup(func() {
		if err := s.DropDatabase(context.WithoutCancel(t.Context()), database); err != nil {
			t.Error(err)
		}
	})
	servertest.Load(t, s, "", strings.NewReader("CREATE DATABASE `"+database+"` CHARACTER SET utf8mb4"))
	servertest.Load(t, s, database, strings.NewReader(fixture))
	return s, database
}

func open(t *testing.T, dir string) *mydumper.Dir {
	t.Helper()
	d, err := mydumper.Open(dir, 2)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func textOf(t *testing.T, d *mydumper.Dir) string {
	t.Helper()
	r, read, err := d.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	text, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if read.Load() != d.SizeBytes() {
		t.Errorf("%d of %d bytes were counted", read.Load(), d.SizeBytes())
	}
	return string(text)
}

// What mydumper wrote, read as one text, makes the same databases again on another server.
func TestDirectoriesOfTheRealProgram(t *testing.T) {
	s, database := loadFixture(t)
	_, second := servertest.Database(t)
	servertest.Load(t, s, second, strings.NewReader("CREATE TABLE t (a int); INSERT INTO t VALUES (5)"))
	into := servertest.Start(t)
	for _, args := range []string{"--rows=1000 --compress", "--statement-size=2000 --complete-insert --build-empty-files"} {
		t.Run(args, func(t *testing.T) {
			d := open(t, servertest.Mydumper(t, s, database+"|"+second, strings.Fields(args)...))
			text := textOf(t, d)
			servertest.Load(t, into, "", strings.NewReader(text))
			for _, name := range []string{database, second} {
				servertest.Compare(t, s, name, into, name, servertest.CompareOptions{})
			}
			servertest.Load(t, into, "", strings.NewReader("DROP DATABASE `"+database+"`; DROP DATABASE `"+second+"`"))
			if rows, err := countRows(d); err != nil || rows != 5000+3+3+1+2+1 {
				t.Errorf("%d rows, error %v", rows, err)
			}
		})
	}
}

func countRows(d *mydumper.Dir) (sum int64, err error) {
	counts, err := rowsByTable(d)
	for _, n := range counts {
		sum += n
	}
	return sum, err
}

func rowsByTable(d *mydumper.Dir) (map[mydumper.Table]int64, error) {
	text, _, err := d.Open()
	if err != nil {
		return nil, err
	}
	defer text.Close()
	r := mysqldump.NewReader(text)
	counts := map[mydumper.Table]int64{}
	for {
		s, err := r.Next()
		if errors.Is(err, io.EOF) {
			return counts, nil
		}
		if err != nil {
			return counts, err
		}
		if s.Kind == mysqldump.InsertEnd {
			counts[mydumper.Table{Database: s.Database, Name: s.Name}] += s.Rows
		}
	}
}

// Every file of a real directory, cut anywhere or lost, either stops the reading or makes less of it, and is never glued to the next.
func TestDamagedDirectories(t *testing.T) {
	s, database := loadFixture(t)
	for _, args := range []string{"--complete-insert", "--compress"} {
		dir := servertest.Mydumper(t, s, database, args)
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			path := filepath.Join(dir, e.Name())
			whole, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			for i := range 5 {
				cut := len(whole) * i / 5
				if i > 0 && bytes.HasSuffix(whole[:cut], []byte(";\n")) { // between statements: it cannot be seen
					continue
				}
				if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
					t.Fatal(err)
				}
				d, err := mydumper.Open(dir, 2)
				if err == nil {
					err = readAll(d)
				}
				if err == nil && (cut > 0 || !strings.Contains(e.Name(), ".sql")) {
					t.Errorf("%s cut after %d of %d bytes is read", e.Name(), cut, len(whole))
				}
			}
			if err := os.WriteFile(path, whole, 0o600); err != nil {
				t.Fatal(err)
			}
		}
		if err := readAll(open(t, dir)); err != nil {
			t.Errorf("the whole directory: %v", err)
		}
	}
}

func readAll(d *mydumper.Dir) error {
	_, err := countRows(d)
	return err
}
