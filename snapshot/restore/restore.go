package restore

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

// How many tables are loaded at a time.
const (
	DefaultJobs = 2  // when [Options.Jobs] is 0
	MaxJobs     = 32 // at most: each takes up to three of the server's connections
)

// Source opens chunks: a [snapshot.ChunkReader].
type Source interface {
	// Rows returns a chunk's rows, uncompressed. An error other than io.EOF
	// from the reader means that the rows are not to be trusted.
	Rows(ctx context.Context, c snapshot.Chunk) (io.ReadCloser, error)
}

// Options of a restore. The zero value is useful.
type Options struct {
	// Jobs bounds how many tables are loaded at a time; 0 is DefaultJobs, and more
	// than MaxJobs are MaxJobs.
	Jobs int
	// MapCollation replaces collations in definitions, by name.
	MapCollation map[string]string
	// Databases gives new names to the databases of a snapshot of several.
	Databases map[string]string
	// Progress is called, never twice at a time, as rows are sent. It must not
	// block.
	Progress func(Progress)
	// Now is the clock for Result.Duration; nil leaves it zero.
	Now func() time.Time
}

// Progress says how far the rows are.
type Progress struct {
	Bytes, TotalBytes   int64 // of uncompressed rows
	Tables, TotalTables int   // that have rows
}

// Result says what was restored.
type Result struct {
	Tables   int
	Rows     int64
	Duration time.Duration
	// Notes, in no order, name what is not as it was written: events whose time has
	// passed, foreign keys to tables whose rows the policy left out.
	Notes []string
}

// Restore creates the snapshot's databases on srv and fills them. The snapshot's
// only database becomes the given one; with several, database is "" and they
// keep their names. A target that exists must be empty.
func Restore(ctx context.Context, srv *server.Server, database string, snap *snapshot.Snapshot, src Source, o Options) (Result, error) {
	if o.Jobs <= 0 {
		o.Jobs = DefaultJobs
	}
	o.Jobs = min(o.Jobs, MaxJobs)
	if o.Now == nil {
		o.Now = func() time.Time { return time.Time{} }
	}
	start := o.Now()
	targets, err := targetsOf(database, snap, o.Databases)
	if err != nil {
		return Result{}, fmt.Errorf("restore snapshot: %w", err)
	}
	r := &run{server: srv, snap: snap, source: src, opts: o, targets: targets}
	// Of our own, since others may be restoring into the same server.
	if r.fifoDir, err = os.MkdirTemp(srv.FIFODir(), "restore-"); err != nil {
		return Result{}, fmt.Errorf("restore snapshot: %w", err)
	}
	defer func() { _ = os.RemoveAll(r.fifoDir) }()
	if err := r.run(ctx); err != nil {
		return Result{}, fmt.Errorf("restore snapshot: %w", cleanUp(ctx, srv, r.filled, err))
	}
	r.result.Duration = o.Now().Sub(start)
	return r.result, nil
}

// run is one restore.
type run struct {
	server  *server.Server
	snap    *snapshot.Snapshot
	source  Source
	opts    Options
	targets targets
	fifoDir string

	filled []string // databases that we created or found empty
	result Result

	lock     sync.Mutex
	progress Progress
}

func (r *run) run(ctx context.Context) error {
	if err := r.checkCollations(ctx); err != nil {
		return err
	}
	loads, err := r.loads()
	if err != nil {
		return err
	}
	if err := r.createDatabases(ctx); err != nil {
		return err
	}
	if err := r.createObjects(ctx, r.snap.Before); err != nil {
		return err
	}
	if err := r.loadAll(ctx, loads); err != nil {
		return err
	}
	if err := r.checkForeignKeys(ctx); err != nil {
		return err
	}
	r.result.Tables = len(r.snap.Config.Tables)
	return r.createObjects(ctx, r.snap.After)
}

// A load is one table and its chunks.
type load struct {
	target string // database
	table  *snapshot.TableInfo
	chunks []snapshot.Chunk
	bytes  int64
	seq    int
}

// loads lists the tables with rows, biggest first, and checks that chunks and
// config agree.
func (r *run) loads() ([]*load, error) {
	byTable := map[*snapshot.TableInfo]*load{}
	rows := map[*snapshot.TableInfo]int64{}
	for _, c := range r.snap.Chunks {
		info := r.snap.Config.Table(c.Database, c.Table)
		if info == nil {
			return nil, &snapshot.CorruptError{What: "config", Err: fmt.Errorf("table %q has rows and no layout", c.Table)}
		}
		l := byTable[info]
		if l == nil {
			l = &load{target: r.targets.of(info.Database), table: info, seq: len(byTable)}
			byTable[info] = l
		}
		l.chunks = append(l.chunks, c)
		l.bytes += c.Bytes
		rows[info] += c.Rows
		r.progress.TotalBytes += c.Bytes
	}
	loads := make([]*load, 0, len(byTable))
	for i := range r.snap.Config.Tables {
		info := &r.snap.Config.Tables[i]
		if rows[info] != info.Rows {
			return nil, &snapshot.CorruptError{
				What: "config", Err: fmt.Errorf("table %q has %d rows in its chunks, expected %d", info.Name, rows[info], info.Rows),
			}
		}
		if l := byTable[info]; l != nil {
			loads = append(loads, l)
		}
		r.result.Rows += info.Rows
	}
	slices.SortStableFunc(loads, func(a, b *load) int { return int(min(1, max(-1, b.bytes-a.bytes))) })
	r.progress.TotalTables = len(loads)
	return loads, nil
}

func (r *run) loadAll(ctx context.Context, loads []*load) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(r.opts.Jobs)
	for _, l := range loads {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			if err := r.loadTable(ctx, l); err != nil {
				return err
			}
			r.advance(0, 1)
			return nil
		})
	}
	return group.Wait()
}

// advance reports progress.
func (r *run) advance(bytes int64, tables int) {
	r.lock.Lock()
	defer r.lock.Unlock()
	r.progress.Bytes += bytes
	r.progress.Tables += tables
	if r.opts.Progress != nil {
		r.opts.Progress(r.progress)
	}
}

// ErrUnusable means that a restore failed and that what it left could not be
// removed: the databases that the message names are not to be used.
var ErrUnusable = errors.New("database is half restored and must not be used")

// cleanUp drops the databases that a failed restore left and completes its error.
func cleanUp(ctx context.Context, srv *server.Server, databases []string, err error) error {
	const patience = 30 * time.Second
	if dead := srv.Err(); dead != nil {
		return errors.Join(err, dead)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	var left []string
	for _, name := range databases {
		if derr := srv.DropDatabase(ctx, name); derr != nil {
			left = append(left, name)
		}
	}
	if dead := srv.Err(); dead != nil {
		return errors.Join(err, dead)
	}
	if len(left) > 0 {
		return errors.Join(err, fmt.Errorf("%w: %s", ErrUnusable, strings.Join(left, ", ")))
	}
	return err
}
