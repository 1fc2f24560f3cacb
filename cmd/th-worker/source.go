package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/urfave/cli/v2"

	"github.com/turbo-hipster/turbo-hipster/internal/command"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/checkout"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
	"github.com/turbo-hipster/turbo-hipster/worker/zuul"
)

// params are the arguments that the command line gives for a build: those of --params, with those of --param over them.
func (p *program) params(c *cli.Context) (map[string]any, error) {
	params := map[string]any{}
	if file := c.String("params"); file != "" {
		var data []byte
		var err error
		if file == "-" {
			data, err = io.ReadAll(p.stdin)
		} else {
			data, err = os.ReadFile(file)
		}
		if err != nil {
			return nil, fmt.Errorf("read arguments: %w", err)
		}
		if err := json.Unmarshal(data, &params); err != nil {
			return nil, fmt.Errorf("read arguments %q: want a JSON object: %w", file, err)
		}
		if params == nil {
			return nil, fmt.Errorf("read arguments %q: want a JSON object, not null", file)
		}
	}
	for _, pair := range c.StringSlice("param") {
		key, value, ok := strings.Cut(pair, "=")
		if !ok || key == "" {
			return nil, command.Usagef("--param %q: want K=V", pair)
		}
		params[key] = value
	}
	return params, nil
}

// newUUID names a build that nobody named, in the way of Zuul: 32 hexadecimal digits.
func (p *program) newUUID() (string, error) {
	var random [16]byte
	if _, err := io.ReadFull(p.random, random[:]); err != nil {
		return "", fmt.Errorf("name the build: %w", err)
	}
	return hex.EncodeToString(random[:]), nil
}

// zuulParams are the arguments, checked as those that Zuul sends; what a build by hand lacks is filled in.
func (w *workshop) zuulParams(job *config.Job, arguments map[string]any) (zuul.Params, error) {
	if arguments["ZUUL_PROJECT"] == nil {
		if job.Project == "" {
			if len(arguments) > 0 {
				return zuul.Params{}, errors.New("arguments: no ZUUL_PROJECT, and the job has no project")
			}
			return zuul.Params{}, nil
		}
		arguments["ZUUL_PROJECT"] = job.Project
	}
	if arguments["ZUUL_UUID"] == nil {
		uuid, err := w.program.newUUID()
		if err != nil {
			return zuul.Params{}, err
		}
		arguments["ZUUL_UUID"] = uuid
	}
	payload, err := json.Marshal(arguments)
	if err != nil {
		return zuul.Params{}, err
	}
	return zuul.ParseParams(payload, "", job.Function)
}

// origins are where projects come from.
func (w *workshop) origins() zuul.Origins {
	z := w.config.Zuul
	return zuul.Origins{GitURL: z.GitURL, GitOrigin: z.GitOrigin, GerritSite: z.GerritSite, ZuulURLs: z.AllowedURLs}
}

// source is where the change comes from: a tree, a ref of the job's repository, or what Zuul's arguments say.
func (w *workshop) source(c *cli.Context, job *config.Job, params zuul.Params) (worker.Source, error) {
	dir, ref := c.String("source"), c.String("ref")
	fromZuul := params.Ref != "" || params.NewRev != ""
	switch {
	case dir != "" && ref != "":
		return worker.Source{}, command.Usagef("--source and --ref exclude each other: a tree is tested as it is")
	case dir != "":
		abs, err := filepath.Abs(dir)
		return worker.Source{Dir: abs}, err
	case ref == "" && fromZuul:
		return w.origins().Source(params)
	case job.Git.URL == "":
		return worker.Source{}, command.Usagef("job %q has no git in the configuration: give --source DIR, or Zuul's arguments with --param", job.Name)
	case ref == "":
		ref = job.Git.Ref
	}
	if err := worker.CheckRef(ref); err != nil {
		return worker.Source{}, command.Usagef("--ref: %w", err)
	}
	return worker.Source{URL: job.Git.URL, Ref: ref}, nil
}

// treeBase is what an existing tree is compared with: a revision of its own repository, such as HEAD~1. What the job says of a
// base is about changes that come from elsewhere.
func (w *workshop) treeBase(ctx context.Context, rev, dir string) (worker.Source, error) {
	if rev == "" {
		return worker.Source{}, nil
	}
	git := &checkout.Checkouter{Env: w.program.environ}
	id, err := git.Resolve(ctx, dir, rev)
	if err != nil {
		return worker.Source{}, fmt.Errorf("--base %s: %w", rev, err)
	}
	return worker.Source{URL: dir, Ref: id, Commit: id}, nil
}

// base is what a change from elsewhere is compared with: rev, or what the job says when that is "". It comes from the
// project's own repository, where there is one.
func (w *workshop) base(rev string, job *config.Job, change worker.Source, params zuul.Params) (worker.Source, error) {
	if rev == "" {
		rev = job.Base
	}
	if rev == config.BaseBranch {
		if rev = params.Branch; rev == "" {
			rev = job.Git.Ref
		}
		if rev == "" {
			return worker.Source{}, fmt.Errorf("job %q is compared with the change's branch, which nothing names", job.Name)
		}
	}
	if rev == "" || change.Dir != "" {
		return worker.Source{}, nil
	}
	if err := worker.CheckRef(rev); err != nil {
		return worker.Source{}, command.Usagef("--base: %w", err)
	}
	base := worker.Source{URL: change.URL, Ref: rev}
	switch {
	case change.Origin != "":
		base.URL, base.Origin = change.Origin, change.Origin
	case job.Git.URL != "":
		base.URL = job.Git.URL
	}
	return base, nil
}

// mapCollation is the command line's mapping.
func mapCollation(c *cli.Context) (map[string]string, error) {
	out := map[string]string{}
	for _, pair := range c.StringSlice("map-collation") {
		from, to, ok := strings.Cut(pair, "=")
		if !ok || from == "" || to == "" {
			return nil, command.Usagef("--map-collation %q: want FROM=TO", pair)
		}
		out[from] = to
	}
	return out, nil
}
