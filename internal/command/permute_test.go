package command_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

func TestPermute(t *testing.T) {
	app := &cli.App{
		Name: "tool",
		Commands: []*cli.Command{
			{Name: "show", Flags: []cli.Flag{&cli.BoolFlag{Name: "json"}, &cli.StringFlag{Name: "store", Aliases: []string{"s"}}}},
			{Name: "key", Subcommands: []*cli.Command{{Name: "new", Flags: []cli.Flag{&cli.BoolFlag{Name: "force"}}}}},
		},
	}
	tests := []struct{ name, in, want string }{
		{"options first stay", "tool show --json REF", "tool show --json REF"},
		{"options last move", "tool show REF --json --store DIR", "tool show --json --store DIR REF"},
		{"a value is not taken for an argument", "tool show REF -s DIR", "tool show -s DIR REF"},
		{"an equals sign carries the value", "tool show REF --store=DIR", "tool show --store=DIR REF"},
		{"a lone dash is an argument", "tool show - --json", "tool show --json -"},
		{"two dashes end the options", "tool show --json -- --odd", "tool show --json -- --odd"},
		{"subcommands", "tool key new FILE --force", "tool key new --force FILE"},
		{"an unknown option is kept for the library", "tool show REF --nope", "tool show --nope REF"},
		{"an option without its value is kept", "tool show REF --store", "tool show --store REF"},
		{"nothing but the program", "tool", "tool"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := command.Permute(app, strings.Fields(tt.in))
			if !slices.Equal(got, strings.Fields(tt.want)) {
				t.Errorf("Permute(%q) = %q, want %q", tt.in, strings.Join(got, " "), tt.want)
			}
		})
	}
}
