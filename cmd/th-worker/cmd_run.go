package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/checkout"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
	"github.com/turbo-hipster/turbo-hipster/worker/migrate"
	"github.com/turbo-hipster/turbo-hipster/worker/report"
)

const runDescription = `Checks out the job's change, restores each dataset into a private database server, runs the job's migration
command on it, judges each step, prints the verdict, and leaves report.json and the logs in the output directory.

Examples:
   th-worker run -c th.yaml --job nova
   th-worker run -c th.yaml --job nova --ref refs/changes/15/65615/7 --output results
   th-worker run -c th.yaml --job nova --source ~/src/nova --dataset nova/user_001:v3 --json

Exit status: 0 the verdict is SUCCESS; 3 it is WARNING or FAILURE; 1 there is no verdict, because something failed that
is not the change's fault; 4 the snapshot is corrupt; 64 usage; 130 cancelled.`

func (p *program) runCommand() *cli.Command {
	return &cli.Command{
		Name:        "run",
		Usage:       "do one build and print its verdict",
		UsageText:   "th-worker run -c FILE --job NAME [OPTIONS]",
		Description: runDescription,
		Flags: []cli.Flag{
			configFlag(),
			&cli.StringFlag{Name: "job", Usage: "`NAME` of the job in the configuration"},
			&cli.StringSliceFlag{Name: "dataset", Usage: "test on `REF`, name[:tag] or name@sha256:…, not on the job's datasets; may be repeated"},
			&cli.StringFlag{Name: "ref", Usage: "test the git `REF`, not the job's"},
			&cli.StringFlag{Name: "source", Usage: "test the tree in `DIR` as it is; nothing is checked out"},
			&cli.StringSliceFlag{Name: "map-collation", Usage: "`FROM=TO`: use TO where definitions name FROM, which the server lacks; may be repeated"},
			&cli.StringFlag{Name: "output", Usage: "`DIR` for report and logs (default: results/ in the build's directory under jobs_working_dir)"},
			&cli.BoolFlag{Name: "json", Usage: "print the report as JSON (docs/JSON.md)"},
		},
		Action: p.run,
	}
}

func (p *program) run(c *cli.Context) (err error) {
	if c.NArg() > 0 {
		return command.Usagef("run takes no argument %q", c.Args().First())
	}
	if c.String("job") == "" {
		return command.Usagef("run needs --job NAME")
	}
	w, err := p.open(c)
	if err != nil {
		return err
	}
	b, err := w.build(c)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	restorer, err := w.restorer(c.Context, log)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.clean(b, log)) }()
	out := &reporter{worker: w, asked: c, json: c.Bool("json")}
	runner := &worker.Runner{
		Checkouter: &checkout.Checkouter{Env: p.environ, CloneDir: w.config.GitWorkingDir},
		Restorer:   restorer,
		Migrator:   &migrate.Migrator{Path: p.env("PATH"), Now: p.now},
		Reporter:   out,
		Now:        p.now,
		Log:        log,
	}
	result, err := runner.Run(c.Context, b, nil)
	if err != nil {
		return err
	}
	if !result.Verdict.Result.Passes() {
		return command.Silent(command.ExitVerdict)
	}
	return nil
}

// withoutTime leaves the time out of progress lines.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}

// clean removes what a build made except its results.
func (w *workshop) clean(b *worker.Build, log *slog.Logger) error {
	entries, err := os.ReadDir(b.Dir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("clean up: %w", err)
	}
	for _, e := range entries {
		if path := filepath.Join(b.Dir, e.Name()); path != b.OutputDir {
			if err := os.RemoveAll(path); err != nil { // what a migration made unremovable must not hide the verdict
				log.Warn("cannot remove", "err", err)
			}
		}
	}
	_ = os.Remove(b.OutputDir) // only when it is empty: without a log there is nothing to keep
	_ = os.Remove(b.Dir)
	return nil
}

// reporter writes report.json and prints the result.
type reporter struct {
	worker *workshop
	asked  *cli.Context
	json   bool
}

// Report implements worker.Reporter.
func (r *reporter) Report(_ context.Context, result *worker.BuildResult) error {
	url := ""
	if result.Build.Source.Dir == "" {
		url = worker.RedactURL(result.Build.Source.URL)
	}
	rep := report.New(result, version, r.reproduce(result), url)
	path, err := rep.Write(result.Build.OutputDir)
	if err != nil {
		return err
	}
	if r.json {
		return rep.Encode(r.worker.program.stdout)
	}
	return rep.Table(r.worker.program.stdout, path)
}

// reproduce is the command that does the same build again: the same commit, or tree, and the same snapshots.
func (r *reporter) reproduce(result *worker.BuildResult) string {
	words := []string{"th-worker", "run", "-c", r.worker.path, "--job", result.Build.Job}
	for _, d := range result.Datasets {
		words = append(words, "--dataset", d.Snapshot.Reference)
	}
	if dir := result.Build.Source.Dir; dir != "" {
		words = append(words, "--source", dir)
	} else {
		words = append(words, "--ref", result.Tree.Commit)
	}
	for _, pair := range r.asked.StringSlice("map-collation") {
		words = append(words, "--map-collation", pair)
	}
	for i, word := range words {
		words[i] = report.ShellQuote(word)
	}
	return strings.Join(words, " ")
}

// mapCollation is the job's mapping, with the command line's over it.
func mapCollation(c *cli.Context, job *config.Job) (map[string]string, error) {
	out := maps.Clone(job.MapCollation)
	for _, pair := range c.StringSlice("map-collation") {
		from, to, ok := strings.Cut(pair, "=")
		if !ok || from == "" || to == "" {
			return nil, command.Usagef("--map-collation %q: want FROM=TO", pair)
		}
		if out == nil {
			out = map[string]string{}
		}
		out[from] = to
	}
	return out, nil
}

// source is where the change comes from, as the command line and the job say.
func source(c *cli.Context, job *config.Job) (worker.Source, error) {
	dir, ref := c.String("source"), c.String("ref")
	switch {
	case dir != "" && ref != "":
		return worker.Source{}, command.Usagef("--source and --ref exclude each other: a tree is tested as it is")
	case dir != "":
		abs, err := filepath.Abs(dir)
		return worker.Source{Dir: abs}, err
	case job.Git.URL == "":
		return worker.Source{}, command.Usagef("job %q has no git in the configuration: give --source DIR", job.Name)
	case ref == "":
		ref = job.Git.Ref
	}
	if err := worker.CheckRef(ref); err != nil {
		return worker.Source{}, command.Usagef("--ref: %w", err)
	}
	return worker.Source{URL: job.Git.URL, Ref: ref}, nil
}
