package main

import (
	"context"
	"fmt"
	"io"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/annotations/detect"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot/mysqldump"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
)

func (p *program) profileCommand() *cli.Command {
	return &cli.Command{
		Name:      "profile",
		Usage:     "write what the columns of a dump look like, without a value of it",
		UsageText: "fuzzy profile [-o FILE] DUMP|-",
		Description: "For a maintainer who may not see production data: `fuzzy annotate --profile FILE` proposes by it. The profile is JSON to\n" +
			"review before it is handed over. Of each column it has the type, shares of shapes such as e-mail addresses (rounded\n" +
			"down), lengths and counts as powers of two; what fewer than ten values have in common is left out. It has the names of\n" +
			"tables and columns. Of long tables a part of the rows is looked at. DUMP is as for `fuzzy scrub`.\n\n" +
			"Examples:\n   fuzzy profile nova.sql.zst -o nova-profile.json\n   mysqldump nova | fuzzy profile - | less\n\n" +
			"FILE replaces one of that name, with mode 0600, when it is whole.\n\n" +
			"Exit status: 0 written; 1 failed; 64 usage; 130 cancelled.",
		Flags: []cli.Flag{
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Value: "-", Usage: "`FILE` to write, - is standard output"},
		},
		Action: p.profile,
	}
}

func (p *program) profile(c *cli.Context) error {
	path, err := command.OneArg(c, "a DUMP")
	if err != nil {
		return err
	}
	if c.String("output") == "" {
		return command.Usagef("--output needs the name of a FILE, or - for standard output")
	}
	profile, _, err := p.profileDump(c, path)
	if err != nil {
		return err
	}
	if c.String("output") == "-" {
		return profile.Write(p.stdout)
	}
	f, err := createFile(c.String("output"))
	if err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	defer f.abort()
	if err := profile.Write(f); err != nil {
		return err
	}
	if err := f.commit(); err != nil {
		return fmt.Errorf("write profile: %w", err)
	}
	return nil
}

// profileDump looks at the values of a dump in a file, or on standard input for "-".
func (p *program) profileDump(c *cli.Context, path string) (*detect.Profile, []annotations.DumpTable, error) {
	var text io.ReadCloser
	progress := command.NewProgress(p.stderr, false, "", 0)
	if path == "-" {
		if d, ok := p.stdin.(interface{ SetReadDeadline(time.Time) error }); ok {
			stop := context.AfterFunc(c.Context, func() { d.SetReadDeadline(time.Unix(1, 0)) }) //nolint:errcheck // not every input has deadlines
			defer stop()
		}
		t, err := mysqldump.Decompress(p.stdin)
		if err != nil {
			return nil, nil, fmt.Errorf("read dump: %w", err)
		}
		text = t
	} else {
		source, err := scrub.Open(path, p.jobs)
		if err != nil {
			return nil, nil, err
		}
		t, read, err := source.Open()
		if err != nil {
			return nil, nil, err
		}
		progress = command.NewProgress(p.stderr, p.terminal, "looking at values", source.SizeBytes())
		text = &progressReader{ReadCloser: t, report: func() { progress.Set(read.Load()) }}
	}
	defer progress.Done()
	defer text.Close()
	profile, tables, err := detect.New().ProfileDump(c.Context, text)
	if err != nil {
		if of, ok := text.(*progressReader); ok {
			err = scrub.InFile(of.ReadCloser, err)
		}
		return nil, nil, fmt.Errorf("profile: %w", err)
	}
	return profile, tables, nil
}

// progressReader reports after each read.
type progressReader struct {
	io.ReadCloser
	report func()
}

func (r *progressReader) Read(b []byte) (int, error) {
	n, err := r.ReadCloser.Read(b)
	r.report()
	return n, err
}
