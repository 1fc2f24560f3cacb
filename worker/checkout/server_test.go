package checkout_test

import (
	"context"
	"encoding/binary"
	"errors"
	"log/slog"
	"net/http"
	"net/http/cgi"
	"net/http/httptest"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// server gives the repositories below dir over HTTP, with git's own program.
type server struct {
	*httptest.Server
	mu       sync.Mutex
	requests []string
	// fault, when it is not nil, may answer a request in git's place.
	fault func(w http.ResponseWriter, r *http.Request) bool
}

func serve(t *testing.T, dir string) *server {
	t.Helper()
	backend := &cgi.Handler{
		Path: filepath.Join(git(t, "", "--exec-path"), "git-http-backend"),
		Env:  []string{"GIT_PROJECT_ROOT=" + dir, "GIT_HTTP_EXPORT_ALL=1", "GIT_CONFIG_GLOBAL=/dev/null"},
	}
	s := &server{}
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.requests = append(s.requests, r.URL.Path)
		fault := s.fault
		s.mu.Unlock()
		if fault == nil || !fault(w, r) {
			backend.ServeHTTP(w, r)
		}
	}))
	t.Cleanup(s.Close)
	return s
}

func (s *server) set(fault func(http.ResponseWriter, *http.Request) bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.fault, s.requests = fault, nil
}

// failing answers the first n requests with a status.
func failing(n, status int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		if n--; n < 0 {
			return false
		}
		w.WriteHeader(status)
		return true
	}
}

// hangingUp ends the first n answers in their midst.
func hangingUp(n int) func(http.ResponseWriter, *http.Request) bool {
	return func(w http.ResponseWriter, _ *http.Request) bool {
		if n--; n < 0 {
			return false
		}
		w.Header().Set("Content-Type", "application/x-git-upload-pack-advertisement")
		w.Header().Set("Content-Length", "100000")
		_, _ = w.Write([]byte("001e# service=git-upload-pack\n0000"))
		panic(http.ErrAbortHandler)
	}
}

func TestTriesAgain(t *testing.T) {
	repo := repository(t)
	s := serve(t, filepath.Dir(repo))
	for _, tc := range []struct {
		name   string
		fault  func(http.ResponseWriter, *http.Request) bool
		ref    string
		pauses int
		want   string // in the error; "" for none
	}{
		{"all is well", nil, "master", 0, ""},
		{"overloaded once", failing(1, 503), "master", 1, ""},
		{"overloaded three times", failing(3, 502), "master", 3, ""},
		{"overloaded for long", failing(99, 500), "master", 3, "500"},
		{"too many requests", failing(2, 429), "master", 2, ""},
		{"hangs up", hangingUp(2), "master", 2, ""},
		{"hangs up for long", hangingUp(99), "master", 3, ""},
		{"asks for a password", failing(99, 401), "master", 0, "could not read Username"},
		{"forbids", failing(99, 403), "master", 0, "403"},
		{"not there", failing(99, 404), "master", 0, "not found"},
		{"no such branch", nil, "nobody", 0, "nobody"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			s.set(tc.fault)
			c, p := checkouter(t, "")
			_, err := c.Checkout(t.Context(), worker.Source{URL: s.URL + "/repo", Ref: tc.ref}, newTree(t))
			if fails := tc.want != "" || strings.HasSuffix(tc.name, "for long"); (err != nil) != fails || fails && !strings.Contains(err.Error(), tc.want) {
				t.Errorf("got %v, want %q", err, tc.want)
			}
			if len(p.waited) != tc.pauses {
				t.Errorf("waited %v, want %d pauses", p.waited, tc.pauses)
			}
		})
	}
}

// Hints are for people: who may not, is told how to be let in.
func TestHintWhenRefused(t *testing.T) {
	s := serve(t, t.TempDir())
	s.set(failing(99, 401))
	c, _ := checkouter(t, "")
	_, err := c.Checkout(t.Context(), worker.Source{URL: s.URL + "/repo", Ref: "master"}, newTree(t))
	var hinted interface{ Hint() string }
	if !errors.As(err, &hinted) || !strings.Contains(hinted.Hint(), "credential helper") {
		t.Errorf("got %v", err)
	}
}

// A ref that Zuul announced may come late to a mirror; a name that a person wrote
// may not.
func TestRefComesLate(t *testing.T) {
	for _, tc := range []struct {
		name, ref string
		when      int // the pause in which it comes
		comes     bool
	}{
		{"Zuul's ref", "refs/zuul/master/Z1", 2, true},
		{"Zuul's ref, too late", "refs/zuul/master/Z1", 4, false},
		{"commit", "", 3, true},
		{"short name", "late", 1, false},
	} {
		t.Run(tc.name, func(t *testing.T) {
			repo := repository(t)
			s := serve(t, filepath.Dir(repo))
			// The commit is made elsewhere; pushing it here is what comes late.
			other := filepath.Join(t.TempDir(), "other")
			git(t, "", "clone", "--quiet", repo, other)
			id := commit(t, other, "late")
			ref, pushed := tc.ref, tc.ref
			if ref == "" {
				ref, pushed = id, "refs/heads/late"
			} else if !strings.HasPrefix(ref, "refs/") {
				pushed = "refs/heads/" + ref
			}
			c, p := checkouter(t, t.TempDir())
			p.then = func(n int) {
				if n == tc.when {
					git(t, other, "push", "--quiet", repo, "HEAD:"+pushed)
				}
			}
			tree, err := c.Checkout(t.Context(), worker.Source{URL: s.URL + "/repo", Ref: ref}, newTree(t))
			if (err == nil) != tc.comes || tc.comes && tree.Commit != id {
				t.Errorf("got %+v, %v", tree, err)
			}
		})
	}
}

// Zuul's merger has the change, the origin all else: from the merger comes only
// what is new. An origin that is down costs time, no build.
func TestOriginAndMerger(t *testing.T) {
	repo := repository(t)
	merger := filepath.Join(t.TempDir(), "merger")
	git(t, "", "clone", "--quiet", repo, merger)
	merged := commit(t, merger, "merged")
	git(t, merger, "update-ref", "refs/zuul/master/Z1", merged)
	git(t, merger, "tag", "merger-only")
	origin, zuul := serve(t, filepath.Dir(repo)), serve(t, filepath.Dir(merger))
	source := worker.Source{URL: zuul.URL + "/merger", Ref: "refs/zuul/master/Z1", Commit: merged, Origin: origin.URL + "/repo"}

	clones := t.TempDir()
	c, p := checkouter(t, clones)
	tree, err := c.Checkout(t.Context(), source, newTree(t))
	if err != nil || tree.Commit != merged {
		t.Fatalf("got %+v, %v", tree, err)
	}
	if tags := git(t, tree.Dir, "tag"); tags != "v1" {
		t.Errorf("tags are %q: want those of the origin", tags)
	}
	if got := git(t, tree.Dir, "log", "--format=%s", "origin/master.."); got != "merged" {
		t.Errorf("new is %q", got)
	}
	sizes := packs(t, clones)
	if len(sizes) != 2 || sizes[1] != 3 { // a commit, a tree, a blob
		t.Errorf("packs have %v objects: want many from the origin, and few from the merger", sizes)
	}

	for _, tc := range []struct {
		name  string
		fault func(http.ResponseWriter, *http.Request) bool
	}{{"down", failing(99, 503)}, {"moved away", failing(99, 404)}, {"hangs up", hangingUp(99)}} {
		for where, dir := range map[string]string{"a clone is there": clones, "nothing is there": t.TempDir(), "no clones": ""} {
			t.Run(tc.name+", "+where, func(t *testing.T) {
				origin.set(tc.fault)
				var log strings.Builder
				c, p := checkouter(t, dir)
				c.Log = slog.New(slog.NewTextHandler(&log, nil))
				tree, err := c.Checkout(t.Context(), source, newTree(t))
				if err != nil || tree.Commit != merged || len(p.waited) > 0 {
					t.Errorf("got %+v, %v after %v", tree, err, p.waited)
				}
				if !strings.Contains(log.String(), "origin is out of reach") {
					t.Errorf("nobody is told: %s", log.String())
				}
			})
		}
	}
	origin.set(failing(99, 503))
	zuul.set(failing(2, 503))
	if tree, err := c.Checkout(t.Context(), source, newTree(t)); err != nil || tree.Commit != merged || len(p.waited) != 2 {
		t.Errorf("both down for a while: got %+v, %v after %v", tree, err, p.waited)
	}
}

// packs counts the objects in each pack of the only clone, most first.
func packs(t *testing.T, clones string) []int {
	t.Helper()
	indexes, err := filepath.Glob(filepath.Join(clones, "*.git", "objects", "pack", "*.idx"))
	if err != nil {
		t.Fatal(err)
	}
	var sizes []int
	for _, index := range indexes {
		text, err := os.ReadFile(index)
		if err != nil {
			t.Fatal(err)
		}
		// gitformat-pack(5), version 2: the last of 256 counts is the number of objects.
		sizes = append(sizes, int(binary.BigEndian.Uint32(text[8+255*4:])))
	}
	slices.Sort(sizes)
	slices.Reverse(sizes)
	return sizes
}

// A password is not on a command line, where everybody can read it, not in the
// tree, not in the clone and not in an error; and it goes to its own host only.
func TestPasswords(t *testing.T) {
	const secret = "s3cret/%pw"
	repo := repository(t)
	s := serve(t, filepath.Dir(repo))
	seen := make(chan string, 100)
	s.set(func(w http.ResponseWriter, r *http.Request) bool {
		if user, password, ok := r.BasicAuth(); ok && user == "zuul" && password == secret {
			if found := commandLines(secret, "s3cret"); found != "" {
				seen <- found
			}
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	})
	url := strings.Replace(s.URL, "http://", "http://zuul:s3cret%2F%25pw@", 1)
	clones := t.TempDir()
	c, _ := checkouter(t, clones)
	tree, err := c.Checkout(t.Context(), worker.Source{URL: url + "/repo", Ref: "refs/changes/1/2/3", Origin: url + "/repo"}, newTree(t))
	if err != nil {
		t.Fatal(err)
	}
	close(seen)
	for line := range seen {
		t.Errorf("on a command line: %s", line)
	}
	for _, dir := range []string{tree.Dir, clones} {
		err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
			if err != nil || !e.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			if strings.Contains(string(text), "s3cret") || strings.Contains(path, "s3cret") {
				t.Errorf("in %s", path)
			}
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	for _, wrong := range []string{s.URL + "/not", "http://127.0.0.1:1"} {
		wrong = strings.Replace(wrong, "http://", "http://zuul:s3cret@", 1)
		_, err = c.Checkout(t.Context(), worker.Source{URL: wrong, Ref: "master"}, newTree(t))
		if err == nil || strings.Contains(err.Error(), "s3cret") {
			t.Errorf("got %v", err)
		}
	}
}

// commandLines finds a process with one of the words on its command line.
func commandLines(words ...string) string {
	paths, _ := filepath.Glob("/proc/[0-9]*/cmdline")
	for _, path := range paths {
		line, _ := os.ReadFile(path)
		for _, w := range words {
			if strings.Contains(string(line), w) {
				return strings.ReplaceAll(string(line), "\x00", " ")
			}
		}
	}
	return ""
}

// A server that says nothing is left after a while; a build that is cancelled
// ends at once, with all of git's processes.
func TestSilentServer(t *testing.T) {
	repo := repository(t)
	s := serve(t, filepath.Dir(repo))
	silent := make(chan struct{})
	asked := make(chan struct{}, 10)
	s.set(func(http.ResponseWriter, *http.Request) bool {
		asked <- struct{}{}
		<-silent
		return true
	})
	t.Cleanup(func() { close(silent) })

	c, p := checkouter(t, t.TempDir())
	c.Timeout = 200 * time.Millisecond
	_, err := c.Checkout(t.Context(), worker.Source{URL: s.URL + "/repo", Ref: "master"}, newTree(t))
	if err == nil || !strings.Contains(err.Error(), "timed out") || len(p.waited) != 3 {
		t.Errorf("got %v after %v", err, p.waited)
	}
	for len(asked) > 0 {
		<-asked
	}

	c, _ = checkouter(t, t.TempDir())
	ctx, cancel := context.WithCancelCause(t.Context())
	stopped := errors.New("stopped")
	go func() {
		<-asked
		cancel(stopped)
	}()
	if _, err := c.Checkout(ctx, worker.Source{URL: s.URL + "/repo", Ref: "master"}, newTree(t)); !errors.Is(err, stopped) {
		t.Errorf("got %v", err)
	}
	if line := commandLines(s.URL); line != "" {
		t.Errorf("still runs: %s", line)
	}
}
