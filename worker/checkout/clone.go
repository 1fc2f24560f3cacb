package checkout

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/turbo-hipster/turbo-hipster/internal/filelock"
)

// buildRefs is where a clone keeps what builds fetched: DAY/COMMIT, so that the
// next build of the change fetches nothing, and old ones can be told.
const buildRefs = "refs/th/builds/"

// defaultKeep is how long: a change is seldom tested again after longer without
// being uploaded again.
const defaultKeep = 14 * 24 * time.Hour

// digest names something in a file name.
func digest(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:8])
}

func (c *Checkouter) cloneDir(w *wanted) string {
	return filepath.Join(c.CloneDir, cloneName(w.Origin))
}

// fetchShared fetches into the repository's clone, one build at a time, and
// gives the tree's repository the objects and refs of the clone. used is the
// clone as it was found; it is thrown away first when it is discard.
func (c *Checkouter) fetchShared(ctx context.Context, w *wanted, tree string, discard fs.FileInfo) (_ string, used fs.FileInfo, err error) {
	clone := c.cloneDir(w)
	if err := os.MkdirAll(c.CloneDir, 0o755); err != nil {
		return "", nil, fmt.Errorf("make the directory for clones: %w", err)
	}
	lock, err := filelock.Wait(ctx, clone+".lock")
	if err != nil {
		return "", nil, err
	}
	defer func() { err = errors.Join(err, lock.Release()) }()
	if used, err = openClone(clone, discard); err != nil {
		return "", nil, fmt.Errorf("clean the clone: %w", err)
	}
	if err := os.MkdirAll(clone, 0o755); err != nil {
		return "", nil, fmt.Errorf("make the clone's directory: %w", err)
	}
	if _, err := c.git(ctx, call{dir: clone, args: []string{"init", "--quiet", "--bare"}}); err != nil {
		return "", used, err
	}
	commit, err := c.fetch(ctx, w, clone)
	if err != nil {
		return "", used, err
	}
	if _, err := c.git(ctx, call{dir: clone, args: []string{"update-ref", buildRefs + c.day() + "/" + commit, commit}}); err != nil {
		return "", used, err
	}
	return commit, used, c.share(ctx, clone, tree)
}

// share gives the tree's repository the clone's objects and refs. The objects are
// links to the same files, which git never changes, so that the tree stays whole
// when the clone is cleaned, packed anew or thrown away.
func (c *Checkouter) share(ctx context.Context, clone, tree string) error {
	if err := linkObjects(ctx, filepath.Join(clone, "objects"), filepath.Join(tree, ".git", "objects")); err != nil {
		return fmt.Errorf("share the clone's objects: %w", err)
	}
	refs, err := c.git(ctx, call{dir: clone, args: []string{"for-each-ref", "--format=create %(refname) %(objectname)", "refs/remotes/origin", "refs/tags"}})
	if err != nil || refs == "" {
		return err
	}
	_, err = c.git(ctx, call{dir: tree, args: []string{"update-ref", "--stdin"}, stdin: strings.NewReader(refs + "\n")})
	return err
}

// openClone prepares the clone's directory for git, while it is locked: it is
// thrown away if it is discard, and cleared of what killed processes left in it.
// It returns nil when there is none.
func openClone(clone string, discard fs.FileInfo) (fs.FileInfo, error) {
	trash := clone + ".discarded"
	if err := os.RemoveAll(trash); err != nil {
		return nil, err
	}
	info, err := os.Lstat(clone)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil //nolint:nilnil // none is an answer
	case err != nil:
		return nil, err
	case discard != nil && os.SameFile(info, discard): // another build may have done so already
		if err := os.Rename(clone, trash); err != nil {
			return nil, err
		}
		return nil, os.RemoveAll(trash)
	}
	return info, sweepClone(clone)
}

// sweepClone removes locks and unfinished packs: whoever made them is gone, since
// the clone's own lock is ours.
func sweepClone(clone string) error {
	return filepath.WalkDir(clone, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := entry.Name()
		switch {
		case entry.IsDir() && len(name) == 2 && filepath.Base(filepath.Dir(path)) == "objects":
			return fs.SkipDir // loose objects, many
		case entry.IsDir() && strings.HasPrefix(name, "tmp_objdir-"):
			if err := os.RemoveAll(path); err != nil {
				return err
			}
			return fs.SkipDir
		case entry.IsDir():
			return nil
		case strings.HasSuffix(name, ".lock"), strings.HasPrefix(name, "tmp_"), strings.HasPrefix(name, ".tmp-"), name == "gc.pid":
			return os.Remove(path)
		}
		return nil
	})
}

// maintain removes what is older than Keep from the clone and lets git pack it
// when git finds that due. It does nothing while another build uses the clone,
// and what it cannot do is no trouble of the build's.
func (c *Checkouter) maintain(ctx context.Context, clone string) {
	lock, err := filelock.Try(clone + ".lock")
	if err != nil {
		return // the next build does it
	}
	err = c.forget(ctx, clone)
	if err == nil {
		_, err = c.git(ctx, call{
			dir: clone, args: []string{"gc", "--auto", "--quiet"},
			// 50 packs: what a build links is then at most 150 files.
			config: []setting{{"gc.auto", "6700"}, {"gc.autoPackLimit", "50"}},
		})
	}
	if err = errors.Join(err, lock.Release()); err != nil && ctx.Err() == nil {
		c.log().Warn("a clone was not cleaned", "clone", clone, "err", err)
	}
}

// forget removes the refs of builds that are older than Keep.
func (c *Checkouter) forget(ctx context.Context, clone string) error {
	if c.Now == nil {
		return nil
	}
	keep := c.Keep
	if keep == 0 {
		keep = defaultKeep
	}
	oldest := c.Now().Add(-keep).UTC().Format(time.DateOnly)
	refs, err := c.git(ctx, call{dir: clone, args: []string{"for-each-ref", "--format=%(refname)", buildRefs}})
	if err != nil {
		return err
	}
	var remove strings.Builder
	for ref := range strings.FieldsSeq(refs) {
		if day, _, ok := strings.Cut(strings.TrimPrefix(ref, buildRefs), "/"); !ok || day < oldest {
			fmt.Fprintf(&remove, "delete %s\n", ref)
		}
	}
	if remove.Len() == 0 {
		return nil
	}
	_, err = c.git(ctx, call{dir: clone, args: []string{"update-ref", "--stdin"}, stdin: strings.NewReader(remove.String())})
	return err
}

// day is today; without a clock, one that never grows old.
func (c *Checkouter) day() string {
	if c.Now == nil {
		return "undated"
	}
	return c.Now().UTC().Format(time.DateOnly)
}
