package main

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker/gearman"
)

const statusDescription = `Asks each Gearman server of the configuration what waits, what runs and how many workers there are for the functions
that the configuration serves.

Examples:
   th-worker status -c th.yaml
   th-worker status -c th.yaml --json

Exit status: 0 every function has a worker on every server that answers; 1 one has none, or no server answers; 64 usage.`

func (p *program) statusCommand() *cli.Command {
	return &cli.Command{
		Name:        "status",
		Usage:       "what waits and what runs, by function",
		UsageText:   "th-worker status -c FILE [--json]",
		Description: statusDescription,
		Flags: []cli.Flag{
			configFlag(),
			&cli.BoolFlag{Name: "json", Usage: "print it as JSON (docs/JSON.md)"},
		},
		Action: p.status,
	}
}

// serverStatus is what one server says.
type serverStatus struct {
	Server    string           `json:"server"`
	Error     string           `json:"error,omitempty"`
	Functions []functionStatus `json:"functions"` // never null
}

// functionStatus is about one function of the configuration on one server.
type functionStatus struct {
	Function string `json:"function"`
	Queued   int    `json:"queued"` // waiting
	Running  int    `json:"running"`
	Workers  int    `json:"workers"` // connections that serve it
}

// statusTimeout bounds how long one server may take to answer.
const statusTimeout = 10 * time.Second

func (p *program) status(c *cli.Context) error {
	if c.NArg() > 0 {
		return command.Usagef("status takes no argument %q", c.Args().First())
	}
	w, err := p.open(c)
	if err != nil {
		return err
	}
	if err := w.config.ForService(); err != nil {
		return err
	}
	servers, err := w.gearmanServers()
	if err != nil {
		return err
	}
	var all []serverStatus
	good := false
	for _, server := range servers {
		one, err := w.askStatus(c.Context, server)
		if err != nil {
			one.Error = err.Error()
		}
		good = good || err == nil
		all = append(all, one)
	}
	for _, one := range all {
		good = good && !slices.ContainsFunc(one.Functions, func(f functionStatus) bool { return f.Workers == 0 })
	}
	if err := p.printStatus(all, c.Bool("json")); err != nil {
		return err
	}
	if !good {
		return command.Silent(command.ExitFailed)
	}
	return nil
}

// askStatus asks one server about the functions of the configuration.
func (w *workshop) askStatus(ctx context.Context, server gearman.Server) (serverStatus, error) {
	ctx, cancel := context.WithTimeout(ctx, statusTimeout)
	defer cancel()
	s := serverStatus{Server: server.Address, Functions: []functionStatus{}}
	answers, err := gearman.Status(ctx, server)
	if err != nil {
		return s, err
	}
	for _, f := range w.config.Functions() {
		one := functionStatus{Function: f.Name}
		for _, a := range answers {
			if a.Function == one.Function {
				one.Queued, one.Running, one.Workers = a.Queued, a.Running, a.Workers
			}
		}
		s.Functions = append(s.Functions, one)
	}
	return s, nil
}

func (p *program) printStatus(all []serverStatus, asJSON bool) error {
	if asJSON {
		return command.JSON(p.stdout, all)
	}
	var rows [][]string
	for _, one := range all {
		if one.Error != "" {
			fmt.Fprintf(p.stderr, "th-worker: %s: %s\n", one.Server, one.Error)
		}
		for _, f := range one.Functions {
			rows = append(rows, []string{one.Server, f.Function, strconv.Itoa(f.Queued), strconv.Itoa(f.Running), strconv.Itoa(f.Workers)})
		}
	}
	command.Table(p.stdout, []string{"server", "function", "queued", "running", "workers"}, rows, "queued", "running", "workers")
	return nil
}
