// Command fuzzy reads anonymization markup from model annotations and scrubs production dumps into versioned dataset
// snapshots. `fuzzy --help` lists its commands; docs/OPERATING.md explains them.
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

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

// version is set by the linker.
var version = "devel"

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // a second signal ends the process at once
	p := &program{
		stdin: interruptible(os.Stdin), stdout: os.Stdout, stderr: os.Stderr,
		random: rand.Reader, now: time.Now, env: os.Getenv, jobs: runtime.GOMAXPROCS(0),
		terminal: term.IsTerminal(int(os.Stderr.Fd())), screen: term.IsTerminal(int(os.Stdout.Fd())),
	}
	status := p.Run(ctx, os.Args)
	stop()
	os.Exit(status)
}

// interruptible returns standard input so that a deadline ends a read that waits for a pipe: a cancelled run must not wait for
// whoever writes. Files and terminals stay as they are.
func interruptible(stdin *os.File) *os.File {
	info, err := stdin.Stat()
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 || syscall.SetNonblock(syscall.Stdin, true) != nil {
		return stdin
	}
	return os.NewFile(uintptr(syscall.Stdin), stdin.Name())
}

// program is all that the commands take from the world around them.
type program struct {
	stdin          io.Reader
	stdout, stderr io.Writer
	random         io.Reader
	now            func() time.Time
	env            func(string) string
	jobs           int  // default of --jobs
	terminal       bool // stderr is one: progress bars are drawn
	screen         bool // stdout is a terminal: originals may be shown on it
}

// Run executes one command line; args[0] is the program's name. It returns the exit status.
func (p *program) Run(ctx context.Context, args []string) int {
	app := &cli.App{
		Name:      "fuzzy",
		Usage:     "anonymize production dumps into dataset snapshots",
		UsageText: "fuzzy COMMAND [OPTIONS] [ARGUMENTS]",
		Version:   version,
		Reader:    p.stdin, Writer: p.stdout, ErrWriter: p.stderr,
		HideHelpCommand: true,
		Description: "Every column of a dump ends treated, public or undecided; an undecided column stops the run.\n" +
			"What comes out is pseudonymised: see docs/ANONYMIZATION.md for what that does not protect against.\n\n" +
			"Exit status: 0 good; 1 failed; 3 policy gap; 4 stored data is corrupt; 64 usage; 130 cancelled.",
		Commands: []*cli.Command{
			p.scrubCommand(), p.annotateCommand(), p.profileCommand(), p.rulesCommand(), p.kindsCommand(), p.keyCommand(),
			p.listCommand(), p.showCommand(), p.exportCommand(), p.verifyCommand(),
		},
		Action: func(c *cli.Context) error {
			if c.NArg() > 0 {
				return command.UnknownCommand(c.Args().First(), c.App.Commands)
			}
			return cli.ShowAppHelp(c)
		},
	}
	return command.Run(ctx, app, args, exitStatus)
}

// exitStatus maps what the packages return to the contract's exit statuses.
func exitStatus(err error) int {
	var policy *anonymize.PolicyError
	switch {
	case errors.Is(err, snapshot.ErrCorrupt):
		return command.ExitCorrupt
	case errors.As(err, &policy):
		return command.ExitVerdict
	}
	return command.ExitFailed
}

// storeFlag is --store, the directory of datasets.
func storeFlag() cli.Flag {
	return &cli.StringFlag{Name: "store", Usage: "`DIR` of datasets (default: $FUZZY_STORE, else fuzzy/ in the user's data directory)"}
}

func jsonFlag() cli.Flag {
	return &cli.BoolFlag{Name: "json", Usage: "print JSON (see docs/JSON.md) instead of text"}
}

// storeDir resolves the store's directory by the contract's order.
func (p *program) storeDir(c *cli.Context) (string, error) {
	if dir := c.String("store"); dir != "" {
		return dir, nil
	}
	if dir := p.env("FUZZY_STORE"); dir != "" {
		return dir, nil
	}
	if dir := p.env("XDG_DATA_HOME"); filepath.IsAbs(dir) {
		return filepath.Join(dir, "fuzzy"), nil
	}
	if home := p.env("HOME"); home != "" {
		return filepath.Join(home, ".local", "share", "fuzzy"), nil
	}
	return "", command.Usagef("no store: give --store DIR or set FUZZY_STORE")
}
