package main

import (
	"context"
	"crypto/rand"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/turbo-hipster/turbo-hipster/internal/command/commandtest"
	"github.com/turbo-hipster/turbo-hipster/snapshot"
	"github.com/turbo-hipster/turbo-hipster/snapshot/ddl"
	"github.com/turbo-hipster/turbo-hipster/snapshot/rowtext"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server"
	"github.com/turbo-hipster/turbo-hipster/snapshot/store"
)

func TestMain(m *testing.M) {
	testscript.Main(withTemplates{m}, map[string]func(){"th-worker": main})
}

// withTemplates runs tests that share the data directories that servers start from: making one takes a second or two.
type withTemplates struct{ *testing.M }

// templates is where they are.
var templates string

// Run implements testscript.TestingM.
func (w withTemplates) Run() int {
	var err error
	if templates, err = os.MkdirTemp("", "templates"); err != nil {
		panic(err)
	}
	defer func() { _ = os.RemoveAll(templates) }()
	return w.M.Run()
}

// shareTemplates makes a directory for builds that uses the shared ones.
func shareTemplates(jobsDir string) error {
	if err := os.MkdirAll(jobsDir, 0o755); err != nil {
		return err
	}
	err := os.Symlink(templates, filepath.Join(jobsDir, "templates"))
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	return err
}

// TestScripts runs testdata/script: the program as users meet it. Scripts have the commands of commandtest, this one
//
//	snapshot STORE NAME    makes a small snapshot: t has three rows, migrate_version is 1
//
// and the conditions [server], which is false on a machine without a database server, except under CI=true, and
// [configured], which is true on a machine that has a default configuration.
func TestScripts(t *testing.T) {
	_, findErr := server.Find(t.Context(), server.SearchPath(os.Getenv("PATH")))
	commands := commandtest.Commands()
	commands["snapshot"] = func(ts *testscript.TestScript, _ bool, args []string) {
		ts.Check(makeSnapshot(t.Context(), ts.MkAbs(args[0]), args[1]))
	}
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null",
				"GIT_AUTHOR_NAME=x", "GIT_AUTHOR_EMAIL=x@example.com", "GIT_COMMITTER_NAME=x", "GIT_COMMITTER_EMAIL=x@example.com")
			return shareTemplates(filepath.Join(e.WorkDir, "jobs"))
		},
		Condition: func(cond string) (bool, error) {
			switch cond {
			case "server":
				return findErr == nil || os.Getenv("CI") == "true", nil
			case "configured":
				_, err := os.Stat("/etc/turbo-hipster")
				return err == nil, nil
			}
			return false, errors.New("unknown condition")
		},
		Cmds: commands,
	})
}

// makeSnapshot puts a small snapshot into a store.
func makeSnapshot(ctx context.Context, dir, name string) error {
	s, err := store.Open(dir)
	if err != nil {
		return err
	}
	draft, err := s.Create(ctx, name)
	if err != nil {
		return err
	}
	defer func() { _ = draft.Abort() }()
	builder := snapshot.NewBuilder(ctx, draft, snapshot.BuilderOptions{})
	defer builder.Close()
	cfg := snapshot.Config{Provenance: snapshot.Provenance{Tool: "test", SourceFormat: "mysqldump", TimeZone: "+00:00", Charset: "utf8mb4"}}
	var objects []snapshot.Object
	for _, table := range []struct{ sql, rows string }{
		{"CREATE TABLE `migrate_version` (`version` int(11) NOT NULL) ENGINE=InnoDB", "1\n"},
		{"CREATE TABLE `t` (`id` int(11) NOT NULL, `name` varchar(20) NOT NULL, PRIMARY KEY (`id`)) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4", "1\tone\n2\tt😀\n3\ta name of 20 letters\n"},
	} {
		parsed, err := ddl.ParseCreateTable([]byte(table.sql), ddl.Mode{})
		if err != nil {
			return err
		}
		cfg.Tables = append(cfg.Tables, snapshot.TableInfo{Database: "nova", Name: parsed.Name, Layout: rowtext.LayoutOf(parsed)})
		objects = append(objects, snapshot.Object{Kind: snapshot.ObjectTable, Database: "nova", Name: parsed.Name, SQL: table.sql})
		var ends []int
		for i, c := range []byte(table.rows) {
			if c == '\n' {
				ends = append(ends, i+1)
			}
		}
		if err := builder.Append("nova", parsed.Name, []byte(table.rows), ends); err != nil {
			return err
		}
	}
	manifest, err := builder.Finish(ctx, cfg, objects, nil)
	if err != nil {
		return err
	}
	_, err = draft.Commit(ctx, manifest, "")
	return err
}

// TestCancel: a build that is interrupted ends within five seconds, with its database and all its processes.
func TestCancel(t *testing.T) {
	if _, err := server.Find(t.Context(), server.SearchPath(os.Getenv("PATH"))); err != nil && os.Getenv("CI") != "true" {
		t.Skip(err)
	}
	dir := t.TempDir()
	err := errors.Join(makeSnapshot(t.Context(), filepath.Join(dir, "store"), "demo/small"), shareTemplates(filepath.Join(dir, "jobs")))
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "th.yaml")
	text := "store: store\njobs_working_dir: jobs\njobs:\n- name: j\n  steps: {tool: alembic}\n" +
		"  command: |\n    trap '' TERM; echo $TH_DATABASE_SOCKET > socket; setsid sleep 99 & sleep 98; sleep 97\n"
	tree := filepath.Join(dir, "tree")
	if err := errors.Join(os.WriteFile(file, []byte(text), 0o644), os.Mkdir(tree, 0o755)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	var cancelled time.Time
	go func() {
		for range 3000 {
			if data, err := os.ReadFile(filepath.Join(tree, "socket")); err == nil && len(data) > 1 {
				break
			}
			time.Sleep(10 * time.Millisecond)
		}
		cancelled = time.Now()
		cancel()
	}()
	var stderr strings.Builder
	p := &program{stdout: &strings.Builder{}, stderr: &stderr, random: rand.Reader, now: time.Now, env: os.Getenv, environ: os.Environ(), jobs: 2}
	got := p.Run(ctx, []string{"th-worker", "run", "-c", file, "--job", "j", "--dataset", "demo/small", "--source", tree})
	if got != 130 {
		t.Errorf("exit status %d, want 130: %s", got, stderr.String())
	}
	if took := time.Since(cancelled); cancelled.IsZero() || took > 5*time.Second {
		t.Errorf("took %v to end", took)
	}
	socket, err := os.ReadFile(filepath.Join(tree, "socket"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(strings.TrimSpace(string(socket))); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the server's socket: %v", err)
	}
	left, err := filepath.Glob(filepath.Join(dir, "jobs", "*", "tree"))
	servers, serr := filepath.Glob(filepath.Join(dir, "jobs", "servers", "*"))
	if err := errors.Join(err, serr); err != nil || len(left)+len(servers) > 0 {
		t.Errorf("left: %v %v, %v", left, servers, err)
	}
}
