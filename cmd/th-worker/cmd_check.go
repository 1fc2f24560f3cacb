package main

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"
	"golang.org/x/sys/unix"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

const checkDescription = `Reads the configuration and says everything that is wrong with it, each with its line; then looks for what the jobs
need: a database server, git, the datasets and their settings, certificates. Prints what the service would serve. Nothing
is changed, and nobody is asked: th-worker status asks the Gearman servers.

Examples:
   th-worker check -c th.yaml
   th-worker check                      # /etc/turbo-hipster/config.yaml

Exit status: 0 every job can run; 1 something is wrong; 64 usage.`

func (p *program) checkCommand() *cli.Command {
	return &cli.Command{
		Name:        "check",
		Usage:       "check the configuration and what its jobs need",
		UsageText:   "th-worker check [-c FILE]",
		Description: checkDescription,
		Flags:       []cli.Flag{configFlag()},
		Action:      p.check,
	}
}

func (p *program) check(c *cli.Context) error {
	if c.NArg() > 0 {
		return command.Usagef("check takes no argument %q", c.Args().First())
	}
	w, err := p.open(c)
	if err != nil {
		return err
	}
	wrong := w.checkMachine(c.Context)
	wrong = append(wrong, w.checkService()...)
	var rows, notes [][]string
	for i := range w.config.Jobs {
		job := &w.config.Jobs[i]
		on, mistakes := w.checkDatasets(job)
		wrong = append(wrong, mistakes...)
		if err := checkRepository(job.Git.URL); err != nil {
			wrong = append(wrong, fmt.Errorf("job %q: git url: %w", job.Name, err))
		}
		where, needs := w.whereFrom(job)
		if on == "" {
			on = "-"
			if job.Plugin != worker.PluginShellScript {
				needs = append(needs, "--dataset REF")
			}
		}
		if job.DatasetsDir != "" && job.Project == "" {
			needs = append(needs, "--param ZUUL_PROJECT=NAME")
		}
		steps := job.Tool.Name
		if steps == "" {
			steps = "-"
		}
		rows = append(rows, []string{job.Name, job.GearmanFunction(), string(job.Plugin), steps, where, on})
		if len(needs) > 0 {
			notes = append(notes, []string{job.Name, strings.Join(needs, " and ")})
		}
	}
	fmt.Fprintln(p.stdout)
	command.Table(p.stdout, []string{"job", "function", "plugin", "steps", "change", "datasets"}, rows)
	for _, n := range notes {
		fmt.Fprintf(p.stdout, "note: %s: th-worker run needs %s\n", n[0], n[1])
	}
	return errors.Join(wrong...)
}

// checkMachine looks for the programs that builds run, and prints where things are.
func (w *workshop) checkMachine(ctx context.Context) (wrong []error) {
	out := w.program.stdout
	if binaries, err := w.binaries(ctx); err != nil {
		wrong = append(wrong, err)
	} else {
		fmt.Fprintf(out, "server   %s %s\n", binaries.Flavor, binaries.Version)
	}
	if _, err := exec.LookPath("git"); err != nil {
		wrong = append(wrong, fmt.Errorf("%w: install git", err))
	}
	fmt.Fprintf(out, "store    %s\nbuilds   %s\n", w.store.Dir(), w.jobsDir)
	if to := w.config.Publish; to.Path != "" {
		seen := ""
		if to.PrependURL != "" {
			seen = ", seen at " + to.PrependURL
		}
		fmt.Fprintf(out, "publish  %s%s\n", to.Path, seen)
	}
	for _, dir := range []struct{ key, path string }{
		{"jobs_working_dir", w.jobsDir},
		{"git_working_dir", w.config.GitWorkingDir},
		{"pip_download_cache", w.config.PipDownloadCache},
		{"publish_logs.path", w.config.Publish.Path},
		{"the directory of debug_log", dirOf(w.config.DebugLog)},
	} {
		if err := checkWritable(dir.path); err != nil {
			wrong = append(wrong, fmt.Errorf("%s: %w", dir.key, err))
		}
	}
	return wrong
}

func dirOf(path string) string {
	if path == "" {
		return ""
	}
	return filepath.Dir(path)
}

// checkWritable looks whether a directory can be written, or made, by this user; "" is none.
func checkWritable(path string) error {
	for path != "" {
		info, err := os.Stat(path)
		switch {
		case errors.Is(err, fs.ErrNotExist) && filepath.Dir(path) != path:
			path = filepath.Dir(path)
			continue
		case err != nil:
			return err
		case !info.IsDir():
			return fmt.Errorf("%s is not a directory", path)
		}
		if err := unix.Access(path, unix.W_OK|unix.X_OK); err != nil {
			return fmt.Errorf("%s cannot be written: %w", path, err)
		}
		return nil
	}
	return nil
}

// checkService says with whom the service would talk; a configuration for th-worker run alone is no mistake.
func (w *workshop) checkService() []error {
	if len(w.config.Zuul.GearmanServers) == 0 {
		fmt.Fprintln(w.program.stdout, "gearman  none: this configuration is for th-worker run")
		return nil
	}
	var wrong []error
	if err := w.config.ForService(); err != nil {
		wrong = append(wrong, err)
	}
	servers, err := w.gearmanServers()
	if err != nil {
		wrong = append(wrong, err)
	}
	for _, s := range servers {
		secure := ""
		if s.TLS != nil {
			secure = " with TLS"
		}
		fmt.Fprintf(w.program.stdout, "gearman  %s%s, %s\n", s.Address, secure, command.Count(w.config.Slots, "slot"))
	}
	return wrong
}

// whereFrom says where a job's change comes from, and what th-worker run needs on its command line.
func (w *workshop) whereFrom(job *config.Job) (where string, needs []string) {
	switch {
	case job.Git.URL != "":
		return "at " + job.Git.Ref, nil
	case len(w.config.Zuul.GearmanServers) > 0:
		return "from Zuul", []string{"--source DIR or Zuul's arguments"}
	}
	return "from --source DIR", []string{"--source DIR"}
}

// checkDatasets lists the datasets of a job, and what is wrong with them.
func (w *workshop) checkDatasets(job *config.Job) (list string, wrong []error) {
	var names []string
	for _, ref := range job.Datasets {
		names = append(names, ref)
		if _, err := w.dataset(job, job.Project, ref); err != nil {
			wrong = append(wrong, fmt.Errorf("job %q: %w", job.Name, err))
		}
	}
	if job.DatasetsDir != "" {
		// A job without a project, as classic configurations have them, tests each project on its own datasets.
		found, err := w.classicDatasetsOf(job, func(of string) bool { return of == job.Project || job.Project == "" })
		switch {
		case err != nil || len(found) > 0:
		case job.Project == "":
			err = fmt.Errorf("datasets_dir %s: no dataset", job.DatasetsDir)
		default:
			err = fmt.Errorf("datasets_dir %s: no dataset for project %q", job.DatasetsDir, job.Project)
		}
		if err != nil {
			wrong = append(wrong, fmt.Errorf("job %q: %w", job.Name, err))
		}
		for _, d := range found {
			names = append(names, d.Name)
		}
	}
	return strings.Join(names, ", "), wrong
}

// checkRepository looks whether a repository on this machine exists; one elsewhere is not asked.
func checkRepository(url string) error {
	local := strings.TrimPrefix(url, "file://")
	if !filepath.IsAbs(local) {
		return nil
	}
	_, err := os.Stat(local)
	return err
}
