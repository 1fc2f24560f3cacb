package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/turbo-hipster/turbo-hipster/internal/command/commandtest"
	"github.com/turbo-hipster/turbo-hipster/snapshot/server/servertest"
)

// TestMydumper runs testdata/mydumper: the program on directories that the real mydumper made of testdata/files/dump.sql. The SQL that a script leaves
// is loaded on another server.
func TestMydumper(t *testing.T) {
	dump, err := os.ReadFile("testdata/files/dump.sql")
	if err != nil {
		t.Fatal(err)
	}
	s, database := servertest.Database(t)
	servertest.Load(t, s, database, strings.NewReader("SET foreign_key_checks=0;\n"+string(dump)))
	dirs := map[string]string{
		"plain.dir":      servertest.Mydumper(t, s, database),
		"compressed.dir": servertest.Mydumper(t, s, database, "--compress", "--rows=1"),
	}
	clean := filepath.Join(t.TempDir(), "clean.sql")
	t.Run("scripts", func(t *testing.T) { // which run in parallel
		testscript.Run(t, testscript.Params{
			Dir: "testdata/mydumper",
			Setup: func(e *testscript.Env) error {
				e.Vars = append(e.Vars, "FUZZY_STORE="+filepath.Join(e.WorkDir, "store"), "DATABASE="+database, "CLEAN="+clean)
				for name, dir := range dirs {
					if err := os.CopyFS(filepath.Join(e.WorkDir, name), os.DirFS(dir)); err != nil {
						return err
					}
				}
				return os.CopyFS(e.WorkDir, os.DirFS("testdata/files"))
			},
			Cmds: commandtest.Commands(),
		})
	})
	if !t.Failed() {
		checkClean(t, database, clean)
	}
}

// checkClean loads the dump that a script left on another server.
func checkClean(t *testing.T, database, clean string) {
	t.Helper()
	text, err := os.Open(clean)
	if err != nil {
		t.Fatal(err)
	}
	defer text.Close()
	into := servertest.Start(t)
	servertest.Load(t, into, "", text)
	out := string(servertest.Dump(t, into, database, "--skip-extended-insert"))
	if strings.Contains(strings.ToLower(out), "canary") {
		t.Error("an original is on the server")
	}
	for _, want := range []string{"INTO `posts` VALUES (1,'", "INTO `posts` VALUES (2,'", "INTO `users` VALUES (1,'", "INTO `users` VALUES (2,'", "CONSTRAINT `posts_author`"} {
		if strings.Count(out, want) != 1 {
			t.Errorf("%s is on the server %d times", want, strings.Count(out, want))
		}
	}
}
