package main

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/detect"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

func (p *program) annotateCommand() *cli.Command {
	return &cli.Command{
		Name:      "annotate",
		Usage:     "propose markup for models and write it beside them; a gate for CI",
		UsageText: "fuzzy annotate [--dump DUMP | --profile FILE] [--rules FILE]... [--public] [--write | --check | --json] [DATABASE=]PATH...",
		Description: "Looks for columns that probably hold personal or secret data: by names, types, comments and docstrings and, with --dump or\n" +
			"--profile, by what values look like (never shown). Without an option it prints as a diff what --write would do: entries\n" +
			"of __confidential__ for the columns that are undecided or public only as '*'. Review them; they are proposals.\n\n" +
			"What looks harmless stays undecided until somebody says 'public'; --public does for all of those.\n" +
			"--check is for CI: it lists what is undecided, what is public only as '*' or by its type and looks confidential, and what\n" +
			"of the models cannot be read for certain. It stays green until a column is added.\n\n" +
			"Examples:\n   fuzzy annotate nova/db/\n   fuzzy annotate --profile nova-profile.json --write nova/db/\n" +
			"   fuzzy annotate --public --write nova/db/ && git diff\n   fuzzy annotate --check --rules rules.yaml nova/db/\n\n" +
			"Exit status: 0 good, proposals included; 1 markup that cannot be read, or written; 3 --check found something; 64 usage.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "dump", Usage: "`DUMP` whose values are looked at, a file or mydumper's directory; - is standard input"},
			&cli.StringFlag{Name: "profile", Usage: "`FILE` that fuzzy profile wrote, in place of a dump"},
			rulesFlag(),
			&cli.BoolFlag{Name: "public", Usage: "mark the other undecided columns as public too: you review that nobody's data is in them"},
			&cli.BoolFlag{Name: "write", Usage: "change the model files in place"},
			&cli.BoolFlag{Name: "check", Usage: "change nothing; exit status 3 if something is left to decide"},
			jsonFlag(),
		},
		Action: p.annotate,
	}
}

func (p *program) annotate(c *cli.Context) error {
	if err := annotateUsage(c); err != nil {
		return err
	}
	markups, profile, err := p.annotateInput(c)
	if err != nil {
		return err
	}
	if idle, err := withoutModels(c.Context, c.Args().Slice(), markups); err != nil || len(idle) > 0 {
		return cmp.Or(err, noModels(idle, nil))
	}
	review, err := detect.New().Review(markups, profile)
	if err != nil {
		return err
	}
	p.warnUnlike(c, profile, markups)
	switch {
	case c.Bool("check"):
		return p.annotateCheck(c, review)
	case c.Bool("json"):
		warn(p.stderr, review.Problems)
		return command.JSON(p.stdout, proposalsOf(review))
	}
	warn(p.stderr, review.Problems)
	if extent(markups).tables == 0 {
		return noModels(c.Args().Slice(), markups)
	}
	return p.annotateEdit(c, review)
}

func annotateUsage(c *cli.Context) error {
	modes := 0
	for _, name := range []string{"write", "check", "json"} {
		if c.Bool(name) {
			modes++
		}
	}
	switch {
	case c.NArg() == 0:
		return command.Usagef("annotate needs the PATH of models")
	case modes > 1:
		return command.Usagef("only one of --write, --check and --json can be given")
	case c.Bool("public") && (c.Bool("check") || c.Bool("json")):
		return command.Usagef("--public is for --write and the diff")
	case c.IsSet("dump") && c.String("dump") == "", c.IsSet("profile") && c.String("profile") == "":
		return command.Usagef("--dump and --profile need a name; one was empty")
	case c.IsSet("dump") && c.IsSet("profile"):
		return command.Usagef("only one of --dump and --profile can be given")
	}
	return nil
}

// annotateInput reads models, rules, and what is known about values.
func (p *program) annotateInput(c *cli.Context) ([]*annotations.Markup, *detect.Profile, error) {
	markups, err := readMarkup(c.Context, c.Args().Slice(), c.StringSlice("rules"))
	if err != nil {
		return nil, nil, err
	}
	switch {
	case c.String("dump") != "":
		profile, tables, err := p.profileDump(c, c.String("dump"))
		if err != nil {
			return nil, nil, err
		}
		return append(markups, commentMarkup(tables, markups)), profile, nil
	case c.String("profile") != "":
		f, err := os.Open(c.String("profile"))
		if err != nil {
			return nil, nil, fmt.Errorf("read profile: %w", err)
		}
		defer f.Close()
		profile, err := detect.ReadProfile(f)
		if err != nil {
			return nil, nil, fmt.Errorf("%s: %w", c.String("profile"), err)
		}
		return markups, profile, nil
	}
	return markups, nil, nil
}

// warnUnlike warns when the dump or profile has hardly anything of the models: it may be the wrong one.
func (p *program) warnUnlike(c *cli.Context, profile *detect.Profile, markups []*annotations.Markup) {
	if profile == nil {
		return
	}
	tables, known := 0, 0
	for _, m := range markups {
		for _, t := range m.Tables {
			tables++
			if profile.Has(t.Database, t.Name) {
				known++
			}
		}
	}
	if 2*known < tables {
		fmt.Fprintf(p.stderr, "warning: %s has %d of the models' %s: names and types alone speak for the columns of the others\n",
			cmp.Or(c.String("dump"), c.String("profile")), known, counted(tables, "table"))
	}
}

// commentMarkup gives the marks in the comments of a dump's columns, as far as models have those columns.
func commentMarkup(tables []annotations.DumpTable, markups []*annotations.Markup) *annotations.Markup {
	m := annotations.FromDDL(tables)
	m.Marks = slices.DeleteFunc(m.Marks, func(mark annotations.Mark) bool {
		return !slices.ContainsFunc(markups, func(m *annotations.Markup) bool {
			return slices.ContainsFunc(m.Tables, func(t annotations.ModelTable) bool {
				return t.Name == mark.Table && (t.Database == "" || mark.Database == "" || t.Database == mark.Database) && t.Column(mark.Column) >= 0
			})
		})
	})
	return m
}

// annotateCheck is the gate for CI.
func (p *program) annotateCheck(c *cli.Context, review *detect.Review) error {
	var unread annotations.Problems
	for _, problem := range review.Problems {
		if problem.Unresolved {
			unread = append(unread, problem)
			continue
		}
		warn(p.stderr, annotations.Problems{problem})
	}
	if len(review.Open)+len(unread) == 0 {
		fmt.Fprintf(p.stderr, "nothing left to decide: %s\n", counted(review.Columns, "column"))
		return nil
	}
	undecided := 0
	rows := make([][]string, 0, len(review.Open))
	for _, o := range review.Open {
		if o.Why == detect.Undecided {
			undecided++
		}
		rows = append(rows, openRow(o))
	}
	if len(rows) > 0 {
		command.Table(p.stdout, []string{"table", "column", "type", "is", "proposed", "because", "declared at"}, rows)
	}
	for _, problem := range unread {
		fmt.Fprintf(p.stdout, "cannot be read for certain: %v\n", problem)
	}
	return &command.Error{
		Status: command.ExitVerdict,
		Err: fmt.Errorf("of %s %d undecided, %d public but confidential by their looks; %s cannot be read for certain",
			counted(review.Columns, "column"), undecided, len(review.Open)-undecided, counted(len(unread), "place")),
		Hint: checkHint(c, len(review.Open), len(unread)),
	}
}

// checkHint says what to do about what the gate found.
func checkHint(c *cli.Context, open, unread int) string {
	var hints []string
	if open > 0 {
		hints = append(hints, "Mark them in the models (fuzzy annotate "+strings.Join(c.Args().Slice(), " ")+" prints proposals), or in a file of --rules.")
	}
	if unread > 0 {
		hints = append(hints, unreadHint)
	}
	return strings.Join(hints, "\n")
}

func openRow(o detect.Open) []string {
	proposed, because := "", o.Reason
	if o.Proposal != nil {
		proposed, because = o.Proposal.Kind, fmt.Sprintf("%s (%s, %.2f)", o.Proposal.Reason, o.Proposal.Tier, o.Proposal.Confidence)
		if o.Proposal.Inherited != "" {
			because = "follows " + o.Proposal.Inherited
		}
	}
	return []string{qualified(o.Database, o.Table), o.Column, short(o.Type), o.Why, proposed, because, o.Declared.String()}
}

// short cuts a text that would make a column of a table of text wider than 32 characters, such as an Enum with its members.
func short(text string) string {
	const most = 32
	if r := []rune(text); len(r) > most {
		return string(r[:most-1]) + "…"
	}
	return text
}

// proposalJSON is a proposal as --json prints it.
type proposalJSON struct {
	Database   string       `json:"database,omitempty"`
	Table      string       `json:"table"`
	Column     string       `json:"column"`
	Type       string       `json:"type,omitempty"`
	Status     string       `json:"status"`
	Class      detect.Class `json:"class"`
	Tier       detect.Tier  `json:"tier"`
	Kind       string       `json:"kind"`
	Confidence float64      `json:"confidence"`
	Reason     string       `json:"reason"`
	Inherited  string       `json:"inherited,omitempty"`
	Position   string       `json:"position,omitempty"`
}

func proposalsOf(review *detect.Review) []proposalJSON {
	out := []proposalJSON{}
	for _, o := range review.Open {
		if q := o.Proposal; q != nil {
			out = append(out, proposalJSON{
				Database: o.Database, Table: o.Table, Column: o.Column, Type: o.Type, Status: o.Status, Class: q.Class, Tier: q.Tier,
				Kind: q.Kind, Confidence: float64(int(100*q.Confidence+0.5)) / 100, Reason: q.Reason, Inherited: q.Inherited, Position: o.Declared.String(),
			})
		}
	}
	return out
}
