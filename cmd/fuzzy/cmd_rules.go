package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

func (p *program) rulesCommand() *cli.Command {
	return &cli.Command{
		Name:      "rules",
		Usage:     "show what is decided about each column of the models, and which line decides it",
		UsageText: "fuzzy rules [--rules FILE]... [--json] [DATABASE=]PATH...",
		Description: "Reads models (files, or directories of them) without running them. A column is treated, public, or undecided.\n\n" +
			"Examples:\n   fuzzy rules models.py\n   fuzzy rules --rules rules.yaml nova/db/\n   fuzzy rules --json models.py | jq '.[] | select(.status == \"undecided\")'\n\n" +
			"Exit status: 0 good, undecided columns included; 1 markup that cannot be read; 64 usage.",
		Flags:  []cli.Flag{rulesFlag(), jsonFlag()},
		Action: p.rules,
	}
}

func (p *program) rules(c *cli.Context) error {
	if c.NArg() == 0 {
		return command.Usagef("rules needs the PATH of models")
	}
	markups, err := readMarkup(c.Context, c.Args().Slice(), c.StringSlice("rules"))
	if err != nil {
		return err
	}
	res, err := annotations.ResolveModels(markups, annotations.Options{Undecided: annotations.Fail})
	if err != nil {
		return err
	}
	warn(p.stderr, res.Problems)
	if len(res.Entries) == 0 {
		return noModels(c.Args().Slice(), markups)
	}
	if c.Bool("json") {
		return command.JSON(p.stdout, res.Entries)
	}
	p.printEntries(res.Entries)
	return nil
}

func (p *program) printEntries(entries []annotations.Entry) {
	rows := make([][]string, 0, len(entries))
	count := map[string]int{}
	for _, e := range entries {
		what := e.Kind
		if e.Options != "" {
			what += " " + e.Options
		}
		column := e.Column
		if column == "" {
			column = "(rows)"
		} else {
			count[e.Status]++
		}
		rows = append(rows, []string{qualified(e.Database, e.Table), column, e.Status, what, e.Origin, e.Position, e.Reason})
	}
	command.Table(p.stdout, []string{"table", "column", "status", "kind", "origin", "marked at", "reason"}, rows)
	fmt.Fprintf(p.stdout, "%d columns: %d treated, %d public, %d undecided\n",
		count["treated"]+count["public"]+count["undecided"], count["treated"], count["public"], count["undecided"])
}
