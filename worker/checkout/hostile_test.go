package checkout_test

import (
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// TestNothingOfTheOperatorRuns: hooks, templates and filters that the operator's
// own git configuration has are not run by what stands in a tree.
func TestNothingOfTheOperatorRuns(t *testing.T) {
	repo := repository(t)
	write(t, filepath.Join(repo, ".gitattributes"), "*.bin filter=lfs diff=lfs merge=lfs -text\n*.txt filter=evil\n*.c filter=one.two\n")
	write(t, filepath.Join(repo, "big.bin"), "version https://git-lfs.github.com/spec/v1\n")
	write(t, filepath.Join(repo, "a.txt"), "a")
	write(t, filepath.Join(repo, "a.c"), "c")
	git(t, repo, "add", ".")
	git(t, repo, "commit", "--quiet", "-m", "filters")

	home := t.TempDir()
	ran := filepath.Join(home, "ran")
	program := filepath.Join(home, "hooks", "post-checkout")
	write(t, program, "#!/bin/sh\necho \"$0 $*\" >> "+ran+"\ncat\n")
	for _, name := range []string{"reference-transaction", "post-merge", "fsmonitor"} {
		write(t, filepath.Join(home, "hooks", name), "#!/bin/sh\necho $0 >> "+ran+"\n")
	}
	write(t, filepath.Join(home, "template", "hooks", "post-checkout"), "#!/bin/sh\necho template >> "+ran+"\n")
	for _, dir := range []string{"hooks", "template/hooks"} {
		files, err := os.ReadDir(filepath.Join(home, dir))
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range files {
			if err := os.Chmod(filepath.Join(home, dir, f.Name()), 0o755); err != nil {
				t.Fatal(err)
			}
		}
	}
	config := filepath.Join(home, "config")
	write(t, config, `
[core]
	hooksPath = `+home+`/hooks
	fsmonitor = `+home+`/hooks/fsmonitor
[init]
	templateDir = `+home+`/template
[submodule]
	recurse = true
[filter "lfs"]
	smudge = `+program+` smudge %f
	process = `+program+` process
	required = true
[filter "evil"]
	smudge = `+program+`
[filter "one.two"]
	smudge = `+program+`
	required
`)
	// What the tree brings along is data: git reads none of it as configuration.
	write(t, filepath.Join(repo, "hooks", "post-checkout"), "#!/bin/sh\necho tree >> "+ran+"\n")
	write(t, filepath.Join(repo, ".gitconfig"), "[core]\n\thooksPath = hooks\n")
	git(t, repo, "add", ".")
	git(t, repo, "commit", "--quiet", "-m", "hooks")

	for name, clones := range map[string]string{"alone": "", "shared": t.TempDir()} {
		t.Run(name, func(t *testing.T) {
			c, _ := checkouter(t, clones)
			c.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+config, "GIT_CONFIG_SYSTEM=/dev/null", "GIT_TEMPLATE_DIR="+home+"/template")
			tree, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "master"}, newTree(t))
			if err != nil {
				t.Fatal(err)
			}
			if text, err := os.ReadFile(ran); !errors.Is(err, fs.ErrNotExist) {
				t.Errorf("ran: %s %v", text, err)
			}
			for file, want := range map[string]string{"big.bin": "version https://git-lfs.github.com/spec/v1\n", "a.txt": "a", "a.c": "c"} {
				if got, err := os.ReadFile(filepath.Join(tree.Dir, file)); string(got) != want {
					t.Errorf("%s is %q, %v", file, got, err)
				}
			}
		})
	}
	// The test can fail: git itself runs them.
	plain := filepath.Join(t.TempDir(), "plain")
	_, _ = tryGit(t, "", "-c", "include.path="+config, "clone", "--quiet", repo, plain)
	if _, err := os.Stat(ran); err != nil {
		t.Errorf("git ran nothing either: %v", err)
	}
}

// withSubmodules makes the repositories super, which has sub, which has subsub,
// below root.
func withSubmodules(t *testing.T, root string, url func(name string) string) {
	t.Helper()
	last, id := "", ""
	for _, name := range []string{"subsub", "sub", "super"} {
		dir := filepath.Join(root, name)
		entries := []string{entry("644", "file", name)}
		if last != "" {
			entries = append(entries, entry("160000", "modules/"+last, id),
				entry("644", ".gitmodules", "[submodule \"x\"]\n\tpath = modules/"+last+"\n\turl = "+url(last)+"\n"))
		}
		imported(t, dir, onMaster(entries...))
		last, id = name, git(t, dir, "rev-parse", "HEAD")
	}
}

func TestSubmodules(t *testing.T) {
	relative := func(_, _, name string) string { return "../" + name }
	here := func(root, _, name string) string { return filepath.Join(root, name) }
	fileURL := func(root, _, name string) string { return "file://" + filepath.Join(root, name) }
	absolute := func(_, server, name string) string { return server + "/" + name }
	for _, tc := range []struct {
		name     string
		url      func(root, server, name string) string // of the submodules
		from, of func(root, server, name string) string // the superproject's URL and its origin
		ok       bool
	}{
		{"relative, here", relative, here, here, true},
		{"relative, over HTTP", relative, absolute, absolute, true},
		{"absolute, over HTTP", absolute, absolute, absolute, true},
		{"absolute, from here", absolute, here, here, true},
		{"a directory of this machine, here", here, here, fileURL, true},
		// A server's tree must not reach what lies on this machine.
		{"a directory of this machine, over HTTP", here, absolute, absolute, false},
		{"a file URL, over HTTP", fileURL, absolute, here, false},
		{"a file URL, from here, the origin over HTTP", fileURL, here, absolute, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			root := t.TempDir()
			server := serve(t, root).URL
			withSubmodules(t, root, func(name string) string { return tc.url(root, server, name) })
			c, p := checkouter(t, t.TempDir())
			dir := newTree(t)
			source := worker.Source{URL: tc.from(root, server, "super"), Origin: tc.of(root, server, "super"), Ref: "master"}
			tree, err := c.Checkout(t.Context(), source, dir)
			if (err == nil) != tc.ok {
				t.Fatalf("got %v", err)
			}
			if !tc.ok {
				if len(p.waited) > 0 || !strings.Contains(err.Error(), "transport 'file' not allowed") {
					t.Errorf("got %v after %v", err, p.waited)
				}
				return
			}
			if got := file(t, tree, "modules/sub/modules/subsub/file"); got != "subsub" {
				t.Errorf("the inner submodule has %q", got)
			}
			if status := git(t, dir, "status", "--porcelain"); status != "" {
				t.Errorf("tree is not clean: %s", status)
			}
		})
	}
}

// A submodule's server may be down for a while, as any other.
func TestSubmoduleTriedAgain(t *testing.T) {
	root := t.TempDir()
	s := serve(t, root)
	withSubmodules(t, root, func(name string) string { return s.URL + "/" + name })
	failures := 0
	s.set(func(w http.ResponseWriter, r *http.Request) bool {
		if !strings.Contains(r.URL.Path, "subsub") || failures == 4 { // git itself tries a submodule twice
			return false
		}
		failures++
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	c, p := checkouter(t, t.TempDir())
	tree, err := c.Checkout(t.Context(), worker.Source{URL: filepath.Join(root, "super"), Ref: "master"}, newTree(t))
	if err != nil || file(t, tree, "modules/sub/modules/subsub/file") != "subsub" || len(p.waited) == 0 {
		t.Errorf("got %v after %v", err, p.waited)
	}
}

// Hostile trees: nothing runs, and nothing is written outside the tree or into
// git's own directory. An error is as good as a tree without the mischief.
func TestHostileTrees(t *testing.T) {
	outside := t.TempDir()
	canary := filepath.Join(outside, "canary")
	module := func(name, path, url, more string) string {
		return "[submodule \"" + name + "\"]\n\tpath = " + path + "\n\turl = " + url + "\n" + more
	}
	touch := "touch " + canary
	sub := filepath.Join(t.TempDir(), "sub")
	imported(t, sub, onMaster(entry("755", "hooks/post-checkout", "#!/bin/sh\n"+touch+"\n"), entry("755", "post-checkout", "#!/bin/sh\n"+touch+"\n")))
	id := git(t, sub, "rev-parse", "HEAD")
	for _, tc := range []struct {
		name, modules string
		links         map[string]string // symbolic links of the tree
		path          string            // of the submodule in the tree; "" is sub
	}{
		{name: "option as URL", modules: module("sub", "sub", "--upload-pack="+touch, "")},
		{name: "option as URL, quoted", modules: module("sub", "sub", "\"-u./x\"", "")},
		{name: "option as path", modules: module("sub", "--upload-pack="+touch, "REPO", "")},
		{name: "program as URL", modules: module("sub", "sub", "\"ext::sh -c '"+touch+"'\"", "")},
		{name: "ssh option", modules: module("sub", "sub", "ssh://-oProxyCommand="+strings.ReplaceAll(touch, " ", "%20")+"/x", "")},
		{name: "ssh option, short", modules: module("sub", "sub", "\"-oProxyCommand="+touch+":x\"", "")},
		{name: "newline in the URL", modules: module("sub", "sub", "\"https://example.com/\\nhost=evil\"", "")},
		{name: "program as update", modules: module("sub", "sub", "REPO", "\tupdate = !"+touch+"\n")},
		{name: "name that climbs", modules: module("../../../x", "sub", "REPO", "")},
		{name: "name into hooks", modules: module("../hooks", "sub", "REPO", "")},
		{name: "path that climbs", modules: module("sub", "../../x", "REPO", "")},
		{name: "path into .git", modules: module("sub", ".git/hooks", "REPO", "")},
		{name: "path through a link", modules: module("sub", "link/sub", "REPO", ""), links: map[string]string{"link": outside}},
		{name: "link to .git", modules: module("sub", "link/sub", "REPO", ""), links: map[string]string{"link": ".git"}},
		{name: "carriage return in the path", modules: module("sub", "\"sub\\r\"", "REPO", "")},
		{name: "fetch options", modules: module("sub", "sub", "REPO", "\tfetchRecurseSubmodules = true\n\tbranch = --upload-pack=x\n\tshallow = true\n")},
		{name: "settings", modules: module("sub", "sub", "REPO", "") + "[core]\n\tfsmonitor = " + touch + "\n\tsshCommand = " + touch + "\n[alias]\n\tx = !" + touch + "\n"},
		{name: "a link out of the tree", links: map[string]string{"link": outside, "dir/link": "/etc"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			repo := filepath.Join(t.TempDir(), "repo")
			entries := []string{entry("644", "file", "x"), entry("160000", "sub", id)}
			if tc.modules != "" {
				entries = append(entries, entry("644", ".gitmodules", strings.ReplaceAll(tc.modules, "REPO", sub)))
			}
			for link, to := range tc.links {
				entries = append(entries, entry("120000", link, to))
			}
			imported(t, repo, onMaster(entries...))

			c, p := checkouter(t, t.TempDir())
			dir := newTree(t)
			_, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "master"}, dir)
			if len(p.waited) > 0 {
				t.Errorf("tried again after %v: %v", p.waited, err)
			}
			if _, err := os.Stat(canary); !errors.Is(err, fs.ErrNotExist) {
				t.Error("something ran")
			}
			if made, err := os.ReadDir(outside); len(made) > 0 || err != nil {
				t.Errorf("outside is %v, %v", made, err)
			}
			beside, rerr := os.ReadDir(filepath.Dir(dir))
			if rerr != nil || len(beside) > 1 {
				t.Errorf("beside the tree is %v, %v", beside, rerr)
			}
			if err == nil {
				if hooks, err := os.ReadDir(filepath.Join(dir, ".git", "hooks")); len(hooks) > 0 {
					t.Errorf("hooks are %v, %v", hooks, err)
				}
			}
		})
	}
}

// Trees that only a hostile program makes. What would land in git's own directory
// is refused; nothing lands behind a link.
func TestForgedTrees(t *testing.T) {
	outside := t.TempDir()
	repo, sub := repository(t), repository(t)
	for _, tc := range []struct {
		name    string
		refused bool
		entries func(blob, link, config, module string) []string // of the tree, as git mktree has them
	}{
		{".git", true, func(_, _, config, _ string) []string { return []string{"040000 tree " + config + "\t.git"} }},
		{".GIT", true, func(_, _, config, _ string) []string { return []string{"040000 tree " + config + "\t.GIT"} }},
		{"git~1", true, func(_, _, config, _ string) []string { return []string{"040000 tree " + config + "\tgit~1"} }},
		{"invisible", true, func(_, _, config, _ string) []string { return []string{"040000 tree " + config + "\t.g\u200cit"} }},
		{"parent", true, func(_, _, config, _ string) []string { return []string{"040000 tree " + config + "\t.."} }},
		{"a link as .gitmodules", true, func(_, link, _, _ string) []string { return []string{"120000 blob " + link + "\t.gitmodules"} }},
		{"a file behind a link", false, func(_, link, config, _ string) []string {
			return []string{"120000 blob " + link + "\tx", "040000 tree " + config + "\tx"}
		}},
		{"a submodule behind a link", false, func(blob, link, _, module string) []string {
			return []string{"100644 blob " + blob + "\t.gitmodules", "120000 blob " + link + "\tx", "040000 tree " + module + "\tx"}
		}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			modules := filepath.Join(t.TempDir(), "modules")
			write(t, modules, "[submodule \"x\"]\n\tpath = x/sub\n\turl = "+sub+"\n")
			target := filepath.Join(t.TempDir(), "target")
			write(t, target, outside)
			blob, link := git(t, repo, "hash-object", "-w", modules), git(t, repo, "hash-object", "-w", target)
			config := mktree(t, repo, "100644 blob "+blob+"\tconfig")
			module := mktree(t, repo, "160000 commit "+git(t, sub, "rev-parse", "HEAD")+"\tsub")
			id := git(t, repo, "commit-tree", "-m", "x", mktree(t, repo, tc.entries(blob, link, config, module)...))
			git(t, repo, "update-ref", "refs/heads/hostile", id)
			c, p := checkouter(t, t.TempDir())
			dir := newTree(t)
			_, err := c.Checkout(t.Context(), worker.Source{URL: repo, Ref: "hostile"}, dir)
			if tc.refused && err == nil || len(p.waited) > 0 {
				t.Errorf("got %v after %v", err, p.waited)
			}
			if left, rerr := os.ReadDir(filepath.Dir(dir)); err != nil && len(left) > 0 {
				t.Errorf("left are %v, %v", left, rerr)
			}
			if left, err := os.ReadDir(outside); len(left) > 0 || err != nil {
				t.Errorf("outside are %v, %v", left, err)
			}
		})
	}
}

// mktree makes a tree of lines as git ls-tree prints them.
func mktree(t *testing.T, repo string, lines ...string) string {
	t.Helper()
	return gitReads(t, repo, strings.Join(lines, "\n")+"\n", "mktree", "--missing")
}
