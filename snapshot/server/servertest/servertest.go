// Package servertest gives tests a real database server.
//
// All tests of one test binary share one server, started on first use, and each
// test gets databases of its own, dropped when it ends. The server dies with the
// test binary, and a small shell that waits for that removes its directory.
// Sharing needs state that outlives a test: the package-level variable below is
// the one exception to the rule against them.
//
// Without a server on the machine a test is skipped, or failed when the
// environment says CI=true.
package servertest

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"sync"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
)

var shared = sync.OnceValues(startShared)

// Binaries returns the programs of the installed server; it skips or fails t
// when there is none.
func Binaries(t testing.TB) server.Binaries {
	t.Helper()
	b, err := server.Find(t.Context(), server.SearchPath(os.Getenv("PATH")))
	check(t, err)
	return b
}

// Options returns what a test needs to start a server of its own: a directory
// that t removes, and the template cache that all tests share.
func Options(t testing.TB) server.Options {
	t.Helper()
	return server.Options{Binaries: Binaries(t), Dir: t.TempDir(), CacheDir: cacheDir(), Rand: rand.Reader}
}

// Start starts a server for t alone: for tests that stop, kill or reconfigure
// it. It is closed when t ends.
func Start(t testing.TB, flags ...string) *server.Server {
	t.Helper()
	o := Options(t)
	o.Flags = flags
	s, err := server.Start(t.Context(), o)
	check(t, err)
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// Server returns the server that the tests of this binary share. A test must not
// stop it or change its settings.
func Server(t testing.TB) *server.Server {
	t.Helper()
	s, err := shared()
	check(t, err)
	return s
}

// Database creates an empty database on the shared server and returns its name
// and the server. It is dropped when t ends.
func Database(t testing.TB) (*server.Server, string) {
	t.Helper()
	s := Server(t)
	name := Name(t, s)
	if err := s.CreateDatabase(t.Context(), name, "", ""); err != nil {
		t.Fatal(err)
	}
	return s, name
}

// Name returns a name for a database that does not exist on s. A database of
// that name is dropped when t ends.
func Name(t testing.TB, s *server.Server) string {
	t.Helper()
	var random [6]byte
	_, _ = rand.Read(random[:])
	name := "t_" + hex.EncodeToString(random[:])
	t.Cleanup(func() {
		if err := s.DropDatabase(context.WithoutCancel(t.Context()), name); err != nil && s.Err() == nil {
			t.Error(err)
		}
	})
	return name
}

func check(t testing.TB, err error) {
	t.Helper()
	switch {
	case err == nil:
	case errors.Is(err, server.ErrNotFound):
		Lacking(t, err)
	default:
		t.Fatal(err)
	}
}

// Lacking ends a test that needs what this machine, or its server, does not have: it is skipped, and under CI=true it fails.
func Lacking(t testing.TB, err error) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(err)
	}
	t.Skip(err)
}

func baseDir() string {
	return filepath.Join(os.TempDir(), "turbo-hipster-test-"+strconv.Itoa(os.Getuid()))
}

func cacheDir() string { return filepath.Join(baseDir(), "cache") }

func startShared() (*server.Server, error) {
	ctx := context.Background()
	b, err := server.Find(ctx, server.SearchPath(os.Getenv("PATH")))
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(baseDir(), "servers")
	if _, err := server.Reap(ctx, dir); err != nil {
		return nil, err
	}
	s, err := server.Start(ctx, server.Options{
		Binaries: b, Dir: dir, CacheDir: cacheDir(), Rand: rand.Reader,
		Flags: []string{"--max-connections=200"},
	})
	if err != nil {
		return nil, err
	}
	return s, removeAtExit(filepath.Dir(s.DataDir()))
}

// removeAtExit starts a shell that removes the server's home when this process
// has ended: its standard input is a pipe whose other end only we hold.
func removeAtExit(home string) error {
	r, w, err := os.Pipe()
	if err != nil {
		return fmt.Errorf("watch for the end of the tests: %w", err)
	}
	defer func() { _ = r.Close() }()
	const script = `cat >/dev/null; for i in 1 2 3 4 5; do rm -rf -- "$1" && rm -f -- "$1.lock" && exit; sleep 0.2; done`
	cmd := exec.Command("/bin/sh", "-c", script, "sh", home) //nolint:noctx // it outlives every test
	cmd.Stdin = r
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("watch for the end of the tests: %w", err)
	}
	janitorPipe = w
	return nil
}

// janitorPipe is never closed: the end of the process closes it. It is held here
// so that the garbage collector does not.
var janitorPipe *os.File //nolint:unused // see above
