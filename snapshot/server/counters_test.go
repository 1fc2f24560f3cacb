package server_test

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// Tests of this file have servers of their own: on the shared one, others work at
// the same time.

// job makes a database and an account for it, and returns one session of it.
func job(t *testing.T, s *server.Server, database string) *sql.DB {
	t.Helper()
	must(t, s.CreateDatabase(t.Context(), database, "", ""))
	a, err := s.CreateAccount(t.Context(), database)
	must(t, err)
	db := s.AccountDB(a, database)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { _ = db.Close() })
	return db
}

// counted runs a statement and returns what the server counted meanwhile.
func counted(t *testing.T, s *server.Server, db *sql.DB, stmt string) (changed, read int64) {
	t.Helper()
	before, err := s.Counters(t.Context())
	must(t, err)
	if _, err := db.ExecContext(t.Context(), stmt); err != nil {
		t.Fatalf("%s: %v", stmt, err)
	}
	after, err := s.Counters(t.Context())
	must(t, err)
	if !after.RowsChanged.Known || !after.RowsRead.Known {
		t.Fatalf("%s: the server does not count: %+v", s.Version(), after)
	}
	return after.RowsChanged.N - before.RowsChanged.N, after.RowsRead.N - before.RowsRead.N
}

func TestCountersCountRows(t *testing.T) {
	s := servertest.Start(t)
	if s.Flavor() != server.MariaDB {
		t.Skip("the numbers are MariaDB's")
	}
	db := job(t, s, "counted")
	for _, stmt := range []string{
		"CREATE TABLE t (id INT PRIMARY KEY, v INT, w VARCHAR(20), KEY (v))",
		"CREATE TABLE u LIKE t",
		"CREATE TABLE parent (id INT PRIMARY KEY)",
		"CREATE TABLE child (id INT PRIMARY KEY, p INT, FOREIGN KEY (p) REFERENCES parent (id) ON DELETE CASCADE)",
		"CREATE TABLE parted (id INT PRIMARY KEY, v INT) PARTITION BY HASH (id) PARTITIONS 4",
		"INSERT INTO parent VALUES (1)",
	} {
		if _, err := db.Exec(stmt); err != nil {
			t.Fatalf("%s: %v", stmt, err)
		}
	}
	values := make([]string, 1000)
	for i := range values {
		values[i] = fmt.Sprintf("(%d,%d,'x')", i+1, i+1)
	}
	insert := strings.Join(values, ",")
	for _, tc := range []struct {
		name, stmt    string
		changed, read int64
	}{
		{"nothing", "DO 1", 0, 0},
		{"insert", "INSERT INTO t VALUES " + insert, 1000, 0},
		{"insert from a select", "INSERT INTO u SELECT * FROM t", 1000, 1000},
		{"update", "UPDATE t SET w = 'y'", 1000, 1000},
		{"update that changes no value", "UPDATE t SET w = 'y'", 1000, 1000},
		{"update by an index", "UPDATE t SET w = 'z' WHERE v BETWEEN 11 AND 20", 10, 11},
		{"delete", "DELETE FROM u WHERE id <= 300", 300, 301}, // one more, to see the end of the range
		{"replace where nothing was", "REPLACE INTO u SELECT * FROM t WHERE id <= 300", 300, 301},
		{"replace what is there: tried, then updated", "REPLACE INTO u VALUES (1, 1, 'r'), (2, 2, 'r')", 4, 2},
		{"insert that is ignored", "INSERT IGNORE INTO u VALUES (1, 1, 'r')", 1, 0},
		{"what is rolled back is not taken back", "BEGIN NOT ATOMIC INSERT INTO u VALUES (2001, 1, ''); ROLLBACK; END", 1, 0},
		{"full scan", "SELECT SUM(LENGTH(w)) FROM t", 0, 1000},
		{"key looked up in vain", "SELECT * FROM t WHERE id = -1", 0, 0},
		{"internal temporary table", "SELECT w, v % 100, COUNT(*) FROM t GROUP BY w, v % 100 ORDER BY 3", 0, 1000},
		{"schema looked at", "SELECT COUNT(*) FROM information_schema.COLUMNS", 0, 0},
		{"temporary table written", "CREATE TEMPORARY TABLE tt SELECT * FROM t", 1000, 1000},
		{"temporary table read", "SELECT SUM(v) FROM tt", 0, 0},
		{"alter by copying", "ALTER TABLE t ADD COLUMN c INT, ALGORITHM=COPY", 1000, 1000},
		{"alter in place", "ALTER TABLE t ADD INDEX (w), ALGORITHM=INPLACE", 0, 0},
		{"alter at once", "ALTER TABLE t ADD COLUMN d INT, ALGORITHM=INSTANT", 0, 0},
		{"rebuild in place", "ALTER TABLE t FORCE, ALGORITHM=INPLACE", 0, 0},
		{"children", "INSERT INTO child SELECT id, 1 FROM t", 1000, 1000},
		{"cascade: children are not counted", "DELETE FROM parent", 1, 1},
		{"partitions count twice", "INSERT INTO parted SELECT id, v FROM t WHERE id <= 100", 200, 101},
		{"scan of partitions", "SELECT SUM(v) FROM parted", 0, 100},
		{"truncate", "TRUNCATE TABLE t", 0, 0},
		{"drop", "DROP TABLE u", 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			changed, read := counted(t, s, db, tc.stmt)
			if changed != tc.changed || read != tc.read {
				t.Errorf("changed %d and read %d, want %d and %d", changed, read, tc.changed, tc.read)
			}
		})
	}
}

func TestCountersDoNotCountThemselves(t *testing.T) {
	s := servertest.Start(t)
	first, err := s.Counters(t.Context())
	must(t, err)
	for range 20 {
		again, err := s.Counters(t.Context())
		must(t, err)
		if diff := cmp.Diff(first, again); diff != "" {
			t.Fatalf("an idle server counts (-first +again):\n%s", diff)
		}
	}
}

// What others do to the server's connections does not keep us from counting.
func TestCountersWithoutAFreeConnection(t *testing.T) {
	s := servertest.Start(t, "--max-connections=10")
	db := job(t, s, "greedy")
	root := s.DB("")
	defer func() { _ = root.Close() }()
	root.SetMaxOpenConns(1)
	must(t, root.Ping())
	taken := 0
	for range 20 {
		conn, err := db.Conn(t.Context()) // with one at most, it would wait
		if err != nil {
			break
		}
		db.SetMaxOpenConns(db.Stats().MaxOpenConnections + 1)
		defer func() { _ = conn.Close() }()
		taken++
	}
	if taken < 8 || taken == 20 {
		t.Fatalf("the account took %d connections: the server was to run out of them", taken)
	}
	_, err := s.Counters(t.Context())
	must(t, err)
	var id int64 // of the session that counts: the oldest of root's
	must(t, root.QueryRow("SELECT MIN(ID) FROM information_schema.PROCESSLIST WHERE USER = 'root'").Scan(&id))
	_, err = root.Exec(fmt.Sprintf("KILL %d", id))
	must(t, err)
	for range 3 {
		if _, err := s.Counters(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestCountersConcurrentlyAndCancelled(t *testing.T) {
	s := servertest.Start(t)
	var wg sync.WaitGroup
	for i := range 8 {
		wg.Go(func() {
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			for j := range 20 {
				if i == 0 && j == 10 {
					cancel()
				}
				if _, err := s.Counters(ctx); (err != nil) != (ctx.Err() != nil) {
					t.Errorf("got %v; the context: %v", err, ctx.Err())
				}
			}
		})
	}
	wg.Wait()
	must(t, s.Close())
	if _, err := s.Counters(t.Context()); !errors.Is(err, server.ErrEnded) {
		t.Errorf("a server that has ended answers %v", err)
	}
}

func BenchmarkCounters(b *testing.B) {
	s := servertest.Server(b)
	for b.Loop() {
		if _, err := s.Counters(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
