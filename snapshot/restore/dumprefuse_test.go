package restore_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/ulikunitz/xz"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// ask returns the one value of a query.
func ask(t *testing.T, s *server.Server, database, query string) string {
	t.Helper()
	db := s.DB(database)
	defer func() { _ = db.Close() }()
	var answer string
	if err := db.QueryRow(query).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return answer
}

func TestDumpErrorsNameThePlaceAndNoValue(t *testing.T) {
	s := servertest.Server(t)
	const table = "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(9) NOT NULL, UNIQUE KEY uv (v), CONSTRAINT short CHECK (LENGTH(v) < 8));\n"
	for _, tc := range []struct{ name, dump, want string }{
		{
			"duplicate", table + "INSERT INTO t VALUES (1,'s3cret'),(2,'x'),\n(3,'s3cret');\n",
			`line 2, offset 118, INSERT: load table "t", row 3, index "uv": duplicate key (server error 1062)`,
		},
		{
			"NULL", table + "\n-- s3cret\n\nINSERT INTO t VALUES (1,NULL);\n",
			`line 5, offset 118, INSERT: load table "t", row 1, column "v": NULL in a column that is NOT NULL (server error 1048)`,
		},
		{
			"too long", table + "INSERT INTO t VALUES (1,'a'),(2,'s3cret s3cret');\n",
			`line 2, offset 118, INSERT: load table "t", row 2, column "v": value is too long (server error 1406)`,
		},
		{
			"check", table + "INSERT INTO t VALUES (1,'s3cret00');\n",
			`line 2, offset 118, INSERT: load table "t", row 1, constraint "short": CHECK constraint violated (server error 4025)`,
		},
		{
			"expression", table + "INSERT INTO t VALUES (1,s3cret);\n",
			`line 2, offset 118, INSERT: load table "t": unknown column (server error 1054)`,
		},
		{
			"no table", "INSERT INTO t VALUES (1,'s3cret');\n",
			`line 1, offset 0, INSERT: load table "t": table does not exist (server error 1146)`,
		},
		{
			"syntax of a view", "CREATE VIEW v AS SELECT 's3cret' FROM FROM;\n",
			`line 1, offset 0, CREATE VIEW "v": syntax error at line 1 (server error 1064)`,
		},
		{
			"enum", "SET sql_mode='STRICT_ALL_TABLES';\nCREATE TABLE t (e ENUM('s3cret','s3cret'));\n",
			`line 2, offset 33, CREATE TABLE "t": an ENUM or SET lists a value twice (server error 1291)`,
		},
		{
			"variable", "SET no_such_variable='s3cret';\n",
			`line 1, offset 0, SET: Unknown system variable 'no_such_variable' (server error 1193)`,
		},
		{
			"variable's value", "SET tx_isolation='s3cret';\n",
			`line 1, offset 0, SET: a variable cannot have this value (server error 1231)`,
		},
		{
			"collation", "CREATE TABLE t (v VARCHAR(9)) COLLATE=utf8mb4_0900_ai_ci;\n",
			`line 1, offset 0, CREATE TABLE: server has no collation utf8mb4_0900_ai_ci (needed by CREATE TABLE "t")`,
		},
		{
			"two databases", "CREATE DATABASE a;\nUSE a;\nCREATE TABLE t (v INT);\nCREATE DATABASE b;\nUSE b;\n",
			`line 4, offset 49, CREATE DATABASE: the dump has databases "a" and "b", which do not go into one`,
		},
		{
			"half a dump", "-- MySQL dump 10.13  Distrib 5.7.44\n--\n-- Host: x    Database: y\n" + table,
			"read dump: line 5, offset 184: the dump is truncated: the comment at the end of a dump is missing",
		},
		{
			"half a row", table + "INSERT INTO t VALUES (1,'s3cret'),(2,'s3cr",
			`read dump: line 2, offset 153, INSERT "t", row 2: the dump is truncated`,
		},
		{"no dump", "s3cret, s3cret\n", "read dump: line 1, offset 0: not an SQL dump"},
		{"other rows", table + "INSERT INTO t SELECT 1, 's3cret';\n", `read dump: line 1, offset 118, INSERT "t": an INSERT without a plain list of rows: with SELECT, SET or PARTITION, as no dump program writes it`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			name, _, err := loadDump(t, s, []byte(tc.dump), restore.DumpOptions{})
			if err == nil || err.Error() != "load dump: "+tc.want {
				t.Errorf("got  %v\nwant load dump: %s", err, tc.want)
			}
			if strings.Contains(fmt.Sprintf("%+v", err), "s3cr") {
				t.Errorf("the error shows a value: %v", err)
			}
			if exists(t, s, name) {
				t.Error("the half loaded database is there")
			}
		})
	}
}

// A dump does what its account may do in its database, and no more.
func TestHostileDump(t *testing.T) {
	s, victim := servertest.Database(t)
	servertest.Load(t, s, victim, strings.NewReader("CREATE TABLE t (v INT); INSERT INTO t VALUES (1);"))
	for _, dump := range []string{
		"CREATE VIEW v AS SELECT * FROM mysql.global_priv;",
		"CREATE VIEW v AS SELECT * FROM " + victim + ".t;",
		"CREATE TABLE " + victim + ".u (v INT);",
		"DROP TABLE " + victim + ".t;",
		"INSERT INTO " + victim + ".t VALUES (2);",
		"INSERT INTO mysql.global_priv VALUES ('localhost','evil','{}');",
		"DROP USER root;",
		"SET GLOBAL max_connections = 1, autocommit = 1;",
		"LOCK TABLES " + victim + ".t WRITE;",
		"CREATE DATABASE a; ALTER DATABASE " + victim + " CHARACTER SET latin1;",
		"CREATE TABLE t (v INT);\nLOAD DATA INFILE '/etc/passwd' INTO TABLE t;",
		"SELECT 1 INTO OUTFILE '/tmp/x';",
		"SHUTDOWN;",
		"CREATE USER evil;",
		"GRANT ALL ON *.* TO PUBLIC;",
		"\\! touch x\n",
		"SOURCE /etc/passwd\n",
	} {
		if _, _, err := loadDump(t, s, []byte(dump+"\n"), restore.DumpOptions{}); err == nil {
			t.Errorf("loaded %q", dump)
		}
	}
	name, _, err := loadDump(t, s, []byte("DROP DATABASE "+victim+";\nCREATE DATABASE "+victim+";\nUSE "+victim+";\nCREATE TABLE mine (v INT);\n"+
		"SET GLOBAL max_connections = 1;\nCHANGE MASTER TO MASTER_HOST='evil';\nSTART SLAVE;\nFLUSH TABLES WITH READ LOCK;\n"), restore.DumpOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if got := ask(t, s, victim, "SELECT COUNT(*) FROM t"); got != "1" {
		t.Errorf("another database was changed: %s rows", got)
	}
	if got := ask(t, s, name, "SELECT COUNT(*) FROM mine"); got != "0" {
		t.Error("the table is not where it belongs")
	}
	if got := ask(t, s, "", "SELECT @@max_connections"); got == "1" {
		t.Error("the server was changed")
	}
}

func TestDumpCancelled(t *testing.T) {
	s := servertest.Server(t)
	name := servertest.Name(t, s)
	account, err := s.CreateAccount(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancelCause(t.Context())
	cause := errors.New("enough")
	endless := io.MultiReader(strings.NewReader("CREATE TABLE t (id INT);\n"), repeated("INSERT INTO t VALUES (1)"+strings.Repeat(",(2)", 5000)+";\n"))
	_, err = restore.Dump(ctx, s, account, name, endless, restore.DumpOptions{Progress: func(n int64) {
		if n > 64<<10 {
			cancel(cause)
		}
	}})
	if !errors.Is(err, cause) {
		t.Errorf("got %v", err)
	}
	if exists(t, s, name) {
		t.Error("the half loaded database is there")
	}
}

type repeated string

func (r repeated) Read(p []byte) (int, error) {
	n := 0
	for n+len(r) <= len(p) {
		n += copy(p[n:], r)
	}
	return n, nil
}

func TestDumpIntoADatabaseThatIsInUse(t *testing.T) {
	s, name := servertest.Database(t)
	account, err := s.CreateAccount(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	const dump = "CREATE TABLE t (v INT);\n"
	if _, err := restore.Dump(t.Context(), s, account, name, strings.NewReader(dump), restore.DumpOptions{}); err != nil {
		t.Fatalf("into an empty one: %v", err)
	}
	_, err = restore.Dump(t.Context(), s, account, name, strings.NewReader(dump), restore.DumpOptions{})
	if !errors.Is(err, restore.ErrNotEmpty) || !exists(t, s, name) {
		t.Errorf("got %v; the database must be left alone", err)
	}
}

func TestCompressedDumps(t *testing.T) {
	s := servertest.Server(t)
	plain := []byte("CREATE TABLE t (v INT);\nINSERT INTO t VALUES (1),(2);\n" + strings.Repeat("-- filler, so that it is worth it\n", 1000))
	packed := map[string]func(io.Writer) (io.WriteCloser, error){
		"plain": nil,
		"gzip":  func(w io.Writer) (io.WriteCloser, error) { return gzip.NewWriter(w), nil },
		"zstd":  func(w io.Writer) (io.WriteCloser, error) { return zstd.NewWriter(w) },
		"xz":    func(w io.Writer) (io.WriteCloser, error) { return xz.NewWriter(w) },
	}
	for form, pack := range packed {
		t.Run(form, func(t *testing.T) {
			stored := plain
			if pack != nil {
				var b bytes.Buffer
				w, err := pack(&b)
				if err != nil {
					t.Fatal(err)
				}
				_, err = w.Write(plain)
				if err = errors.Join(err, w.Close()); err != nil {
					t.Fatal(err)
				}
				stored = b.Bytes()
			}
			last := int64(0)
			_, result, err := loadDump(t, s, stored, restore.DumpOptions{Progress: func(n int64) {
				if n < last {
					t.Errorf("progress goes from %d to %d", last, n)
				}
				last = n
			}})
			if err != nil {
				t.Fatal(err)
			}
			if want := fmt.Sprintf("sha256:%x", sha256.Sum256(stored)); result.Digest != want || result.Bytes != int64(len(stored)) || last != result.Bytes {
				t.Errorf("got %s, %d bytes, progress to %d; want %s, %d bytes", result.Digest, result.Bytes, last, want, len(stored))
			}
			if result.Rows != 2 || result.Tables != 1 {
				t.Errorf("got %d rows and %d tables", result.Rows, result.Tables)
			}
			name, _, err := loadDump(t, s, stored[:len(stored)/2], restore.DumpOptions{})
			if form != "plain" && (!errors.Is(err, mysqldump.ErrTruncated) || exists(t, s, name)) {
				t.Errorf("half of the file: %v", err)
			}
		})
	}
	if _, _, err := loadDump(t, s, nil, restore.DumpOptions{}); !errors.Is(err, mysqldump.ErrNotDump) {
		t.Errorf("an empty file: %v", err)
	}
}
