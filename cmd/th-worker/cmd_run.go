package main

import (
	"log/slog"
	"path/filepath"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
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
			&cli.StringFlag{Name: "base", Usage: "compare with `REV`: what it does wrong too is not the change's fault"},
			&cli.StringSliceFlag{Name: "param", Usage: "argument `K=V`, as Zuul sends it; may be repeated"},
			&cli.StringFlag{Name: "params", Usage: "`FILE` with such arguments, a JSON object; - is standard input"},
			&cli.StringFlag{Name: "source", Usage: "test the tree in `DIR` as it is; nothing is checked out"},
			&cli.StringSliceFlag{Name: "map-collation", Usage: "`FROM=TO`: use TO where definitions name FROM, which the server lacks; may be repeated"},
			&cli.StringFlag{Name: "output", Usage: "`DIR` for report and logs (default: results/ in the build's directory under jobs_working_dir)"},
			&cli.BoolFlag{Name: "json", Usage: "print the report as JSON (docs/JSON.md)"},
		},
		Action: p.run,
	}
}

func (p *program) run(c *cli.Context) error {
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
	job, err := w.config.Job(c.String("job"))
	if err != nil {
		return &command.Error{Status: command.ExitUsage, Err: err}
	}
	a, err := w.asked(c, job)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(p.stderr, &slog.HandlerOptions{ReplaceAttr: withoutTime}))
	if err := w.sweep(c.Context, log); err != nil {
		return err
	}
	if a.dir, err = w.newBuildDir(); err != nil {
		return err
	}
	if a.output == "" {
		a.output = filepath.Join(a.dir.path, "results")
	}
	defer func() { a.dir.close(a.output, log) }()
	b, err := w.build(job, a)
	if err != nil {
		return err
	}
	result, err := w.runner(log, nil, p.stdout, c.Bool("json")).Run(c.Context, b, nil)
	if err != nil {
		return err
	}
	if !result.Verdict.Result.Passes() {
		return command.Silent(command.ExitVerdict)
	}
	return nil
}

// asked is what the command line asks for.
func (w *workshop) asked(c *cli.Context, job *config.Job) (a ask, err error) {
	arguments, err := w.program.params(c)
	if err != nil {
		return a, err
	}
	if len(job.Datasets)+len(c.StringSlice("dataset")) == 0 && job.DatasetsDir == "" && job.Plugin != worker.PluginShellScript {
		return a, command.Usagef("job %q has no datasets in the configuration: give --dataset REF", job.Name)
	}
	a.datasets = c.StringSlice("dataset")
	if a.mapCollation, err = mapCollation(c); err != nil {
		return a, err
	}
	if dir := c.String("output"); dir != "" {
		if a.output, err = filepath.Abs(dir); err != nil {
			return a, err
		}
	}
	params, err := w.zuulParams(job, arguments)
	if err != nil {
		return a, command.Usagef("%w", err)
	}
	a.parameters, a.project = params.All, params.Project
	if a.source, err = w.source(c, job, params); err != nil {
		return a, err
	}
	if a.source.Dir != "" {
		a.base, err = w.treeBase(c.Context, c.String("base"), a.source.Dir)
		return a, err
	}
	a.base, err = w.base(c.String("base"), job, a.source, params)
	return a, err
}

// withoutTime leaves the time out of progress lines.
func withoutTime(_ []string, a slog.Attr) slog.Attr {
	if a.Key == slog.TimeKey {
		return slog.Attr{}
	}
	return a
}
