package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/annotations"
	"github.com/turbo-hipster/turbo-hipster/anonymize"
	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/scrub"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
)

func (p *program) scrubCommand() *cli.Command {
	return &cli.Command{
		Name:      "scrub",
		Usage:     "anonymize a dump into a snapshot, or into SQL",
		UsageText: "fuzzy scrub [OPTIONS] -o NAME[:TAG]|- DUMP|-",
		Description: "DUMP is what mysqldump or mariadb-dump wrote, plain or compressed (gzip, zstd, xz, bzip2), or a directory that\n" +
			"mydumper wrote; - is standard input.\n" +
			"Every column must be treated or public: undecided ones stop the run before a row is read.\n\n" +
			"Examples:\n" +
			"   fuzzy scrub --models nova/db/models.py --key site.key -o nova/user_001 nova.sql.zst\n" +
			"   fuzzy scrub --models models.py --write-rules rules.yaml -o nova/user_001 nova.sql     # a stub for what is undecided\n" +
			"   mysqldump nova | fuzzy scrub --models models.py --rules rules.yaml --key site.key -o - - > clean.sql\n\n" +
			"Exit status: 0 written; 1 failed; 3 policy gap; 64 usage; 130 cancelled. A failed run leaves no snapshot, and SQL output\n" +
			"ends with a line at which any client stops.",
		Flags: []cli.Flag{
			&cli.StringSliceFlag{Name: "models", Usage: "annotated models, a file or directory: [DATABASE=]`PATH`; may be repeated"},
			rulesFlag(),
			&cli.StringFlag{Name: "key", Usage: "`FILE` of the key, made by 'fuzzy key new'; without one a fresh random key is used"},
			&cli.StringFlag{Name: "key-command", Usage: "shell `COMMAND` that prints the key, such as a secret manager's client"},
			storeFlag(),
			&cli.StringFlag{Name: "output", Aliases: []string{"o"}, Usage: "`NAME`[:TAG] of the snapshot, or - for SQL on standard output"},
			&cli.StringFlag{Name: "undecided", Value: "fail", Usage: "what to do with undecided columns: `fail|redact|keep` (keep makes the snapshot unsafe)"},
			&cli.StringFlag{Name: "write-rules", Usage: "write a stub of rules for the undecided columns to `FILE`, which must not exist"},
			&cli.BoolFlag{Name: "dry-run", Usage: "check the dump and the policy, write nothing"},
			&cli.BoolFlag{Name: "diff", Usage: "with --dry-run and --table: show values before and after, on a terminal only"},
			&cli.StringFlag{Name: "table", Usage: "the `TABLE` of --diff, with DATABASE. in front where the dump names databases"},
			&cli.IntFlag{Name: "rows", Value: 10, Usage: "how many `ROWS` --diff shows"},
			&cli.BoolFlag{Name: "new-key", Usage: "extend a dataset whose last version was made with another key: pseudonyms will not match"},
			p.jobsFlag(), jsonFlag(),
		},
		Action: p.scrub,
	}
}

// scrubRun is one run of the command.
type scrubRun struct {
	*program
	c          *cli.Context
	started    time.Time
	output     store.Reference // of the snapshot
	sql        bool            // output is SQL on standard output
	key        anonymize.Key
	randomKey  bool
	resolution *annotations.Resolution
	survey     *scrub.Survey
	anonymizer *anonymize.Anonymizer
	unchecked  []anonymize.UncheckedIndex
}

func (p *program) scrub(c *cli.Context) error {
	r := &scrubRun{program: p, c: c, started: p.now()}
	dump, err := r.parse()
	if err != nil {
		return err
	}
	undecided, err := undecidedOption(c.String("undecided"))
	if err != nil {
		return err
	}
	markups, err := readMarkup(c.Context, c.StringSlice("models"), c.StringSlice("rules"))
	if err != nil {
		return err
	}
	if idle, err := withoutModels(c.Context, c.StringSlice("models"), markups); err != nil || len(idle) > 0 {
		return cmp.Or(err, noModels(idle, nil))
	}
	if err := r.readKey(c.Context); err != nil {
		return err
	}
	src, err := r.open(dump)
	if err != nil {
		return err
	}
	defer src.Close()
	if err := r.decide(src, markups, undecided); err != nil {
		return err
	}
	if c.Bool("diff") {
		return r.diff(src)
	}
	if c.Bool("dry-run") || c.String("output") == "" { // only --write-rules does without -o
		return r.finish(scrub.Summary{}, "", "")
	}
	if r.sql {
		return r.toSQL(src)
	}
	return r.toSnapshot(src)
}

func (r *scrubRun) parse() (dump string, err error) {
	if dump, err = command.OneArg(r.c, "DUMP"); err != nil {
		return "", err
	}
	switch out := r.c.String("output"); out {
	case "-":
		r.sql = true
		if r.c.Bool("json") {
			return "", command.Usagef("--json and -o - both want standard output")
		}
	case "":
		if !r.c.Bool("dry-run") && !r.c.IsSet("write-rules") {
			return "", command.Usagef("scrub needs -o NAME or -o -")
		}
	default:
		if r.output, err = store.ParseReference(out); err != nil {
			return "", &command.Error{Status: command.ExitUsage, Err: err}
		}
		if r.output.Digest != "" || r.output.Tag == store.LatestTag {
			return "", command.Usagef("-o takes NAME or NAME:TAG; a digest and the tag latest cannot be chosen")
		}
	}
	if r.c.IsSet("key") && r.c.IsSet("key-command") {
		return "", command.Usagef("--key and --key-command exclude each other")
	}
	return dump, r.parseDiff()
}

func undecidedOption(name string) (annotations.Undecided, error) {
	switch name {
	case "fail":
		return annotations.Fail, nil
	case "redact":
		return annotations.Redact, nil
	case "keep":
		return annotations.Keep, nil
	}
	return 0, command.Usagef("--undecided is fail, redact or keep")
}

func (r *scrubRun) readKey(ctx context.Context) (err error) {
	switch {
	case r.c.IsSet("key"):
		r.key, err = anonymize.ReadKey(r.c.String("key"))
	case r.c.IsSet("key-command"):
		r.key, err = keyFrom(ctx, r.c.String("key-command"))
	default:
		r.randomKey = true
		r.key, err = anonymize.NewKey(r.random)
	}
	return err
}

// keyFrom runs a shell command that prints a key. Its standard error is dropped: it could repeat the key.
func keyFrom(ctx context.Context, line string) (anonymize.Key, error) {
	cmd := exec.CommandContext(ctx, "sh", "-c", line)
	cmd.WaitDelay = 2 * time.Second // for a program that it left, and that keeps the pipe open
	out, err := cmd.Output()
	if err != nil {
		return anonymize.Key{}, fmt.Errorf("run the key command: %w", err)
	}
	defer clear(out)
	key, err := anonymize.ParseKey(bytes.TrimSpace(out))
	if err != nil {
		return key, fmt.Errorf("read what the key command prints: %w", err)
	}
	return key, nil
}

// open opens the dump. Standard input is spooled into the system's temporary directory.
func (r *scrubRun) open(dump string) (scrub.Source, error) {
	if dump != "-" {
		return scrub.Open(dump, r.c.Int("jobs"))
	}
	if d, ok := r.stdin.(interface{ SetReadDeadline(time.Time) error }); ok {
		stop := context.AfterFunc(r.c.Context, func() { d.SetReadDeadline(time.Unix(1, 0)) }) //nolint:errcheck // not every input has deadlines
		defer stop()
	}
	return scrub.NewSpool(r.stdin, os.TempDir(), r.random)
}

func (r *scrubRun) options(src scrub.Source) (scrub.Options, *command.Progress) {
	bar := command.NewProgress(r.stderr, r.terminal, "scrubbing", src.SizeBytes())
	return scrub.Options{Anonymizer: r.anonymizer, Jobs: r.c.Int("jobs"), Progress: bar.Set}, bar
}

func (r *scrubRun) toSQL(src scrub.Source) error {
	o, bar := r.options(src)
	summary, err := scrub.ToSQL(r.c.Context, src, r.survey, r.stdout, o)
	bar.Done()
	if err != nil {
		return fmt.Errorf("scrub: %w", err)
	}
	return r.finish(summary, "", "")
}

func (r *scrubRun) toSnapshot(src scrub.Source) error {
	ctx := r.c.Context
	s, err := r.openStore(r.c)
	if err != nil {
		return err
	}
	if err := r.checkTag(s); err != nil {
		return err
	}
	if err := r.checkKey(s); err != nil {
		return err
	}
	o, bar := r.options(src)
	defer bar.Done()
	draft, err := s.Create(ctx, r.output.Name)
	if err != nil {
		return err
	}
	tool := scrub.Tool{Version: version, Unsafe: r.resolution.Unsafe()}
	if !r.randomKey {
		tool.KeyFingerprint = r.key.Fingerprint()
	}
	manifest, summary, err := scrub.ToSnapshot(ctx, src, r.survey, r.resolution.Policy, tool, draft,
		snapshot.BuilderOptions{Created: r.started}, o)
	if err != nil {
		return errors.Join(fmt.Errorf("scrub: %w", err), draft.Abort())
	}
	ref, err := draft.Commit(ctx, manifest, r.output.Tag)
	if err != nil {
		return err
	}
	bar.Done()
	return r.finish(summary, ref.Name+":"+ref.Tag, manifest.Digest.String())
}

// checkTag refuses a tag that exists before hours are spent; the commit checks it again.
func (r *scrubRun) checkTag(s *store.Store) error {
	if r.output.Tag == "" {
		return nil
	}
	_, err := s.Resolve(r.output)
	switch {
	case errors.Is(err, store.ErrNotFound):
		return nil
	case err != nil:
		return err
	}
	return &command.Error{
		Status: command.ExitFailed,
		Err:    fmt.Errorf("scrub: %w: %s", store.ErrTagExists, r.output),
		Hint:   fmt.Sprintf("A tag never moves: choose another, or give -o %s for the next version.", r.output.Name),
	}
}
