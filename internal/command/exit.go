package command

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"
)

// Exit statuses of both programs. Scripts rely on them.
const (
	ExitGood      = 0   // done
	ExitFailed    = 1   // trouble: nothing was written, or what failed is named
	ExitVerdict   = 3   // an answer that is not good: a policy gap, a leak found, a failing verdict
	ExitCorrupt   = 4   // stored data is not what was written
	ExitUsage     = 64  // the command line is wrong (EX_USAGE of sysexits.h)
	ExitCancelled = 130 // interrupted (128 + SIGINT)
)

// Error gives an error the exit status it leads to and, where there is one, the user's next step.
type Error struct {
	Status int
	Err    error
	Hint   string // a full sentence, printed on a line of its own; "" for none
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns the error itself.
func (e *Error) Unwrap() error { return e.Err }

// Usagef is an error of the command line, exit status 64.
func Usagef(format string, args ...any) error {
	return &Error{Status: ExitUsage, Err: fmt.Errorf(format, args...)}
}

// Silent is an answer that has been printed already and needs only its exit status.
func Silent(status int) error { return &Error{Status: status} }

// Run runs app with args (args[0] is the program's name), prints the error, if any, to app.ErrWriter and returns the
// exit status. status says which one belongs to an error that is not an *Error; 0 from it means "no opinion".
// Options may stand before or after arguments.
func Run(ctx context.Context, app *cli.App, args []string, status func(error) int) int {
	app.ExitErrHandler = func(*cli.Context, error) {}
	app.OnUsageError = usageError
	markUsage(app.Commands)
	args = Permute(app, args)
	err := givenTwice(app, args)
	if err == nil {
		err = app.RunContext(ctx, args)
	}
	if err == nil {
		return ExitGood
	}
	return report(ctx, app, commandName(app, args), err, status)
}

// commandName is the program's name with those of the (sub)commands that args name.
func commandName(app *cli.App, args []string) string {
	name, commands := app.Name, app.Commands
	for _, arg := range args[min(1, len(args)):] {
		if isOption(arg) {
			continue
		}
		c := find(commands, arg)
		if c == nil {
			break
		}
		name, commands = name+" "+c.Name, c.Subcommands
	}
	return name
}

func report(ctx context.Context, app *cli.App, name string, err error, status func(error) int) int {
	var e *Error
	switch {
	case errors.As(err, &e):
	case ctx.Err() != nil:
		e = &Error{Status: ExitCancelled, Err: errors.New("cancelled")}
	default:
		e = &Error{Status: status(err)}
		if e.Status == ExitGood {
			e.Status = ExitFailed
		}
	}
	if e.Err == nil && !isSilent(err) {
		e.Err = err
	}
	if e.Err != nil {
		fmt.Fprintf(app.ErrWriter, "%s: %v\n", app.Name, withContext(err, e))
	}
	if hint := hint(err, e); hint != "" {
		fmt.Fprintln(app.ErrWriter, hint)
	}
	if e.Status == ExitUsage {
		fmt.Fprintf(app.ErrWriter, "See '%s --help'.\n", name)
	}
	return e.Status
}

// hint is what the user should do next: what the error was given here, or says itself.
func hint(whole error, e *Error) string {
	var says interface {
		error
		Hint() string
	}
	if e.Hint == "" && errors.As(whole, &says) {
		return says.Hint()
	}
	return e.Hint
}

// withContext prefers the whole chain, so that what was wrapped around an *Error is said too.
func withContext(whole error, e *Error) error {
	var inner *Error
	if errors.As(whole, &inner) && inner.Err != nil {
		return whole
	}
	return e.Err
}

func isSilent(err error) bool {
	var e *Error
	return errors.As(err, &e) && e.Err == nil
}

// markUsage makes every command report a wrong option the same way, and refuse a subcommand that does not exist.
func markUsage(commands []*cli.Command) {
	for _, c := range commands {
		c.OnUsageError = usageError
		if len(c.Subcommands) > 0 {
			c.Action = unknownSubcommand
			markUsage(c.Subcommands)
		}
	}
}

func unknownSubcommand(c *cli.Context) error {
	if c.NArg() == 0 {
		return Usagef("%s needs a command after it", c.Command.Name)
	}
	return UnknownCommand(c.Args().First(), c.Command.Subcommands)
}

// OneArg returns the only argument of a command, which what names for the error message.
func OneArg(c *cli.Context, what string) (string, error) {
	switch c.NArg() {
	case 0:
		return "", Usagef("%s needs %s", fullName(c), what)
	case 1:
		return c.Args().First(), nil
	}
	return "", Usagef("%s takes one %s, not %d arguments", fullName(c), what, c.NArg())
}

// fullName is a command's name with those of the commands above it, without the program's.
func fullName(c *cli.Context) string { return strings.TrimPrefix(c.Command.HelpName, c.App.Name+" ") }
