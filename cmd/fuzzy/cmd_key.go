package main

import (
	"errors"
	"fmt"
	"io/fs"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
)

func (p *program) keyCommand() *cli.Command {
	return &cli.Command{
		Name:            "key",
		Usage:           "make the key that pseudonyms depend on",
		UsageText:       "fuzzy key new FILE",
		Description:     "Example:\n   fuzzy key new site.key\n\nExit status: 0 written; 1 failed; 64 usage.",
		HideHelpCommand: true,
		Subcommands: []*cli.Command{{
			Name:      "new",
			Usage:     "write a new random key to FILE",
			UsageText: "fuzzy key new FILE",
			Description: "256 random bits in a new file that only you may read (mode 0600). An existing file is never overwritten.\n" +
				"Scrubs with the same key give equal pseudonyms for equal values, so keep it as safe as the data itself.\n\n" +
				"Example:\n   fuzzy key new nova.key\n\nExit status: 0 written; 1 failed; 64 usage.",
			Action: p.newKey,
		}},
	}
}

func (p *program) newKey(c *cli.Context) error {
	path, err := command.OneArg(c, "FILE")
	if err != nil {
		return err
	}
	key, err := anonymize.NewKey(p.random)
	if err != nil {
		return err
	}
	err = key.WriteFile(path)
	if errors.Is(err, fs.ErrExist) {
		return &command.Error{Status: command.ExitFailed, Err: err, Hint: "A key is never overwritten: what was scrubbed with it could not be extended. Choose another name."}
	}
	if err != nil {
		return err
	}
	fmt.Fprintf(p.stdout, "%s: new key, fingerprint %s\n", path, key.Fingerprint())
	return nil
}
