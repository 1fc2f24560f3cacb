// Package restoretest makes snapshots for tests straight from a server, with
// neither dump nor store, and keeps their rows in memory.
package restoretest

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// Source holds the rows of chunks in memory, by database, table and ordinal of
// the chunk's first row.
type Source struct {
	Chunks map[string][]byte
	// Fail is returned by the reader of a chunk after half of its rows.
	Fail error
	// Wrap replaces the reader of a chunk.
	Wrap func(ctx context.Context, c snapshot.Chunk, r io.Reader) io.Reader
}

// Rows returns a chunk's rows.
func (s *Source) Rows(ctx context.Context, c snapshot.Chunk) (io.ReadCloser, error) {
	rows, ok := s.Chunks[key(c)]
	if !ok {
		return nil, errors.New("no such chunk")
	}
	var r io.Reader = bytes.NewReader(rows)
	if s.Fail != nil {
		r = io.MultiReader(bytes.NewReader(rows[:len(rows)/2]), failing{s.Fail})
	}
	if s.Wrap != nil {
		r = s.Wrap(ctx, c, r)
	}
	return io.NopCloser(r), nil
}

type failing struct{ err error }

func (f failing) Read([]byte) (int, error) { return 0, f.err }

// key tells chunks apart; the descriptor's size serves as ordinal.
func key(c snapshot.Chunk) string {
	return fmt.Sprintf("%q %q %d", c.Database, c.Table, c.Descriptor.Size)
}

// Add appends a chunk of rows in row text to a snapshot and counts it.
func (s *Source) Add(snap *snapshot.Snapshot, database, table string, rows []byte) {
	c := snapshot.Chunk{Database: database, Table: table, Bytes: int64(len(rows))}
	c.Rows = int64(bytes.Count(rows, []byte{rowtext.Terminator}))
	c.Descriptor.Size = int64(len(snap.Chunks))
	snap.Chunks = append(snap.Chunks, c)
	info := snap.Config.Table(database, table)
	info.Rows += c.Rows
	info.Bytes += c.Bytes
	info.Chunks++
	if s.Chunks == nil {
		s.Chunks = map[string][]byte{}
	}
	s.Chunks[key(c)] = rows
}

// AddTable adds a table's definition, without rows.
func AddTable(t testing.TB, snap *snapshot.Snapshot, database, create string) {
	t.Helper()
	table, err := ddl.ParseCreateTable([]byte(create), ddl.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	snap.Before = append(snap.Before, snapshot.Object{Kind: snapshot.ObjectTable, Database: database, Name: table.Name, SQL: create})
	snap.Config.Tables = append(snap.Config.Tables, snapshot.TableInfo{Database: database, Name: table.Name, Layout: rowtext.LayoutOf(table)})
}

// Capture makes a snapshot of a database as it is. Rows are cut into chunks of
// a few rows, so that every table of some size has several.
func Capture(t testing.TB, s *server.Server, database string) (*snapshot.Snapshot, *Source) {
	t.Helper()
	db := s.DB(database)
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = conn.Close() }()
	c := &capture{t: t, conn: conn, snap: &snapshot.Snapshot{}, source: &Source{}}
	c.snap.Config.SchemaVersion = snapshot.ConfigVersion
	c.snap.Config.Provenance.TimeZone = "+00:00"
	c.query("SET time_zone = '+00:00', sql_mode = ''")
	_, now := c.query("SELECT @@collation_database")
	c.collation = string(now[0][0])
	c.tables()
	c.views()
	c.programs("PROCEDURE", snapshot.ObjectRoutine, "SHOW PROCEDURE STATUS WHERE Db = DATABASE()", 1)
	c.programs("FUNCTION", snapshot.ObjectRoutine, "SHOW FUNCTION STATUS WHERE Db = DATABASE()", 1)
	if s.Flavor() == server.MariaDB {
		c.programs("PACKAGE", snapshot.ObjectRoutine, "SHOW PACKAGE STATUS WHERE Db = DATABASE()", 1)
		c.programs("PACKAGE BODY", snapshot.ObjectRoutine, "SHOW PACKAGE BODY STATUS WHERE Db = DATABASE()", 1)
	}
	c.programs("TRIGGER", snapshot.ObjectTrigger, "SHOW TRIGGERS", 0)
	c.programs("EVENT", snapshot.ObjectEvent, "SHOW EVENTS", 1)
	return c.snap, c.source
}

type capture struct {
	t      testing.TB
	conn   *sql.Conn
	snap   *snapshot.Snapshot
	source *Source

	collation string // the database's
}

// query returns the columns' names and the rows; nil is NULL.
func (c *capture) query(query string) ([]string, [][][]byte) {
	c.t.Helper()
	rows, err := c.conn.QueryContext(c.t.Context(), query)
	if err != nil {
		c.t.Fatalf("%s: %v", query, err)
	}
	defer func() { _ = rows.Close() }()
	columns, err := rows.Columns()
	if err != nil {
		c.t.Fatal(err)
	}
	var out [][][]byte
	for rows.Next() {
		row, into := make([][]byte, len(columns)), make([]any, len(columns))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			c.t.Fatal(err)
		}
		out = append(out, row)
	}
	if err := rows.Err(); err != nil {
		c.t.Fatalf("%s: %v", query, err)
	}
	return columns, out
}

func (c *capture) tables() {
	_, rows := c.query("SHOW FULL TABLES")
	for _, row := range rows {
		name, quoted := string(row[0]), server.QuoteIdentifier(string(row[0]))
		switch string(row[1]) {
		case "SEQUENCE":
			_, create := c.query("SHOW CREATE SEQUENCE " + quoted)
			_, state := c.query("SELECT next_not_cached_value FROM " + quoted)
			c.snap.Before = append(c.snap.Before,
				snapshot.Object{Kind: snapshot.ObjectSequence, Name: name, SQL: string(create[0][1])},
				snapshot.Object{Kind: snapshot.ObjectSetVal, Name: name, SQL: fmt.Sprintf("DO SETVAL(%s, %s, 0)", quoted, state[0][0])})
		case "VIEW":
		default:
			_, create := c.query("SHOW CREATE TABLE " + quoted)
			AddTable(c.t, c.snap, "", string(create[0][1]))
			c.rows(name)
		}
	}
}

func (c *capture) rows(table string) {
	const rowsPerChunk = 3
	layout := c.snap.Config.Table("", table).Layout
	columns := make([]string, len(layout.Columns))
	for i, column := range layout.Columns {
		columns[i] = server.QuoteIdentifier(column.Name)
		if !column.Hex {
			// As the server's text: the driver would make numbers of numbers,
			// and of the year 0000 what means 2000.
			columns[i] = "CONCAT(" + columns[i] + ")"
		}
	}
	_, rows := c.query("SELECT " + strings.Join(columns, ", ") + " FROM " + server.QuoteIdentifier(table))
	for chunk := range slices.Chunk(rows, rowsPerChunk) {
		var text []byte
		for _, row := range chunk {
			text = c.appendRow(text, layout, row)
		}
		c.source.Add(c.snap, "", table, text)
	}
}

func (c *capture) appendRow(dst []byte, layout rowtext.Layout, row [][]byte) []byte {
	for i, value := range row {
		if i > 0 {
			dst = rowtext.AppendSeparator(dst)
		}
		if value == nil {
			dst = rowtext.AppendNull(dst)
			continue
		}
		var err error
		if dst, err = layout.Columns[i].AppendValue(dst, value); err != nil {
			c.t.Fatal(err)
		}
	}
	return rowtext.AppendRowEnd(dst)
}

func (c *capture) views() {
	_, rows := c.query("SHOW FULL TABLES WHERE Table_type = 'VIEW'")
	for _, row := range rows {
		c.object("VIEW", snapshot.ObjectView, string(row[0]))
	}
}

func (c *capture) programs(kind string, object snapshot.ObjectKind, list string, name int) {
	_, rows := c.query(list)
	for _, row := range rows {
		c.object(kind, object, string(row[name]))
	}
}

// object adds what SHOW CREATE says, whose columns differ by kind.
func (c *capture) object(kind string, object snapshot.ObjectKind, name string) {
	columns, rows := c.query("SHOW CREATE " + kind + " " + server.QuoteIdentifier(name))
	o := snapshot.Object{Kind: object, Name: name}
	for i, column := range columns {
		value := string(rows[0][i])
		switch column {
		case "sql_mode":
			o.SQLMode = value
		case "time_zone":
			o.TimeZone = value
		case "character_set_client":
			o.CharacterSetClient = value
		case "collation_connection":
			o.CollationConnection = value
		case "Database Collation":
			if value != c.collation {
				o.DatabaseCollation = value
			}
		case "Create View", "Create Procedure", "Create Function", "Create Package", "Create Package Body", "Create Event", "SQL Original Statement":
			o.SQL = value
		}
	}
	o.SQL = string(ddl.StripDefiner([]byte(o.SQL), ddl.ParseMode(o.SQLMode)))
	c.snap.After = append(c.snap.After, o)
}
