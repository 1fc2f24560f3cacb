package command_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

// What is wrong with a command line is said in the words of the help text, with what was probably meant.
func TestUsageErrors(t *testing.T) {
	tests := []struct{ name, in, want string }{
		{"a command misspelt", "tool shwo REF", `no command "shwo"; did you mean "show"?`},
		{"a command unlike any", "tool nothing", `no command "nothing"`},
		{"a subcommand misspelt", "tool key nw FILE", `no command "nw"; did you mean "new"?`},
		{"no subcommand", "tool key", "key needs a command after it"},
		{"a subcommand without its argument", "tool key new", "key new needs FILE"},
		{"an option misspelt", "tool show --jsno REF", `no option "--jsno"; did you mean "--json"?`},
		{"a short option", "tool show -x REF", `no option "-x"`},
		{"an option of the program misspelt", "tool --vresion", `no option "--vresion"; did you mean "--version"?`},
		{"an option without its value", "tool show --store", "option --store needs a value"},
		// The last one won, and the output or key that the user also named was ignored.
		{"an option twice", "tool show --store A REF --store B", "option --store is given twice"},
		{"an option twice, under both names", "tool show --store=A REF -s B", "option --store is given twice"},
		{"an option of a subcommand twice", "tool key new --mode A FILE --mode=B", "option --mode is given twice"},
		{"an option that may be repeated", "tool show --rules A --rules B REF", ""},
		{"a switch twice", "tool show --json --json REF", ""},
		{"after two dashes", "tool show --store A -- --store", ""},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			status, stderr := run(t, strings.Fields(tt.in))
			got, _, _ := strings.Cut(strings.TrimPrefix(stderr, "tool: "), "\n")
			if got != tt.want || (status == command.ExitUsage) != (tt.want != "") {
				t.Errorf("%s: status %d, %q; want %q", tt.in, status, got, tt.want)
			}
		})
	}
}

func run(t *testing.T, args []string) (status int, stderr string) {
	t.Helper()
	oneArg := func(c *cli.Context) error { _, err := command.OneArg(c, "FILE"); return err }
	var errs bytes.Buffer
	app := &cli.App{
		Name: "tool", Version: "1", Writer: &errs, ErrWriter: &errs, HideHelpCommand: true,
		Commands: []*cli.Command{
			{Name: "show", Action: oneArg, Flags: []cli.Flag{
				&cli.BoolFlag{Name: "json"}, &cli.StringFlag{Name: "store", Aliases: []string{"s"}}, &cli.StringSliceFlag{Name: "rules"},
			}},
			{Name: "key", HideHelpCommand: true, Subcommands: []*cli.Command{
				{Name: "new", Action: oneArg, Flags: []cli.Flag{&cli.StringFlag{Name: "mode"}}},
			}},
		},
	}
	app.Action = func(c *cli.Context) error { return command.UnknownCommand(c.Args().First(), app.Commands) }
	status = command.Run(t.Context(), app, args, func(error) int { return 0 })
	return status, errs.String()
}
