package restore

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// DumpOptions of the loading of a dump. The zero value is useful.
type DumpOptions struct {
	// MapCollation replaces collations in definitions, by name.
	MapCollation map[string]string
	// Progress is called with the number of bytes that were read of the dump as it is stored. It must not block.
	Progress func(bytes int64)
	// Now is the clock for DumpResult.Duration; nil leaves it zero.
	Now func() time.Time
}

// DumpResult says what was loaded.
type DumpResult struct {
	Tables   int
	Rows     int64
	Digest   string // sha256:…, of the dump as it is stored
	Bytes    int64  // of the dump as it is stored
	Duration time.Duration
	// Notes name what is not as it was written: rows that the server warned about, tables in another engine.
	Notes []string
}

// Dump loads the SQL dump of one database, plain or compressed, as a client would
// do it, into the database on srv, which is created; one that exists must be
// empty. account, which must exist and reach the database, runs the dump's statements
// and becomes the definer of what it defines. The package's documentation says
// what is done otherwise than by a client.
//
// An error about a statement is a *[StatementError], one about the dump's text a
// *[mysqldump.SyntaxError]. After an error the database is gone.
func Dump(ctx context.Context, srv *server.Server, account server.Account, database string, r io.Reader, o DumpOptions) (DumpResult, error) {
	if o.Now == nil {
		o.Now = func() time.Time { return time.Time{} }
	}
	if o.Progress == nil {
		o.Progress = func(int64) {}
	}
	start := o.Now()
	d := &dumpLoad{
		server: srv, database: database, opts: o, collations: lowerKeys(o.MapCollation),
		stored: &storedReader{r: r, hash: sha256.New()}, tables: map[string]*loaded{}, withAddresses: map[string]*ddl.Table{},
	}
	if err := createTarget(ctx, srv, database, "", ""); err != nil {
		return DumpResult{}, fmt.Errorf("load dump: %w", err)
	}
	if err := d.load(ctx, account); err != nil {
		return DumpResult{}, fmt.Errorf("load dump: %w", cleanUp(ctx, srv, []string{database}, err))
	}
	d.result.Duration = o.Now().Sub(start)
	return d.result, nil
}

// dumpLoad is one dump on its way into a database.
type dumpLoad struct {
	server     *server.Server
	database   string
	opts       DumpOptions
	collations map[string]string // lower-cased
	stored     *storedReader
	reader     *mysqldump.Reader
	conn       *sql.Conn

	source        string        // what the dump calls its database; "" until it does
	defaults      defaultsCount // of its tables
	told          bool          // it says itself what its database's defaults are
	insert        strings.Builder
	rows          mysqldump.Rows
	tables        map[string]*loaded
	withAddresses map[string]*ddl.Table // those with a UUID, INET4 or INET6
	result        DumpResult
}

// loaded is what is known of a table's rows.
type loaded struct {
	rows     int64
	inexact  bool // a statement may have stored other rows than it has
	warnings int64
	warning  uint16 // the first one's number
}

func (d *dumpLoad) load(ctx context.Context, account server.Account) error {
	text, err := mysqldump.Decompress(d.stored)
	if err != nil {
		return err
	}
	defer func() { _ = text.Close() }()
	db := d.server.AccountDB(account, d.database)
	defer func() { _ = db.Close() }()
	if d.conn, err = db.Conn(ctx); err != nil {
		return err
	}
	defer func() { _ = d.conn.Close() }()
	d.reader = mysqldump.NewReader(text)
	// What needs a commit of its own, such as the next CREATE TABLE, makes one.
	if _, err := d.conn.ExecContext(ctx, "SET autocommit = 0"); err != nil {
		return err
	}
	if err := d.statements(ctx); err != nil {
		return err
	}
	if _, err := d.conn.ExecContext(ctx, "COMMIT"); err != nil {
		return err
	}
	if _, err := io.Copy(io.Discard, d.stored); err != nil {
		return fmt.Errorf("read dump: %w", err)
	}
	d.opts.Progress(d.stored.bytes)
	return d.sum(ctx)
}

func (d *dumpLoad) statements(ctx context.Context) error {
	for reported := int64(0); ; {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		s, err := d.reader.Next()
		if errors.Is(err, io.EOF) {
			return nil
		}
		if err == nil {
			err = d.statement(ctx, s)
		}
		if err != nil {
			return err
		}
		if d.stored.bytes > reported {
			reported = d.stored.bytes
			d.opts.Progress(reported)
		}
	}
}

// rowsOf is what is known of a table's rows.
func (d *dumpLoad) rowsOf(table string) *loaded {
	l := d.tables[table]
	if l == nil {
		l = &loaded{}
		d.tables[table] = l
	}
	return l
}

// run runs a statement as it is.
func (d *dumpLoad) run(ctx context.Context, s *mysqldump.Statement, text string) (sql.Result, error) {
	result, err := d.conn.ExecContext(ctx, text)
	if err != nil {
		return nil, d.refused(ctx, s, err)
	}
	return result, nil
}

// insertRows sends an INSERT as the one statement that it is: s is its head.
func (d *dumpLoad) insertRows(ctx context.Context, s *mysqldump.Statement) error {
	head, types := *s, d.addresses(s) // s lives until the reader goes on
	head.Text, head.SQL, head.Columns = nil, nil, nil
	count, err := d.gather(s.SQL, &head, types)
	if err != nil {
		return err
	}
	result, err := d.run(ctx, &head, d.insert.String())
	if err != nil {
		return err
	}
	affected, err := result.RowsAffected()
	if err != nil {
		return err
	}
	l := d.rowsOf(head.Name)
	l.rows += affected
	l.inexact = l.inexact || affected != count
	return d.noteWarnings(ctx, l)
}

// gather puts an INSERT together, up to where its end was read, and counts its
// rows. types are of [dumpLoad.addresses].
func (d *dumpLoad) gather(start []byte, head *mysqldump.Statement, types []ddl.Type) (count int64, err error) {
	d.insert.Reset()
	d.insert.Write(start)
	d.insert.WriteByte(' ')
	for {
		err := d.reader.NextRows(&d.rows)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return 0, err
		}
		rows := d.rows.Raw
		if types != nil {
			if rows, err = d.rows.AppendAddresses(nil, types, head.Session.Mode()); err != nil {
				return 0, err
			}
		}
		if d.insert.Len()+len(rows) >= mysqldump.MaxUnitBytes {
			return 0, &mysqldump.SyntaxError{
				Offset: head.Offset, Line: head.Line, Statement: head.Kind.String(), Table: head.Name, Err: mysqldump.ErrTooLong,
			}
		}
		d.insert.Write(rows)
		count += int64(d.rows.Count)
	}
	end, err := d.reader.Next()
	if err != nil {
		return 0, err
	}
	d.insert.WriteByte(' ')
	d.insert.Write(end.SQL)
	return count, nil
}

// noteWarnings counts the server's warnings about the last statement.
func (d *dumpLoad) noteWarnings(ctx context.Context, l *loaded) error {
	var count int64
	if err := d.conn.QueryRowContext(ctx, "SELECT @@warning_count").Scan(&count); err != nil || count == 0 {
		return err
	}
	if l.warnings == 0 {
		list, err := warnings(ctx, d.conn)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			l.warning = list[0].Number
		}
	}
	l.warnings += count
	return nil
}

// storedReader counts and digests a dump as it is stored.
type storedReader struct {
	r     io.Reader
	hash  hash.Hash
	bytes int64
}

func (s *storedReader) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	s.bytes += int64(n)
	_, _ = s.hash.Write(p[:n]) // never fails
	return n, err
}

func (s *storedReader) digest() string { return "sha256:" + hex.EncodeToString(s.hash.Sum(nil)) }
