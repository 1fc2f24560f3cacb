package restore

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"slices"

	"github.com/go-sql-driver/mysql"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// An attempt says how a table is loaded.
type attempt struct {
	// lenient takes the empty error values of ENUMs, which a strict session refuses,
	// and finds by counting warnings that nothing else was changed.
	lenient bool
	// uniqueChecks gives bulk insert up, for an error that names index and row.
	uniqueChecks bool
}

// loadTable loads one table in one transaction: at first the fast way, and then
// again, with nothing left of the first time, when only another way can succeed
// or tell what is wrong.
func (r *run) loadTable(ctx context.Context, l *load) error {
	var how attempt
	for {
		sent := int64(0)
		err := r.loadOnce(ctx, l, how, &sent)
		var refused *DataError
		switch errors.As(err, &refused); {
		case refused == nil:
			return err
		case refused.Code == errTruncated && !how.lenient && l.table.Layout.EnumZeros():
			how.lenient = true
		case refused.Code == errDuringCommit && !how.uniqueChecks:
			how.uniqueChecks = true
		default:
			return err
		}
		r.advance(-sent, 0)
		if err := r.renew(ctx, l); err != nil {
			return err
		}
	}
}

// renew makes a table that a failed load left rows in anew: engines without
// transactions keep them, and deleting could change the auto-increment counter.
func (r *run) renew(ctx context.Context, l *load) error {
	db := r.server.DB(l.target)
	defer func() { _ = db.Close() }()
	table := server.QuoteIdentifier(l.table.Name)
	var rows bool
	if err := db.QueryRowContext(ctx, "SELECT EXISTS (SELECT 1 FROM "+table+")").Scan(&rows); err != nil {
		return fmt.Errorf("load table %q: %w", l.table.Name, err)
	}
	if !rows {
		return nil
	}
	if _, err := db.ExecContext(ctx, "DROP TABLE "+table); err != nil {
		return fmt.Errorf("load table %q: %w", l.table.Name, err)
	}
	i := slices.IndexFunc(r.snap.Before, func(o snapshot.Object) bool {
		return o.Kind == snapshot.ObjectTable && o.Database == l.table.Database && o.Name == l.table.Name
	})
	if i < 0 {
		return fmt.Errorf("load table %q: its definition is missing", l.table.Name)
	}
	return r.createObject(ctx, r.snap.Before[i])
}

func (r *run) loadOnce(ctx context.Context, l *load, how attempt, sent *int64) error {
	db := r.server.DB(l.target)
	defer func() { _ = db.Close() }()
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("load table %q: %w", l.table.Name, err)
	}
	defer func() { _ = conn.Close() }()
	if err := r.loadSession(ctx, conn, how); err != nil {
		return fmt.Errorf("load table %q: %w", l.table.Name, err)
	}
	name := fmt.Sprintf("load-%d-%t-%t", l.seq, how.lenient, how.uniqueChecks)
	pipe, err := newFIFO(filepath.Join(r.fifoDir, name))
	if err != nil {
		return fmt.Errorf("load table %q: %w", l.table.Name, err)
	}
	defer pipe.remove()
	rows, err := r.transfer(ctx, conn, l, how, pipe, sent)
	if err == nil {
		err = accept(ctx, conn, l, how, rows)
	}
	return r.explain(ctx, conn, l, err)
}

// loadSession prepares a session for loading.
func (r *run) loadSession(ctx context.Context, conn *sql.Conn, how attempt) error {
	mode := rowtext.LoadSQLMode
	if how.lenient {
		mode = rowtext.LenientSQLMode
	}
	set := fmt.Sprintf("SET sql_mode = '%s', foreign_key_checks = 0, unique_checks = %t, %s = 0, max_error_count = 65535",
		mode, how.uniqueChecks, rowtext.EnumZerosVariable)
	if _, err := conn.ExecContext(ctx, set); err != nil {
		return err
	}
	zone := r.snap.Config.Provenance.TimeZone
	if zone == "" {
		return nil
	}
	_, err := conn.ExecContext(ctx, "SET time_zone = "+literal(zone))
	var refused *mysql.MySQLError
	if errors.As(err, &refused) && refused.Number == errUnknownTimeZone {
		return fmt.Errorf("server does not know time zone %q", zone)
	}
	return err
}

// transfer runs LOAD DATA and feeds it. It returns the number of rows that the
// server stored in the open transaction, and returns only when nothing of it
// runs any more.
func (r *run) transfer(ctx context.Context, conn *sql.Conn, l *load, how attempt, pipe *fifo, count *int64) (int64, error) {
	if _, err := conn.ExecContext(ctx, "START TRANSACTION"); err != nil {
		return 0, err
	}
	// Only sending ends with sendCtx: reading goes on, see write.
	sendCtx, stop := context.WithCancel(ctx)
	defer stop()
	sent := make(chan error, 1)
	go func() {
		sent <- pipe.send(sendCtx, func(w io.Writer) error { return r.write(ctx, l, w, count) })
		pipe.remove()
	}()
	result, err := conn.ExecContext(ctx, l.table.Layout.LoadData(l.table.Name,
		rowtext.LoadOptions{File: pipe.path, Database: l.target, EnumZeros: how.lenient}))
	if err != nil {
		stop() // the server reads no more, or never began
	}
	serr := <-sent
	pipe.remove()
	switch {
	case ctx.Err() != nil:
		return 0, context.Cause(ctx)
	case serr != nil && !errors.Is(serr, errNoReader) && !errors.Is(serr, context.Canceled):
		return 0, serr // what the server says is a consequence
	case err != nil:
		return 0, err
	case serr != nil:
		return 0, serr
	}
	return result.RowsAffected()
}

// write sends the rows of all chunks. When the server takes no more, the open
// chunk is read to its end: what the server refuses may be rows that are corrupt,
// which only the end of the chunk tells.
func (r *run) write(ctx context.Context, l *load, w io.Writer, sent *int64) error {
	buffer := make([]byte, 256<<10)
	for _, c := range l.chunks {
		rows, err := r.source.Rows(ctx, c)
		if err != nil {
			return err
		}
		_, err = io.CopyBuffer(&countingWriter{w: w, count: func(n int) { *sent += int64(n); r.advance(int64(n), 0) }}, onlyReader{rows}, buffer)
		if err != nil && ctx.Err() == nil {
			if _, rerr := io.CopyBuffer(io.Discard, onlyReader{rows}, buffer); rerr != nil {
				err = rerr
			}
		}
		if cerr := rows.Close(); err == nil {
			err = cerr
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// onlyReader hides other methods, so that the copy uses our buffer.
type onlyReader struct{ io.Reader }

type countingWriter struct {
	w     io.Writer
	count func(n int)
}

func (c *countingWriter) Write(b []byte) (int, error) {
	n, err := c.w.Write(b)
	c.count(n)
	return n, err
}

// accept commits if the server stored every row as it was.
func accept(ctx context.Context, conn *sql.Conn, l *load, how attempt, rows int64) error {
	if err := exact(ctx, conn, how); err != nil {
		return err
	}
	if rows != l.table.Rows {
		return fmt.Errorf("the server stored %d rows, expected %d", rows, l.table.Rows)
	}
	_, err := conn.ExecContext(ctx, "COMMIT")
	return err
}

// exact returns the first warning of the load as an error. In a lenient session
// there is one warning for each empty error value of an ENUM, and these are no
// change.
func exact(ctx context.Context, conn *sql.Conn, how attempt) error {
	var count, zeros int64
	query := "SELECT @@warning_count, " + rowtext.EnumZerosVariable
	if err := conn.QueryRowContext(ctx, query).Scan(&count, &zeros); err != nil {
		return err
	}
	if count == 0 || how.lenient && count == zeros {
		return nil
	}
	list, err := warnings(ctx, conn)
	if err != nil {
		return err
	}
	for _, w := range list {
		if !how.lenient || w.Number != errTruncated {
			return &w
		}
	}
	// An ENUM was given what is no member, and no warning tells it from the
	// empty error values beside it: the row is not known.
	return &mysql.MySQLError{Number: errTruncated}
}

// warnings are the server's warnings about the last statement that had any.
func warnings(ctx context.Context, conn *sql.Conn) ([]mysql.MySQLError, error) {
	rows, err := conn.QueryContext(ctx, "SHOW WARNINGS")
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	var list []mysql.MySQLError
	for rows.Next() {
		var level string
		var w mysql.MySQLError
		if err := rows.Scan(&level, &w.Number, &w.Message); err != nil {
			return nil, err
		}
		list = append(list, w)
	}
	return list, rows.Err()
}

// explain makes an error of a load one that names table, column and row, and
// never a value.
func (r *run) explain(ctx context.Context, conn *sql.Conn, l *load, err error) error {
	var refused *mysql.MySQLError
	switch {
	case err == nil:
		return nil
	case ctx.Err() != nil:
		return fmt.Errorf("load table %q: %w", l.table.Name, context.Cause(ctx))
	case !errors.As(err, &refused):
		return fmt.Errorf("load table %q: %w", l.table.Name, err)
	}
	row := rowOf(ctx, conn, refused) // before anything else is asked in this session
	e := dataError(l, refused, namesOf(ctx, r.server, l))
	if e.Row == 0 && e.Code != errDuringCommit {
		e.Row = row
	}
	_, _ = conn.ExecContext(ctx, "ROLLBACK")
	return e
}

// rowOf asks which row of the last statement was refused; 0 when the server does not say.
func rowOf(ctx context.Context, conn *sql.Conn, refused *mysql.MySQLError) int64 {
	if refused.Message == "" { // it is not the server's, but ours
		return 0
	}
	// Since 10.7 MariaDB numbers rows apart from its messages.
	if _, err := conn.ExecContext(ctx, "GET DIAGNOSTICS CONDITION 1 @restore_row = ROW_NUMBER"); err != nil {
		return 0
	}
	var row sql.NullInt64
	if err := conn.QueryRowContext(ctx, "SELECT @restore_row").Scan(&row); err != nil {
		return 0
	}
	return row.Int64
}

// namesOf asks for the names that a message about the table may show. Without an
// answer the error names less.
func namesOf(ctx context.Context, srv *server.Server, l *load) tableNames {
	n := tableNames{columns: columnNames(l.table.Layout)}
	db := srv.DB(l.target)
	defer func() { _ = db.Close() }()
	if n.columns == nil {
		n.columns = column(ctx, db, "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", l)
	}
	n.indexes = column(ctx, db, "SELECT DISTINCT INDEX_NAME FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ?", l)
	n.constraints = column(ctx, db, "SELECT CONSTRAINT_NAME FROM information_schema.CHECK_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = ? AND TABLE_NAME = ?", l)
	return n
}

func column(ctx context.Context, db *sql.DB, query string, l *load) []string {
	rows, err := db.QueryContext(ctx, query, l.target, l.table.Name)
	if err != nil {
		return nil
	}
	defer func() { _ = rows.Close() }()
	var out []string
	for rows.Next() {
		var name string
		if rows.Scan(&name) == nil {
			out = append(out, name)
		}
	}
	if rows.Err() != nil {
		return nil
	}
	return out
}
