package main

import (
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

func (p *program) kindsCommand() *cli.Command {
	return &cli.Command{
		Name:      "kinds",
		Usage:     "list what a column can be marked as",
		UsageText: "fuzzy kinds [--json]",
		Description: "Each kind with what it does to a value, and a synthetic example. An identifier's mapping is a bijection: distinct values stay\n" +
			"distinct, so unique keys stay unique.\n\nExamples:\n   fuzzy kinds\n   fuzzy kinds --json\n\nExit status: 0 good; 64 usage.",
		Flags:  []cli.Flag{jsonFlag()},
		Action: p.kinds,
	}
}

func (p *program) kinds(c *cli.Context) error {
	if c.NArg() > 0 {
		return command.Usagef("kinds takes no arguments")
	}
	kinds := anonymize.Kinds()
	if c.Bool("json") {
		return command.JSON(p.stdout, kinds)
	}
	rows := make([][]string, 0, len(kinds))
	for _, k := range kinds {
		name := strings.Join(append([]string{k.Name}, k.Aliases...), ", ")
		identifier := ""
		if k.Identifier {
			identifier = "yes"
		}
		rows = append(rows, []string{name, identifier, k.Summary, oneLine(k.Before) + " → " + oneLine(k.After)})
	}
	command.Table(p.stdout, []string{"kind", "identifier", "what becomes of a value", "example"}, rows)
	return nil
}

// oneLine shortens an example for a table.
func oneLine(s string) string {
	s = strings.ReplaceAll(s, "\n", "↵")
	if r := []rune(s); len(r) > 30 {
		return string(r[:29]) + "…"
	}
	return s
}
