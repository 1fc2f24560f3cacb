package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/snapshot/restore"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// classicDatasets are those in the job's datasets_dir that are for the project: directories with a seed, and datasets with
// snapshots beside them. One that cannot be read may be the project's, so that it is an error.
func (w *workshop) classicDatasets(job *config.Job, project string) ([]worker.Dataset, error) {
	return w.classicDatasetsOf(job, func(of string) bool { return of == project })
}

// classicDatasetsOf are those of the projects that are wanted.
func (w *workshop) classicDatasetsOf(job *config.Job, wanted func(project string) bool) ([]worker.Dataset, error) {
	found, err := datasets.Scan(job.DatasetsDir)
	if err != nil {
		return nil, err
	}
	var all []worker.Dataset
	for _, d := range found {
		if d.Skipped != "" || !wanted(d.Settings.Project) {
			continue
		}
		one := worker.Dataset{
			Reference: d.Name, Name: d.Name, Charset: job.Charset,
			Database: databaseName(job, d.Settings, d.Name),
			Limits:   d.Settings.Limits.Override(job.Limits),
		}
		if d.Snapshots {
			one.Store = job.DatasetsDir
		} else {
			one.SeedPath, one.LoggingConf = d.SeedPath, d.LoggingConfPath
			one.DBUser = d.Settings.DBUser
		}
		all = append(all, one)
	}
	return all, nil
}

// seedLogFactor is how much larger than a dump, as it is stored, its largest value may be: a compressed dump has up to this
// times its size, as far as the redo log is concerned.
const seedLogFactor = 8

// seed loads the SQL dump of a classic dataset.
func (r *restorer) seed(d worker.Dataset) (loader, error) {
	info, err := os.Stat(d.SeedPath)
	if os.IsNotExist(err) {
		err = fmt.Errorf("%w: %w", worker.ErrNoSnapshot, err)
	}
	if err != nil {
		return loader{}, err
	}
	l := loader{bytes: info.Size(), logBytes: min(seedLogFactor*info.Size(), maxLogBytes)}
	l.into = func(ctx context.Context, srv *server.Server, progress func(int64)) (worker.Snapshot, server.Account, error) {
		// The password is made up in any case: the classic db_pass may be a common word, which would be taken out of the log.
		account, err := srv.CreateAccountAs(ctx, d.Database, d.DBUser, "")
		if err != nil {
			return worker.Snapshot{}, account, err
		}
		file, err := os.Open(d.SeedPath)
		if err != nil {
			return worker.Snapshot{}, account, err
		}
		defer file.Close()
		loaded, err := restore.Dump(ctx, srv, account, d.Database, file, restore.DumpOptions{MapCollation: d.MapCollation, Progress: progress})
		for _, note := range loaded.Notes {
			r.log.Warn("not kept as written", "dataset", d.Reference, "object", note)
		}
		return worker.Snapshot{
			Reference: filepath.Base(d.SeedPath), Digest: loaded.Digest, Tables: loaded.Tables, Rows: loaded.Rows,
		}, account, err
	}
	return l, nil
}
