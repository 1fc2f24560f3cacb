package main

import (
	"errors"
	"fmt"
	"os/exec"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

const checkDescription = `Reads the configuration and says everything that is wrong with it, each with its line; then looks for what the jobs
need: a database server, git, the datasets and their settings. Nothing is changed.

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
	w, err := p.open(configPath(c))
	if err != nil {
		return err
	}
	var wrong []error
	if binaries, err := w.binaries(c.Context); err != nil {
		wrong = append(wrong, err)
	} else {
		fmt.Fprintf(p.stdout, "server  %s %s\n", binaries.Flavor, binaries.Version)
	}
	if _, err := exec.LookPath("git"); err != nil {
		wrong = append(wrong, fmt.Errorf("%w: install git", err))
	}
	fmt.Fprintf(p.stdout, "store   %s\nbuilds  %s\n", w.store.Dir(), w.jobsDir)
	for i := range w.config.Jobs {
		wrong = append(wrong, w.checkJob(&w.config.Jobs[i])...)
	}
	return errors.Join(wrong...)
}

// checkJob prints what a job does and returns what is wrong with its datasets.
func (w *workshop) checkJob(job *config.Job) (wrong []error) {
	where := "from --source"
	if job.Git.URL != "" {
		where = "at " + job.Git.Ref
	}
	on := "on --dataset"
	if len(job.Datasets) > 0 {
		on = "on " + strings.Join(job.Datasets, ", ")
	}
	fmt.Fprintf(w.program.stdout, "job     %s: %s %s %s\n", job.Name, job.Tool.Name, where, on)
	for _, ref := range job.Datasets {
		if _, err := w.dataset(job, ref); err != nil {
			wrong = append(wrong, fmt.Errorf("job %q: %w", job.Name, err))
		}
	}
	return wrong
}
