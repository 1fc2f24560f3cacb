package main

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

const stopDescription = `Stops a running build, as Zuul does: its commands, server and database are gone within five seconds, and whoever asked for
it is told ABORTED. UNIQUE is what th-worker submit prints behind the function, or Zuul's ZUUL_UUID. A build that waits in a
queue, or has ended, is left alone; the service's log tells.

Examples:
   th-worker stop -c th.yaml --job nova 1429492e0b4126817e95bac0d51fd1aa

Exit status: 0 the service was told; 1 it was not; 64 usage.`

func (p *program) stopCommand() *cli.Command {
	return &cli.Command{
		Name:        "stop",
		Usage:       "stop a running build, as Zuul does",
		UsageText:   "th-worker stop -c FILE --job NAME UNIQUE",
		Description: stopDescription,
		Flags: []cli.Flag{
			configFlag(),
			&cli.StringFlag{Name: "job", Usage: "`NAME` of the job in the configuration"},
		},
		Action: p.stop,
	}
}

func (p *program) stop(c *cli.Context) error {
	if c.NArg() != 1 || c.String("job") == "" {
		return command.Usagef("stop needs --job NAME and the build's unique")
	}
	w, err := p.open(c)
	if err != nil {
		return err
	}
	job, servers, err := w.ofJob(c.String("job"))
	if err != nil {
		return err
	}
	_, name, err := w.names()
	if err != nil {
		return err
	}
	payload, err := json.Marshal(map[string]string{"name": job.Function, "number": c.Args().First()})
	if err != nil {
		return err
	}
	told := false
	ask := gearman.Submission{
		Function: zuul.StopFunction(name), Unique: "stop-" + c.Args().First(), Payload: payload, Priority: gearman.High,
	}
	err = submitToAny(c.Context, servers, ask, func(e gearman.Event) { told = e.Kind == gearman.EventComplete })
	if err != nil {
		return err
	}
	if !told {
		return errors.New("the service did not take the stop")
	}
	fmt.Fprintf(p.stdout, "told %s to stop %s\n", name, c.Args().First())
	return nil
}
