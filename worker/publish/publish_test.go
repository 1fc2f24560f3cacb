package publish_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/worker/publish"
)

// quick is an interval for tests that wait for what a stream does; idle one for
// those that only look at its beginning and its end.
const (
	quick = 2 * time.Millisecond
	idle  = time.Hour
)

// write makes files below dir; names that end in '/' are directories.
func write(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if strings.HasSuffix(name, "/") {
			if err := os.MkdirAll(path, 0o700); err != nil {
				t.Fatal(err)
			}
			continue
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func add(t *testing.T, path, text string) {
	t.Helper()
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_APPEND|os.O_CREATE, 0o600)
	if err == nil {
		_, err = f.WriteString(text)
	}
	if err = errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
}

// replace puts a file in place at once, as reports are written.
func replace(t *testing.T, path, text string) {
	t.Helper()
	next := filepath.Join(filepath.Dir(path), ".next")
	if err := os.WriteFile(next, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(next, path); err != nil {
		t.Fatal(err)
	}
}

// tree is what lies below a directory: the text of files, "/" for directories, and
// the kind of anything else. The stream's own list is left out.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	found := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		name, rerr := filepath.Rel(dir, path)
		switch {
		case err != nil || rerr != nil:
			return errors.Join(err, rerr)
		case name == "." || e.Name() == ".published":
		case e.IsDir():
			found[name] = "/"
		case e.Type().IsRegular():
			text, err := os.ReadFile(path)
			found[name] = string(text)
			return err
		default:
			found[name] = e.Type().String()
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
	return found
}

// equal checks that a directory has exactly these files.
func equal(t *testing.T, dir string, want map[string]string) {
	t.Helper()
	got := tree(t, dir)
	for name, text := range want {
		if has, ok := got[name]; !ok || has != text {
			t.Errorf("%s: has %.100q (%v), want %.100q", name, has, ok, text)
		}
		delete(got, name)
	}
	for name := range got {
		t.Errorf("%s is there as well", name)
	}
}

func start(t *testing.T, l *publish.Local, source, logPath string) *publish.Stream {
	t.Helper()
	s, err := l.Start(t.Context(), source, logPath)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func finish(t *testing.T, s *publish.Stream) {
	t.Helper()
	if err := s.Close(t.Context()); err != nil {
		t.Error(err)
	}
}

// eventually waits until something holds.
func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for range 5000 {
		if holds() {
			return
		}
		time.Sleep(quick)
	}
	t.Errorf("never: %s", what)
}

func has(path, text string) func() bool {
	return func() bool {
		got, err := os.ReadFile(path)
		return err == nil && string(got) == text
	}
}

// TestWhileItRuns follows a build: pages and logs are seen as they come.
func TestWhileItRuns(t *testing.T) {
	source, dir := t.TempDir(), filepath.Join(t.TempDir(), "made")
	write(t, source, map[string]string{"index.html": "running", "a.log": "1\n"})
	l := &publish.Local{Dir: dir, Interval: quick}
	s := start(t, l, source, "15/65615/7/check/job/abc1234")
	target := filepath.Join(dir, "15/65615/7/check/job/abc1234")
	equal(t, target, map[string]string{"index.html": "running", "a.log": "1\n"}) // at once

	add(t, filepath.Join(source, "a.log"), "2\n")
	write(t, source, map[string]string{"sub/b.log": "b\n", "report.json": "{}"})
	eventually(t, "the log grows", has(target+"/a.log", "1\n2\n"))
	eventually(t, "new files come", has(target+"/sub/b.log", "b\n"))
	eventually(t, "new pages come", has(target+"/report.json", "{}"))

	write(t, source, map[string]string{"index.html": "longer page", "a.log": "anew\n"})
	eventually(t, "a page changes", has(target+"/index.html", "longer page"))
	eventually(t, "a log begins anew", has(target+"/a.log", "anew\n"))
	replace(t, filepath.Join(source, "index.html"), "page")
	eventually(t, "a page is replaced", has(target+"/index.html", "page"))

	if err := os.Remove(filepath.Join(source, "report.json")); err != nil {
		t.Fatal(err)
	}
	add(t, filepath.Join(source, "a.log"), "the end\n")
	finish(t, s)
	equal(t, target, map[string]string{"index.html": "page", "a.log": "anew\nthe end\n", "sub": "/", "sub/b.log": "b\n"})
}

// Readers never see half a page, and what they see of a log is its beginning.
func TestReadersSeeWholePages(t *testing.T) {
	source, dir := t.TempDir(), t.TempDir()
	page := func(i int) string { return strings.Repeat(fmt.Sprintf("%08d", i), 20000) }
	write(t, source, map[string]string{"page.html": page(0), "a.log": ""})
	s := start(t, &publish.Local{Dir: dir, Interval: quick}, source, "x")
	done := make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		for {
			select {
			case <-done:
				return
			default:
			}
			text, err := os.ReadFile(filepath.Join(dir, "x", "page.html"))
			if err != nil || len(text) != len(page(0)) || !bytes.Equal(text[:8], text[len(text)-8:]) {
				t.Errorf("a reader sees %d bytes, %v", len(text), err)
			}
			log, err := os.ReadFile(filepath.Join(dir, "x", "a.log"))
			if err != nil || strings.Trim(string(log), "line\n") != "" {
				t.Errorf("a reader sees %q, %v", log, err)
			}
		}
	})
	for i := range 50 {
		replace(t, filepath.Join(source, "page.html"), page(i))
		add(t, filepath.Join(source, "a.log"), "line\n")
		time.Sleep(quick)
	}
	close(done)
	wg.Wait()
	finish(t, s)
	equal(t, filepath.Join(dir, "x"), map[string]string{"page.html": page(49), "a.log": strings.Repeat("line\n", 50)})
}

// The end is equal to the source whatever happened meanwhile.
func TestEndIsEqual(t *testing.T) {
	big := strings.Repeat("0123456789abcdef", 3<<16) // 3 MiB: several blocks
	for _, tc := range []struct {
		name          string
		before, after map[string]string
		then          func(t *testing.T, source, target string)
		want          map[string]string
	}{
		{"nothing", nil, nil, nil, map[string]string{}},
		{"an empty directory", map[string]string{"d/": "", "e/f/": ""}, nil, nil, map[string]string{"d": "/", "e": "/", "e/f": "/"}},
		{"empty files", map[string]string{"a.log": "", "b": ""}, nil, nil, map[string]string{"a.log": "", "b": ""}},
		{"big files", map[string]string{"a.log": big}, map[string]string{"b": big + "x"}, nil, map[string]string{"a.log": big, "b": big + "x"}},
		{"a log that was rewritten with as many bytes", map[string]string{"a.log": "one\n"}, map[string]string{"a.log": "two\n"}, nil, map[string]string{"a.log": "two\n"}},
		{"a log that was rewritten with more", map[string]string{"a.log": "one\n"}, map[string]string{"a.log": "twofold\n"}, nil, map[string]string{"a.log": "twofold\n"}},
		{"a log that was rewritten with less", map[string]string{"a.log": "one\n"}, map[string]string{"a.log": "2\n"}, nil, map[string]string{"a.log": "2\n"}},
		{"a log whose end is as it was", map[string]string{"a.log": "one" + strings.Repeat("x", 1000)}, map[string]string{"a.log": "two" + strings.Repeat("x", 1000) + "y"}, nil, map[string]string{"a.log": "two" + strings.Repeat("x", 1000) + "y"}},
		{"a page changed within its time and size", map[string]string{"p.html": "one"}, nil, func(t *testing.T, source, _ string) {
			path := filepath.Join(source, "p.html")
			info, err := os.Stat(path)
			if err = errors.Join(err, os.WriteFile(path, []byte("two"), 0o600)); err != nil {
				t.Fatal(err)
			}
			if err := os.Chtimes(path, time.Time{}, info.ModTime()); err != nil {
				t.Fatal(err)
			}
		}, map[string]string{"p.html": "two"}},
		{"files that are gone", map[string]string{"a.log": "x", "d/e/f": "x", "g/": ""}, nil, func(t *testing.T, source, _ string) {
			for _, name := range []string{"a.log", "d", "g"} {
				if err := os.RemoveAll(filepath.Join(source, name)); err != nil {
					t.Fatal(err)
				}
			}
		}, map[string]string{}},
		{"a file that became a directory, and the reverse", map[string]string{"a": "x", "b/c": "y"}, nil, func(t *testing.T, source, _ string) {
			for _, name := range []string{"a", "b"} {
				if err := os.RemoveAll(filepath.Join(source, name)); err != nil {
					t.Fatal(err)
				}
			}
			write(t, source, map[string]string{"a/c": "y", "b": "x"})
		}, map[string]string{"a": "/", "a/c": "y", "b": "x"}},
		{"copies that somebody spoiled", map[string]string{"a.log": "abc", "b": "x", "c": "y"}, nil, func(t *testing.T, _, target string) {
			write(t, target, map[string]string{"a.log": "xyz", "b": "longer"})
			if err := os.Remove(filepath.Join(target, "c")); err != nil {
				t.Fatal(err)
			}
		}, map[string]string{"a.log": "abc", "b": "x", "c": "y"}},
		{"odd names", map[string]string{"a b/ü?#%.log": "x", "-": "y", "c:d*": "z"}, nil, nil, map[string]string{"a b": "/", "a b/ü?#%.log": "x", "-": "y", "c:d*": "z"}},
	} {
		t.Run(tc.name, func(t *testing.T) {
			source, dir := t.TempDir(), t.TempDir()
			write(t, source, tc.before)
			s := start(t, &publish.Local{Dir: dir, Interval: idle}, source, "x/y")
			target := filepath.Join(dir, "x", "y")
			write(t, source, tc.after)
			if tc.then != nil {
				tc.then(t, source, target)
			}
			finish(t, s)
			equal(t, target, tc.want)
			equal(t, source, tc.want)
		})
	}
}

// Everybody may read what is published, whatever the modes of the build's files
// and the worker's umask are.
func TestModes(t *testing.T) {
	source, dir := t.TempDir(), filepath.Join(t.TempDir(), "logs")
	write(t, source, map[string]string{"d/a.log": "x", "d/b.html": "x"})
	if err := os.Chmod(filepath.Join(source, "d", "b.html"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir(dir, 0o700); err != nil { // the operator's own choice stays
		t.Fatal(err)
	}
	old := syscall.Umask(0o077)
	defer syscall.Umask(old)
	s := start(t, &publish.Local{Dir: dir, Interval: idle}, source, "x/y")
	add(t, filepath.Join(source, "d", "a.log"), "y")
	finish(t, s)
	for name, want := range map[string]fs.FileMode{
		".": 0o700 | fs.ModeDir, "x": 0o755 | fs.ModeDir, "x/y": 0o755 | fs.ModeDir, "x/y/d": 0o755 | fs.ModeDir, "x/y/d/a.log": 0o644, "x/y/d/b.html": 0o644,
	} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil || info.Mode() != want {
			t.Errorf("%s: %v, %v", name, info.Mode(), err)
		}
	}
}

func TestLogPaths(t *testing.T) {
	l := &publish.Local{Dir: filepath.Join(t.TempDir(), "logs"), PrependURL: "https://logs.example.com/th/"}
	for _, bad := range []string{
		"", ".", "..", "/", "/etc", "../x", "a/../b", "a/..", "a//b", "a/", "./a", "a/./b", ".git", "a/.htaccess", `a\b`, "a\nb", "a\x00b", "\xff",
		strings.Repeat("a/", 600) + "a",
	} {
		if _, err := l.Start(t.Context(), t.TempDir(), bad); !errors.Is(err, publish.ErrBadLogPath) {
			t.Errorf("%.20q: %v", bad, err)
		}
		if got := l.URL(bad); got != "" {
			t.Errorf("%.20q has the URL %s", bad, got)
		}
	}
	if _, err := os.Stat(l.Dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("something was made: %v", err)
	}
	for path, want := range map[string]string{
		"15/65615/7/check/gate-nova/abc1234": "https://logs.example.com/th/15/65615/7/check/gate-nova/abc1234/index.html",
		"a b/c?d#e%f/ü":                      "https://logs.example.com/th/a%20b/c%3Fd%23e%25f/%C3%BC/index.html",
	} {
		if got := l.URL(path); got != want {
			t.Errorf("%s: %s, want %s", path, got, want)
		}
	}
	if got := (&publish.Local{}).URL("a"); got != "" {
		t.Errorf("without a prefix: %s", got)
	}
}

// Nothing that a build leaves leads out of its output, or is taken for a setting
// of the web server.
func TestHostileOutput(t *testing.T) {
	secret := filepath.Join(t.TempDir(), "secret")
	write(t, filepath.Dir(secret), map[string]string{"secret": "secret"})
	source, dir := t.TempDir(), t.TempDir()
	write(t, source, map[string]string{
		"a.log": "fine", ".htaccess": "Options +ExecCGI", ".git/config": "x", "d/.hidden": "x", "new\nline": "x", "esc\x1b[0m.log": "x", "bad\xffname/x": "x",
	})
	for name, to := range map[string]string{"link": secret, "link.log": secret, "dir": filepath.Dir(secret), "up": "../..", "self": ".", "inside": "a.log"} {
		if err := os.Symlink(to, filepath.Join(source, name)); err != nil {
			t.Fatal(err)
		}
	}
	if err := syscall.Mkfifo(filepath.Join(source, "pipe.log"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := start(t, &publish.Local{Dir: dir, Interval: quick}, source, "x")
	// A link takes the place of a file, again and again, while it is copied.
	swap := filepath.Join(source, "swap.log")
	for range 200 {
		replace(t, swap, "fine")
		if err := os.Symlink(secret, filepath.Join(source, ".link")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(filepath.Join(source, ".link"), swap); err != nil {
			t.Fatal(err)
		}
	}
	finish(t, s)
	equal(t, filepath.Join(dir, "x"), map[string]string{"a.log": "fine", "d": "/"})
}

// A migration that writes into the results what nobody can read, a file as long as
// the disk or very many neither hides the rest nor fills the web server's disk.
func TestTooMuchOutput(t *testing.T) {
	source, dir := t.TempDir(), t.TempDir()
	write(t, source, map[string]string{"a.log": "fine\n", "report.html": "page", "locked/x": "x", "sealed": "x", "z.log": "fine\n"})
	if err := os.Truncate(filepath.Join(source, "sealed"), 1<<40); err != nil {
		t.Fatal(err)
	}
	var log lockedBuffer
	s := start(t, &publish.Local{Dir: dir, Interval: quick, Log: slog.New(slog.NewTextHandler(&log, nil))}, source, "x")
	finish(t, s)
	equal(t, filepath.Join(dir, "x"), map[string]string{"a.log": "fine\n", "report.html": "page", "locked": "/", "locked/x": "x", "z.log": "fine\n"})
	if !strings.Contains(log.String(), "not all is published") {
		t.Errorf("nobody is told: %s", log.String())
	}
	if os.Geteuid() == 0 {
		return // who may read everything
	}
	for _, name := range []string{"locked", "sealed"} {
		if err := os.Truncate(filepath.Join(source, "sealed"), 1); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(filepath.Join(source, name), 0); err != nil {
			t.Fatal(err)
		}
		defer func() { _ = os.Chmod(filepath.Join(source, name), 0o700) }()
	}
	finish(t, start(t, &publish.Local{Dir: dir, Interval: quick}, source, "y"))
	equal(t, filepath.Join(dir, "y"), map[string]string{"a.log": "fine\n", "locked": "/", "report.html": "page", "z.log": "fine\n"})
}

// Links in the target's directory lead nowhere else.
func TestTargetIsNotLeft(t *testing.T) {
	outside, dir, source := t.TempDir(), t.TempDir(), t.TempDir()
	write(t, source, map[string]string{"a.log": "x"})
	if err := os.Symlink(outside, filepath.Join(dir, "link")); err != nil {
		t.Fatal(err)
	}
	if _, err := (&publish.Local{Dir: dir}).Start(t.Context(), source, "link/x"); err == nil {
		t.Error("no error")
	}
	equal(t, outside, map[string]string{})
	write(t, dir, map[string]string{"file": "x"})
	if _, err := (&publish.Local{Dir: dir}).Start(t.Context(), source, "file/x"); err == nil {
		t.Error("below a file: no error")
	}
}

// A build that is run again has the same place: the later run takes it over, and
// what is not of this build stays.
func TestSamePlaceAgain(t *testing.T) {
	dir := t.TempDir()
	l := &publish.Local{Dir: dir, Interval: idle}
	first, second := t.TempDir(), t.TempDir()
	write(t, first, map[string]string{"index.html": "first", "a.log": "a long log\n", "only/first.log": "x", "shared/first": "x"})
	s := start(t, l, first, "15/1/job/x")
	if _, err := l.Start(t.Context(), second, "15/1/job/x"); !errors.Is(err, publish.ErrBusy) {
		t.Errorf("two at once: %v", err)
	}
	finish(t, s)
	target := filepath.Join(dir, "15/1/job/x")
	write(t, target, map[string]string{"other/build.log": "not ours", "shared/other": "not ours", ".partial": "not ours"})
	add(t, filepath.Join(target, ".published"), "../../../outside\nother/bui") // a line that was cut, and nonsense
	write(t, dir, map[string]string{"outside": "not ours"})

	write(t, second, map[string]string{"index.html": "second", "a.log": "short\n"})
	s = start(t, l, second, "15/1/job/x")
	if !has(target+"/index.html", "second")() || !has(target+"/a.log", "short\n")() {
		t.Errorf("the later run is not seen at once: %v", tree(t, target))
	}
	finish(t, s)
	equal(t, target, map[string]string{
		"index.html": "second", "a.log": "short\n", "other": "/", "other/build.log": "not ours", "shared": "/", "shared/other": "not ours", ".partial": "not ours",
	})
	if !has(dir+"/outside", "not ours")() {
		t.Error("something outside was removed")
	}
	// A place that leads to others is none's to clear.
	empty := t.TempDir()
	finish(t, start(t, l, empty, "15"))
	if !has(target+"/index.html", "second")() {
		t.Error("another build's results were removed")
	}
}

// A full disk is said with the name of what did not fit; pages stay whole, and
// what fits later is there in the end.
func TestFullDisk(t *testing.T) {
	dir, source := t.TempDir(), t.TempDir()
	if err := syscall.Mount("none", dir, "tmpfs", 0, "size=256k"); err != nil {
		cannotMount(t, err)
	}
	t.Cleanup(func() { _ = syscall.Unmount(dir, 0) })
	write(t, source, map[string]string{"index.html": "page", "a.log": "log\n"})
	var log lockedBuffer
	s := start(t, &publish.Local{Dir: dir, Interval: quick, Log: slog.New(slog.NewTextHandler(&log, nil))}, source, "x")
	big := strings.Repeat("0123456789abcdef", 32<<10) // 512 KiB
	add(t, filepath.Join(source, "a.log"), big)
	eventually(t, "it is told", func() bool {
		text := log.String()
		return strings.Contains(text, "a.log") && strings.Contains(text, "no space left on device")
	})
	page := strings.Repeat("longer page ", 1000)
	replace(t, filepath.Join(source, "index.html"), page)
	err := s.Close(t.Context())
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), `"a.log"`) || !strings.Contains(err.Error(), `"x"`) {
		t.Errorf("got %v", err)
	}
	got := tree(t, filepath.Join(dir, "x"))
	if text := got["a.log"]; len(text) < 100<<10 || !strings.HasPrefix("log\n"+big, text) {
		t.Errorf("the log has %d bytes that are not its beginning", len(text))
	}
	if text := got["index.html"]; text != "page" && text != page {
		t.Errorf("the page has %d bytes", len(text))
	}
	for name := range got {
		if name != "a.log" && name != "index.html" {
			t.Errorf("%s is left", name)
		}
	}
	// There is room again: another run gets all.
	write(t, source, map[string]string{"a.log": "log\n"})
	s = start(t, &publish.Local{Dir: dir, Interval: idle}, source, "x")
	finish(t, s)
	equal(t, filepath.Join(dir, "x"), tree(t, source))

	write(t, source, map[string]string{"b.html": big})
	if _, err := (&publish.Local{Dir: dir}).Start(t.Context(), source, "y"); !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), `"b.html"`) {
		t.Errorf("at the start: %v", err)
	}
}

// cannotMount skips a test that needs to mount a file system, which takes root; under CI=true it fails.
func cannotMount(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatalf("cannot mount a file system: %v", err)
	}
	t.Skipf("cannot mount a file system: %v", err)
}

// lockedBuffer is a log that is read while it is written.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}

// The build's end does not end its publishing: what it wrote last is shown.
func TestCancelled(t *testing.T) {
	source, dir := t.TempDir(), t.TempDir()
	write(t, source, map[string]string{"a.log": "1\n"})
	ctx, cancel := context.WithCancel(t.Context())
	s, err := (&publish.Local{Dir: dir, Interval: quick}).Start(ctx, source, "x")
	if err != nil {
		t.Fatal(err)
	}
	cancel()
	add(t, filepath.Join(source, "a.log"), "cancelled\n")
	finish(t, s)
	equal(t, filepath.Join(dir, "x"), map[string]string{"a.log": "1\ncancelled\n"})

	stopped := errors.New("stopped")
	done, stop := context.WithCancelCause(t.Context())
	stop(stopped)
	if err := start(t, &publish.Local{Dir: dir, Interval: idle}, source, "y").Close(done); !errors.Is(err, stopped) {
		t.Errorf("a Close that is cancelled: %v", err)
	}
	if _, err := (&publish.Local{Dir: dir}).Start(t.Context(), filepath.Join(source, "not"), "z"); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("no output: %v", err)
	}
}
