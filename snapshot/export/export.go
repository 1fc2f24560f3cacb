package export

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
)

// DefaultStatementBytes is how long an INSERT is when [Options.StatementBytes] is
// 0: a server's default max_allowed_packet is 16 MiB, old ones have 1 MiB.
const DefaultStatementBytes = 1<<20 - 16<<10

// failedLine is no SQL in any state that the writer can be in.
const failedLine = "\n;\nTHIS DUMP IS INCOMPLETE: THE EXPORT FAILED;\n"

// Source opens chunks: a [snapshot.ChunkReader].
type Source interface {
	// Rows returns a chunk's rows, uncompressed.
	Rows(ctx context.Context, c snapshot.Chunk) (io.ReadCloser, error)
}

// Options of an export. The zero value is useful.
type Options struct {
	// StatementBytes is how long an INSERT may become, unless one row is longer;
	// 0 is DefaultStatementBytes.
	StatementBytes int
	// Progress is called as rows are written, with bytes of row text.
	Progress func(done, total int64)
}

// SQL writes snap to w. It stops when ctx ends.
func SQL(ctx context.Context, w io.Writer, snap *snapshot.Snapshot, src Source, o Options) error {
	if o.StatementBytes <= 0 {
		o.StatementBytes = DefaultStatementBytes
	}
	e := &exporter{w: bufio.NewWriterSize(w, 256<<10), snap: snap, source: src, opts: o}
	for _, c := range snap.Chunks {
		e.total += c.Bytes
	}
	if err := e.write(ctx); err != nil {
		err = fmt.Errorf("export snapshot: %w", err)
		if e.w.Flush() == nil {
			_, _ = io.WriteString(w, failedLine)
		}
		return err
	}
	return nil
}

type exporter struct {
	w      *bufio.Writer
	snap   *snapshot.Snapshot
	source Source
	opts   Options

	names []string // of the databases
	used  string   // the database that was selected last

	done, total int64
	lenient     bool // sql_mode at the moment, while rows are written
}

// text writes a line; errors stay in the writer until Flush.
func (e *exporter) text(format string, args ...any) { _, _ = fmt.Fprintf(e.w, format+"\n", args...) }

func (e *exporter) write(ctx context.Context) error {
	e.header()
	if e.names = e.databases(); len(e.names) > 1 {
		e.createDatabases(e.names)
	}
	if err := e.objects(e.snap.Before); err != nil {
		return err
	}
	if err := e.rows(ctx); err != nil {
		return err
	}
	if err := e.objects(e.snap.After); err != nil {
		return err
	}
	e.trailer()
	return e.w.Flush()
}

// databases lists the snapshot's databases in order of appearance.
func (e *exporter) databases() []string {
	var names []string
	add := func(name string) {
		if !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for _, objects := range [][]snapshot.Object{e.snap.Before, e.snap.After} {
		for _, o := range objects {
			add(o.Database)
		}
	}
	for _, t := range e.snap.Config.Tables {
		add(t.Database)
	}
	return names
}

// use selects the database of what follows, when there are several.
func (e *exporter) use(name string) {
	if len(e.names) > 1 && e.used != name {
		e.text("USE %s;\n", ddl.AppendName(nil, name))
		e.used = name
	}
}

func (e *exporter) objects(objects []snapshot.Object) error {
	for _, o := range objects {
		if o.Kind == snapshot.ObjectDatabase {
			continue
		}
		e.use(o.Database)
		if err := e.object(o); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) rows(ctx context.Context) error {
	e.text("SET TIME_ZONE = %s;", literal(e.timeZone()))
	e.mode(false)
	for i := range e.snap.Config.Tables {
		t := &e.snap.Config.Tables[i]
		e.use(t.Database)
		if err := e.table(ctx, t); err != nil {
			return err
		}
	}
	return nil
}

func (e *exporter) createDatabases(names []string) {
	for _, o := range e.snap.Before {
		if o.Kind == snapshot.ObjectDatabase {
			e.text("%s;", o.SQL)
			names = slices.DeleteFunc(slices.Clone(names), func(n string) bool { return n == o.Database })
		}
	}
	for _, name := range names {
		e.text("CREATE DATABASE IF NOT EXISTS %s;", ddl.AppendName(nil, name))
	}
}

// timeZone is the one that TIMESTAMPs are written in.
func (e *exporter) timeZone() string {
	if zone := e.snap.Config.Provenance.TimeZone; zone != "" {
		return zone
	}
	return "SYSTEM"
}

func (e *exporter) header() {
	// The first line tells a reader that the last one must be there.
	e.text("-- MySQL dump of a dataset")
	e.text("--")
	if e.snap.Digest != "" {
		e.text("-- Snapshot %s", e.snap.Digest)
		e.text("--")
	}
	e.text("")
	e.text("/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;")
	e.text("/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;")
	e.text("/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;")
	e.text("/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;")
	e.text("/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;")
	e.text("/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;")
	e.text("/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE */;")
	e.text("SET NAMES utf8mb4;")
	e.text("")
}

func (e *exporter) trailer() {
	e.text("/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;")
	e.text("/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;")
	e.text("/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;")
	e.text("/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;")
	e.text("/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;")
	e.text("/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;")
	e.text("/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;")
	e.text("")
	e.text("-- Dump completed")
}

// literal quotes a setting so that every sql_mode reads it alike.
func literal(s string) []byte {
	return append(append([]byte{'\''}, bytes.ReplaceAll([]byte(s), []byte("'"), []byte("''"))...), '\'')
}

var errNoLayout = errors.New("the snapshot has rows of the table and no layout")
