package servertest

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// CompareOptions leave parts of databases out of a comparison.
type CompareOptions struct {
	// DefinitionsOnly compares no rows.
	DefinitionsOnly bool
	// IgnoreColumns are columns ("table.column") whose values may differ.
	IgnoreColumns []string
	// IgnoreDatabaseCollation allows for databases with different defaults.
	IgnoreDatabaseCollation bool
	// IgnoreDefiners allows for objects of different accounts.
	IgnoreDefiners bool
}

// Compare fails t for every difference between two databases, which may be on
// two servers: definitions of all objects with auto-increment counters and
// sessions, rows byte for byte in any order, and CHECKSUM TABLE EXTENDED. It
// asks the server itself and trusts no dump program.
func Compare(t testing.TB, wantServer *server.Server, want string, gotServer *server.Server, got string, o CompareOptions) {
	t.Helper()
	a, b := describe(t, wantServer, want, o), describe(t, gotServer, got, o)
	for _, name := range slices.Sorted(maps.Keys(a)) {
		if text, ok := b[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if text != a[name] {
			t.Errorf("%s differs: %s", name, difference(a[name], text))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(b)) {
		if _, ok := a[name]; !ok {
			t.Errorf("%s is new", name)
		}
	}
	if len(a) == 0 {
		t.Error("nothing to compare: the database is empty")
	}
}

// difference shows where two texts part.
func difference(want, got string) string {
	const show = 200
	i := 0
	for i < min(len(want), len(got)) && want[i] == got[i] {
		i++
	}
	from := max(0, i-40)
	cut := func(s string) string { return fmt.Sprintf("%.*q", show, s[from:min(len(s), from+show)]) }
	return fmt.Sprintf("at byte %d of %d and %d\n\twant %s\n\tgot  %s", i, len(want), len(got), cut(want), cut(got))
}

// A description maps "table x", "rows of x" and so on to text that is equal for
// equal databases.
type description map[string]string

type describer struct {
	t        testing.TB
	conn     *sql.Conn
	database string
	opts     CompareOptions
	out      description
}

func describe(t testing.TB, s *server.Server, database string, o CompareOptions) description {
	t.Helper()
	db := s.DB(database)
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	d := &describer{t: t, conn: conn, database: database, opts: o, out: description{}}
	d.rows("SET time_zone = '+00:00', sql_mode = '', group_concat_max_len = 1 << 30")
	d.relations()
	d.programs("TRIGGER", "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()")
	d.programs("PROCEDURE", "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PROCEDURE'")
	d.programs("FUNCTION", "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'FUNCTION'")
	if s.Flavor() == server.MariaDB {
		d.programs("PACKAGE", "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PACKAGE'")
		d.programs("PACKAGE BODY", "SELECT ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE = 'PACKAGE BODY'")
	}
	d.programs("EVENT", "SELECT EVENT_NAME FROM information_schema.EVENTS WHERE EVENT_SCHEMA = DATABASE()")
	d.out["order of triggers"] = join(d.rows("SELECT EVENT_OBJECT_TABLE, ACTION_TIMING, EVENT_MANIPULATION, ACTION_ORDER, TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE() ORDER BY 1,2,3,4,5"))
	d.out["columns of views"] = join(d.rows("SELECT c.TABLE_NAME, c.COLUMN_NAME, c.COLUMN_TYPE, IFNULL(c.COLLATION_NAME,'') FROM information_schema.COLUMNS c JOIN information_schema.VIEWS v USING (TABLE_SCHEMA, TABLE_NAME) WHERE c.TABLE_SCHEMA = DATABASE() ORDER BY 1, c.ORDINAL_POSITION"))
	return d.out
}

// rows runs a statement and returns its rows.
func (d *describer) rows(query string, args ...any) [][]string {
	d.t.Helper()
	_, rows := d.query(query, args...)
	return rows
}

// query returns the columns' names as well. NULL is the text NULL: what could be
// taken for it comes in hexadecimal or is never NULL.
func (d *describer) query(query string, args ...any) ([]string, [][]string) {
	d.t.Helper()
	rows, err := d.conn.QueryContext(context.WithoutCancel(d.t.Context()), query, args...)
	if err != nil {
		d.t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		d.t.Fatal(err)
	}
	values, into := make([]sql.RawBytes, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	var out [][]string
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			d.t.Fatal(err)
		}
		row := make([]string, len(values))
		for i, v := range values {
			row[i] = "NULL"
			if v != nil {
				row[i] = string(v)
			}
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		d.t.Fatalf("%s: %v", query, err)
	}
	return columns, out
}

func join(rows [][]string) string {
	var b bytes.Buffer
	for _, row := range rows {
		b.WriteString(strings.Join(row, "\t") + "\n")
	}
	return b.String()
}

// relations describes tables, sequences and views.
func (d *describer) relations() {
	for _, r := range d.rows("SELECT TABLE_NAME, TABLE_TYPE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()") {
		name, kind := r[0], r[1]
		quoted := server.QuoteIdentifier(name)
		show := "SHOW CREATE TABLE " + quoted
		if kind == "VIEW" {
			show = "SHOW CREATE VIEW " + quoted
		}
		d.out[strings.ToLower(kind)+" "+name] = d.anonymous(join(d.rows(show)))
		if kind == "VIEW" || d.opts.DefinitionsOnly {
			continue
		}
		d.out["rows of "+name] = d.content(name, kind)
		if kind == "BASE TABLE" && !d.ignored(name) {
			sum := d.rows("CHECKSUM TABLE " + quoted + " EXTENDED")
			d.out["checksum of "+name] = sum[0][1]
		}
	}
}

var definer = regexp.MustCompile("DEFINER=([`\"])[^`\"]*[`\"]@[`\"][^`\"]*[`\"]")

// anonymous takes the database's own name out of a definition.
func (d *describer) anonymous(text string) string {
	if d.opts.IgnoreDefiners {
		text = definer.ReplaceAllString(text, "DEFINER")
	}
	return strings.ReplaceAll(text, server.QuoteIdentifier(d.database)+".", "")
}

func (d *describer) ignored(table string) bool {
	return slices.ContainsFunc(d.opts.IgnoreColumns, func(c string) bool { return strings.HasPrefix(c, table+".") })
}

// content returns the rows of a table, sorted, every value spelled exactly.
func (d *describer) content(table, kind string) string {
	if kind == "SEQUENCE" {
		return join(d.rows("SELECT * FROM " + server.QuoteIdentifier(table)))
	}
	columns := d.rows("SELECT COLUMN_NAME, DATA_TYPE FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION", table)
	var list []string
	for _, c := range columns {
		if !slices.Contains(d.opts.IgnoreColumns, table+"."+c[0]) {
			list = append(list, exact(server.QuoteIdentifier(c[0]), c[1]))
		}
	}
	rows := d.rows("SELECT " + strings.Join(list, ", ") + " FROM " + server.QuoteIdentifier(table))
	slices.SortFunc(rows, func(a, b []string) int { return cmp.Compare(strings.Join(a, "\t"), strings.Join(b, "\t")) })
	return join(rows)
}

// exact is an expression that tells any two values of a type apart.
func exact(column, dataType string) string {
	switch dataType {
	case "float":
		return "CONCAT(CAST(" + column + " AS DOUBLE))"
	case "enum", "set":
		return "CONCAT(" + column + " + 0, ' ', HEX(" + column + "))"
	case "int", "tinyint", "smallint", "mediumint", "bigint", "decimal", "double", "year",
		"date", "time", "datetime", "timestamp", "uuid", "inet4", "inet6":
		return "CONCAT(" + column + ")" // else the driver makes numbers of it
	}
	return "HEX(" + column + ")"
}

// programs describes stored programs: their text and the session they run in.
func (d *describer) programs(kind, list string) {
	for _, r := range d.rows(list) {
		columns, rows := d.query("SHOW CREATE " + kind + " " + server.QuoteIdentifier(r[0]))
		var text strings.Builder
		for i, column := range columns {
			if column == "Created" || column == "Database Collation" && d.opts.IgnoreDatabaseCollation {
				continue
			}
			fmt.Fprintf(&text, "%s: %s\n", column, rows[0][i])
		}
		d.out[strings.ToLower(kind)+" "+r[0]] = d.anonymous(text.String())
	}
}
