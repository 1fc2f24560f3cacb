package checkout_test

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/checkout"
)

// repository makes a git repository with two commits on master, one on the
// branch change and a ref refs/changes/1/2/3, and returns its path.
func repository(t *testing.T) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "repo")
	git(t, "", "init", "--quiet", "--initial-branch=master", dir)
	commit(t, dir, "1")
	commit(t, dir, "2")
	git(t, dir, "tag", "-a", "-m", "x", "v1")
	git(t, dir, "checkout", "--quiet", "-b", "change")
	commit(t, dir, "3")
	git(t, dir, "update-ref", "refs/changes/1/2/3", "HEAD")
	git(t, dir, "checkout", "--quiet", "master")
	return dir
}

func commit(t *testing.T, dir, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, "file"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	git(t, dir, "add", "file")
	git(t, dir, "commit", "--quiet", "-m", text)
}

func git(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), "git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com"}, args...)...)
	cmd.Dir = dir
	cmd.Env = environ()
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("git %v: %v\n%s", args, err, out)
	}
	return strings.TrimSpace(string(out))
}

// environ keeps the settings of whoever runs the tests out of them.
func environ() []string {
	return append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
}

func TestCheckout(t *testing.T) {
	repo := repository(t)
	first := git(t, repo, "rev-parse", "master~1")
	for _, tc := range []struct{ ref, want string }{
		{"HEAD", "2"},
		{"master", "2"},
		{"change", "3"},
		{"v1", "2"},
		{"refs/heads/change", "3"},
		{"refs/changes/1/2/3", "3"},
		{first, "1"},
		{first[:8], "1"},
	} {
		for _, clones := range []string{"", t.TempDir()} {
			t.Run(tc.ref+map[bool]string{true: " alone", false: " shared"}[clones == ""], func(t *testing.T) {
				c := &checkout.Checkouter{Env: environ(), CloneDir: clones}
				dir := filepath.Join(t.TempDir(), "tree")
				tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: tc.ref}, dir)
				if err != nil {
					t.Fatal(err)
				}
				got, err := os.ReadFile(filepath.Join(dir, "file"))
				if err != nil || string(got) != tc.want {
					t.Errorf("file has %q, %v; want %q", got, err, tc.want)
				}
				if head := git(t, dir, "rev-parse", "HEAD"); head != tree.Commit || tree.Dirty {
					t.Errorf("tree is at %s, got %+v", head, tree)
				}
			})
		}
	}
}

func TestConcurrentBuildsShareAClone(t *testing.T) {
	repo := repository(t)
	c := &checkout.Checkouter{Env: environ(), CloneDir: t.TempDir()}
	var wg sync.WaitGroup
	for range 6 {
		dir := filepath.Join(t.TempDir(), "tree")
		wg.Go(func() {
			if _, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "change"}, dir); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
}

func TestMissing(t *testing.T) {
	repo := repository(t)
	for _, tc := range []struct{ name, url, ref, want string }{
		{"ref", repo, "nobody", "couldn't find remote ref nobody"},
		{"commit", repo, "0123456789abcdef0123456789abcdef01234567", "0123456"},
		{"repository", repo + "-not", "master", "does not"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c := &checkout.Checkouter{Env: environ()}
			_, err := c.Checkout(t.Context(), worker.Source{URL: tc.url, Ref: tc.ref}, filepath.Join(t.TempDir(), "tree"))
			var gitErr *checkout.Error
			if !errors.As(err, &gitErr) || !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want an error with %q", err, tc.want)
			}
		})
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	c := &checkout.Checkouter{Env: environ()}
	_, err := c.Checkout(ctx, worker.Source{URL: repository(t), Ref: "master"}, filepath.Join(t.TempDir(), "tree"))
	if !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

func TestPasswordsOfURLs(t *testing.T) {
	if got := worker.RedactURL("https://user:secret@example.com/x"); got != "https://example.com/x" {
		t.Errorf("got %s", got)
	}
	c := &checkout.Checkouter{Env: environ()}
	_, err := c.Checkout(t.Context(), worker.Source{URL: "http://user:secret@127.0.0.1:1/x", Ref: "master"}, filepath.Join(t.TempDir(), "tree"))
	if err == nil || strings.Contains(err.Error(), "secret") {
		t.Errorf("got %v", err)
	}
}

func TestExistingTree(t *testing.T) {
	repo := repository(t)
	c := &checkout.Checkouter{Env: environ()}
	tree, err := c.Checkout(t.Context(), worker.Source{Dir: repo}, "/unused")
	if err != nil || tree.Dir != repo || tree.Dirty || tree.Commit != git(t, repo, "rev-parse", "HEAD") {
		t.Errorf("clean: got %+v, %v", tree, err)
	}
	if err := os.WriteFile(filepath.Join(repo, "new"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
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
