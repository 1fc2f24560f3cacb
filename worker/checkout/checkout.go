package checkout

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Checkouter gets trees with the git command. It is safe for concurrent use, also
// by several processes with the same CloneDir.
type Checkouter struct {
	// Env is git's environment, such as PATH, HOME and SSH_AUTH_SOCK: where it
	// finds its programs and the operator's credentials.
	Env []string
	// CloneDir holds a bare clone of each repository, shared by builds; "" keeps
	// none.
	CloneDir string

	// Keep is how long what a build fetched stays in a clone, by the clock Now; 0 is
	// two weeks. Without a clock it stays for ever.
	Keep time.Duration
	Now  func() time.Time

	Timeout time.Duration // of one fetch; 0 is half an hour
	// Pause waits between two tries, or until ctx is done; nil waits by the clock
	// of this machine.
	Pause func(ctx context.Context, d time.Duration) error
	Log   *slog.Logger // told of what was tried again; nil discards
}

// tryPauses are how long is waited before each further try: long enough
// together for a server that is restarted, short enough for a person who looks on.
func tryPauses() []time.Duration {
	return []time.Duration{time.Second, 4 * time.Second, 15 * time.Second}
}

// Checkout makes the tree that has the change in dir, which must not exist; an
// existing tree is used where it is. What a server or the network is to blame for
// is tried four times. A ref that does not exist, or a repository out of reach, is
// an error of type *Error; a ref with another commit than Source.Commit is one of
// type *CommitError. After an error there is nothing in dir.
func (c *Checkouter) Checkout(ctx context.Context, s worker.Source, dir string) (worker.Tree, error) {
	if s.Dir != "" {
		return c.existing(ctx, s.Dir)
	}
	w, err := check(s)
	if err != nil {
		return worker.Tree{}, err
	}
	if !filepath.IsAbs(dir) {
		return worker.Tree{}, fmt.Errorf("tree %q: not an absolute path", dir)
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return worker.Tree{}, fmt.Errorf("tree %q: exists already", dir)
	}
	commit, err := c.tries(ctx, w, dir)
	if err != nil {
		if rerr := os.RemoveAll(dir); rerr != nil {
			c.log().Warn("an unfinished tree is left", "err", rerr)
		}
		return worker.Tree{}, located(w, err)
	}
	return worker.Tree{Dir: dir, Commit: commit}, nil
}

// tries makes the tree, again where that may help. A clone that may be broken is
// made anew once; that is no further try.
func (c *Checkouter) tries(ctx context.Context, w *wanted, dir string) (string, error) {
	pauses := tryPauses()
	var discard fs.FileInfo // the clone that is not to be trusted
	for try := 0; ; {
		commit, used, err := c.try(ctx, w, dir, discard)
		switch {
		case err == nil:
			return commit, nil
		case ctx.Err() != nil:
			return "", context.Cause(ctx)
		case used != nil && discard == nil && suspect(ctx, err):
			c.log().Warn("making a clone that may be broken anew", "repository", worker.RedactURL(w.Origin), "err", err)
			discard = used
		case try == len(pauses) || !w.mayPass(err):
			return "", err
		default:
			c.log().Warn("git failed; trying again", "repository", worker.RedactURL(w.URL), "err", err, "pause", pauses[try])
			if err := c.pause(ctx, pauses[try]); err != nil {
				return "", err
			}
			try++
		}
		if err := os.RemoveAll(dir); err != nil {
			return "", fmt.Errorf("remove an unfinished tree: %w", err)
		}
	}
}

// try makes the tree once. used is the clone that it came from, when that was
// there before.
func (c *Checkouter) try(ctx context.Context, w *wanted, dir string, discard fs.FileInfo) (commit string, used fs.FileInfo, err error) {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return "", nil, fmt.Errorf("make the tree's directory: %w", err)
	}
	if err := c.initTree(ctx, w, dir); err != nil {
		return "", nil, err
	}
	if c.CloneDir == "" {
		commit, err = c.fetch(ctx, w, dir)
	} else {
		commit, used, err = c.fetchShared(ctx, w, dir, discard)
	}
	if err == nil && w.Commit != "" && commit != w.Commit {
		err = &CommitError{Want: w.Commit, Got: commit}
	}
	if err == nil {
		err = c.fillTree(ctx, w, dir, commit)
	}
	if err == nil && c.CloneDir != "" {
		c.maintain(ctx, c.cloneDir(w))
	}
	return commit, used, err
}

func (c *Checkouter) pause(ctx context.Context, d time.Duration) error {
	if c.Pause != nil {
		return c.Pause(ctx, d)
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}

func (c *Checkouter) log() *slog.Logger {
	if c.Log == nil {
		return slog.New(slog.DiscardHandler)
	}
	return c.Log
}

// existing describes a tree that is used where it is.
func (c *Checkouter) existing(ctx context.Context, dir string) (worker.Tree, error) {
	info, err := os.Stat(dir)
	if err != nil {
		return worker.Tree{}, fmt.Errorf("source tree: %w", err)
	}
	if !info.IsDir() {
		return worker.Tree{}, fmt.Errorf("source tree %q: not a directory", dir)
	}
	dir, err = filepath.Abs(dir)
	if err != nil {
		return worker.Tree{}, fmt.Errorf("source tree: %w", err)
	}
	tree := worker.Tree{Dir: dir}
	commit, err := c.Resolve(ctx, dir, "HEAD")
	if err != nil {
		if ctx.Err() != nil {
			return tree, err
		}
		return tree, nil // a directory that is no git tree, or has no commit, has none to name
	}
	tree.Commit = commit
	status, err := c.git(ctx, call{dir: dir, args: []string{"status", "--porcelain", "--untracked-files=normal"}})
	if err != nil {
		return worker.Tree{}, err
	}
	tree.Dirty = strings.TrimSpace(status) != ""
	return tree, nil
}

// Resolve is the full id of the commit that a revision, such as HEAD~1 or
// origin/master, names in an existing tree.
func (c *Checkouter) Resolve(ctx context.Context, dir, revision string) (string, error) {
	commit, err := c.git(ctx, call{dir: dir, args: []string{"rev-parse", "--verify", "--end-of-options", revision + "^{commit}"}})
	if err != nil {
		return "", fmt.Errorf("revision %q of %s: %w", revision, dir, err)
	}
	return commit, nil
}
