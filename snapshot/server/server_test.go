package server_test

import (
	"bufio"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// TestMain lets the test binary play the parent that gets killed.
func TestMain(m *testing.M) {
	if dir := os.Getenv("SERVER_TEST_PARENT"); dir != "" {
		parent(dir, os.Getenv("SERVER_TEST_CACHE"))
		return
	}
	os.Exit(m.Run())
}

func parent(dir, cache string) {
	b, err := server.Find(context.Background(), server.SearchPath(os.Getenv("PATH")))
	if err != nil {
		fmt.Println("error", err)
		return
	}
	s, err := server.Start(context.Background(), server.Options{Binaries: b, Dir: dir, CacheDir: cache, Rand: rand.Reader})
	if err != nil {
		fmt.Println("error", err)
		return
	}
	pid, _ := os.ReadFile(filepath.Join(filepath.Dir(s.DataDir()), "pid"))
	fmt.Println("started", strings.TrimSpace(string(pid)))
	select {}
}

func TestServerLeavesNothing(t *testing.T) {
	o := servertest.Options(t)
	s, err := server.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	db := s.DB("")
	var version string
	if err := db.QueryRow("SELECT VERSION()").Scan(&version); err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.Version(), version) {
		t.Errorf("the program says it is %q, the server says %q", s.Version(), version)
	}
	_ = db.Close()
	if err := s.Err(); err != nil {
		t.Errorf("a running server has error %v", err)
	}
	for range 2 {
		if err := s.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if !errors.Is(s.Err(), server.ErrEnded) {
		t.Errorf("a closed server has error %v", s.Err())
	}
	left, err := os.ReadDir(o.Dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestStopKeepsCommittedData(t *testing.T) {
	o := servertest.Options(t)
	first, err := server.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = first.Close() }()
	must(t, first.CreateDatabase(t.Context(), "kept", "latin1", "latin1_german2_ci"))
	exec1(t, first, "kept", "CREATE TABLE t (a INT) ENGINE=InnoDB")
	exec1(t, first, "kept", "INSERT INTO t VALUES (1),(2)")
	must(t, first.Stop(t.Context()))

	o.DataDir = first.DataDir()
	second, err := server.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = second.Close() }()
	db := second.DB("kept")
	defer func() { _ = db.Close() }()
	var count int
	var collation string
	must(t, db.QueryRow("SELECT COUNT(*), @@collation_database FROM t").Scan(&count, &collation))
	if count != 2 || collation != "latin1_german2_ci" {
		t.Errorf("the copy has %d rows and collation %s", count, collation)
	}
}

func TestStartTogether(t *testing.T) {
	o := servertest.Options(t)
	o.CacheDir = t.TempDir() // no template yet: one makes it, the others wait
	var wg sync.WaitGroup
	for range 3 {
		wg.Go(func() {
			s, err := server.Start(t.Context(), o)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Close(); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	templates, err := filepath.Glob(filepath.Join(o.CacheDir, "*"))
	templates = slices.DeleteFunc(templates, func(p string) bool { return strings.HasSuffix(p, ".lock") })
	if err != nil || len(templates) != 1 {
		t.Errorf("the cache holds %q %v, want one template", templates, err)
	}
}

func TestStartCancelled(t *testing.T) {
	o := servertest.Options(t)
	o.CacheDir = "" // bootstrapping takes long enough to be cancelled
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	if s, err := server.Start(ctx, o); !errors.Is(err, context.DeadlineExceeded) {
		if err == nil {
			_ = s.Close()
		}
		t.Fatalf("got %v, want a deadline error", err)
	}
	left, err := os.ReadDir(o.Dir)
	if err != nil || len(left) != 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestStartFailureShowsErrorLog(t *testing.T) {
	o := servertest.Options(t)
	o.Flags = []string{"--no-such-flag=1"}
	_, err := server.Start(t.Context(), o)
	if !errors.Is(err, server.ErrEnded) || !strings.Contains(fmt.Sprint(err), "no-such-flag") {
		t.Errorf("got %v, want the reason from the server's error log", err)
	}
}

func TestLongDirectory(t *testing.T) {
	o := servertest.Options(t)
	o.Dir = filepath.Join(o.Dir, strings.Repeat("d", 120))
	o.ShortDir = t.TempDir()
	s, err := server.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(s.Socket(), o.ShortDir) {
		t.Errorf("socket %s is not in the short directory", s.Socket())
	}
	must(t, s.Close())
	if left, err := os.ReadDir(o.ShortDir); err != nil || len(left) != 0 {
		t.Errorf("left in the short directory: %v %v", left, err)
	}
	o.ShortDir = o.Dir
	if _, err := server.Start(t.Context(), o); !errors.Is(err, server.ErrSocketPath) {
		t.Errorf("got %v, want ErrSocketPath", err)
	}
}

func TestKilledParent(t *testing.T) {
	o := servertest.Options(t)
	warm, err := server.Start(t.Context(), o) // makes the template
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = warm.Close() }()
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), "SERVER_TEST_PARENT="+o.Dir, "SERVER_TEST_CACHE="+o.CacheDir)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	must(t, err)
	var pid int
	if _, err := fmt.Sscanf(line, "started %d", &pid); err != nil {
		t.Fatalf("parent says %q", line)
	}
	if n, err := server.Reap(t.Context(), o.Dir); n != 0 || err != nil {
		t.Errorf("reaped %d living servers, %v", n, err)
	}
	must(t, cmd.Process.Kill())
	_ = cmd.Wait()
	for range 200 {
		if syscall.Kill(pid, 0) != nil {
			break
		}
		time.Sleep(10 * time.Millisecond)
	}
	if state, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid)); err == nil && !strings.Contains(string(state), ") Z ") {
		t.Error("the server outlives its parent")
	}
	if n, err := server.Reap(t.Context(), o.Dir); n != 1 || err != nil {
		t.Errorf("reaped %d servers, %v; want the dead one", n, err)
	}
	left, err := os.ReadDir(o.Dir)
	if err != nil || len(left) != 2 { // the warm server's home and lock
		t.Errorf("left behind: %v %v", left, err)
	}
}

func TestAccountReachesOnlyItsDatabase(t *testing.T) {
	s := servertest.Server(t)
	name := servertest.Name(t, s)
	other := strings.Replace(name, "_", "x", 1) // what an unescaped _ would match
	for _, database := range []string{name, other} {
		must(t, s.CreateDatabase(t.Context(), database, "", ""))
	}
	t.Cleanup(func() { _ = s.DropDatabase(context.WithoutCancel(t.Context()), other) })
	a, err := s.CreateAccount(t.Context(), name)
	must(t, err)
	db := s.AccountDB(a, name)
	defer func() { _ = db.Close() }()
	for _, stmt := range []string{
		"CREATE TABLE t (a INT)",
		"INSERT INTO t VALUES (1)",
		"CREATE TRIGGER g BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 2",
		"CREATE PROCEDURE p() SELECT 1",
		"CREATE VIEW v AS SELECT * FROM t",
		"ALTER TABLE t ADD COLUMN b INT",
	} {
		if _, err := db.Exec(stmt); err != nil {
			t.Errorf("%s: %v", stmt, err)
		}
	}
	for _, stmt := range []string{
		"CREATE TABLE `" + other + "`.t (a INT)",
		"SELECT * FROM mysql.user",
		"SELECT a FROM t INTO OUTFILE '" + s.FIFODir() + "/out'",
		"SET GLOBAL max_connections = 1",
		"CREATE DATABASE `" + other + "2`",
		"SHUTDOWN",
	} {
		if _, err := db.Exec(stmt); err == nil {
			t.Errorf("the account may run %s", stmt)
		}
	}
	if root := s.AccountDB(server.Account{User: "root"}, ""); root.Ping() == nil {
		t.Error("root gets in without a password")
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func exec1(t *testing.T, s *server.Server, database, stmt string) {
	t.Helper()
	db := s.DB(database)
	defer func() { _ = db.Close() }()
	if _, err := db.Exec(stmt); err != nil {
		t.Fatalf("%s: %v", stmt, err)
	}
}

func BenchmarkStart(b *testing.B) {
	o := servertest.Options(b)
	for b.Loop() {
		s, err := server.Start(b.Context(), o)
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		_ = s.Close()
		b.StartTimer()
	}
}
