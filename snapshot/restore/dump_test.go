package restore_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// loadDump loads a dump into a new database, and returns its name.
func loadDump(t *testing.T, s *server.Server, dump []byte, o restore.DumpOptions) (string, restore.DumpResult, error) {
	t.Helper()
	name := servertest.Name(t, s)
	account, err := s.CreateAccount(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	result, err := restore.Dump(t.Context(), s, account, name, bytes.NewReader(dump), o)
	return name, result, err
}

// sameAsClient loads a dump both ways and compares everything that the server knows of the two databases.
func sameAsClient(t *testing.T, dump []byte, o servertest.CompareOptions) restore.DumpResult {
	t.Helper()
	s, want := servertest.Database(t)
	text, err := mysqldump.Decompress(bytes.NewReader(dump))
	if err != nil {
		t.Fatal(err)
	}
	servertest.Load(t, s, want, text)
	got, result, err := loadDump(t, s, dump, restore.DumpOptions{})
	if err != nil {
		t.Fatal(err)
	}
	o.IgnoreDefiners, o.IgnoreDatabaseCollation = true, true
	servertest.Compare(t, s, want, s, got, o)
	checkCounts(t, s, got, result)
	return result
}

// checkCounts compares a result with the server's own counts.
func checkCounts(t *testing.T, s *server.Server, database string, result restore.DumpResult) {
	t.Helper()
	db := s.DB(database)
	defer func() { _ = db.Close() }()
	rows, err := db.Query("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_TYPE NOT IN ('VIEW', 'SEQUENCE')")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = rows.Close() }()
	var tables []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		tables = append(tables, name)
	}
	var total int64
	for _, name := range tables {
		var n int64
		if err := db.QueryRow("SELECT COUNT(*) FROM " + server.QuoteIdentifier(name)).Scan(&n); err != nil {
			t.Fatal(err)
		}
		total += n
	}
	if result.Tables != len(tables) || result.Rows != total {
		t.Errorf("got %d tables and %d rows, the server has %d and %d", result.Tables, result.Rows, len(tables), total)
	}
}

func TestDumpLoadsWhatAClientLoads(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(servertest.AllTypes))
	for _, options := range []string{
		"--routines --events --insert-ignore",
		"--routines --events --hex-blob --complete-insert --skip-extended-insert --no-autocommit --skip-comments",
		"--routines --replace --skip-add-locks --skip-tz-utc --ignore-table=" + original + ".period", // no server replaces in it
	} {
		t.Run(options, func(t *testing.T) {
			sameAsClient(t, servertest.Dump(t, s, original, strings.Fields(options)...), servertest.CompareOptions{})
		})
	}
}

func TestDemoDump(t *testing.T) {
	dump, err := os.ReadFile(filepath.Join("..", "..", "testdata", "demo", "cloud.sql.zst"))
	if err != nil {
		t.Fatal(err)
	}
	sameAsClient(t, dump, servertest.CompareOptions{})
}

// A dump in character set binary loads as the database was, though a client would lose values: its literals are bytes, of which the
// server takes the text of a UUID or an address for NULL or for another address, and the member é of a latin1 ENUM for two characters.
func TestDumpInBinary(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(`
		CREATE TABLE t (id INT PRIMARY KEY, hidden INT INVISIBLE, u UUID NOT NULL DEFAULT '123e4567-e89b-12d3-a456-426655440000', i6 INET6, i4 INET4,
			e ENUM('é','x') DEFAULT 'é', v VARCHAR(9) DEFAULT 'é', b VARBINARY(40)) CHARACTER SET latin1;
		INSERT INTO t VALUES (1,'123e4567-e89b-12d3-a456-426655440001','2001:db8::1:2:33','192.0.2.1','é','é',x'00ff275c'),(2,DEFAULT,'::',NULL,NULL,'',''),
			(3,'00000000-0000-0000-0000-000000000000',NULL,'0.0.0.0','x','123e4567',NULL);`))
	for _, options := range []string{"--skip-hex-blob", "--hex-blob", "--complete-insert", "--skip-extended-insert"} {
		t.Run(options, func(t *testing.T) {
			got, result, err := loadDump(t, s, servertest.Dump(t, s, original, "--default-character-set=binary", options), restore.DumpOptions{})
			if err != nil || len(result.Notes) > 0 {
				t.Fatalf("error %v, notes %q", err, result.Notes)
			}
			servertest.Compare(t, s, original, s, got, servertest.CompareOptions{IgnoreDatabaseCollation: true})
		})
	}
	t.Run("by hand", func(t *testing.T) { // the 16 bytes of a value are that value, named text is text
		got, _, err := loadDump(t, s, []byte("SET NAMES binary;\nCREATE TABLE t (u uuid, i inet6);\nINSERT INTO t VALUES (x'123e4567e89b12d3a456426655440000',_utf8mb4'::1');\n"+
			"INSERT INTO t VALUES (_binary'123e4567-e89b-12d3-a456-426655440000','::1'), # two\n(NULL,'::2');\n"), restore.DumpOptions{})
		if err != nil {
			t.Fatal(err)
		}
		db := s.DB(got)
		defer func() { _ = db.Close() }()
		var n int
		if err := db.QueryRow("SELECT COUNT(*) FROM t WHERE (u IS NULL OR u = '123e4567-e89b-12d3-a456-426655440000') AND i IN ('::1', '::2')").Scan(&n); err != nil || n != 3 {
			t.Errorf("error %v, %d rows of 3 as they were written", err, n)
		}
	})
}

// What the dump program of Percona Server prepares and executes for its own engine is not run.
func TestDumpOfPerconaServer(t *testing.T) {
	s := servertest.Server(t)
	got, result, err := loadDump(t, s, []byte("/*!50112 SELECT COUNT(*) INTO @is_rocksdb_supported FROM INFORMATION_SCHEMA.SESSION_VARIABLES WHERE VARIABLE_NAME='rocksdb_bulk_load' */;\n"+
		"/*!50112 SET @enable_bulk_load = IF (@is_rocksdb_supported, 'SET SESSION rocksdb_bulk_load = 1', 'SET @dummy_rocksdb_bulk_load = 0') */;\n"+
		"/*!50112 PREPARE s FROM @enable_bulk_load */;\n/*!50112 EXECUTE s */;\n/*!50112 DEALLOCATE PREPARE s */;\n"+
		"CREATE TABLE t (a int);\nINSERT INTO t VALUES (1),(2);\n"), restore.DumpOptions{})
	if err != nil || result.Rows != 2 {
		t.Fatalf("error %v, %d rows", err, result.Rows)
	}
	checkCounts(t, s, got, result)
}
