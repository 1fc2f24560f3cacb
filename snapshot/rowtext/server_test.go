package rowtext_test

import (
	"bytes"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// Every column type at its extremes passes through rows and LOAD DATA into an
// equal table on a real server.
func TestServerLoadsEqualTables(t *testing.T) {
	s, original := servertest.Database(t)
	servertest.Load(t, s, original, strings.NewReader(servertest.AllTypes))
	_, copied := servertest.Database(t)
	l := newLoader(t, s, original, copied)
	for _, table := range l.tables(t) {
		t.Run(table, func(t *testing.T) { l.copyTable(t, table) })
	}
}

func TestServerLoadsOddTables(t *testing.T) {
	for _, tc := range []struct{ name, table, rows string }{
		{"every column is hex", "(a BLOB, b BIT(3), c BINARY(2))", "(x'', b'101', x'0A00'), (NULL, NULL, NULL), ('\\n\\t\\0', 0, '')"},
		{"only computed columns", "(a INT AS (1), b INT AS (2) STORED)", "(DEFAULT, DEFAULT), (DEFAULT, DEFAULT)"},
		{"computed columns around one", "(a INT AS (b+1), b INT, c INT AS (b+2) STORED)", "(DEFAULT, 1, DEFAULT), (DEFAULT, NULL, DEFAULT)"},
		{"names to quote", "(`a``b` INT, `@h1` BLOB, `select` INT, `é` BLOB, `x y` INT)", "(1, 'p', 2, 'q', 3)"},
		{"one empty text", "(a VARCHAR(3) NOT NULL)", "(''), ('a'), ('')"},
		{"one empty blob", "(a BLOB NOT NULL)", "(''), ('a'), ('')"},
		{"surrogates", "(a VARCHAR(9) CHARACTER SET utf8mb4)", "(x'EDA080'), (x'61EDBFBF62')"},
		{"escapes", "(a TEXT, b TEXT)", "('\\\\', '\\\\N'), ('\\\\\\\\t', '\\t\\\\'), ('\\r\\n', '\\n')"},
		{"bytes of latin1", "(a TEXT CHARACTER SET latin1)", "(_latin1 x'8081A0FF00095C0A')"},
		{"binary ENUM", "(a ENUM('a','b') CHARACTER SET binary)", "('a'), (NULL)"},
		{"years and odd dates", "(y YEAR, d DATE, t DATETIME)", "(0, '0000-00-00', '2014-02-31 00:00:00'), (1901, '2014-00-01', '0000-00-00'), (2155, '9999-12-31', NULL)"},
		{"ENUM error values", "(id INT, e ENUM('a','0') NOT NULL, f ENUM('x') CHARACTER SET latin1)", "(1, '', 'x'), (2, 'a', ''), (3, '0', NULL)"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s, original := servertest.Database(t)
			servertest.Load(t, s, original, strings.NewReader("SET sql_mode = 'ALLOW_INVALID_DATES'; CREATE TABLE t "+
				tc.table+"; INSERT INTO t VALUES "+tc.rows+";"))
			_, copied := servertest.Database(t)
			newLoader(t, s, original, copied).copyTable(t, "t")
		})
	}
}

// A lenient load that changes a value is told from one that only met error values.
func TestServerCountsEnumZeros(t *testing.T) {
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader("CREATE TABLE t (id INT, e ENUM('a'))"))
	l := newLoader(t, s, database, database)
	layout := rowtext.Layout{Columns: []rowtext.Column{{Name: "id"}, {Name: "e", EnumZero: true}}}
	if exact := l.loadLenient(t, "t", layout, []byte("1\t\n2\tb\n3\ta\n")); exact {
		t.Error("a value that is no member went unnoticed")
	}
}

type loader struct {
	server           *server.Server
	conn             *sql.Conn
	original, copied string
}

func newLoader(t *testing.T, s *server.Server, original, copied string) *loader {
	t.Helper()
	db := s.DB(original)
	t.Cleanup(func() { _ = db.Close() })
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	l := &loader{server: s, conn: conn, original: original, copied: copied}
	l.exec(t, "SET time_zone = '+00:00', foreign_key_checks = 0")
	return l
}

func (l *loader) exec(t *testing.T, stmt string) {
	t.Helper()
	if _, err := l.conn.ExecContext(t.Context(), stmt); err != nil {
		t.Fatalf("%v in %s", err, stmt)
	}
}

func (l *loader) one(t *testing.T, query string) string {
	t.Helper()
	var name, value string
	if err := l.conn.QueryRowContext(t.Context(), query).Scan(&name, &value); err != nil {
		t.Fatalf("%v in %s", err, query)
	}
	return value
}

func (l *loader) tables(t *testing.T) []string {
	t.Helper()
	rows, err := l.conn.QueryContext(t.Context(), `SELECT table_name FROM information_schema.tables
		WHERE table_schema = ? AND table_type IN ('BASE TABLE', 'SYSTEM VERSIONED') ORDER BY 1`, l.original)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var names []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			t.Fatal(err)
		}
		names = append(names, name)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return names
}

// copyTable carries one table over and compares it.
func (l *loader) copyTable(t *testing.T, name string) {
	from := server.QuoteIdentifier(l.original) + "." + server.QuoteIdentifier(name)
	to := server.QuoteIdentifier(l.copied) + "." + server.QuoteIdentifier(name)
	create := l.one(t, "SHOW CREATE TABLE "+from)
	table, err := ddl.ParseCreateTable([]byte(create), ddl.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	layout := rowtext.LayoutOf(table)
	l.exec(t, "SET sql_mode = ''")
	l.exec(t, "USE `"+l.copied+"`")
	l.exec(t, create)
	rows, zeros := l.rows(t, from, table)
	if zeros {
		if !l.loadLenient(t, name, layout, rows) {
			t.Error("the load changed a value")
		}
	} else {
		l.exec(t, "SET sql_mode = '"+rowtext.LoadSQLMode+"'")
		l.exec(t, layout.LoadData(name, rowtext.LoadOptions{File: l.file(t, rows), Database: l.copied}))
	}
	if again, _ := l.rows(t, to, table); !bytes.Equal(rows, again) {
		t.Errorf("rows differ: %d and %d bytes", len(rows), len(again))
	}
	if table.SystemVersioned {
		return // the checksum covers the time of the load
	}
	if want, got := l.one(t, "CHECKSUM TABLE "+from), l.one(t, "CHECKSUM TABLE "+to); want != got {
		t.Errorf("checksum is %s, want %s", got, want)
	}
}

// rows spells a table's rows, and reports whether an ENUM's error value is
// among them.
func (l *loader) rows(t *testing.T, name string, table *ddl.Table) (out []byte, zeros bool) {
	t.Helper()
	layout, names := rowtext.LayoutOf(table), []string{"1"}
	for _, c := range layout.Columns {
		column := server.QuoteIdentifier(c.Name)
		if table.Columns[table.ColumnIndex(c.Name)].Type.Class() == ddl.Year {
			column = "CAST(" + column + " AS CHAR)" // the driver makes 0 of 0000, which means 2000
		}
		names = append(names, column)
	}
	result, err := l.conn.QueryContext(t.Context(), "SELECT "+strings.Join(names, ", ")+" FROM "+name)
	if err != nil {
		t.Fatal(err)
	}
	defer result.Close()
	raw := make([]sql.RawBytes, len(names))
	into := make([]any, len(names))
	for i := range raw {
		into[i] = &raw[i]
	}
	for result.Next() {
		if err := result.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, c := range layout.Columns {
			if i > 0 {
				out = rowtext.AppendSeparator(out)
			}
			if raw[i+1] == nil {
				out = rowtext.AppendNull(out)
				continue
			}
			zeros = zeros || c.EnumZero && len(raw[i+1]) == 0
			if out, err = c.AppendValue(out, raw[i+1]); err != nil {
				t.Fatalf("column %d: %v", i+1, err)
			}
		}
		out = rowtext.AppendRowEnd(out)
	}
	if err := result.Err(); err != nil {
		t.Fatal(err)
	}
	return out, zeros
}

// loadLenient loads rows as LoadOptions.EnumZeros says, and reports whether the
// load was exact.
func (l *loader) loadLenient(t *testing.T, name string, layout rowtext.Layout, rows []byte) bool {
	t.Helper()
	l.exec(t, "SET sql_mode = '"+rowtext.LenientSQLMode+"', "+rowtext.EnumZerosVariable+" = 0")
	l.exec(t, layout.LoadData(name, rowtext.LoadOptions{File: l.file(t, rows), Database: l.copied, EnumZeros: true}))
	var warnings, zeros int
	err := l.conn.QueryRowContext(t.Context(), "SELECT @@warning_count, "+rowtext.EnumZerosVariable).Scan(&warnings, &zeros)
	if err != nil {
		t.Fatal(err)
	}
	return warnings == zeros
}

// file puts rows where the server may read them.
func (l *loader) file(t *testing.T, rows []byte) string {
	t.Helper()
	path := filepath.Join(l.server.FIFODir(), fmt.Sprintf("rows-%p", t))
	if err := os.WriteFile(path, rows, 0o644); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.Remove(path) })
	return path
}
