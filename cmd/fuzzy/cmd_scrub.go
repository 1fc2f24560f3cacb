package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
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
		Description: "DUMP is what mysqldump or mariadb-dump wrote, plain or compressed (gzip, zstd, xz, bzip2); - is standard input.\n" +
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
}

// scrubJSON is scrub's JSON.
type scrubJSON struct {
	Reference      string               `json:"reference,omitempty"`
	Digest         string               `json:"digest,omitempty"`
	Tables         []scrub.TableSummary `json:"tables"`
	Rows           int64                `json:"rows"`
	Columns        map[string]int       `json:"columns"`
	KeyFingerprint string               `json:"key_fingerprint"`
	RandomKey      bool                 `json:"random_key"`
	Unsafe         bool                 `json:"unsafe"`
	DryRun         bool                 `json:"dry_run"`
	Warnings       []string             `json:"warnings"`
	Duration       float64              `json:"duration_seconds"`
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
	return dump, nil
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
	out, err := exec.CommandContext(ctx, "sh", "-c", line).Output()
	if err != nil {
		return anonymize.Key{}, fmt.Errorf("run the key command: %w", err)
	}
	defer clear(out)
	return anonymize.ParseKey(bytes.TrimSpace(out))
}

// open opens the dump. Standard input is spooled into the store's directory, or the system's temporary one for SQL.
func (r *scrubRun) open(dump string) (scrub.Source, error) {
	if dump != "-" {
		return scrub.OpenFile(dump)
	}
	if d, ok := r.stdin.(interface{ SetReadDeadline(time.Time) error }); ok {
		stop := context.AfterFunc(r.c.Context, func() { d.SetReadDeadline(time.Unix(1, 0)) }) //nolint:errcheck // not every input has deadlines
		defer stop()
	}
	return scrub.NewSpool(r.stdin, os.TempDir(), r.random)
}

// decide surveys the dump and resolves the policy; a gap ends the run.
func (r *scrubRun) decide(src scrub.Source, markups []*annotations.Markup, undecided annotations.Undecided) error {
	bar := command.NewProgress(r.stderr, r.terminal, "checking", src.SizeBytes())
	survey, err := scrub.ReadSurvey(r.c.Context, src, bar.Set)
	bar.Done()
	if err != nil {
		return err
	}
	r.survey = survey
	tables := make([]annotations.DumpTable, 0, len(survey.Tables))
	for _, d := range survey.Tables {
		tables = append(tables, annotations.DumpTable{Database: d.Database, Table: d.Table})
	}
	markups = append(markups, annotations.FromDDL(tables))
	r.resolution, err = annotations.Resolve(tables, markups, annotations.Options{Undecided: undecided})
	if err != nil {
		return err
	}
	warn(r.stderr, r.resolution.Problems)
	if err := r.writeRules(); err != nil {
		return err
	}
	if err := r.gaps(markups, undecided); err != nil {
		return err
	}
	return r.compile()
}

// gaps lists all that nobody decided: columns, and literals in definitions.
func (r *scrubRun) gaps(markups []*annotations.Markup, undecided annotations.Undecided) error {
	columns := r.resolution.Undecided()
	if undecided != annotations.Fail {
		columns = nil
	}
	literals := unacknowledged(r.stderr, r.survey.Literals(r.resolution.Policy), markups)
	if len(columns)+len(literals) == 0 {
		return nil
	}
	var what, hints []string
	if n := len(columns); n > 0 {
		printUndecided(r.stderr, columns)
		what = append(what, command.Count(n, "undecided column"))
		if path := r.c.String("write-rules"); path != "" {
			hints = append(hints, fmt.Sprintf("Fill in %s and give it with --rules.", path))
		} else {
			hints = append(hints, "Mark columns in the models, or write a stub with --write-rules rules.yaml, fill it in and give it with --rules.")
		}
	}
	if n := len(literals); n > 0 {
		printLiterals(r.stderr, literals)
		what = append(what, command.Count(n, "definition")+" with literals that may be somebody's data")
		hints = append(hints, "Review the literals; then say why they are nobody's data in a rules file: 'acknowledge: {OBJECT: reason}'.")
	}
	return &command.Error{
		Status: command.ExitVerdict,
		Err:    fmt.Errorf("policy gap: %s; nothing was scrubbed", strings.Join(what, ", ")),
		Hint:   strings.Join(hints, "\n"),
	}
}

// compile makes the anonymizer and has it prepare every table, so that a treatment that cannot be carried out ends the run before a
// row is read: all of them are said.
func (r *scrubRun) compile() (err error) {
	r.anonymizer, err = anonymize.New(r.key, r.resolution.Policy, anonymize.WithRandom(r.random))
	if err != nil {
		return err
	}
	for _, d := range r.survey.Tables {
		_, tableErr := r.anonymizer.Rows(d.Database, d.Table)
		err = errors.Join(err, tableErr)
	}
	return err
}

// writeRules writes the stub that --write-rules asks for. It never overwrites: a filled-in file is work.
func (r *scrubRun) writeRules() error {
	path := r.c.String("write-rules")
	if path == "" {
		return nil
	}
	var stub bytes.Buffer
	if err := r.resolution.WriteStub(&stub); err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
	if err != nil {
		return fmt.Errorf("write rules: %w", err)
	}
	_, err = f.Write(stub.Bytes())
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		os.Remove(path) //nolint:errcheck // the first error is the one to report
		return fmt.Errorf("write rules: %w", err)
	}
	return nil
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

// finish says what was done.
func (r *scrubRun) finish(summary scrub.Summary, ref, digest string) error {
	out := scrubJSON{
		Reference: ref, Digest: digest, Tables: summary.Tables, Rows: summary.Rows, Columns: map[string]int{},
		RandomKey: r.randomKey, Unsafe: r.resolution.Unsafe(), DryRun: ref == "" && !r.sql, Warnings: []string{},
		Duration: r.now().Sub(r.started).Seconds(),
	}
	if out.DryRun {
		for _, d := range r.survey.Tables {
			out.Tables = append(out.Tables, scrub.TableSummary{Database: d.Database, Name: d.Table.Name})
		}
	}
	if !r.randomKey {
		out.KeyFingerprint = r.key.Fingerprint()
	}
	for _, e := range r.resolution.Entries {
		switch {
		case e.Column == "":
		case e.Origin == annotations.OriginFlag && e.Status == anonymize.Public.String():
			out.Columns[anonymize.Undecided.String()]++ // and kept
		default:
			out.Columns[e.Status]++
		}
	}
	for _, p := range r.resolution.Problems {
		out.Warnings = append(out.Warnings, p.Error())
	}
	if r.c.Bool("json") {
		return command.JSON(r.stdout, out)
	}
	r.printSummary(out)
	return nil
}

func (r *scrubRun) printSummary(s scrubJSON) {
	if s.Reference != "" {
		fmt.Fprintln(r.stdout, s.Reference)
	}
	what := fmt.Sprintf("%s of %s pseudonymised", command.Count(int(s.Rows), "row"), command.Count(len(s.Tables), "table"))
	if s.DryRun {
		what = fmt.Sprintf("dry run: no rows were written; %s checked", command.Count(len(s.Tables), "table"))
	}
	fmt.Fprintf(r.stderr, "%s in %.1f s: %d columns treated, %d public\n", what, s.Duration, s.Columns["treated"], s.Columns["public"])
	if s.RandomKey && !s.DryRun {
		fmt.Fprintln(r.stderr, "A fresh random key was used and is gone now: pseudonyms of another run will differ. Give --key to keep them equal.")
	}
	if s.Unsafe {
		fmt.Fprintf(r.stderr, "UNSAFE: %s undecided and kept as they are. Do not publish this.\n", command.Count(s.Columns["undecided"], "column"))
	}
}
