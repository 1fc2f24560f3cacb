package environment_test

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/environment"
)

// What the tree is to blame for is an outcome, at the first try.
func TestTreesFault(t *testing.T) {
	t.Parallel()
	x := newIndex(t).add(t, "alpha", "1.0", "beta==1").add(t, "beta", "1.0").add(t, "beta", "2.0")
	interpreter := quick(t)
	for _, tc := range []struct {
		name    string
		install []string
		tree    map[string]string
		want    string // in ToolError
		tail    string // in the last lines
	}{
		{"no such package", []string{"gamma"}, nil, "ERROR: Could not find a version that satisfies the requirement gamma (from versions: none)", "No matching distribution"},
		{"contradiction", []string{"alpha", "beta==2"}, nil, "ERROR: Cannot install alpha", "ResolutionImpossible"},
		{"no such file", []string{"-r", "requirements.txt"}, nil, "ERROR: Could not open requirements file", ""},
		{
			"wrong hash",
			[]string{"--require-hashes", "-r", "r.txt"},
			map[string]string{"r.txt": "beta==1.0 --hash=sha256:" + strings.Repeat("00", 32) + "\n"},
			"ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "",
		},
		{"nothing to build", []string{"."}, nil, "ERROR: Directory '.' is not installable", ""},
		{
			"build fails",
			[]string{"."},
			project(`print("ERROR: HTTPConnectionPool(x): Connection refused")` + "\nraise RuntimeError('no frobnicator')"),
			"RuntimeError: no frobnicator", "no frobnicator",
		},
		{
			"build needs what does not exist",
			[]string{"."},
			map[string]string{"pyproject.toml": "[build-system]\nrequires = [\"gamma\"]\nbuild-backend = \"x\"\n"},
			"ERROR: Could not find a version that satisfies the requirement gamma", "",
		},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			b := newBench(t, worker.Environment{Python: &worker.Python{
				Interpreter: interpreter, Install: tc.install, IndexURL: x.url(),
			}, Command: shell("echo not reached")}, tc.tree)
			prepared, err := b.Prepare(t.Context(), b.p)
			o := prepared.Outcome
			if err != nil || o.Succeeded() || o.ExitCode == 0 || len(prepared.PathDirs) > 0 || len(b.waited) > 0 {
				t.Fatalf("got %+v, %v after %v\n%s", prepared, err, b.waited, b.log(t))
			}
			if !strings.HasPrefix(o.ToolError, tc.want) || !strings.Contains(strings.Join(o.Tail, "\n"), tc.tail) {
				t.Errorf("the tool's error is %q, want %q; tail %q", o.ToolError, tc.want, o.Tail)
			}
			if strings.Contains(b.log(t), "not reached") {
				t.Error("the command ran all the same")
			}
		})
	}
}

// What the index, the network or the machine is to blame for is never the tree's
// fault, also where pip says that there is no such package.
func TestTrouble(t *testing.T) {
	t.Parallel()
	interpreter := quick(t)
	drop := func(http.ResponseWriter, *http.Request) bool { panic(http.ErrAbortHandler) }
	for _, tc := range []struct {
		name    string
		fault   func(http.ResponseWriter, *http.Request) bool
		install []string
		tree    map[string]string
		want    string // in the error
		hint    string
	}{
		{"index overloaded", failing(999, 503, ""), []string{"alpha"}, nil, "503", ""},
		{"index behind a broken gateway", failing(999, 502, ""), []string{"alpha"}, nil, "502", ""},
		{"a file is missing", failing(999, 503, "/files"), []string{"alpha"}, nil, "503", ""},
		{"index hangs up", drop, []string{"alpha"}, nil, "Connection aborted", ""},
		{"index knows nobody", failing(999, 401, ""), []string{"alpha"}, nil, "401", "account"},
		{"requirements elsewhere", failing(999, 503, "/r.txt"), []string{"-r", "URL/r.txt"}, nil, "503", ""},
		{
			"what a build needs", failing(999, 503, ""),
			[]string{"."},
			map[string]string{"pyproject.toml": "[build-system]\nrequires = [\"alpha\"]\nbuild-backend = \"x\"\n"},
			"503", "",
		},
		{"nobody listens", nil, []string{"--index-url", "http://127.0.0.1:1/simple", "alpha"}, nil, "refused", ""},
		{"pip is killed", nil, []string{"."}, project("os.kill(os.getppid(), 9)"), "ended by a signal (killed)", ""},
		{"disk full", nil, []string{"."}, project("raise OSError(28, 'No space left on device')"), "No space left on device", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			x := newIndex(t).add(t, "alpha", "1.0", "beta").add(t, "beta", "1.0")
			x.fault = tc.fault
			var args []string
			for _, a := range tc.install {
				args = append(args, strings.ReplaceAll(a, "URL", x.URL))
			}
			b := newBench(t, worker.Environment{Python: &worker.Python{Interpreter: interpreter, Install: args, IndexURL: x.url()}}, tc.tree)
			b.Tries = 1
			prepared, err := b.Prepare(t.Context(), b.p)
			var trouble *environment.Error
			if !errors.As(err, &trouble) || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %+v, %v\n%s", prepared, err, b.log(t))
			}
			if !strings.Contains(trouble.Hint(), tc.hint) || (tc.hint == "") != (trouble.Hint() == "") {
				t.Errorf("the hint is %q", trouble.Hint())
			}
		})
	}
}

// Trouble that passes is no trouble.
func TestTroublePasses(t *testing.T) {
	t.Parallel()
	interpreter := quick(t)
	for _, tc := range []struct {
		name   string
		fault  func(http.ResponseWriter, *http.Request) bool
		tries  int
		pauses int
		want   error
	}{
		{"within the second question", failing(1, 503, "/simple"), 0, 0, nil},
		{"before the third try", failing(2, 503, "/files"), 0, 2, nil},
		{"after the last try", failing(2, 503, "/files"), 2, 1, &environment.Error{}},
		{"but not by waiting", failing(99, 401, "/simple"), 0, 0, &environment.Error{}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			x := newIndex(t).add(t, "alpha", "1.0")
			x.fault = tc.fault
			b := newBench(t, worker.Environment{Python: &worker.Python{
				Interpreter: interpreter, Install: []string{"alpha"}, IndexURL: x.url(),
			}}, nil)
			b.Tries = tc.tries
			prepared, err := b.Prepare(t.Context(), b.p)
			if (err != nil) != (tc.want != nil) || len(b.waited) != tc.pauses || err == nil && !prepared.Outcome.Succeeded() {
				t.Errorf("got %+v, %v after %v\n%s", prepared, err, b.waited, b.log(t))
			}
		})
	}
}

func TestCacheIsUsed(t *testing.T) {
	t.Parallel()
	x := newIndex(t).add(t, "alpha", "1.0")
	cache := filepath.Join(t.TempDir(), "shared", "cache")
	interpreter := quick(t)
	for i := range 2 {
		b := newBench(t, worker.Environment{Python: &worker.Python{
			Interpreter: interpreter, Install: []string{"--trusted-host", "127.0.0.1", "alpha"}, IndexURL: x.url(), CacheDir: cache,
		}}, nil)
		if prepared, err := b.Prepare(t.Context(), b.p); err != nil || !prepared.Outcome.Succeeded() {
			t.Fatalf("got %+v, %v", prepared, err)
		}
		if got := x.asked("/files/"); got != 1 {
			t.Errorf("build %d: %d files were fetched", i, got)
		}
		if _, err := os.Stat(filepath.Join(b.p.Dir, "cache")); !errors.Is(err, os.ErrNotExist) {
			t.Errorf("there is a cache of the build's own: %v", err)
		}
	}
}

func TestNoPython(t *testing.T) {
	ensurepip := filepath.Join(t.TempDir(), "python")
	text := "#!/bin/sh\necho 'The virtual environment was not created successfully because ensurepip is not available.'\nexit 1\n"
	if err := os.WriteFile(ensurepip, []byte(text), 0o755); err != nil {
		t.Fatal(err)
	}
	module := filepath.Join(t.TempDir(), "python")
	if err := os.WriteFile(module, []byte("#!/bin/sh\necho \"$0: No module named venv\"\nexit 1\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct{ name, interpreter, want, hint string }{
		{"no such program", "python9", "python9", "apt-get install python3-venv"},
		{"no such path", "/no/such/python", "/no/such/python", "apt-get install python3-venv"},
		{"of the tree", "bin/python", "absolute path", ""},
		{"no ensurepip", ensurepip, "ensurepip is not available", "apt-get install python3-venv"},
		{"no venv", module, "No module named venv", "apt-get install python3-venv"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t, worker.Environment{Python: &worker.Python{Interpreter: tc.interpreter}}, map[string]string{"bin/python": "#!/bin/sh\n"})
			_, err := b.Prepare(t.Context(), b.p)
			var trouble *environment.Error
			if !errors.As(err, &trouble) || !strings.Contains(err.Error(), tc.want) {
				t.Fatalf("got %v", err)
			}
			if !strings.Contains(trouble.Hint(), tc.hint) {
				t.Errorf("the hint is %q", trouble.Hint())
			}
		})
	}
}

func TestSystemSitePackages(t *testing.T) {
	for _, seen := range []bool{false, true} {
		b := newBench(t, worker.Environment{Python: &worker.Python{Interpreter: filepath.Join(t.TempDir(), "python"), SystemSitePackages: seen}}, nil)
		args := filepath.Join(t.TempDir(), "args")
		if err := os.WriteFile(b.p.Build.Environment.Python.Interpreter, []byte("#!/bin/sh\necho \"$*\" > "+args+"\n"), 0o755); err != nil {
			t.Fatal(err)
		}
		if _, err := b.Prepare(t.Context(), b.p); err != nil {
			t.Fatal(err)
		}
		want := "-I -m venv " + map[bool]string{true: "--system-site-packages "}[seen] + b.p.Dir + "/venv\n"
		if got, err := os.ReadFile(args); string(got) != want {
			t.Errorf("got %q, %v; want %q", got, err, want)
		}
	}
}

// The password of an index is on no command line, in no log, outcome or error;
// also when a build prints its environment.
func TestSecrets(t *testing.T) {
	t.Parallel()
	const secret = "p/w s3cret"
	x := newIndex(t).add(t, "alpha", "1.0")
	var found sync.Map
	x.fault = func(w http.ResponseWriter, r *http.Request) bool {
		if paths, err := filepath.Glob("/proc/[0-9]*/cmdline"); err == nil {
			for _, path := range paths {
				if line, err := os.ReadFile(path); err == nil && strings.Contains(string(line), "s3cret") {
					found.Store(strings.ReplaceAll(string(line), "\x00", " "), true)
				}
			}
		}
		if _, password, ok := r.BasicAuth(); ok && password == secret {
			return false
		}
		w.Header().Set("WWW-Authenticate", `Basic realm="x"`)
		w.WriteHeader(http.StatusUnauthorized)
		return true
	}
	url := strings.Replace(x.url(), "http://", "http://ci:p%2Fw%20s3cret@", 1)
	interpreter := quick(t)
	build := project(`print(os.environ["PIP_INDEX_URL"], "` + secret + `", "s" + "` + strings.Repeat("x", 100) + `", flush=True)`)
	for _, tc := range []struct {
		name, url string
		tree      map[string]string
		install   []string
	}{
		{"not let in", strings.Replace(url, "s3cret", "s3cret2", 1), nil, []string{"alpha"}},
		{"build prints it and fails", url, project(`raise RuntimeError(os.environ["PIP_INDEX_URL"] + " ` + secret + `")`), []string{"."}},
		{"build prints it", url, build, []string{"-v", "."}},
		{"in an argument", url, nil, []string{"--no-index", "--find-links", url, "alpha"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			b := newBench(t, worker.Environment{
				Python:  &worker.Python{Interpreter: interpreter, Install: tc.install, IndexURL: tc.url},
				Command: worker.Command{Argv: []string{"sh", "-c", "env; exit 1"}, Text: "PIP_INDEX_URL=" + tc.url + " env"},
			}, tc.tree)
			prepared, err := b.Prepare(t.Context(), b.p)
			all := fmt.Sprintf("%+v %v %s", prepared, err, b.log(t))
			if strings.Contains(all, "s3cret") {
				t.Errorf("told: %s", all)
			}
		})
	}
	found.Range(func(line, _ any) bool {
		if !strings.Contains(line.(string), "--find-links") { // what an operator writes among pip's arguments stays there
			t.Errorf("on a command line: %s", line)
		}
		return true
	})
}

// pip that takes too long is the tree's fault, unless it waited for the network.
func TestTooLong(t *testing.T) {
	t.Parallel()
	interpreter := quick(t)
	t.Run("build", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, worker.Environment{Python: &worker.Python{Interpreter: interpreter, Install: []string{"--no-index", "."}}}, project("import time; time.sleep(600)"))
		b.Timeout = 4 * time.Second
		prepared, err := b.Prepare(t.Context(), b.p)
		if err != nil || !prepared.Outcome.TimedOut || prepared.Outcome.Timeout != b.Timeout || prepared.Outcome.Succeeded() {
			t.Errorf("got %+v, %v", prepared, err)
		}
	})
	t.Run("index", func(t *testing.T) {
		t.Parallel()
		b := newBench(t, worker.Environment{Python: &worker.Python{
			Interpreter: interpreter, Install: []string{"--retries", "9", "--index-url", "http://127.0.0.1:1/simple", "alpha"},
		}}, nil)
		b.Timeout, b.Tries = 4*time.Second, 1
		if prepared, err := b.Prepare(t.Context(), b.p); err == nil || !strings.Contains(err.Error(), "Retrying") {
			t.Errorf("got %+v, %v", prepared, err)
		}
	})
}
