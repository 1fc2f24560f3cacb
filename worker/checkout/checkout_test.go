package checkout_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/checkout"
)

// repository makes a git repository with two commits on master, one on the
// branch change and a ref refs/changes/1/2/3, and returns its path.
func repository(t *testing.T) string {
	t.Helper()
	var script strings.Builder
	for i, ref := range []string{"refs/heads/master", "refs/heads/master", "refs/heads/change"} {
		fmt.Fprintf(&script, "commit %s\nmark :%d\ncommitter x <x@example.com> %d +0000\ndata 1\n%d\n", ref, i+1, 1e9+i, i+1)
		if i == 2 {
			script.WriteString("from :2\n")
		}
		script.WriteString(entry("644", "file", fmt.Sprint(i+1)))
	}
	script.WriteString("tag v1\nfrom :2\ntagger x <x@example.com> 1000000009 +0000\ndata 1\nx\nreset refs/changes/1/2/3\nfrom :3\n\n")
	dir := filepath.Join(t.TempDir(), "repo")
	imported(t, dir, script.String())
	git(t, dir, "reset", "--quiet", "--hard")
	return dir
}

// imported makes a repository from what git fast-import reads.
func imported(t *testing.T, dir, script string) {
	t.Helper()
	git(t, "", "init", "--quiet", "--initial-branch=master", dir)
	gitReads(t, dir, script, "fast-import", "--quiet")
}

// entry is a file of a commit, for git fast-import; a submodule's text is its
// commit's id.
func entry(mode, name, text string) string {
	if mode == "160000" {
		return fmt.Sprintf("M 160000 %s %s\n", text, name)
	}
	return fmt.Sprintf("M %s inline %s\ndata %d\n%s\n", mode, name, len(text), text)
}

// onMaster is a commit on master that has these entries.
func onMaster(entries ...string) string {
	return "commit refs/heads/master\ncommitter x <x@example.com> 1000000000 +0000\ndata 1\nx\n" + strings.Join(entries, "")
}

// commit commits a file and returns the commit's id.
func commit(t *testing.T, dir, text string) string {
	t.Helper()
	write(t, filepath.Join(dir, "file"), text)
	git(t, dir, "add", "file")
	git(t, dir, "commit", "--quiet", "-m", text)
	return git(t, dir, "rev-parse", "HEAD")
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// git runs the real git, as whoever makes repositories.
func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	out, err := tryGit(t, dir, args...)
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return out
}

func gitReads(t *testing.T, dir, input string, args ...string) string {
	t.Helper()
	out, err := runGit(t, dir, input, args)
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return out
}

func tryGit(t *testing.T, dir string, args ...string) (string, error) {
	t.Helper()
	return runGit(t, dir, "", args)
}

func runGit(t *testing.T, dir, input string, args []string) (string, error) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{
		"-c", "user.name=x", "-c", "user.email=x@example.com", "-c", "protocol.file.allow=always",
	}, args...)...)
	cmd.Dir, cmd.Env, cmd.Stdin = dir, environ(), strings.NewReader(input)
	out, err := cmd.CombinedOutput()
	return strings.TrimSpace(string(out)), err
}

// environ keeps the settings of whoever runs the tests out of them.
func environ(more ...string) []string {
	return append(append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null"), more...)
}

// checkouter is one that does not wait between tries; it counts them.
func checkouter(t *testing.T, clones string) (*checkout.Checkouter, *pauses) {
	t.Helper()
	p := &pauses{}
	return &checkout.Checkouter{Env: environ(), CloneDir: clones, Pause: p.pause, Now: time.Now}, p
}

// pauses are how long was waited between tries.
type pauses struct {
	then   func(n int) // what happens meanwhile; may be nil
	waited []time.Duration
}

func (p *pauses) pause(_ context.Context, d time.Duration) error {
	p.waited = append(p.waited, d)
	if p.then != nil {
		p.then(len(p.waited))
	}
	return nil
}

// file is what a tree's file has.
func file(t *testing.T, tree worker.Tree, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(tree.Dir, name))
	if err != nil {
		t.Error(err)
	}
	return string(text)
}

func newTree(t *testing.T) string {
	t.Helper()
	return filepath.Join(t.TempDir(), "build", "tree")
}

func TestCheckout(t *testing.T) {
	repo := repository(t)
	first := git(t, repo, "rev-parse", "master~1")
	for _, tc := range []struct{ ref, want string }{
		{"HEAD", "2"},
		{"master", "2"},
		{"change", "3"},
		{"v1", "2"},
		{"refs/tags/v1", "2"},
		{"refs/heads/change", "3"},
		{"refs/changes/1/2/3", "3"},
		{first, "1"},
		{first[:8], "1"},
	} {
		for name, clones := range map[string]string{"alone": "", "shared": t.TempDir()} {
			t.Run(tc.ref+" "+name, func(t *testing.T) {
				c, _ := checkouter(t, clones)
				dir := newTree(t)
				tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: tc.ref}, dir)
				if err != nil {
					t.Fatal(err)
				}
				if got := file(t, tree, "file"); got != tc.want || tree.Dir != dir {
					t.Errorf("%+v: file has %q; want %q", tree, got, tc.want)
				}
				if head := git(t, dir, "rev-parse", "HEAD"); head != tree.Commit || tree.Dirty {
					t.Errorf("tree is at %s, got %+v", head, tree)
				}
				if status := git(t, dir, "status", "--porcelain", "--ignored"); status != "" {
					t.Errorf("tree is not clean: %s", status)
				}
			})
		}
	}
}

// What a change's own tools look at is there: the classic branch, the tags from
// which versions are made, and the branches that it is compared with.
func TestWhatATreeHas(t *testing.T) {
	repo := repository(t)
	for name, clones := range map[string]string{"alone": "", "shared": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			c, _ := checkouter(t, clones)
			tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "refs/changes/1/2/3"}, newTree(t))
			if err != nil {
				t.Fatal(err)
			}
			for _, tc := range []struct {
				args []string
				want string
			}{
				{[]string{"symbolic-ref", "--short", "HEAD"}, "working"},
				{[]string{"describe"}, "v1-1-g" + tree.Commit[:7]},
				{[]string{"log", "--format=%s", "origin/master.."}, "3"},
				{[]string{"log", "--format=%s"}, "3\n2\n1"},
				{[]string{"config", "remote.origin.url"}, repo},
				{[]string{"fsck", "--full", "--strict"}, ""},
			} {
				if got := git(t, tree.Dir, tc.args...); got != tc.want {
					t.Errorf("git %v: %q, want %q", tc.args, got, tc.want)
				}
			}
		})
	}
}

func TestCommitThatWasAnnounced(t *testing.T) {
	repo := repository(t)
	is := git(t, repo, "rev-parse", "change")
	c, p := checkouter(t, t.TempDir())
	if _, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "refs/changes/1/2/3", Commit: is}, newTree(t)); err != nil {
		t.Error(err)
	}
	announced := git(t, repo, "rev-parse", "master")
	dir := newTree(t)
	_, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "refs/changes/1/2/3", Commit: announced}, dir)
	var other *checkout.CommitError
	if !errors.As(err, &other) || other.Want != announced || other.Got != is ||
		!strings.Contains(err.Error(), announced) || !strings.Contains(err.Error(), is) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) || len(p.waited) > 0 {
		t.Errorf("after %d tries there is a tree: %v", len(p.waited), err)
	}
	for _, bad := range []string{"master", is[:39], is + "0", "--upload-pack=x"} {
		if _, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "change", Commit: bad}, newTree(t)); err == nil {
			t.Errorf("commit %q passes", bad)
		}
	}
}

// What is asked for and not there is said, and not tried again where nothing can
// be late. Nothing is left behind.
func TestMissing(t *testing.T) {
	repo := repository(t)
	for _, tc := range []struct {
		name, url, ref, want string
		is                   error
	}{
		{"branch", repo, "nobody", "couldn't find remote ref nobody", checkout.ErrNoRef},
		{"ref", repo, "refs/zuul/master/Z1", "couldn't find remote ref refs/zuul/master/Z1", checkout.ErrNoRef},
		{"commit", repo, "0123456789abcdef0123456789abcdef01234567", "0123456", checkout.ErrNoRef},
		{"short commit", repo, "0123456", "0123456", checkout.ErrNoRef},
		{"repository", repo + "-not", "master", "does not", nil},
	} {
		for name, clones := range map[string]string{"alone": "", "shared": t.TempDir()} {
			t.Run(tc.name+" "+name, func(t *testing.T) {
				c, p := checkouter(t, clones)
				dir := newTree(t)
				_, err := c.Checkout(t.Context(), worker.Source{URL: tc.url, Ref: tc.ref}, dir)
				var gitErr *checkout.Error
				if !errors.As(err, &gitErr) || !strings.Contains(err.Error(), tc.want) || tc.is != nil && !errors.Is(err, tc.is) {
					t.Errorf("got %v, want an error with %q", err, tc.want)
				}
				if len(p.waited) > 0 {
					t.Errorf("tried again after %v", p.waited)
				}
				if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
					t.Errorf("there is a tree: %v", err)
				}
			})
		}
	}
}

// Refs and URLs that would mislead git do not reach it: there is none here.
func TestHostileSources(t *testing.T) {
	c := &checkout.Checkouter{Env: []string{"PATH=" + t.TempDir()}}
	good := worker.Source{URL: "https://example.com/p/nova", Ref: "master"}
	_, err := c.Checkout(t.Context(), good, newTree(t))
	if !errors.Is(err, exec.ErrNotFound) || !strings.Contains(err.Error(), "install git") {
		t.Errorf("a good source: %v", err)
	}
	for _, tc := range []struct {
		name string
		s    worker.Source
	}{
		{"option as ref", worker.Source{URL: good.URL, Ref: "--upload-pack=x"}},
		{"refspec as ref", worker.Source{URL: good.URL, Ref: "+master:refs/heads/x"}},
		{"option as URL", worker.Source{URL: "--upload-pack=x", Ref: "master"}},
		{"program as URL", worker.Source{URL: "ext::sh -c id", Ref: "master"}},
		{"program as origin", worker.Source{URL: good.URL, Ref: "master", Origin: "ext::sh -c id"}},
		{"project that climbs", worker.Source{URL: "https://example.com/p/../../secret", Ref: "master"}},
		{"project that climbs, escaped", worker.Source{URL: "https://example.com/p/%2E%2e/%2e./secret", Ref: "master"}},
		{"project that climbs, slash escaped", worker.Source{URL: "https://example.com/p/x%2f..%2fsecret", Ref: "master"}},
		{"project that climbs, ssh", worker.Source{URL: "zuul@example.com:../secret", Ref: "master"}},
		{"project that climbs, here", worker.Source{URL: "/srv/git/../../etc", Ref: "master"}},
		{"origin that climbs", worker.Source{URL: good.URL, Ref: "master", Origin: "/srv/git/.."}},
		{"nothing", worker.Source{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := newTree(t)
			if _, err := c.Checkout(t.Context(), tc.s, dir); err == nil || errors.Is(err, exec.ErrNotFound) {
				t.Errorf("got %v", err)
			}
			if _, err := os.Stat(filepath.Dir(dir)); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("something was made: %v", err)
			}
		})
	}
}

// A tree is made in a place of its own, or not at all.
func TestPlaceOfTheTree(t *testing.T) {
	repo := repository(t)
	c, _ := checkouter(t, "")
	taken := t.TempDir()
	write(t, filepath.Join(taken, "mine"), "x")
	link := filepath.Join(t.TempDir(), "link")
	if err := os.Symlink(filepath.Join(t.TempDir(), "target"), link); err != nil {
		t.Fatal(err)
	}
	for _, dir := range []string{taken, link, "relative"} {
		if _, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "master"}, dir); err == nil {
			t.Errorf("%s: no error", dir)
		}
	}
	if _, err := os.Stat(filepath.Join(taken, "mine")); err != nil {
		t.Error(err)
	}
}

func TestConcurrentBuildsShareAClone(t *testing.T) {
	repo := repository(t)
	clones := t.TempDir()
	var wg sync.WaitGroup
	for i := range 8 {
		dir := newTree(t)
		c, _ := checkouter(t, clones)
		wg.Go(func() {
			tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: []string{"change", "master"}[i%2]}, dir)
			if err != nil {
				t.Error(err)
				return
			}
			if got, want := file(t, tree, "file"), []string{"3", "2"}[i%2]; got != want {
				t.Errorf("file has %q, want %q", got, want)
			}
		})
	}
	wg.Wait()
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c, _ := checkouter(t, "")
	dir := newTree(t)
	_, err := c.Checkout(ctx, worker.Source{URL: repository(t), Ref: "master"}, dir)
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if _, err := os.Stat(dir); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("there is a tree: %v", err)
	}
}

func TestExistingTree(t *testing.T) {
	repo := repository(t)
	c, _ := checkouter(t, "")
	tree, err := c.Checkout(t.Context(), worker.Source{Dir: repo}, "/unused")
	if err != nil || tree.Dir != repo || tree.Dirty || tree.Commit != git(t, repo, "rev-parse", "HEAD") {
		t.Errorf("clean: got %+v, %v", tree, err)
	}
	write(t, filepath.Join(repo, "new"), "")
	if tree, err = c.Checkout(t.Context(), worker.Source{Dir: repo}, "/unused"); err != nil || !tree.Dirty {
		t.Errorf("with a new file: got %+v, %v", tree, err)
	}
	plain := t.TempDir()
	if tree, err = c.Checkout(t.Context(), worker.Source{Dir: plain}, "/unused"); err != nil || tree.Commit != "" || tree.Dir != plain {
		t.Errorf("no git tree: got %+v, %v", tree, err)
	}
	if _, err = c.Checkout(t.Context(), worker.Source{Dir: plain + "/not"}, "/unused"); err == nil {
		t.Error("a tree that does not exist: no error")
	}
}

// The base of an existing tree is another commit of it: first its id is found,
// then it is checked out.
func TestBaseOfAnExistingTree(t *testing.T) {
	repo := repository(t)
	git(t, repo, "checkout", "--quiet", "--detach", "change")
	commit(t, repo, "only here")
	c, _ := checkouter(t, t.TempDir())
	for revision, want := range map[string]string{"HEAD": "only here", "HEAD~1": "3", "master": "2", "v1^{}~1": "1"} {
		id, err := c.Resolve(t.Context(), repo, revision)
		if err != nil {
			t.Fatal(err)
		}
		tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: id, Commit: id}, newTree(t))
		if err != nil || file(t, tree, "file") != want {
			t.Errorf("%s: %+v, %v", revision, tree, err)
		}
	}
	for _, revision := range []string{"nobody", "--all", ""} {
		if id, err := c.Resolve(t.Context(), repo, revision); err == nil {
			t.Errorf("%q is %s", revision, id)
		}
	}
}

// Variables of a git hook, from which somebody runs the worker, do not lead git
// elsewhere.
func TestOperatorsEnvironment(t *testing.T) {
	repo, elsewhere := repository(t), repository(t)
	c, _ := checkouter(t, t.TempDir())
	c.Env = environ("GIT_DIR="+elsewhere+"/.git", "GIT_WORK_TREE="+elsewhere, "GIT_INDEX_FILE="+elsewhere+"/.git/index",
		"GIT_CONFIG_PARAMETERS='core.bare=true'", "GIT_CONFIG_COUNT=1", "GIT_CONFIG_KEY_0=url."+repo+".insteadOf", "GIT_CONFIG_VALUE_0=https://example.com/x")
	tree, err := c.Checkout(t.Context(), worker.Source{URL: "https://example.com/x", Ref: "change"}, newTree(t))
	if err != nil || file(t, tree, "file") != "3" {
		t.Errorf("got %+v, %v", tree, err)
	}
	if status := git(t, elsewhere, "status", "--porcelain"); status != "" {
		t.Errorf("the other repository has changed: %s", status)
	}
}
