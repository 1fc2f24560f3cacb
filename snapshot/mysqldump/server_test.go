package mysqldump_test

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// TestServerDumps: what the installed server's own dump program writes, in every
// layout, comes out byte for byte, and its values are those that the server
// answers.
func TestServerDumps(t *testing.T) {
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader(servertest.AllTypes))
	db := s.DB(database)
	t.Cleanup(func() { _ = db.Close() })
	for _, options := range []string{
		"",
		"--hex-blob",
		"--complete-insert",
		"--skip-extended-insert",
		"--insert-ignore --skip-tz-utc",
		"--replace --complete-insert --hex-blob",
		"--databases",
		"--compact",
		"--skip-comments --no-autocommit",
		"--default-character-set=binary",
		"--compatible=ansi --default-character-set=utf8mb4",
		"--flush-privileges --add-drop-trigger",
	} {
		t.Run(options, func(t *testing.T) {
			args := append(strings.Fields(options), "--triggers")
			if !strings.Contains(options, "ansi") { // mariadb-dump then writes events and routines that no server reads
				args = append(args, "--routines", "--events")
			}
			i := slices.Index(args, "--databases")
			if i >= 0 { // comes last, before the database
				args = append(slices.Delete(args, i, i+1), "--databases")
			}
			text := servertest.Dump(t, s, database, args...)
			d := mustRead(t, text)
			if !strings.Contains(options, "character-set") && !strings.Contains(options, "tz-utc") && !strings.Contains(options, "compact") {
				compareRows(t, db, d)
			}
			if !strings.Contains(options, "ansi") { // writes no charset
				checkDefinitions(t, d)
			}
		})
	}
}

func TestLatin1Dump(t *testing.T) {
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader("CREATE TABLE t (a varchar(9) CHARACTER SET latin1, b varchar(9) CHARACTER SET utf8mb4);"+
		`INSERT INTO t VALUES ('é\\', 'ß\'');`))
	d := mustRead(t, servertest.Dump(t, s, database, "--default-character-set=latin1"))
	insert := d.of(mysqldump.Insert)[0]
	if insert.Session.CharacterSetClient != "latin1" {
		t.Errorf("the rows are in %s", insert.Session.CharacterSetClient)
	}
	if diff := cmp.Diff([][]string{{"\xe9\\", "\xdf'"}}, insert.Rows); diff != "" {
		t.Error(diff)
	}
}

// compareRows compares the rows of a dump with what the server answers.
func compareRows(t *testing.T, db *sql.DB, d dump) {
	t.Helper()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := conn.ExecContext(t.Context(), "SET time_zone='+00:00'"); err != nil {
		t.Fatal(err)
	}
	tables := map[string]*ddl.Table{}
	for _, s := range d.of(mysqldump.CreateTable) {
		tables[s.Name] = s.Table
	}
	dumped, columns := map[string][]string{}, map[string][]string{}
	for _, s := range d.of(mysqldump.Insert) {
		columns[s.Name] = s.Columns
		if s.Columns == nil {
			for _, c := range tables[s.Name].Columns {
				columns[s.Name] = append(columns[s.Name], c.Name)
			}
		}
		for _, row := range s.Rows {
			dumped[s.Name] = append(dumped[s.Name], fmt.Sprintf("%q", row))
		}
	}
	for name, rows := range dumped {
		answered := query(t, conn, tables[name], columns[name])
		slices.Sort(rows)
		slices.Sort(answered)
		if diff := cmp.Diff(answered, rows); diff != "" {
			t.Errorf("table %s: %s", name, diff)
		}
	}
}

func query(t *testing.T, conn *sql.Conn, table *ddl.Table, columns []string) []string {
	t.Helper()
	list := ""
	for _, name := range columns {
		quoted := string(mysqldump.AppendName(nil, name))
		switch table.Columns[table.ColumnIndex(name)].Type.Class() {
		case ddl.Integer, ddl.Float, ddl.Year, ddl.DateTime, ddl.Date: // which the driver would write its own way
			quoted = "CAST(" + quoted + " AS CHAR)"
		default:
		}
		list += ", " + quoted
	}
	rows, err := conn.QueryContext(context.WithoutCancel(t.Context()), "SELECT "+list[2:]+" FROM "+string(mysqldump.AppendName(nil, table.Name)))
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	var out []string
	for rows.Next() {
		values := make([]sql.NullString, len(columns))
		targets := make([]any, len(columns))
		for i := range values {
			targets[i] = &values[i]
		}
		if err := rows.Scan(targets...); err != nil {
			t.Fatal(err)
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = "NULL"
			if v.Valid {
				row[i] = v.String
			}
		}
		out = append(out, fmt.Sprintf("%q", row))
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return out
}

// checkDefinitions checks that every definition is understood, and that only
// accounts disappear with the DEFINER clause.
func checkDefinitions(t *testing.T, d dump) {
	t.Helper()
	for _, s := range d.of(mysqldump.CreateTable) {
		for _, c := range s.Table.Columns {
			if c.Type.Class() == ddl.Unknown {
				t.Errorf("table %s, column %s: type %s is unknown", s.Name, c.Name, c.Type.Name)
			}
			if c.Type.Class() == ddl.Text && c.Charset == "" {
				t.Errorf("table %s, column %s: no charset", s.Name, c.Name)
			}
		}
	}
	for _, s := range d.Statements {
		stripped := ddl.StripDefiner([]byte(s.SQL), s.Session.Mode())
		if bytes.Contains(stripped, []byte("DEFINER=")) {
			t.Errorf("%v %s still names its definer", s.Kind, s.Name)
		}
	}
}

// Rows of the past (--dump-history) would become rows of today where a definition declares the columns of its period, and are refused;
// without them a system-versioned table is one like any other.
func TestHistoryIsRefused(t *testing.T) {
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader("CREATE TABLE t (a int, s timestamp(6) GENERATED ALWAYS AS ROW START, e timestamp(6) GENERATED ALWAYS AS ROW END,"+
		" PERIOD FOR SYSTEM_TIME (s, e)) WITH SYSTEM VERSIONING; INSERT INTO t (a) VALUES (1); UPDATE t SET a = 2;"))
	text := servertest.Dump(t, s, database, "--dump-history")
	if _, err := read(bytes.NewReader(text)); err == nil || !strings.Contains(err.Error(), "without --dump-history") {
		t.Errorf("got %v", err)
	}
	if rows := mustRead(t, servertest.Dump(t, s, database)).of(mysqldump.Insert)[0].Rows; len(rows) != 1 || rows[0][0] != "2" {
		t.Errorf("without history: %q", rows)
	}
}

// What a server keeps of itself holds accounts and passwords, and is refused in whichever way it gets into a dump.
func TestSystemSchemaIsRefused(t *testing.T) {
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader("CREATE TABLE t (a int)"))
	for name, text := range map[string][]byte{
		"--all-databases": servertest.Dump(t, s, "--all-databases"),
		"mysql":           servertest.Dump(t, s, "mysql"),
		"--system=stats":  servertest.Dump(t, s, database, "--system=stats"),
	} {
		if _, err := read(bytes.NewReader(text)); err == nil || !strings.Contains(err.Error(), "accounts and passwords") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	for _, options := range []string{"--xml", "--gtid", "--tables"} {
		_, err := read(bytes.NewReader(servertest.Dump(t, s, database, options)))
		if options == "--xml" && !errors.Is(err, mysqldump.ErrNotDump) || options != "--xml" && err != nil {
			t.Errorf("%s: got %v", options, err)
		}
	}
}
