package main

import (
	"context"
	"io"
	"log/slog"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/checkout"
	"github.com/turbo-hipster/turbo-hipster/worker/environment"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
	"github.com/turbo-hipster/turbo-hipster/worker/report"
)

// runner does builds with git, pip, private database servers and processes. Its reporter writes the reports; with out, it
// prints them there as well.
func (w *workshop) runner(log *slog.Logger, gate *worker.Gate, out io.Writer, asJSON bool) *worker.Runner {
	p := w.program
	commands := &migrate.Migrator{Path: p.env("PATH"), Now: p.now, Log: log}
	return &worker.Runner{
		Checkouter: &checkout.Checkouter{Env: p.environ, CloneDir: w.config.GitWorkingDir, Now: p.now, Log: log},
		Preparer:   &environment.Preparer{Path: p.env("PATH"), Passthrough: p.proxies(), Now: p.now},
		Restorer:   &restorer{workshop: w, log: log},
		Migrator:   commands,
		Scripter:   commands,
		Reporter:   &reporter{workshop: w, out: out, json: asJSON},
		Gate:       gate,
		Now:        p.now,
		Log:        log,
	}
}

// proxies are the variables that say how to reach the network.
func (p *program) proxies() []string {
	var found []string
	for _, name := range []string{"http_proxy", "https_proxy", "no_proxy", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY"} {
		if value := p.env(name); value != "" {
			found = append(found, name+"="+value)
		}
	}
	return found
}

// reporter writes the reports into a build's output directory, and prints them.
type reporter struct {
	workshop *workshop
	out      io.Writer // nil prints nothing
	json     bool
}

// Report implements worker.Reporter.
func (r *reporter) Report(_ context.Context, result *worker.BuildResult) error {
	url := ""
	if result.Build.Source.Dir == "" {
		url = worker.RedactURL(result.Build.Source.URL)
	}
	rep := report.New(result, version, r.workshop.reproduce(result), url)
	rep.URL = result.Build.ReportURL
	path, err := rep.Write(result.Build.OutputDir)
	switch {
	case err != nil || r.out == nil:
		return err
	case r.json:
		return rep.Encode(r.out)
	}
	return rep.Table(r.out, path)
}

// reproduce is the command that does the same build again: the same commit, or tree, and the same snapshots.
func (w *workshop) reproduce(result *worker.BuildResult) string {
	b := result.Build
	words := []string{"th-worker", "run", "-c", w.path, "--job", b.Job}
	for _, d := range result.Datasets {
		if d.Dataset.SeedPath == "" { // a classic dataset is the job's, and there is one of it
			words = append(words, "--dataset", d.Snapshot.Reference)
		}
	}
	job, err := w.config.Job(b.Job)
	switch {
	case b.Source.Dir != "":
		words = append(words, "--source", b.Source.Dir)
	case err == nil && job.Git.URL == b.Source.URL:
		words = append(words, "--ref", result.Tree.Commit)
	default:
		for _, key := range []string{"ZUUL_PROJECT", "ZUUL_URL", "ZUUL_REF", "ZUUL_COMMIT", "ZUUL_NEWREV", "ZUUL_BRANCH"} {
			value := b.Parameters[key]
			if key == "ZUUL_COMMIT" && value == "" && b.Parameters["ZUUL_REF"] != "" && b.Parameters["ZUUL_NEWREV"] == "" {
				value = result.Tree.Commit // the ref may have moved by then, which is to be said
			}
			if value != "" {
				words = append(words, "--param", key+"="+worker.RedactURL(value))
			}
		}
	}
	if len(b.Datasets) > 0 {
		for from, to := range b.Datasets[0].MapCollation {
			words = append(words, "--map-collation", from+"="+to)
		}
	}
	for i, word := range words {
		words[i] = report.ShellQuote(word)
	}
	return strings.Join(words, " ")
}
