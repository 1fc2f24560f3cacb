package main

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// selectDatasets are what a project's change is tested on: the references that were asked for, or else the job's and what
// is in its datasets_dir.
func (w *workshop) selectDatasets(job *config.Job, project string, asked []string) ([]worker.Dataset, error) {
	refs := asked
	if len(asked) == 0 {
		refs = job.Datasets
	}
	var all []worker.Dataset
	for _, ref := range refs {
		d, err := w.dataset(job, project, ref)
		if err != nil {
			return nil, &worker.Trouble{Stage: worker.StageSelect, Dataset: ref, Err: err}
		}
		all = append(all, d)
	}
	if len(asked) == 0 && job.DatasetsDir != "" {
		more, err := w.classicDatasets(job, project)
		if err != nil {
			return nil, &worker.Trouble{Stage: worker.StageSelect, Err: err}
		}
		all = append(all, more...)
	}
	if len(all) == 0 {
		return nil, &worker.Trouble{
			Stage: worker.StageSelect,
			Err:   fmt.Errorf("job %q has no dataset for project %q: %w", job.Name, project, worker.ErrNoSnapshot),
		}
	}
	return all, nil
}

// dataset is one dataset of the store, with its settings and the job's over them. That the snapshot exists is checked
// here, before anything is checked out.
func (w *workshop) dataset(job *config.Job, project, reference string) (worker.Dataset, error) {
	ref, err := store.ParseReference(reference)
	if err != nil {
		return worker.Dataset{}, &command.Error{Status: command.ExitUsage, Err: fmt.Errorf("dataset %q: %w", reference, err)}
	}
	if _, err := w.store.Resolve(ref); err != nil {
		hint := ""
		if errors.Is(err, store.ErrNotFound) {
			hint = fmt.Sprintf("List the datasets there are with: fuzzy list --store %s", w.store.Dir())
			err = fmt.Errorf("%w: %w", worker.ErrNoSnapshot, err)
		}
		return worker.Dataset{}, &command.Error{Status: exitStatus(err), Err: err, Hint: hint}
	}
	settings, err := datasets.Load(w.store.Dir(), ref.Name)
	if err != nil {
		return worker.Dataset{}, err
	}
	if settings.Project != "" && project != "" && settings.Project != project {
		return worker.Dataset{}, fmt.Errorf("dataset %q is for project %s, job %q tests %s", reference, settings.Project, job.Name, project)
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
