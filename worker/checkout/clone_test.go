package checkout_test

import (
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/checkout"
)

// clone is the only clone below a directory.
func clone(t *testing.T, clones string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(clones, "*.git"))
	if err != nil || len(found) != 1 {
		t.Fatalf("clones are %v, %v", found, err)
	}
	return found[0]
}

// damages are what killed fetches, full disks and lost power leave of a clone.
func damages() map[string]func(dir string) error {
	packs := func(dir, ext string, do func(path string) error) error {
		found, err := filepath.Glob(filepath.Join(dir, "objects", "pack", "*"+ext))
		if err == nil && len(found) == 0 {
			err = errors.New("there is no pack")
		}
		for _, path := range found {
			err = errors.Join(err, os.Chmod(path, 0o644), do(path))
		}
		return err
	}
	// What is in place is replaced, never written to: the trees have the same files.
	replace := func(path string, text []byte) error {
		return errors.Join(os.Remove(path), os.WriteFile(path, text, 0o444))
	}
	empty := func(name string) func(string) error {
		return func(dir string) error { return replace(filepath.Join(dir, name), nil) }
	}
	lock := func(name string) func(string) error {
		return func(dir string) error {
			path := filepath.Join(dir, name)
			return errors.Join(os.MkdirAll(filepath.Dir(path), 0o755), os.WriteFile(path, []byte("x"), 0o444))
		}
	}
	return map[string]func(dir string) error{
		"stale packed-refs.lock": lock("packed-refs.lock"),
		"stale HEAD.lock":        lock("HEAD.lock"),
		"stale config.lock":      lock("config.lock"),
		"stale shallow.lock":     lock("shallow.lock"),
		"stale lock of a branch": lock("refs/remotes/origin/master.lock"),
		"stale lock of a tag":    lock("refs/tags/v2.lock"),
		"unfinished pack":        lock("objects/pack/tmp_pack_x"),
		"unfinished gc":          lock("gc.pid"),
		"truncated packs": func(dir string) error {
			return packs(dir, ".pack", func(path string) error {
				text, err := os.ReadFile(path)
				return errors.Join(err, replace(path, text[:len(text)/2]))
			})
		},
		"garbled packs": func(dir string) error {
			return packs(dir, ".pack", func(path string) error {
				text, err := os.ReadFile(path)
				for i := 20; i < len(text)-20; i++ {
					text[i] ^= 0x55
				}
				return errors.Join(err, replace(path, text))
			})
		},
		"empty packs":    func(dir string) error { return packs(dir, ".pack", func(p string) error { return replace(p, nil) }) },
		"packs missing":  func(dir string) error { return packs(dir, ".pack", os.Remove) },
		"indexes gone":   func(dir string) error { return packs(dir, ".idx", os.Remove) },
		"empty indexes":  func(dir string) error { return packs(dir, ".idx", func(p string) error { return replace(p, nil) }) },
		"no objects":     func(dir string) error { return os.RemoveAll(filepath.Join(dir, "objects")) },
		"empty ref":      empty("refs/remotes/origin/master"),
		"empty HEAD":     empty("HEAD"),
		"garbled config": func(dir string) error { return replace(filepath.Join(dir, "config"), []byte("[core\x00")) },
		"no HEAD":        func(dir string) error { return os.Remove(filepath.Join(dir, "HEAD")) },
		"an empty directory": func(dir string) error {
			return errors.Join(os.RemoveAll(dir), os.Mkdir(dir, 0o755))
		},
		"a ref to nothing": func(dir string) error {
			return replace(filepath.Join(dir, "refs/remotes/origin/master"), []byte(strings.Repeat("12", 20)+"\n"))
		},
	}
}

// A clone that is broken is cleaned, or thrown away and made anew, within the
// same build.
func TestBrokenClone(t *testing.T) {
	repo := repository(t)
	whole := t.TempDir()
	c, _ := checkouter(t, whole)
	if _, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "change"}, newTree(t)); err != nil {
		t.Fatal(err)
	}
	for name, damage := range damages() {
		t.Run(name, func(t *testing.T) {
			clones := t.TempDir()
			if err := errors.Join(os.CopyFS(clones, os.DirFS(whole)), damage(clone(t, clones))); err != nil {
				t.Fatal(err)
			}
			c, p := checkouter(t, clones)
			var log strings.Builder
			c.Log = slog.New(slog.NewTextHandler(&log, nil))
			tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "master"}, newTree(t))
			if err != nil || len(p.waited) > 0 {
				t.Fatalf("got %v after %v; %s", err, p.waited, log.String())
			}
			git(t, tree.Dir, "fsck", "--full", "--strict")
			git(t, clone(t, clones), "fsck", "--full", "--strict")
			if n := strings.Count(log.String(), "making a clone"); n > 1 || strings.HasPrefix(name, "stale") && n > 0 {
				t.Errorf("it was made anew %d times: %s", n, log.String())
			}
			left, err := filepath.Glob(filepath.Join(clones, "*"))
			if err != nil || len(left) != 2 { // the clone and its lock
				t.Errorf("left are %v, %v", left, err)
			}
		})
	}
}

// A repository that is broken where it comes from is not the clone's fault: the
// clone is made anew once, and no more.
func TestBrokenOrigin(t *testing.T) {
	repo := repository(t)
	c, p := checkouter(t, t.TempDir())
	var log strings.Builder
	c.Log = slog.New(slog.NewTextHandler(&log, nil))
	if _, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "change"}, newTree(t)); err != nil {
		t.Fatal(err)
	}
	lost := git(t, repo, "rev-parse", commit(t, repo, "lost")+":file")
	if err := os.Remove(filepath.Join(repo, ".git", "objects", lost[:2], lost[2:])); err != nil {
		t.Fatal(err)
	}
	_, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "master"}, newTree(t))
	var failed *checkout.Error
	if !errors.As(err, &failed) || failed.Command != "fetch" || len(p.waited) != 3 {
		t.Errorf("got %v after %v", err, p.waited)
	}
	if n := strings.Count(log.String(), "making a clone"); n > 1 {
		t.Errorf("the clone was made anew %d times", n)
	}
}

// Builds that run side by side while a clone breaks again and again all get their
// trees, and earlier trees stay whole.
func TestConcurrentBuildsWithABreakingClone(t *testing.T) {
	repo := repository(t)
	clones := t.TempDir()
	first, _ := checkouter(t, clones)
	before, err := first.Checkout(t.Context(), worker.Source{URL: repo, Ref: "master"}, newTree(t))
	if err != nil {
		t.Fatal(err)
	}
	if err := damages()["truncated packs"](clone(t, clones)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for i := range 6 {
		dir := newTree(t)
		c, _ := checkouter(t, clones)
		wg.Go(func() {
			ref := []string{"change", "master", "v1"}[i%3]
			tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: ref}, dir)
			if err != nil {
				t.Error(err)
				return
			}
			if out, err := tryGit(t, tree.Dir, "fsck", "--full", "--strict"); err != nil {
				t.Errorf("%v: %s", err, out)
			}
		})
	}
	wg.Wait()
	git(t, before.Dir, "fsck", "--full", "--strict")
}

// Clones do not grow for ever: what builds fetched is forgotten after a while, and
// many small packs become one. Trees have what they have.
func TestClonesAreCleaned(t *testing.T) {
	repo := repository(t)
	clones := t.TempDir()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	c, _ := checkouter(t, clones)
	c.Now = func() time.Time { return now }
	c.Keep = 10 * 24 * time.Hour
	build := func(text string) worker.Tree {
		git(t, repo, "update-ref", "refs/changes/1/2/3", commit(t, repo, text))
		git(t, repo, "reset", "--quiet", "--hard", "HEAD~1")
		tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "refs/changes/1/2/3"}, newTree(t))
		if err != nil {
			t.Fatal(err)
		}
		return tree
	}
	kept := func() []string {
		return strings.Fields(git(t, clone(t, clones), "for-each-ref", "--format=%(refname:lstrip=3)", "refs/th/builds"))
	}
	first := build("first")
	now = now.AddDate(0, 0, 10)
	second := build("second")
	if got := kept(); len(got) != 2 || got[0] != "2026-03-01/"+first.Commit || got[1] != "2026-03-11/"+second.Commit {
		t.Errorf("after ten days: %v", got)
	}
	now = now.AddDate(0, 0, 1)
	third := build("third")
	if got := kept(); len(got) != 2 || got[0] != "2026-03-11/"+second.Commit || got[1] != "2026-03-12/"+third.Commit {
		t.Errorf("after eleven days: %v", got)
	}
	for i := range 51 {
		script := fmt.Sprintf("commit refs/heads/%[1]d\ncommitter x <x@example.com> %[1]d +0000\ndata 1\nx\n", i)
		gitReads(t, clone(t, clones), script, "-c", "fastimport.unpackLimit=0", "fast-import", "--quiet")
	}
	many := len(packs(t, clones))
	build("fourth")
	if few := len(packs(t, clones)); many < 51 || few > 2 {
		t.Errorf("%d packs became %d", many, few)
	}
	git(t, clone(t, clones), "fsck", "--full", "--strict")
	git(t, first.Dir, "fsck", "--full", "--strict")
}

// What a tree does to its own files does not reach the clone, and a clone on
// another file system gives copies.
func TestTreesAreOnTheirOwn(t *testing.T) {
	repo := repository(t)
	clones := t.TempDir()
	c, _ := checkouter(t, clones)
	tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "change"}, newTree(t))
	if err != nil {
		t.Fatal(err)
	}
	refs := git(t, clone(t, clones), "for-each-ref")
	git(t, tree.Dir, "commit", "--quiet", "--allow-empty", "-m", "own")
	git(t, tree.Dir, "tag", "own")
	git(t, tree.Dir, "remote", "remove", "origin")
	git(t, tree.Dir, "gc", "--quiet", "--prune=now", "--aggressive")
	if after := git(t, clone(t, clones), "for-each-ref"); after != refs {
		t.Errorf("the clone's refs are now %s", after)
	}
	git(t, clone(t, clones), "fsck", "--full", "--strict")
	if err := os.RemoveAll(clones); err != nil {
		t.Fatal(err)
	}
	git(t, tree.Dir, "fsck", "--full", "--strict")
	if _, err := os.Stat(filepath.Join(tree.Dir, ".git", "objects", "info", "alternates")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the tree needs other objects: %v", err)
	}
}
