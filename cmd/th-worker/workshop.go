package main

import (
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// workshop is a configuration with all that its defaults stand for.
type workshop struct {
	program *program
	path    string // of the configuration file, absolute
	config  *config.Config
	store   *store.Store
	jobsDir string // absolute
}

// open reads the configuration and fills in its defaults.
func (p *program) open(c *cli.Context) (*workshop, error) {
	path := configPath(c)
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	cfg, err := config.Load(path)
	if errors.Is(err, fs.ErrNotExist) && c.String("config") == "" {
		return nil, &command.Error{Status: command.ExitFailed, Err: err, Hint: "This is the default; name another configuration with -c FILE."}
	}
	if err != nil {
		return nil, err
	}
	w := &workshop{program: p, path: abs, config: cfg}
	if err := errors.Join(w.openStore(), w.findJobsDir()); err != nil {
		return nil, err
	}
	return w, nil
}

func (w *workshop) openStore() error {
	dir := w.config.Store
	if dir == "" {
		dir = w.program.env("FUZZY_STORE")
	}
	if dir == "" {
		data, err := w.program.userDir("XDG_DATA_HOME", ".local", "share")
		if err != nil {
			return fmt.Errorf("find the store: %w; set store in %s", err, w.path)
		}
		dir = filepath.Join(data, "fuzzy")
	}
	var err error
	w.store, err = store.Open(dir)
	return err
}

func (w *workshop) findJobsDir() error {
	dir := w.config.JobsWorkingDir
	if dir == "" {
		cache, err := w.program.userDir("XDG_CACHE_HOME", ".cache")
		if err != nil {
			return fmt.Errorf("find a directory for builds: %w; set jobs_working_dir in %s", err, w.path)
		}
		dir = filepath.Join(cache, "turbo-hipster", "jobs")
	}
	var err error
	w.jobsDir, err = filepath.Abs(dir)
	return err
}

// build is what the command line asks for.
func (w *workshop) build(c *cli.Context) (*worker.Build, error) {
	job, err := w.config.Job(c.String("job"))
	if err != nil {
		return nil, &command.Error{Status: command.ExitUsage, Err: err}
	}
	src, err := source(c, job)
	if err != nil {
		return nil, err
	}
	refs := c.StringSlice("dataset")
	if len(refs) == 0 {
		refs = job.Datasets
	}
	if len(refs) == 0 {
		return nil, command.Usagef("job %q has no datasets in the configuration: give --dataset REF", job.Name)
	}
	var id [6]byte
	if _, err := io.ReadFull(w.program.random, id[:]); err != nil {
		return nil, fmt.Errorf("name the build: %w", err)
	}
	b := &worker.Build{
		ID: hex.EncodeToString(id[:]), Job: job.Name, Project: job.Project, Source: src,
		Command: worker.Command{
			Argv: job.Command, Text: job.CommandText, Environment: job.Environment, Timeout: job.Timeout,
		},
		Tool: job.Tool, Expected: worker.Expected{Version: job.ExpectedFinalVersion}, Plugin: worker.PluginRealDBUpgrade,
	}
	b.Dir = filepath.Join(w.jobsDir, b.ID)
	b.OutputDir = filepath.Join(b.Dir, "results")
	if dir := c.String("output"); dir != "" {
		if b.OutputDir, err = filepath.Abs(dir); err != nil {
			return nil, err
		}
	}
	for _, ref := range refs {
		d, err := w.dataset(job, ref)
		if err != nil {
			return nil, err
		}
		if d.MapCollation, err = mapCollation(c, job); err != nil {
			return nil, err
		}
		b.Datasets = append(b.Datasets, d)
	}
	return b, nil
}

// dataset is one dataset to test on, with its settings and the job's over them. That the snapshot exists is checked
// here, before anything is checked out.
func (w *workshop) dataset(job *config.Job, reference string) (worker.Dataset, error) {
	ref, err := store.ParseReference(reference)
	if err != nil {
		return worker.Dataset{}, &command.Error{Status: command.ExitUsage, Err: fmt.Errorf("dataset %q: %w", reference, err)}
	}
	if _, err := w.store.Resolve(ref); err != nil {
		hint := ""
		if errors.Is(err, store.ErrNotFound) {
			hint = fmt.Sprintf("List the datasets there are with: fuzzy list --store %s", w.store.Dir())
		}
		return worker.Dataset{}, &command.Error{Status: exitStatus(err), Err: err, Hint: hint}
	}
	settings, err := datasets.Load(w.store.Dir(), ref.Name)
	if err != nil {
		return worker.Dataset{}, err
	}
	if settings.Project != "" && job.Project != "" && settings.Project != job.Project {
		return worker.Dataset{}, fmt.Errorf("dataset %q is for project %s, job %q tests %s", reference, settings.Project, job.Name, job.Project)
	}
	return worker.Dataset{
		Reference: reference, Name: ref.Name, Charset: job.Charset,
		Database: databaseName(job, settings, ref.Name),
		Limits:   settings.Limits.Override(job.Limits),
	}, nil
}

// databaseName is the schema's name during the build.
func databaseName(job *config.Job, settings datasets.Settings, dataset string) string {
	switch {
	case job.Database != "":
		return job.Database
	case settings.Database != "":
		return settings.Database
	}
	name := strings.ReplaceAll(path.Base(dataset), ".", "_")
	if len(name) > 64 || datasets.BadDatabase(name) != "" {
		return "dataset"
	}
	return name
}
