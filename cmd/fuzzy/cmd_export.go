package main

import (
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/export"
)

func (p *program) exportCommand() *cli.Command {
	return &cli.Command{
		Name:      "export",
		Usage:     "write a snapshot as an SQL dump that any MySQL client loads",
		UsageText: "fuzzy export REF [-o FILE] [--store DIR]",
		Description: "Examples:\n   fuzzy export nova/user_001 -o clean.sql\n   fuzzy export nova/user_001:v2 | mysql nova_test\n\n" +
			"A FILE that ends in .zst is compressed. It appears when it is whole; on standard output a failed run ends with a line\n" +
			"at which any client stops.\n\n" +
			"Exit status: 0 written; 1 failed; 4 the snapshot is corrupt; 64 usage; 130 cancelled.",
		Flags: []cli.Flag{
			storeFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "-", Usage: "`FILE` to write, - is standard output"},
		},
		Action: p.export,
	}
}

func (p *program) export(c *cli.Context) error {
	snap, err := p.load(c)
	if err != nil {
		return err
	}
	path := c.String("output")
	if path == "-" {
		return p.exportTo(c, p.stdout, snap)
	}
	return p.exportFile(c, path, snap)
}

// exportFile writes a file that appears only when it is whole.
func (p *program) exportFile(c *cli.Context, path string, snap *named) error {
	f, err := createFile(path)
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	defer f.abort()
	var w io.Writer = f
	finish := func() error { return nil }
	if isZstd(path) {
		enc, err := zstd.NewWriter(f, zstd.WithEncoderConcurrency(p.jobs))
		if err != nil {
			return fmt.Errorf("export: %w", err)
		}
		w, finish = enc, enc.Close
	}
	if err := p.exportTo(c, w, snap); err != nil {
		return err
	}
	if err := finish(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	if err := f.commit(); err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}

func (p *program) exportTo(c *cli.Context, w io.Writer, snap *named) error {
	var total int64
	for _, t := range snap.Config.Tables {
		total += t.Bytes
	}
	bar := command.NewProgress(p.stderr, p.terminal, "exporting", total)
	defer bar.Done()
	err := export.SQL(c.Context, w, snap.Snapshot, snap.store.Source(snap.ref.Name), export.Options{Progress: func(done, _ int64) { bar.Set(done) }})
	if err != nil {
		return fmt.Errorf("export: %w", err)
	}
	return nil
}
