package main

import (
	"fmt"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
)

func (p *program) verifyCommand() *cli.Command {
	return &cli.Command{
		Name:      "verify",
		Usage:     "read every byte of a snapshot and compare it with its digests",
		UsageText: "fuzzy verify REF [--store DIR] [--jobs N] [--json]",
		Description: "Example:\n   fuzzy verify nova/user_001:v3\n\n" +
			"Exit status: 0 every bit is as written; 1 failed; 4 corrupt, with the blob's name; 64 usage; 130 cancelled.",
		Flags:  []cli.Flag{storeFlag(), p.jobsFlag(), jsonFlag()},
		Action: p.verify,
	}
}

func (p *program) verify(c *cli.Context) error {
	snap, err := p.load(c)
	if err != nil {
		return err
	}
	var total int64
	for _, chunk := range snap.Chunks {
		total += chunk.Descriptor.Size
	}
	bar := command.NewProgress(p.stderr, p.terminal, "verifying", total)
	err = snap.store.Verify(c.Context, snap.ref, snapshot.VerifyOptions{
		Jobs: c.Int("jobs"), Progress: func(done, _ int64) { bar.Set(done) },
	})
	bar.Done()
	if err != nil {
		return err
	}
	if c.Bool("json") {
		return command.JSON(p.stdout, map[string]any{
			"reference": snap.ref.String(), "digest": snap.Digest, "chunks": len(snap.Chunks), "compressed_bytes": total,
		})
	}
	fmt.Fprintf(p.stdout, "%s: intact, %d chunks, %s\n", snap.ref, len(snap.Chunks), command.Bytes(total))
	return nil
}

func (p *program) jobsFlag() cli.Flag {
	return &cli.IntFlag{Name: "jobs", Value: p.jobs, Usage: "how many goroutines work side by side", Action: func(_ *cli.Context, n int) error {
		if n < 1 {
			return command.Usagef("--jobs must be at least 1")
		}
		return nil
	}}
}
