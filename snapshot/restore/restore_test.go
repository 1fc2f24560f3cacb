package restore_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore/restoretest"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// one makes a snapshot of tables, given as pairs of definition and rows.
func one(t *testing.T, definitionsAndRows ...string) (*snapshot.Snapshot, *restoretest.Source) {
	t.Helper()
	snap, source := &snapshot.Snapshot{}, &restoretest.Source{}
	for pair := range slices.Chunk(definitionsAndRows, 2) {
		restoretest.AddTable(t, snap, "", pair[0])
		if pair[1] != "" {
			source.Add(snap, "", snap.Config.Tables[len(snap.Config.Tables)-1].Name, []byte(pair[1]))
		}
	}
	return snap, source
}

func exists(t *testing.T, s *server.Server, database string) bool {
	t.Helper()
	db := s.DB("")
	defer func() { _ = db.Close() }()
	var n int
	if err := db.QueryRow("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", database).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n > 0
}

// A row that does not fit stops the restore, is named and not shown.
func TestBadRows(t *testing.T) {
	const secret = "s3cret"
	for _, tc := range []struct {
		name, create, rows string
		want               restore.DataError
	}{
		{"too long", "CREATE TABLE t (id INT, v VARCHAR(3))", "1\tok\n2\ts3cret\n", restore.DataError{Row: 2, Column: "v", Code: 1406}},
		{"not a number", "CREATE TABLE t (id INT, v INT)", "1\t1\n2\ts3cret\n", restore.DataError{Row: 2, Column: "v", Code: 1366}},
		{"out of range", "CREATE TABLE t (v TINYINT)", "1\n300\n", restore.DataError{Row: 2, Column: "v", Code: 1264}},
		{"not a date", "CREATE TABLE t (v DATE)", "s3cret\n", restore.DataError{Row: 1, Column: "v", Code: 1292}},
		{"null", "CREATE TABLE t (v INT NOT NULL)", "1\n\\N\n", restore.DataError{Row: 2, Column: "v", Code: 1263}},
		{"null in hex", "CREATE TABLE t (v BLOB NOT NULL)", "00\n\\N\n", restore.DataError{Row: 2, Column: "v", Code: 1048}},
		{"no member", "CREATE TABLE t (v ENUM('a'))", "a\ns3cret\n", restore.DataError{Code: 1265}},
		{"no member of a set", "CREATE TABLE t (v SET('a'))", "a\ns3cret\n", restore.DataError{Row: 2, Column: "v", Code: 1265}},
		{"violated check", "CREATE TABLE t (v VARCHAR(9), CONSTRAINT `my check` CHECK (v <> 's3cret'))", "1\ns3cret\n", restore.DataError{Row: 2, Constraint: "my check", Code: 4025}},
		{"not json", "CREATE TABLE t (v LONGTEXT CHECK (json_valid(v)))", "{}\ns3cret\n", restore.DataError{Row: 2, Constraint: "v", Code: 4025}},
		{"duplicate primary key", "CREATE TABLE t (v VARCHAR(9) PRIMARY KEY)", "a\ns3cret\ns3cret\n", restore.DataError{Row: 3, Index: "PRIMARY", Code: 1062}},
		{"duplicate in a second index", "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9), w INT, UNIQUE KEY `not this` (w), UNIQUE KEY `by v` (v))", "1\ta\t1\n2\ts3cret\t2\n3\tS3CRET\t3\n", restore.DataError{Row: 3, Index: "by v", Code: 1062}},
		{"no partition", "CREATE TABLE t (v INT) PARTITION BY LIST (v) (PARTITION p VALUES IN (1))", "1\n333\n", restore.DataError{Row: 2, Code: 1526}},
		{"too few fields", "CREATE TABLE t (v INT, w INT)", "1\t2\n3\n", restore.DataError{Row: 2, Code: 1261}},
		{"too many fields", "CREATE TABLE t (v INT)", "1\n2\ts3cret\n", restore.DataError{Row: 2, Code: 1262}},
		{"ill-formed text", "CREATE TABLE t (v VARCHAR(20))", "ok\ns3cret\xff\n", restore.DataError{Row: 2, Column: "v", Code: 1366}},
		{"a value like a message", "CREATE TABLE t (id INT, v INT)", "1\ts3cret for column 'id' at row 7\n", restore.DataError{Row: 1, Column: "v", Code: 1366}},
		{"not a geometry", "CREATE TABLE t (v POINT)", "0102\n", restore.DataError{Row: 1, Code: 1416}},
		{"not a uuid", "CREATE TABLE t (v UUID)", "s3cret\n", restore.DataError{Row: 1, Column: "v", Code: 1292}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := servertest.Server(t)
			name := servertest.Name(t, s)
			snap, source := one(t, tc.create, tc.rows)
			_, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{})
			var got *restore.DataError
			if !errors.As(err, &got) {
				t.Fatalf("got %v, want a DataError", err)
			}
			tc.want.Database, tc.want.Table, tc.want.Reason = name, "t", got.Reason
			if *got != tc.want {
				t.Errorf("got %+v, want %+v", *got, tc.want)
			}
			if strings.Contains(strings.ToLower(err.Error()), secret) || strings.Contains(got.Reason, "refused") {
				t.Errorf("error shows a value or gives no reason: %v", err)
			}
			if exists(t, s, name) {
				t.Error("the database is still there")
			}
		})
	}
}

// A load that has to be tried again begins with nothing, also where the engine keeps
// the rows of a failed statement.
func TestSecondAttempt(t *testing.T) {
	for _, engine := range []string{"InnoDB", "MyISAM", "Aria", "MEMORY", "MyISAM PARTITION BY HASH (id) PARTITIONS 2"} {
		for _, columns := range []string{"id INT, e ENUM('a')", "id INT AUTO_INCREMENT PRIMARY KEY, e ENUM('a')"} {
			s := servertest.Server(t)
			name := servertest.Name(t, s)
			options := "ENGINE=" + engine
			if strings.Contains(columns, "AUTO_INCREMENT") {
				options = "AUTO_INCREMENT=700 " + options
			}
			snap, source := one(t, "CREATE TABLE t ("+columns+") "+options, "1\ta\n2\t\n3\ta\n")
			if _, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{}); err != nil {
				t.Fatalf("%s: %v", options, err)
			}
			db := s.DB(name)
			var table, create string
			var rows int
			if err := db.QueryRow("SELECT COUNT(*) FROM t").Scan(&rows); err != nil || rows != 3 {
				t.Errorf("%s: %d rows, %v", options, rows, err)
			}
			if err := db.QueryRow("SHOW CREATE TABLE t").Scan(&table, &create); err != nil || strings.Contains(options, "700") && !strings.Contains(create, "AUTO_INCREMENT=700") {
				t.Errorf("%s: the counter is lost, %v", options, err)
			}
			_ = db.Close()
		}
	}
}

func TestForeignKeys(t *testing.T) {
	const parent = "CREATE TABLE p (a INT, b VARCHAR(9) CHARACTER SET latin1, PRIMARY KEY (a,b), KEY (b))"
	for _, tc := range []struct {
		name, create, rows string
		orphans            int64
	}{
		{"all there", "CREATE TABLE c (a INT, b VARCHAR(9) CHARACTER SET latin1, FOREIGN KEY (a,b) REFERENCES p (a,b))", "1\tx\n1\tX\n2\té\n", 0},
		{"a part is null", "CREATE TABLE c (a INT, b VARCHAR(9) CHARACTER SET latin1, FOREIGN KEY (a,b) REFERENCES p (a,b))", "\\N\tnone\n7\t\\N\n\\N\t\\N\n", 0},
		{"composite", "CREATE TABLE c (a INT, b VARCHAR(9) CHARACTER SET latin1, CONSTRAINT fk FOREIGN KEY (a,b) REFERENCES p (a,b))", "1\té\n1\té\n2\tx\n1\tx\n", 2},
		{"to itself", "CREATE TABLE c (a INT PRIMARY KEY, b INT, CONSTRAINT fk FOREIGN KEY (b) REFERENCES c (a))", "2\t1\n1\t2\n3\t4\n", 1},
		{"another charset", "CREATE TABLE c (b VARCHAR(9) CHARACTER SET utf8mb4, CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (b))", "É\nx\n表\n", 1},
		{"another collation", "CREATE TABLE c (b VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin, CONSTRAINT fk FOREIGN KEY (b) REFERENCES p (b))", "X\nx\nz\n", 1},
		{"odd names", "CREATE TABLE c (`a``b c` INT, b VARCHAR(9) CHARACTER SET latin1, CONSTRAINT fk FOREIGN KEY (`a``b c`) REFERENCES p (a))", "1\tx\n5\tx\n", 1},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := servertest.Server(t)
			snap, source := one(t, tc.create, tc.rows, parent, "1\tx\n2\té\n")
			_, err := restore.Restore(t.Context(), s, servertest.Name(t, s), snap, source, restore.Options{})
			if tc.orphans == 0 {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			var got *restore.ForeignKeyError
			if !errors.As(err, &got) || got.Table != "c" || got.Constraint != "fk" || got.Orphans != tc.orphans {
				t.Errorf("got %v, want %d orphans of fk", err, tc.orphans)
			}
		})
	}
}

// The policy decided that the parent's rows are not there.
func TestForeignKeyToOmittedRows(t *testing.T) {
	s := servertest.Server(t)
	snap, source := one(t, "CREATE TABLE p (a INT PRIMARY KEY)", "", "CREATE TABLE c (a INT, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p (a))", "1\n")
	snap.Config.Tables[0].RowsOmitted = true
	result, err := restore.Restore(t.Context(), s, servertest.Name(t, s), snap, source, restore.Options{})
	if err != nil || len(result.Notes) != 1 || !strings.Contains(result.Notes[0], `"fk"`) {
		t.Errorf("got notes %q, %v", result.Notes, err)
	}
}

func TestCollations(t *testing.T) {
	s := servertest.Server(t)
	create := "CREATE TABLE t (a VARCHAR(40) COLLATE utf8mb4_0900_as_cs DEFAULT 'it''s COLLATE utf8mb4_0900_ai_ci') CHARSET=utf8mb4 COLLATE=utf8mb4_0900_ai_ci"
	snap, source := one(t, create, "x\n")
	name := servertest.Name(t, s)
	_, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{})
	var unknown *restore.CollationError
	if !errors.As(err, &unknown) || !slices.Equal(unknown.Unknown, []string{"utf8mb4_0900_ai_ci", "utf8mb4_0900_as_cs"}) ||
		!strings.Contains(unknown.Hint(), "--map-collation utf8mb4_0900_ai_ci=") {
		t.Fatalf("got %v, want both collations", err)
	}
	_, err = restore.Restore(t.Context(), s, name, snap, source, restore.Options{
		MapCollation: map[string]string{"UTF8MB4_0900_ai_ci": "utf8mb4_unicode_520_ci", "utf8mb4_0900_as_cs": "utf8mb4_bin"},
	})
	if err != nil {
		t.Fatal(err)
	}
	db := s.DB(name)
	defer func() { _ = db.Close() }()
	var table, text string
	if err := db.QueryRow("SHOW CREATE TABLE t").Scan(&table, &text); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"COLLATE=utf8mb4_unicode_520_ci", "COLLATE utf8mb4_bin", "'it''s COLLATE utf8mb4_0900_ai_ci'"} {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not in %s", want, text)
		}
	}
}

func TestObjects(t *testing.T) {
	view := func(name, query string) snapshot.Object {
		return snapshot.Object{Kind: snapshot.ObjectView, Name: name, SQL: "CREATE VIEW " + name + " AS " + query}
	}
	for _, tc := range []struct {
		name  string
		after []snapshot.Object
		notes int
		want  string // in the error
	}{
		{name: "views in no order", after: []snapshot.Object{
			view("a", "SELECT * FROM b"), view("b", "SELECT f(n) AS n FROM c"), view("c", "SELECT 1 AS n"),
			{Kind: snapshot.ObjectRoutine, Name: "f", SQL: "CREATE FUNCTION f(n INT) RETURNS INT RETURN n"},
		}},
		{name: "a stand-in and its view", after: []snapshot.Object{
			{Kind: snapshot.ObjectStandIn, Name: "v", SQL: "CREATE VIEW v AS SELECT 1 AS a"}, view("v", "SELECT a FROM t"),
		}},
		{name: "another collation of the database", after: []snapshot.Object{
			{Kind: snapshot.ObjectRoutine, Name: "f", SQL: "CREATE FUNCTION f(n TEXT) RETURNS INT RETURN 1", DatabaseCollation: "latin1_german2_ci"},
		}},
		{name: "views of each other", after: []snapshot.Object{view("a", "SELECT * FROM b"), view("b", "SELECT * FROM a")}, want: `create view "a": table does not exist (server error 1146)`},
		{name: "a syntax error", after: []snapshot.Object{{Kind: snapshot.ObjectRoutine, Name: "r", SQL: "CREATE PROCEDURE r()\nBEGIN SELEKT 's3cret'; END"}}, want: `create routine "r": syntax error at line 2 (server error 1064)`},
		{name: "an event of the past", notes: 1, after: []snapshot.Object{{Kind: snapshot.ObjectEvent, Name: "e", SQL: "CREATE EVENT e ON SCHEDULE AT '2001-01-01 00:00:00' DO SELECT 1", TimeZone: "+00:00"}}},
		{name: "an unknown time zone", after: []snapshot.Object{{Kind: snapshot.ObjectEvent, Name: "e", SQL: "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1", TimeZone: "Mars/Olympus"}}, want: "Mars/Olympus"},
		{name: "text outside its character set", after: []snapshot.Object{{Kind: snapshot.ObjectView, Name: "v", SQL: "CREATE VIEW v AS SELECT '表'", CharacterSetClient: "latin1"}}, want: "does not fit in character set latin1"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := servertest.Server(t)
			snap, source := one(t, "CREATE TABLE t (a INT)", "1\n")
			snap.After = tc.after
			result, err := restore.Restore(t.Context(), s, servertest.Name(t, s), snap, source, restore.Options{})
			switch {
			case tc.want == "" && err != nil:
				t.Fatal(err)
			case tc.want != "" && (err == nil || !strings.Contains(err.Error(), tc.want) || strings.Contains(err.Error(), "s3cret")):
				t.Errorf("got %v, want %q", err, tc.want)
			case len(result.Notes) != tc.notes:
				t.Errorf("got notes %q, want %d", result.Notes, tc.notes)
			}
		})
	}
}

func TestUnknownEngine(t *testing.T) {
	s := servertest.Server(t)
	snap, source := one(t, "CREATE TABLE t (a INT) ENGINE=TokuDB", "")
	_, err := restore.Restore(t.Context(), s, servertest.Name(t, s), snap, source, restore.Options{})
	if err == nil || !strings.Contains(err.Error(), "TokuDB") {
		t.Errorf("got %v, want an error that names the engine", err)
	}
}

func TestDatabases(t *testing.T) {
	s := servertest.Server(t)
	a, b := servertest.Name(t, s), servertest.Name(t, s)
	snap, source := &snapshot.Snapshot{}, &restoretest.Source{}
	for _, database := range []string{"first", "second"} {
		snap.Before = append(snap.Before, snapshot.Object{
			Kind: snapshot.ObjectDatabase, Database: database, Name: database,
			SQL: "CREATE DATABASE /*!32312 IF NOT EXISTS*/ `" + database + "` /*!40100 DEFAULT CHARACTER SET latin1 COLLATE latin1_german2_ci */",
		})
		restoretest.AddTable(t, snap, database, "CREATE TABLE t (a VARCHAR(9))")
		source.Add(snap, database, "t", []byte(database+"\n"))
	}
	if _, err := restore.Restore(t.Context(), s, a, snap, source, restore.Options{}); err == nil {
		t.Error("two databases went into one")
	}
	o := restore.Options{Databases: map[string]string{"first": a, "second": b}}
	if _, err := restore.Restore(t.Context(), s, "", snap, source, o); err != nil {
		t.Fatal(err)
	}
	db := s.DB("")
	defer func() { _ = db.Close() }()
	var first, second, collation string
	query := fmt.Sprintf("SELECT (SELECT a FROM %s.t), (SELECT a FROM %s.t), (SELECT DEFAULT_COLLATION_NAME FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = '%[1]s')", a, b)
	if err := db.QueryRow(query).Scan(&first, &second, &collation); err != nil {
		t.Fatal(err)
	}
	if first != "first" || second != "second" || collation != "latin1_german2_ci" {
		t.Errorf("got %q, %q in collation %s", first, second, collation)
	}
	_, err := restore.Restore(t.Context(), s, "", snap, source, o)
	if !errors.Is(err, restore.ErrNotEmpty) || !exists(t, s, a) {
		t.Errorf("got %v, want ErrNotEmpty and the old data untouched", err)
	}
}

// What is somebody's is neither filled nor, after a failure, dropped.
func TestDatabaseWithRoutinesOnly(t *testing.T) {
	s, name := servertest.Database(t)
	servertest.Load(t, s, name, strings.NewReader("CREATE FUNCTION f() RETURNS INT RETURN 1"))
	snap, source := one(t, "CREATE TABLE t (a INT)", "x\n")
	if _, err := restore.Restore(t.Context(), s, name, snap, source, restore.Options{}); !errors.Is(err, restore.ErrNotEmpty) || !exists(t, s, name) {
		t.Errorf("got %v, want ErrNotEmpty and the routine untouched", err)
	}
}

func TestNewNameForNothing(t *testing.T) {
	s := servertest.Server(t)
	snap, source := one(t, "CREATE TABLE t (a INT)", "1\n")
	_, err := restore.Restore(t.Context(), s, "", snap, source, restore.Options{Databases: map[string]string{"nowhere": "x"}})
	if err == nil || !strings.Contains(err.Error(), `"nowhere"`) {
		t.Errorf("got %v, want the name that the snapshot does not have", err)
	}
}

// A machine with many processors asks for many jobs, on a server with its usual flags.
func TestManyJobs(t *testing.T) {
	s := servertest.Start(t)
	var tables []string
	for i := range 100 {
		tables = append(tables, fmt.Sprintf("CREATE TABLE t%d (a INT PRIMARY KEY, b INT, FOREIGN KEY (b) REFERENCES t%d (a)) ENGINE=InnoDB", i, (i+1)%100), "1\t1\n")
	}
	snap, source := one(t, tables...)
	if _, err := restore.Restore(t.Context(), s, "d", snap, source, restore.Options{Jobs: 100}); err != nil {
		t.Error(err)
	}
}

// big makes a table of many rows in several chunks.
func big(t *testing.T, chunks int) (*snapshot.Snapshot, *restoretest.Source) {
	t.Helper()
	snap, source := one(t, "CREATE TABLE big (id INT PRIMARY KEY, v VARCHAR(100), KEY (v))", "", "CREATE TABLE small (id INT)", "1\n")
	for i := range chunks {
		var rows strings.Builder
		for j := range 10000 {
			fmt.Fprintf(&rows, "%d\t%080d\n", i*10000+j, j)
		}
		source.Add(snap, "", "big", []byte(rows.String()))
	}
	return snap, source
}

func TestProgress(t *testing.T) {
	s := servertest.Server(t)
	snap, source := big(t, 3)
	var last restore.Progress
	clock := time.Unix(0, 0)
	result, err := restore.Restore(t.Context(), s, servertest.Name(t, s), snap, source, restore.Options{
		Progress: func(p restore.Progress) {
			if p.Bytes < last.Bytes || p.Tables < last.Tables {
				t.Errorf("progress goes back from %+v to %+v", last, p)
			}
			last = p
		},
		Now: func() time.Time { clock = clock.Add(time.Second); return clock },
	})
	if err != nil {
		t.Fatal(err)
	}
	if last.Bytes != last.TotalBytes || last.Tables != 2 || last.TotalTables != 2 {
		t.Errorf("ends at %+v", last)
	}
	if want := (restore.Result{Tables: 2, Rows: 30001, Duration: time.Second}); !slices.Equal(result.Notes, want.Notes) || result.Rows != want.Rows || result.Tables != want.Tables || result.Duration != want.Duration {
		t.Errorf("got %+v, want %+v", result, want)
	}
}

// Trouble on the way leaves neither a database, nor a FIFO, nor a goroutine.
func TestTrouble(t *testing.T) {
	broken := errors.New("the disk is broken")
	for _, tc := range []struct {
		name  string
		setup func(t *testing.T, snap *snapshot.Snapshot, source *restoretest.Source, cancel context.CancelFunc)
		want  error
	}{
		{"the source fails", func(_ *testing.T, _ *snapshot.Snapshot, source *restoretest.Source, _ context.CancelFunc) {
			source.Fail = broken
		}, broken},
		{"a chunk is missing", func(_ *testing.T, _ *snapshot.Snapshot, source *restoretest.Source, _ context.CancelFunc) {
			clear(source.Chunks)
		}, nil},
		{"rows are missing", func(_ *testing.T, _ *snapshot.Snapshot, source *restoretest.Source, _ context.CancelFunc) {
			source.Wrap = func(_ context.Context, _ snapshot.Chunk, r io.Reader) io.Reader {
				_, _ = io.CopyN(io.Discard, r, 2)
				return r
			}
		}, nil},
		{"the table is missing", func(_ *testing.T, snap *snapshot.Snapshot, _ *restoretest.Source, _ context.CancelFunc) {
			snap.Before = nil
		}, nil},
		{"counts disagree", func(_ *testing.T, snap *snapshot.Snapshot, _ *restoretest.Source, _ context.CancelFunc) {
			snap.Config.Tables[0].Rows++
		}, snapshot.ErrCorrupt},
		{"corrupt rows that the server refuses first", func(_ *testing.T, _ *snapshot.Snapshot, source *restoretest.Source, _ context.CancelFunc) {
			source.Wrap = func(_ context.Context, c snapshot.Chunk, _ io.Reader) io.Reader {
				more := strings.Repeat("1\tx\n", 1<<20) // than pipe and server take before they refuse the first row
				return io.MultiReader(strings.NewReader("not a number\tx\n"+more), failing{&snapshot.CorruptError{What: c.Table, Err: io.ErrUnexpectedEOF}})
			}
		}, snapshot.ErrCorrupt},
		{"cancelled in the middle", func(_ *testing.T, _ *snapshot.Snapshot, source *restoretest.Source, cancel context.CancelFunc) {
			source.Wrap = func(_ context.Context, c snapshot.Chunk, r io.Reader) io.Reader {
				if c.Table == "big" {
					return io.MultiReader(io.LimitReader(r, 1000), &blocking{cancel: cancel})
				}
				return r
			}
		}, context.Canceled},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s := servertest.Server(t)
			snap, source := big(t, 2)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			tc.setup(t, snap, source, cancel)
			before := runtime.NumGoroutine()
			name := servertest.Name(t, s)
			_, err := restore.Restore(ctx, s, name, snap, source, restore.Options{})
			if err == nil || tc.want != nil && !errors.Is(err, tc.want) {
				t.Errorf("got %v, want %v", err, tc.want)
			}
			if exists(t, s, name) {
				t.Error("the database is still there")
			}
			if left, _ := os.ReadDir(s.FIFODir()); len(left) > 0 {
				t.Errorf("left in the FIFO directory: %v", left)
			}
			waitForGoroutines(t, before)
		})
	}
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// blocking calls cancel, and then has little to read for a second.
type blocking struct {
	cancel func()
	reads  int
}

func (b *blocking) Read(p []byte) (int, error) {
	b.cancel()
	if b.reads++; b.reads > 50 {
		return 0, io.ErrUnexpectedEOF
	}
	time.Sleep(20 * time.Millisecond)
	return copy(p, "0"), nil
}

func waitForGoroutines(t *testing.T, want int) {
	t.Helper()
	for range 100 {
		if runtime.NumGoroutine() <= want+1 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d goroutines, %d before", runtime.NumGoroutine(), want)
}

func TestServerDies(t *testing.T) {
	s := servertest.Start(t)
	snap, source := big(t, 2)
	source.Wrap = func(_ context.Context, _ snapshot.Chunk, r io.Reader) io.Reader {
		return io.MultiReader(io.LimitReader(r, 1000), &blocking{cancel: s.Kill})
	}
	_, err := restore.Restore(t.Context(), s, "d", snap, source, restore.Options{})
	if !errors.Is(err, server.ErrEnded) {
		t.Errorf("got %v, want ErrEnded", err)
	}
}

func BenchmarkRestore(b *testing.B) {
	s := servertest.Server(b)
	snap, source := &snapshot.Snapshot{}, &restoretest.Source{}
	var total int64
	for table := range 4 {
		name := fmt.Sprintf("t%d", table)
		restoretest.AddTable(b, snap, "", "CREATE TABLE "+name+" (id INT PRIMARY KEY, a VARCHAR(50), b DATETIME, c DECIMAL(10,2), d VARBINARY(20), KEY (b), UNIQUE KEY (a))")
		for chunk := range 10 {
			var rows strings.Builder
			for i := range 20000 {
				id := chunk*20000 + i
				fmt.Fprintf(&rows, "%d\tuser%08d@example.invalid\t2024-01-%02d 10:11:12\t%d.50\t%040X\n", id, (id*7919)%1000003, id%28+1, id%1000, id)
			}
			total += int64(rows.Len())
			source.Add(snap, "", name, []byte(rows.String()))
		}
	}
	b.SetBytes(total)
	for b.Loop() {
		name := servertest.Name(b, s)
		if _, err := restore.Restore(b.Context(), s, name, snap, source, restore.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
