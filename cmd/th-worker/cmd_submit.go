package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

const submitDescription = `Asks for a build through Gearman, as Zuul does, waits for the answer and prints it. It is for trying a worker, and for
asking for a build by hand.

Examples:
   th-worker submit -c th.yaml --job nova --ref refs/changes/15/65615/7
   th-worker submit -c th.yaml --job nova --param ZUUL_URL=https://zuul.example.com/p --param ZUUL_REF=refs/zuul/master/Z1
   th-worker submit -c th.yaml --job nova --params arguments.json --json

Exit status: 0 the result is SUCCESS; 3 it is anything else; 1 there is none, so that Zuul would try again; 64 usage;
130 cancelled: the build goes on.`

func (p *program) submitCommand() *cli.Command {
	return &cli.Command{
		Name:        "submit",
		Usage:       "ask for a build through Gearman, as Zuul does",
		UsageText:   "th-worker submit -c FILE --job NAME [OPTIONS]",
		Description: submitDescription,
		Flags: []cli.Flag{
			configFlag(),
			&cli.StringFlag{Name: "job", Usage: "`NAME` of the job in the configuration"},
			&cli.StringFlag{Name: "ref", Usage: "`REF` that has the change: ZUUL_REF (default: the job's)"},
			&cli.StringSliceFlag{Name: "param", Usage: "argument `K=V` over the usual ones; may be repeated"},
			&cli.StringFlag{Name: "params", Usage: "`FILE` with arguments, a JSON object; - is standard input"},
			&cli.BoolFlag{Name: "json", Usage: "print the answer as JSON (docs/JSON.md)"},
		},
		Action: p.submit,
	}
}

func (p *program) submit(c *cli.Context) error {
	if c.NArg() > 0 {
		return command.Usagef("submit takes no argument %q", c.Args().First())
	}
	w, err := p.open(c)
	if err != nil {
		return err
	}
	if c.String("job") == "" {
		return command.Usagef("submit needs --job NAME")
	}
	job, servers, err := w.ofJob(c.String("job"))
	if err != nil {
		return err
	}
	f, err := zuul.ParseFunction(job.Function, job.Node)
	if err != nil {
		return err
	}
	arguments, err := p.arguments(c, w, job)
	if err != nil {
		return err
	}
	payload, err := json.Marshal(arguments)
	if err != nil {
		return err
	}
	unique, ok := arguments["ZUUL_UUID"].(string)
	if !ok {
		return command.Usagef("ZUUL_UUID: want a text")
	}
	a := &submitted{program: p, json: c.Bool("json"), data: map[string]any{}}
	if err := submitToAny(c.Context, servers, gearman.Submission{Function: f.String(), Unique: unique, Payload: payload}, a.event); err != nil {
		return err
	}
	return a.print(f.String(), unique)
}

// ofJob returns a job of the configuration and the Gearman servers that hear of it.
func (w *workshop) ofJob(name string) (job *config.Job, servers []gearman.Server, err error) {
	if job, err = w.config.Job(name); err != nil {
		return job, nil, &command.Error{Status: command.ExitUsage, Err: err}
	}
	if servers, err = w.gearmanServers(); err == nil && len(servers) == 0 {
		err = &command.Error{Status: command.ExitFailed, Err: errors.New("no Gearman server is configured"), Hint: "Set zuul_server in " + w.path + "."}
	}
	return job, servers, err
}

// submitToAny asks the first server that can be reached; what one may have is not asked for again.
func submitToAny(ctx context.Context, servers []gearman.Server, s gearman.Submission, on func(gearman.Event)) (err error) {
	for _, server := range servers {
		one := gearman.Submit(ctx, server, s, on)
		if one == nil {
			return nil
		}
		err = errors.Join(err, one)
		if ctx.Err() != nil || !errors.Is(one, gearman.ErrNotConnected) {
			break
		}
	}
	return err
}

// arguments are those that Zuul sends for a change, with the command line's over them.
func (p *program) arguments(c *cli.Context, w *workshop, job *config.Job) (map[string]any, error) {
	uuid, err := p.newUUID()
	if err != nil {
		return nil, err
	}
	ref := c.String("ref")
	if ref == "" {
		ref = job.Git.Ref
	}
	a := map[string]any{
		"ZUUL_UUID": uuid, "ZUUL_PROJECT": job.Project, "ZUUL_PIPELINE": "check",
		"ZUUL_URL": w.config.Zuul.Origin(), "ZUUL_REF": ref, "ZUUL_BRANCH": "master", "ZUUL_CHANGE": "1", "ZUUL_PATCHSET": "1",
		"ZUUL_VOTING": "1",
	}
	asked, err := p.params(c)
	if err != nil {
		return nil, err
	}
	maps.Copy(a, asked)
	maps.DeleteFunc(a, func(_ string, value any) bool { return value == "" })
	return a, nil
}

// submitted gathers what a worker says of a build.
type submitted struct {
	program *program
	json    bool
	data    map[string]any // of all packets, later over earlier ones
	last    map[string]any // of the last one

	progress string // what was printed last
}

// event takes one packet of the worker's.
func (a *submitted) event(e gearman.Event) {
	if !a.json {
		switch e.Kind {
		case gearman.EventCreated:
			fmt.Fprintf(a.program.stderr, "queued   %s\n", e.Handle)
		case gearman.EventStatus:
			if progress := fmt.Sprintf("progress %d of %d\n", e.Done, e.Total); progress != a.progress {
				a.progress = progress
				fmt.Fprint(a.program.stderr, progress)
			}
		default:
		}
	}
	if len(e.Data) == 0 {
		return
	}
	a.last = map[string]any{}
	if err := json.Unmarshal(e.Data, &a.last); err != nil {
		a.last = map[string]any{} // to Zuul, what is no JSON says nothing
		return
	}
	first := len(a.data) == 0
	maps.Copy(a.data, a.last)
	if first && !a.json {
		where := ""
		if url, ok := a.data["url"].(string); ok && url != "" {
			where = ", logs at " + url
		}
		fmt.Fprintf(a.program.stderr, "started  by %v%s\n", a.data["manager"], where)
	}
}

// print prints the answer: what the last packet says, as Zuul reads it.
func (a *submitted) print(function, unique string) error {
	result, _ := a.last["result"].(string)
	if a.json {
		answer := map[string]any{"function": function, "unique": unique, "result": a.last["result"], "data": a.data}
		if err := command.JSON(a.program.stdout, answer); err != nil {
			return err
		}
	} else {
		shown := result
		if shown == "" {
			shown = "no result: Zuul would try again"
			if why, ok := a.last["trouble"].(string); ok {
				shown += "\n" + why
			}
		}
		fmt.Fprintf(a.program.stdout, "%s %s\n%s\n", function, unique, shown)
		if url, ok := a.data["url"].(string); ok && url != "" {
			fmt.Fprintln(a.program.stdout, url)
		}
	}
	switch result {
	case "":
		return command.Silent(command.ExitFailed)
	case "SUCCESS":
		return nil
	}
	return command.Silent(command.ExitVerdict)
}
