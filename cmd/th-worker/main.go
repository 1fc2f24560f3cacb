// Command th-worker tests database migrations on snapshots of production data. `th-worker --help` lists its commands;
// docs/OPERATING.md explains them.
package main

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"runtime"
	"syscall"
	"time"

	"github.com/urfave/cli/v2"
	"golang.org/x/term"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// version is set by the linker.
var version = "devel"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	// A closed standard output is an error of the write, after which the build is cleaned up. The signal is not ignored,
	// since commands would inherit that.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	p := &program{
		stdin: os.Stdin, stdout: os.Stdout, stderr: os.Stderr,
		random: rand.Reader, now: time.Now, env: os.Getenv, environ: os.Environ(), jobs: runtime.GOMAXPROCS(0),
		terminal: term.IsTerminal(int(os.Stderr.Fd())),
	}
	status := p.Run(ctx, os.Args)
	stop()
	os.Exit(status)
}

// program is all that the commands take from the world around them.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	random         io.Reader
	now            func() time.Time
	env            func(string) string
	environ        []string // what git is given
	jobs           int      // how many tables are loaded at once
	terminal       bool     // stderr is one: progress bars are drawn
	saidReady      bool     // to the parent of a process in the background
}

const description = `Tests a change's database migrations on snapshots that fuzzy made: each selected dataset is restored into a
private database server, the change's migrations run on it, and each step is compared with the dataset's limits.

Without a command it is the service: it registers the functions of its configuration with Zuul's Gearman servers, does the
builds that Zuul asks for, and answers. SIGTERM lets running builds finish; a second one, or the end of the grace period,
ends them. SIGHUP reads the configuration again.

Examples:
   th-worker -c /etc/turbo-hipster/config.yaml
   th-worker -b -p /run/turbo-hipster/th-worker.pid
   th-worker run -c th.yaml --job nova            # one build, without Gearman

Exit status: 0 good; 1 failed; 3 the verdict is not SUCCESS; 4 stored data is corrupt; 64 usage; 130 cancelled.`

// Run executes one command line; args[0] is the program's name. It returns the exit status.
func (p *program) Run(ctx context.Context, args []string) int {
	app := &cli.App{
		Name:      "th-worker",
		Usage:     "test database migrations on production-like data",
		UsageText: "th-worker [-c FILE] [-b] [-p PIDFILE]\nth-worker COMMAND [OPTIONS]",
		Version:   version,
		Writer:    p.stdout, ErrWriter: p.stderr,
		HideHelpCommand: true,
		Description:     description,
		Commands: []*cli.Command{
			p.runCommand(), p.checkCommand(), p.submitCommand(), p.stopCommand(), p.statusCommand(),
		},
		Flags: []cli.Flag{
			configFlag(),
			&cli.BoolFlag{Name: "background", Aliases: []string{"b"}, Usage: "of the service: run in the background, without a terminal"},
			&cli.StringFlag{Name: "pidfile", Aliases: []string{"p"}, Usage: "of the service: `FILE` that holds its process id while it runs"},
		},
		Action: p.serve,
	}
	return command.Run(ctx, app, args, exitStatus)
}

// exitStatus maps what the packages return to the contract's exit statuses.
func exitStatus(err error) int {
	if errors.Is(err, snapshot.ErrCorrupt) {
		return command.ExitCorrupt
	}
	return command.ExitFailed
}

func configFlag() cli.Flag {
	return &cli.StringFlag{
		Name: "config", Aliases: []string{"c"},
		Usage: "configuration `FILE`, YAML or JSON (default: /etc/turbo-hipster/config.yaml, else config.json there)",
	}
}

// givenConfig is the configuration file that was given, after the command or before it; else "".
func givenConfig(c *cli.Context) string {
	for _, place := range c.Lineage() {
		if path := place.String("config"); path != "" {
			return path
		}
	}
	return ""
}

// configPath is the configuration file that was given, or the default one.
func configPath(c *cli.Context) string {
	if path := givenConfig(c); path != "" {
		return path
	}
	const dir = "/etc/turbo-hipster"
	if _, err := os.Stat(filepath.Join(dir, "config.yaml")); err != nil {
		if _, err := os.Stat(filepath.Join(dir, "config.json")); err == nil {
			return filepath.Join(dir, "config.json")
		}
	}
	return filepath.Join(dir, "config.yaml")
}

// userDir is the user's directory for data of one sort: $VARIABLE, else HOME and the usual path below it.
func (p *program) userDir(variable string, below ...string) (string, error) {
	if dir := p.env(variable); filepath.IsAbs(dir) {
		return dir, nil
	}
	if home := p.env("HOME"); home != "" {
		return filepath.Join(append([]string{home}, below...)...), nil
	}
	return "", errors.New("HOME is not set")
}
