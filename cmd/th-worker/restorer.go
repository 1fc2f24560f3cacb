package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// restorer restores datasets into private servers, one server for each.
type restorer struct {
	workshop *workshop
	log      *slog.Logger

	lock    sync.Mutex
	options *server.Options // once a server was found
}

// binaries are the programs of the database server to use.
func (w *workshop) binaries(ctx context.Context) (server.Binaries, error) {
	dirs := server.SearchPath(w.program.env("PATH"))
	if w.config.ServerDir != "" {
		dirs = []string{w.config.ServerDir}
	}
	b, err := server.Find(ctx, dirs)
	if errors.Is(err, server.ErrNotFound) {
		err = &command.Error{Status: command.ExitFailed, Err: err, Hint: "Or set server_dir in " + w.path + " to the directory of its programs."}
	}
	return b, err
}

// serversDir is where the homes of servers are.
func (w *workshop) serversDir() string { return filepath.Join(w.jobsDir, "servers") }

// prepared are the options of a new server. The server's programs are looked for the first time; when they are not found,
// again the next time.
func (r *restorer) prepared(ctx context.Context) (server.Options, error) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.options != nil {
		return *r.options, nil
	}
	w := r.workshop
	b, err := w.binaries(ctx)
	if err != nil {
		return server.Options{}, err
	}
	r.options = &server.Options{Binaries: b, Dir: w.serversDir(), CacheDir: filepath.Join(w.jobsDir, "templates"), Rand: w.program.random}
	return *r.options, nil
}

// Restore implements worker.Restorer.
func (r *restorer) Restore(ctx context.Context, d worker.Dataset) (_ worker.Database, err error) {
	options, err := r.prepared(ctx)
	if err != nil {
		return nil, err
	}
	load, err := r.loader(ctx, d)
	if err != nil {
		return nil, err
	}
	options.LogBytes = load.logBytes
	srv, err := server.Start(ctx, options)
	if err != nil {
		return nil, err
	}
	// A server that is busy with one statement does not listen; a cancelled build does not wait for it.
	defer context.AfterFunc(ctx, srv.Kill)()
	defer func() {
		if err != nil {
			err = errors.Join(err, srv.Close())
		}
	}()
	bar := command.NewProgress(r.workshop.program.stderr, r.workshop.program.terminal, "restoring "+d.Reference, load.bytes)
	defer bar.Done()
	restored, account, err := load.into(ctx, srv, bar.Set)
	bar.Done()
	if err != nil {
		return nil, err
	}
	restored.ServerVersion = srv.Version()
	one := &database{server: srv, snapshot: restored, address: worker.Address{
		Socket: srv.Socket(), Name: d.Database, User: account.User, Password: account.Password, Charset: d.Charset,
	}}
	if err := r.follow(ctx, one); err != nil {
		return nil, err
	}
	return one, nil
}

// follow begins to write what of the server is followed.
func (r *restorer) follow(ctx context.Context, one *database) error {
	logs := r.workshop.config.Logs
	if logs.SQLErr.Own {
		one.logs = append(one.logs, worker.LogSource{Name: logErrors, Path: one.server.ErrorLog()})
	}
	if logs.SQLSlow.Own {
		if err := one.server.EnableSlowLog(ctx, slowStatement); err != nil {
			return err
		}
		one.logs = append(one.logs, worker.LogSource{Name: logSlow, Path: one.server.SlowLog()})
	}
	return nil
}

// slowStatement is how long a statement takes at least that is in the slow log.
const slowStatement = time.Second

// loader is a dataset that can be loaded into a server.
type loader struct {
	bytes    int64 // to load; 0 is not known
	logBytes int64 // of the server's redo log
	// into loads it, and makes the account that migrates.
	into func(ctx context.Context, srv *server.Server, progress func(bytes int64)) (worker.Snapshot, server.Account, error)
}

// loader finds the dataset's snapshot.
func (r *restorer) loader(ctx context.Context, d worker.Dataset) (loader, error) {
	if d.SeedPath != "" {
		return r.seed(d)
	}
	from := r.workshop.store
	if d.Store != "" {
		var err error
		if from, err = store.Open(d.Store); err != nil {
			return loader{}, err
		}
	}
	ref, err := store.ParseReference(d.Reference)
	if err != nil {
		return loader{}, err
	}
	snap, err := from.Load(ctx, ref)
	if errors.Is(err, store.ErrNotFound) {
		err = fmt.Errorf("%w: %w", worker.ErrNoSnapshot, err)
	}
	if err != nil {
		return loader{}, err
	}
	l := loader{logBytes: logBytes(snap)}
	for _, t := range snap.Config.Tables {
		l.bytes += t.Bytes
	}
	l.into = func(ctx context.Context, srv *server.Server, progress func(int64)) (worker.Snapshot, server.Account, error) {
		loaded, err := restore.Restore(ctx, srv, d.Database, snap, from.Source(ref.Name), restore.Options{
			Jobs: r.workshop.program.jobs, MapCollation: d.MapCollation, Progress: func(p restore.Progress) { progress(p.Bytes) },
		})
		for _, note := range loaded.Notes {
			r.log.Warn("not kept as written", "dataset", d.Reference, "object", note)
		}
		if err != nil {
			return worker.Snapshot{}, server.Account{}, err
		}
		account, err := srv.CreateAccount(ctx, d.Database)
		return worker.Snapshot{
			Reference: store.Reference{Name: ref.Name, Digest: snap.Digest}.String(), Tag: ref.Tag, Digest: snap.Digest.String(),
			Tables: loaded.Tables, Rows: loaded.Rows,
		}, account, err
	}
	return l, nil
}

// maxLogBytes bounds the redo log of a build's server.
const maxLogBytes = 2 << 30

// logBytes is a redo log that holds any one value of the snapshot twice: no value is larger than its table.
func logBytes(snap *snapshot.Snapshot) int64 {
	var largest int64
	for _, t := range snap.Config.Tables {
		largest = max(largest, t.Bytes)
	}
	return min(2*largest, maxLogBytes)
}

// database is a restored dataset on a server of its own.
type database struct {
	server   *server.Server
	address  worker.Address
	snapshot worker.Snapshot
	logs     []worker.LogSource
}

// Address implements worker.Database.
func (d *database) Address() worker.Address { return d.address }

// Snapshot implements worker.Database.
func (d *database) Snapshot() worker.Snapshot { return d.snapshot }

// Logs implements worker.Database.
func (d *database) Logs() []worker.LogSource { return d.logs }

// Counters implements worker.Database.
func (d *database) Counters(ctx context.Context) (worker.Counters, error) {
	c, err := d.server.Counters(ctx)
	return worker.Counters{RowsChanged: worker.Count(c.RowsChanged), RowsRead: worker.Count(c.RowsRead)}, err
}

// Close implements worker.Database. A server that ended by itself, or whose disk was full, is trouble: what the migration
// did then says nothing of the change.
func (d *database) Close() error {
	return errors.Join(d.server.Err(), diskFull(d.server.ErrorLog()), d.server.Close())
}
