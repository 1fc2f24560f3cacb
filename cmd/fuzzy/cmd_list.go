package main

import (
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/opencontainers/go-digest"
	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
)

func (p *program) listCommand() *cli.Command {
	return &cli.Command{
		Name:      "list",
		Usage:     "list datasets and their snapshots",
		UsageText: "fuzzy list [NAME] [--store DIR] [--json]",
		Description: "Examples:\n   fuzzy list\n   fuzzy list nova/user_001\n\n" +
			"Exit status: 0 good; 1 failed, or a dataset that is not there; 4 a snapshot is corrupt; 64 usage.",
		Flags:  []cli.Flag{storeFlag(), jsonFlag()},
		Action: p.list,
	}
}

// versionJSON is one element of list's JSON.
type versionJSON struct {
	Name    string     `json:"name"`
	Tags    []string   `json:"tags"`
	Digest  string     `json:"digest"`
	Created *time.Time `json:"created,omitempty"`
	Tables  int        `json:"tables"`
	Rows    int64      `json:"rows"`
	Bytes   int64      `json:"compressed_bytes"`
	Unsafe  bool       `json:"unsafe"`
	Error   string     `json:"error,omitempty"`
}

func (p *program) list(c *cli.Context) error {
	if c.NArg() > 1 {
		return command.Usagef("list takes one NAME, not %d arguments", c.NArg())
	}
	s, err := p.openStore(c)
	if err != nil {
		return err
	}
	versions, err := s.List(c.Context, c.Args().First())
	if err != nil {
		return err
	}
	if c.Bool("json") {
		out := make([]versionJSON, 0, len(versions))
		for _, v := range versions {
			out = append(out, toJSON(v))
		}
		if err := command.JSON(p.stdout, out); err != nil {
			return err
		}
	} else {
		p.printVersions(versions)
	}
	for _, v := range versions {
		if v.Err != nil {
			return v.Err
		}
	}
	return nil
}

func toJSON(v store.Version) versionJSON {
	out := versionJSON{
		Name: v.Name, Tags: v.Tags, Digest: v.Digest.String(), Tables: v.Tables, Rows: v.Rows, Bytes: v.Bytes, Unsafe: v.Unsafe,
	}
	if !v.Created.IsZero() {
		out.Created = &v.Created
	}
	if v.Err != nil {
		out.Error = v.Err.Error()
	}
	return out
}

func (p *program) printVersions(versions []store.Version) {
	rows := make([][]string, 0, len(versions))
	for _, v := range versions {
		created, note := "-", ""
		if !v.Created.IsZero() {
			created = v.Created.UTC().Format("2006-01-02 15:04Z")
		}
		if v.Unsafe {
			note = "UNSAFE"
		}
		if v.Err != nil {
			note = "UNREADABLE"
		}
		rows = append(rows, []string{
			v.Name, strings.Join(v.Tags, ","), created, strconv.Itoa(v.Tables), strconv.FormatInt(v.Rows, 10),
			command.Bytes(v.Bytes), shortDigest(v.Digest), note,
		})
	}
	command.Table(p.stdout, []string{"dataset", "tags", "created", "tables", "rows", "size", "digest", "note"}, rows, "tables", "rows", "size")
}

func shortDigest(d digest.Digest) string {
	if d == "" {
		return "-"
	}
	return d.Encoded()[:12]
}

// openStore opens the store that the options name.
func (p *program) openStore(c *cli.Context) (*store.Store, error) {
	dir, err := p.storeDir(c)
	if err != nil {
		return nil, err
	}
	return store.Open(dir)
}

// named is the snapshot that a command's only argument names.
type named struct {
	*snapshot.Snapshot
	ref   store.Reference
	store *store.Store
}

// load opens the store and loads the snapshot that the command's only argument names.
func (p *program) load(c *cli.Context) (*named, error) {
	arg, err := command.OneArg(c, "REF")
	if err != nil {
		return nil, err
	}
	ref, err := store.ParseReference(arg)
	if err != nil {
		return nil, &command.Error{Status: command.ExitUsage, Err: err}
	}
	s, err := p.openStore(c)
	if err != nil {
		return nil, err
	}
	snap, err := s.Load(c.Context, ref)
	if errors.Is(err, store.ErrNotFound) {
		return nil, &command.Error{Status: command.ExitFailed, Err: err, Hint: "List what there is with: fuzzy list"}
	}
	if err != nil {
		return nil, err
	}
	return &named{Snapshot: snap, ref: ref, store: s}, nil
}
