package command

import (
	"fmt"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/nearest"
)

// The texts of package flag, which urfave/cli hands on as they are. They speak of flags and of one dash.
const (
	flagUnknown      = "flag provided but not defined: -"
	flagWithoutValue = "flag needs an argument: -"
)

// UnknownCommand is the error for a word where one of commands belongs.
func UnknownCommand(word string, commands []*cli.Command) error {
	var names []string
	for _, c := range commands {
		names = append(names, c.Names()...)
	}
	return Usagef("no command %q%s", word, Suggest(word, names))
}

// usageError says in our words what urfave/cli finds wrong with the options.
func usageError(c *cli.Context, err error, _ bool) error {
	if name, ok := strings.CutPrefix(err.Error(), flagUnknown); ok {
		return Usagef("no option %q%s", dashed(name), Suggest(dashed(name), optionNames(c)))
	}
	if name, ok := strings.CutPrefix(err.Error(), flagWithoutValue); ok {
		return Usagef("option %s needs a value", dashed(name))
	}
	return &Error{Status: ExitUsage, Err: err}
}

// optionNames are the long names of what the command takes, as one types them.
func optionNames(c *cli.Context) []string {
	flags := c.App.Flags
	if c.Command != nil && c.Command.Flags != nil {
		flags = c.Command.Flags
	}
	var names []string
	for _, f := range flags {
		names = append(names, dashed(f.Names()[0]))
	}
	return names
}

// Suggest gives `; did you mean "x"?` for the one of known that is most like word, or "" when none is like it.
func Suggest(word string, known []string) string {
	near := nearest.Word(word, known)
	if near == "" {
		return ""
	}
	return fmt.Sprintf("; did you mean %q?", near)
}

// dashed is an option's name as one types it.
func dashed(name string) string {
	if len(name) == 1 {
		return "-" + name
	}
	return "--" + name
}

// givenTwice refuses an option with one value that args, permuted, give more than once: the last would win in silence, and the
// others, a key or an output, would be ignored.
func givenTwice(app *cli.App, args []string) error {
	flags, commands, rest := app.Flags, app.Commands, args[min(1, len(args)):]
	for {
		n := leading(rest, flags)
		if err := twice(rest[:n], flags); err != nil {
			return err
		}
		if rest = rest[n:]; len(rest) == 0 {
			return nil
		}
		c := find(commands, rest[0])
		if c == nil {
			return nil
		}
		flags, commands, rest = c.Flags, c.Subcommands, rest[1:]
	}
}

func twice(options []string, flags []cli.Flag) error {
	given := map[cli.Flag]bool{}
	for len(options) > 0 {
		f := option(options[0], flags)
		if f != nil && given[f] && !repeatable(f) {
			return Usagef("option %s is given twice", dashed(f.Names()[0]))
		}
		given[f] = true
		options = options[width(options, flags):]
	}
	return nil
}

// repeatable says whether an option may be given again: it collects values, or has none.
func repeatable(f cli.Flag) bool {
	_, isBool := f.(*cli.BoolFlag)
	s, ok := f.(cli.DocGenerationSliceFlag)
	return isBool || ok && s.IsSliceFlag()
}
