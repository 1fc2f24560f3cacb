package checkout

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// branch is the tree's own branch, by its classic name.
const branch = "working"

// initTree makes an empty repository. Its remote is the project's own repository,
// as far as it is fit to be seen by the change: without password.
func (c *Checkouter) initTree(ctx context.Context, w *wanted, dir string) error {
	if _, err := c.git(ctx, call{dir: dir, args: []string{"init", "--quiet"}}); err != nil {
		return err
	}
	_, err := c.git(ctx, call{dir: dir, args: []string{"remote", "add", "--", "origin", remoteURL(w.Origin)}})
	return err
}

// remoteURL is a URL without password; a user's name without one may be a token.
func remoteURL(raw string) string {
	if l := logIn(raw, ""); l.url != raw {
		return l.url
	}
	if strings.HasPrefix(raw, "http") {
		return worker.RedactURL(raw)
	}
	return raw
}

// fillTree checks the commit out onto a new branch, with its submodules. No
// filter runs: what .gitattributes names would be a program of the operator's.
func (c *Checkouter) fillTree(ctx context.Context, w *wanted, dir, commit string) error {
	filters, err := c.noFilters(ctx, dir)
	if err != nil {
		return err
	}
	_, err = c.git(ctx, call{dir: dir, args: []string{"checkout", "--quiet", "-B", branch, commit, "--"}, config: filters})
	if err != nil {
		return err
	}
	switch info, err := os.Lstat(filepath.Join(dir, ".gitmodules")); {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look for submodules: %w", err)
	case !info.Mode().IsRegular():
		return nil // git ignores such a one, too
	}
	submodules := call{
		dir: dir, args: []string{"submodule", "--quiet", "update", "--init", "--recursive"},
		config: filters, timeout: c.timeout(), env: []string{"GIT_ALLOW_PROTOCOL=" + protocols},
	}
	if local(w.URL) && local(w.Origin) {
		submodules.env[0] += ":file"
	}
	_, err = c.git(ctx, submodules.with(logIn(w.URL, passwordVariable), logIn(w.Origin, originPasswordVariable)))
	return err
}

// noFilters are settings that take the programs away from every filter that the
// operator's configuration has, such as Git LFS.
func (c *Checkouter) noFilters(ctx context.Context, dir string) ([]setting, error) {
	names, err := c.git(ctx, call{dir: dir, args: []string{"config", "--name-only", "--get-regexp", `^filter\..*\.(smudge|process|clean)$`}})
	var none *Error
	if errors.As(err, &none) && none.Output == "" {
		return nil, nil // no such settings
	}
	var off []setting
	for name := range strings.Lines(names) {
		name = strings.TrimSpace(name)
		off = append(off, setting{name, ""}, setting{name[:strings.LastIndexByte(name, '.')] + ".required", "false"})
	}
	return off, err
}
