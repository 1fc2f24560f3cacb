package server

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/go-sql-driver/mysql"
)

// Counters are totals over all sessions since the server's start, our own asking
// excepted. The package's documentation says what is counted as what.
type Counters struct {
	RowsChanged Count // inserted, updated and deleted
	RowsRead    Count
}

// Count is a number that a server may be unable to tell: then it is not known,
// and never 0.
type Count struct {
	N     int64
	Known bool
}

// Counters asks for the counters, in about 0.2 ms and over a connection that is
// held since the server's start, so that it needs no free one. A server that has
// ended is an error.
func (s *Server) Counters(ctx context.Context) (Counters, error) {
	values, err := s.status(ctx)
	// Only when somebody killed the connection: the server has one more than max_connections for its
	// administrator, but whoever is being refused has that for a moment.
	const tries, pause = 100, 10 * time.Millisecond
	for i := 0; i < tries && isCode(err, errTooManyConnections); i++ {
		select {
		case <-ctx.Done():
			return Counters{}, fmt.Errorf("count rows: %w", context.Cause(ctx))
		case <-time.After(pause):
			values, err = s.status(ctx)
		}
	}
	if err != nil {
		return Counters{}, fmt.Errorf("count rows: %w", errors.Join(err, s.Err()))
	}
	return countersOf(values), nil
}

// The variables that count rows. InnoDB's own are the ones that limits are named after; MySQL has them, and MariaDB had them
// until 10.5. Handler_… count calls of storage engines: on MySQL those for the server's internal temporary tables too, and
// then they are of no use. Where Handler_tmp_write and Rows_tmp_read exist, these take what is internal.
const statusQuery = `SHOW GLOBAL STATUS WHERE Variable_name IN (
	'Innodb_rows_inserted', 'Innodb_rows_updated', 'Innodb_rows_deleted', 'Innodb_rows_read',
	'Handler_write', 'Handler_update', 'Handler_delete', 'Handler_tmp_write', 'Rows_read', 'Rows_tmp_read')`

// status returns the variables of statusQuery that the server has.
func (s *Server) status(ctx context.Context) (map[string]int64, error) {
	rows, err := s.monitor.QueryContext(ctx, statusQuery)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	values := map[string]int64{}
	for rows.Next() {
		var name, text string
		if err := rows.Scan(&name, &text); err != nil {
			return nil, err
		}
		if values[name], err = strconv.ParseInt(text, 10, 64); err != nil {
			return nil, fmt.Errorf("status variable %s: %w", name, err)
		}
	}
	return values, rows.Err()
}

func countersOf(values map[string]int64) Counters {
	changed := sum(values, "Innodb_rows_inserted", "Innodb_rows_updated", "Innodb_rows_deleted")
	if _, apart := values["Handler_tmp_write"]; apart && !changed.Known {
		changed = sum(values, "Handler_write", "Handler_update", "Handler_delete")
	}
	read := sum(values, "Innodb_rows_read")
	if _, apart := values["Rows_tmp_read"]; apart && !read.Known {
		read = sum(values, "Rows_read")
	}
	return Counters{RowsChanged: changed, RowsRead: read}
}

// sum adds up variables; it is not known unless all are.
func sum(values map[string]int64, names ...string) Count {
	total := Count{Known: true}
	for _, name := range names {
		n, ok := values[name]
		if !ok {
			return Count{}
		}
		total.N += n
	}
	return total
}

// errTooManyConnections is the server's number for all connections being taken.
const errTooManyConnections = 1040

func isCode(err error, code uint16) bool {
	refused, ok := errors.AsType[*mysql.MySQLError](err)
	return ok && refused.Number == code
}

// openMonitor makes a pool of one connection, which is kept, and made anew should
// somebody kill it. Nothing that it does is slow.
func (s *Server) openMonitor() *sql.DB {
	c := s.Config("")
	c.Params = map[string]string{"long_query_time": "31536000"}
	db := open(c)
	db.SetMaxOpenConns(1)
	return db
}
