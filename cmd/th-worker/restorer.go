package main

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"path/filepath"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
	"github.com/turbo-hipster/turbo-hipster/worker"
)

// restorer restores snapshots into private servers, one server for each dataset.
type restorer struct {
	store   *store.Store
	options server.Options
	jobs    int
	log     *slog.Logger

	stderr   io.Writer
	terminal bool // stderr is one
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

// restorer prepares to start servers; what servers of killed builds left is removed.
func (w *workshop) restorer(ctx context.Context, log *slog.Logger) (*restorer, error) {
	b, err := w.binaries(ctx)
	if err != nil {
		return nil, err
	}
	homes := filepath.Join(w.jobsDir, "servers")
	if _, err := server.Reap(ctx, homes); err != nil {
		return nil, err
	}
	return &restorer{
		store: w.store, jobs: w.program.jobs, log: log, stderr: w.program.stderr, terminal: w.program.terminal,
		options: server.Options{
			Binaries: b, Dir: homes, CacheDir: filepath.Join(w.jobsDir, "templates"), Rand: w.program.random,
		},
	}, nil
}

// Restore implements worker.Restorer.
func (r *restorer) Restore(ctx context.Context, d worker.Dataset) (_ worker.Database, err error) {
	ref, err := store.ParseReference(d.Reference)
	if err != nil {
		return nil, err
	}
	snap, err := r.store.Load(ctx, ref)
	if err != nil {
		return nil, err
	}
	options := r.options
	options.LogBytes = logBytes(snap)
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
	var total int64
	for _, t := range snap.Config.Tables {
		total += t.Bytes
	}
	bar := command.NewProgress(r.stderr, r.terminal, "restoring "+d.Reference, total)
	defer bar.Done()
	loaded, err := restore.Restore(ctx, srv, d.Database, snap, r.store.Source(ref.Name), restore.Options{
		Jobs: r.jobs, MapCollation: d.MapCollation, Progress: func(p restore.Progress) { bar.Set(p.Bytes) },
	})
	bar.Done()
	if err != nil {
		return nil, err
	}
	for _, note := range loaded.Notes {
		r.log.Warn("not kept as written", "dataset", d.Reference, "object", note)
	}
	account, err := srv.CreateAccount(ctx, d.Database)
	if err != nil {
		return nil, err
	}
	return &database{
		server: srv,
		address: worker.Address{
			Socket: srv.Socket(), Name: d.Database, User: account.User, Password: account.Password, Charset: d.Charset,
		},
		snapshot: worker.Snapshot{
			Reference: store.Reference{Name: ref.Name, Digest: snap.Digest}.String(), Tag: ref.Tag, Digest: snap.Digest.String(),
			ServerVersion: srv.Version(), Tables: loaded.Tables, Rows: loaded.Rows,
		},
	}, nil
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

// database is a restored snapshot on a server of its own.
type database struct {
	server   *server.Server
	address  worker.Address
	snapshot worker.Snapshot
}

// Address implements worker.Database.
func (d *database) Address() worker.Address { return d.address }

// Snapshot implements worker.Database.
func (d *database) Snapshot() worker.Snapshot { return d.snapshot }

// Counters implements worker.Database.
func (d *database) Counters(context.Context) (worker.Counters, error) { return worker.Counters{}, nil }

// Logs implements worker.Database.
func (d *database) Logs() []worker.LogSource { return nil }

// Close implements worker.Database. A server that ended by itself is trouble: what the migration did then says nothing
// of the change.
func (d *database) Close() error {
	return errors.Join(d.server.Err(), d.server.Close())
}
