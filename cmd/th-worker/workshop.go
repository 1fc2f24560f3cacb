package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path/filepath"

	"github.com/urfave/cli/v2"

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
	if errors.Is(err, fs.ErrNotExist) && givenConfig(c) == "" {
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

// ask is what a build is asked for with, beside its job: on a command line, or by Zuul.
type ask struct {
	dir          *buildDir
	source       worker.Source
	base         worker.Source     // the zero value compares with nothing
	project      string            // whose change it is; "" is the job's
	datasets     []string          // in place of the job's
	mapCollation map[string]string // over the job's
	parameters   map[string]string
	output       string // absolute
	reportURL    string // "" when nothing is published
}

// build is a build of the job. Trouble with its datasets shows here, before anything is checked out.
func (w *workshop) build(job *config.Job, a ask) (*worker.Build, error) {
	b := &worker.Build{
		ID: a.dir.id, Job: job.Name, Project: a.project, Plugin: job.Plugin, Source: a.source, Base: a.base,
		Environment: job.Prepare,
		Command: worker.Command{
			Argv: job.Command, Text: job.CommandText, Environment: job.Environment, Timeout: job.Timeout,
		},
		Tool: job.Tool, Expected: job.Expected, Parameters: a.parameters, Follow: w.followed(),
		Dir: a.dir.path, OutputDir: a.output, ReportURL: a.reportURL,
	}
	if b.Project == "" {
		b.Project = job.Project
	}
	if job.Plugin == worker.PluginShellScript {
		return b, nil
	}
	var err error
	b.Datasets, err = w.selectDatasets(job, b.Project, a.datasets)
	if err != nil {
		return nil, err
	}
	for i := range b.Datasets {
		b.Datasets[i].MapCollation = merged(job.MapCollation, a.mapCollation)
	}
	return b, nil
}

// merged is base with over in place of what both have.
func merged(base, over map[string]string) map[string]string {
	if len(base)+len(over) == 0 {
		return nil
	}
	out := map[string]string{}
	maps.Copy(out, base)
	maps.Copy(out, over)
	return out
}

// followed are the files of this machine that are followed in every log.
func (w *workshop) followed() []worker.LogSource {
	var follow []worker.LogSource
	logs := w.config.Logs
	for _, source := range []struct {
		name string
		log  config.Log
	}{{"syslog", logs.Syslog}, {logSlow, logs.SQLSlow}, {logErrors, logs.SQLErr}} {
		if source.log.Path != "" {
			follow = append(follow, worker.LogSource{Name: source.name, Path: source.log.Path})
		}
	}
	return follow
}

// The names of a server's logs in those of builds.
const (
	logSlow   = "sqlslo"
	logErrors = "sqlerr"
)
