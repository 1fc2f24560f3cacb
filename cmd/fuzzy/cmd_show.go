package main

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

func (p *program) showCommand() *cli.Command {
	return &cli.Command{
		Name:      "show",
		Usage:     "show what a snapshot holds and how each column was treated",
		UsageText: "fuzzy show REF [--columns] [--store DIR] [--json]",
		Description: "Examples:\n   fuzzy show nova/user_001\n   fuzzy show --columns nova/user_001:v3\n\n" +
			"Exit status: 0 good; 1 failed; 4 the snapshot is corrupt; 64 usage.",
		Flags: []cli.Flag{
			storeFlag(), jsonFlag(),
			&cli.BoolFlag{Name: "columns", Usage: "list every column with its treatment and the mark that decided it"},
		},
		Action: p.show,
	}
}

// showJSON is show's JSON.
type showJSON struct {
	Reference string `json:"reference"`
	Digest    string `json:"digest"`
	snapshot.Config
	Objects []objectJSON `json:"objects"`
	Chunks  int          `json:"chunks"`
}

type objectJSON struct {
	Kind     snapshot.ObjectKind `json:"kind"`
	Database string              `json:"database,omitempty"`
	Name     string              `json:"name"`
}

func (p *program) show(c *cli.Context) error {
	snap, err := p.load(c)
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return command.JSON(p.stdout, toShowJSON(snap))
	}
	if err := p.printSnapshot(c.Context, snap); err != nil {
		return err
	}
	if c.Bool("columns") {
		fmt.Fprintln(p.stdout)
		p.printColumns(snap.Snapshot)
	}
	return nil
}

func toShowJSON(snap *named) showJSON {
	out := showJSON{Reference: snap.ref.String(), Digest: snap.Digest.String(), Config: snap.Config, Chunks: len(snap.Chunks)}
	for _, objects := range [][]snapshot.Object{snap.Before, snap.After} {
		for _, o := range objects {
			out.Objects = append(out.Objects, objectJSON{Kind: o.Kind, Database: o.Database, Name: o.Name})
		}
	}
	return out
}

func (p *program) printSnapshot(ctx context.Context, snap *named) error {
	versions, err := snap.store.List(ctx, snap.ref.Name)
	if err != nil {
		return err
	}
	tags := ""
	for _, v := range versions {
		if v.Digest == snap.Digest {
			tags = strings.Join(v.Tags, ",")
		}
	}
	pr := snap.Config.Provenance
	lines := [][2]string{
		{"snapshot", snap.ref.String()},
		{"created", "-"},
		{"digest", snap.Digest.String()},
		{"tags", tags},
		{"made by", pr.Tool + " " + pr.ToolVersion},
		{"source", source(pr)},
		{"key", orDash(pr.KeyFingerprint)},
		{"policy", pr.PolicyDigest.String()},
		{"protection", "pseudonymised (see docs/ANONYMIZATION.md)"},
	}
	if !snap.Created.IsZero() {
		lines[1][1] = snap.Created.UTC().Format("2006-01-02 15:04:05 UTC")
	}
	if snap.Config.Unsafe {
		lines = append(lines, [2]string{"UNSAFE", "undecided columns were kept: do not publish"})
	}
	for _, l := range lines {
		fmt.Fprintf(p.stdout, "%-11s %s\n", l[0], l[1])
	}
	fmt.Fprintln(p.stdout)
	rows := make([][]string, 0, len(snap.Config.Tables))
	for _, t := range snap.Config.Tables {
		n := map[snapshot.ColumnStatus]int{}
		for _, c := range t.Columns {
			n[c.Status]++
		}
		rows = append(rows, []string{
			qualified(t.Database, t.Name), strconv.FormatInt(t.Rows, 10), command.Bytes(t.Bytes), strconv.Itoa(t.Chunks),
			strconv.Itoa(n[snapshot.StatusTreated]), strconv.Itoa(n[snapshot.StatusPublic]), rowsNote(t),
		})
	}
	command.Table(p.stdout, []string{"table", "rows", "size", "chunks", "treated", "public", "note"}, rows,
		"rows", "size", "chunks", "treated", "public")
	if others := otherObjects(snap.Snapshot); others != "" {
		fmt.Fprintf(p.stdout, "\nalso: %s\n", others)
	}
	return nil
}

// rowsNote says which rows of a table were kept, and what that did to other tables.
func rowsNote(t snapshot.TableInfo) string {
	var parts []string
	switch {
	case t.RowsOmitted:
		parts = append(parts, "rows left out")
	case t.RowsChosen == snapshot.ChosenParents:
		parts = append(parts, "rows of kept parents")
	case t.RowsChosen != "":
		parts = append(parts, "some rows, by "+string(t.RowsChosen))
	}
	switch t.Children {
	case "drop":
		parts = append(parts, "children dropped")
	case "null":
		parts = append(parts, "children made NULL")
	}
	return strings.Join(parts, "; ")
}

func (p *program) printColumns(snap *snapshot.Snapshot) {
	var rows [][]string
	for _, t := range snap.Config.Tables {
		for _, c := range t.Columns {
			rows = append(rows, []string{qualified(t.Database, t.Name), c.Name, string(c.Status), strings.TrimSpace(c.Kind + " " + c.Options), c.Origin, c.Position, c.Reason})
		}
	}
	command.Table(p.stdout, []string{"table", "column", "status", "kind", "origin", "marked at", "reason"}, rows)
}

// otherObjects counts what a snapshot holds besides tables.
func otherObjects(snap *snapshot.Snapshot) string {
	count := map[snapshot.ObjectKind]int{}
	for _, objects := range [][]snapshot.Object{snap.Before, snap.After} {
		for _, o := range objects {
			count[o.Kind]++
		}
	}
	var parts []string
	for _, kind := range []snapshot.ObjectKind{
		snapshot.ObjectSequence, snapshot.ObjectView, snapshot.ObjectTrigger, snapshot.ObjectRoutine, snapshot.ObjectEvent,
	} {
		if n := count[kind]; n == 1 {
			parts = append(parts, "1 "+string(kind))
		} else if n > 1 {
			parts = append(parts, fmt.Sprintf("%d %ss", n, kind))
		}
	}
	return strings.Join(parts, ", ")
}

// source is the program that took the dump and the server it came from, which mydumper does not name.
func source(pr snapshot.Provenance) string {
	if pr.ServerVersion == "" {
		return orDash(pr.SourceFormat)
	}
	return pr.SourceFormat + " of " + pr.ServerVersion
}

func orDash(s string) string {
	if s == "" {
		return "-"
	}
	return s
}
