package command

import (
	"slices"
	"strings"

	"github.com/urfave/cli/v2"
)

// Permute moves the options of each (sub)command before its arguments, because urfave/cli stops reading options at the
// first argument: `show REF --json` becomes `show --json REF`. "--" ends the options, "-" alone is an argument, and an
// option that no command knows stays where it is found, for the library to report.
func Permute(app *cli.App, args []string) []string {
	if len(args) == 0 {
		return args
	}
	out := []string{args[0]}
	rest := args[1:]
	flags, commands := app.Flags, app.Commands
	for {
		n := leading(rest, flags)
		out = append(out, rest[:n]...)
		rest = rest[n:]
		if len(rest) == 0 {
			return out
		}
		c := find(commands, rest[0])
		if c == nil {
			return append(out, reorder(rest, flags)...)
		}
		out = append(out, rest[0])
		rest = rest[1:]
		flags, commands = c.Flags, c.Subcommands
		if len(commands) == 0 {
			return append(out, reorder(rest, flags)...)
		}
	}
}

// leading counts the options, with their values, that args starts with.
func leading(args []string, flags []cli.Flag) int {
	n := 0
	for n < len(args) && isOption(args[n]) && args[n] != "--" {
		n += width(args[n:], flags)
	}
	return n
}

func reorder(args []string, flags []cli.Flag) []string {
	var options, arguments []string
	for len(args) > 0 {
		switch {
		case args[0] == "--":
			arguments = append(arguments, args...)
			args = nil
		case isOption(args[0]):
			n := width(args, flags)
			options = append(options, args[:n]...)
			args = args[n:]
		default:
			arguments = append(arguments, args[0])
			args = args[1:]
		}
	}
	return append(options, arguments...)
}

func isOption(arg string) bool { return len(arg) > 1 && arg[0] == '-' }

// width is the number of arguments that the option at the head of args takes up, itself included.
func width(args []string, flags []cli.Flag) int {
	if strings.Contains(args[0], "=") || len(args) == 1 {
		return 1
	}
	switch option(args[0], flags).(type) {
	case nil, *cli.BoolFlag:
		return 1
	}
	return 2
}

// option is the one of flags that arg names, or nil.
func option(arg string, flags []cli.Flag) cli.Flag {
	name, _, _ := strings.Cut(strings.TrimLeft(arg, "-"), "=")
	for _, f := range flags {
		if slices.Contains(f.Names(), name) {
			return f
		}
	}
	return nil
}

func find(commands []*cli.Command, name string) *cli.Command {
	for _, c := range commands {
		if c.HasName(name) {
			return c
		}
	}
	return nil
}
