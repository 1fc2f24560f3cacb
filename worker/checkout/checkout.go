package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// Checkouter gets trees with the git command. It is safe for concurrent use.
type Checkouter struct {
	// Env is git's environment, such as PATH, HOME and SSH_AUTH_SOCK: where it
	// finds its programs and the operator's credentials.
	Env []string
	// CloneDir holds a bare clone of each repository, shared by builds; "" keeps
	// none.
	CloneDir string
}

// Checkout makes the tree that has the change in dir, which must not exist; an
// existing tree is used where it is. A ref that does not exist, or a repository
// out of reach, is an error of type *Error.
func (c *Checkouter) Checkout(ctx context.Context, s worker.Source, dir string) (worker.Tree, error) {
	if s.Dir != "" {
		return c.existing(ctx, s.Dir)
	}
	if err := worker.CheckURL(s.URL); err != nil {
		return worker.Tree{}, err
	}
	if err := worker.CheckRef(s.Ref); err != nil {
		return worker.Tree{}, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return worker.Tree{}, fmt.Errorf("make the tree's directory: %w", err)
	}
	commit, err := c.fresh(ctx, s, dir)
	if err != nil {
		return worker.Tree{}, fmt.Errorf("ref %q of %s: %w", s.Ref, worker.RedactURL(s.URL), err)
	}
	return worker.Tree{Dir: dir, Commit: commit}, nil
}

// fresh makes a new repository in dir at the wanted commit.
func (c *Checkouter) fresh(ctx context.Context, s worker.Source, dir string) (commit string, err error) {
	if _, err := c.git(ctx, dir, nil, "init", "--quiet"); err != nil {
		return "", err
	}
	if c.CloneDir == "" {
		commit, err = c.fetch(ctx, dir, s)
	} else {
		commit, err = c.fetchShared(ctx, dir, s)
	}
	if err != nil {
		return "", err
	}
	_, err = c.git(ctx, dir, nil, "checkout", "--quiet", "--detach", commit)
	return commit, err
}

// fetch gets the ref into the repository in dir and returns its commit. A commit
// that the server does not give by its id is looked for in all branches and tags.
func (c *Checkouter) fetch(ctx context.Context, dir string, s worker.Source) (string, error) {
	secrets := map[string]string{s.URL: worker.RedactURL(s.URL)}
	_, err := c.git(ctx, dir, secrets, "fetch", "--quiet", "--no-tags", "--no-write-commit-graph", "--", s.URL, s.Ref)
	if err == nil {
		return c.git(ctx, dir, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", "FETCH_HEAD^{commit}")
	}
	if ctx.Err() != nil || !isCommit(s.Ref) {
		return "", err
	}
	_, ferr := c.git(ctx, dir, secrets, "fetch", "--quiet", "--", s.URL, "+refs/heads/*:refs/th/heads/*", "+refs/tags/*:refs/tags/*")
	if ferr != nil {
		return "", ferr
	}
	commit, rerr := c.git(ctx, dir, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", s.Ref+"^{commit}")
	if rerr != nil {
		return "", err // the first answer says best what is missing
	}
	return commit, nil
}

// fetchShared fetches into the repository's clone, one build at a time, and lets
// the repository in dir use the clone's objects.
func (c *Checkouter) fetchShared(ctx context.Context, dir string, s worker.Source) (string, error) {
	sum := sha256.Sum256([]byte(s.URL))
	clone := filepath.Join(c.CloneDir, hex.EncodeToString(sum[:8])+".git")
	if err := os.MkdirAll(c.CloneDir, 0o755); err != nil {
		return "", fmt.Errorf("make the directory for clones: %w", err)
	}
	unlock, err := lock(ctx, clone+".lock")
	if err != nil {
		return "", err
	}
	defer unlock()
	if err := os.MkdirAll(clone, 0o755); err != nil {
		return "", fmt.Errorf("make the clone's directory: %w", err)
	}
	if _, err := c.git(ctx, clone, nil, "init", "--quiet", "--bare"); err != nil {
		return "", err
	}
	commit, err := c.fetch(ctx, clone, s)
	if err != nil {
		return "", err
	}
	// A ref keeps the commit from being swept when somebody cleans the clone.
	if _, err := c.git(ctx, clone, nil, "update-ref", "refs/th/builds/"+commit, commit); err != nil {
		return "", err
	}
	alternates := filepath.Join(dir, ".git", "objects", "info", "alternates")
	if err := os.WriteFile(alternates, []byte(filepath.Join(clone, "objects")+"\n"), 0o644); err != nil {
		return "", fmt.Errorf("share the clone's objects: %w", err)
	}
	return commit, nil
}

// lock takes the lock file at path, waiting for it in steps until ctx is done.
func lock(ctx context.Context, path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o644)
	if err != nil {
		return nil, fmt.Errorf("lock the clone: %w", err)
	}
	if err := waitLock(ctx, int(f.Fd())); err != nil {
		return nil, errors.Join(fmt.Errorf("lock the clone: %w", err), f.Close())
	}
	return func() { _ = f.Close() }, nil // closing lets go of the lock
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
	commit, err := c.git(ctx, dir, nil, "rev-parse", "--verify", "--quiet", "HEAD^{commit}")
	if err != nil {
		return tree, notGit(ctx) // a directory that is no git tree, or has no commit, has none to name
	}
	tree.Commit = commit
	status, err := c.git(ctx, dir, nil, "status", "--porcelain", "--untracked-files=normal")
	if err != nil {
		return worker.Tree{}, err
	}
	tree.Dirty = strings.TrimSpace(status) != ""
	return tree, nil
}

// notGit is the error of a directory without a commit: only a cancellation.
func notGit(ctx context.Context) error {
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return nil
}

// isCommit tells whether ref can only be a commit's id.
func isCommit(ref string) bool { return regexp.MustCompile(`^[0-9a-f]{7,64}$`).MatchString(ref) }
