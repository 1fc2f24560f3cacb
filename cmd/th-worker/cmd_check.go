package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
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
	w, err := p.open(c)
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

// checkJob prints what a job does and what the command line must add, and returns what is wrong with its repository and
// datasets.
func (w *workshop) checkJob(job *config.Job) (wrong []error) {
	where, on := "from --source DIR", "on --dataset REF"
	var needs []string
	if job.Git.URL != "" {
		where = "at " + job.Git.Ref
	} else {
		needs = append(needs, "--source DIR")
	}
	if len(job.Datasets) > 0 {
		on = "on " + strings.Join(job.Datasets, ", ")
	} else {
		needs = append(needs, "--dataset REF")
	}
	fmt.Fprintf(w.program.stdout, "job     %s: %s %s %s\n", job.Name, job.Tool.Name, where, on)
	if len(needs) > 0 {
		fmt.Fprintf(w.program.stdout, "note    %s: th-worker run needs %s\n", job.Name, strings.Join(needs, " and "))
	}
	if err := checkRepository(job.Git.URL); err != nil {
		wrong = append(wrong, fmt.Errorf("job %q: git url: %w", job.Name, err))
	}
	for _, ref := range job.Datasets {
		if _, err := w.dataset(job, ref); err != nil {
			wrong = append(wrong, fmt.Errorf("job %q: %w", job.Name, err))
		}
	}
	return wrong
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
