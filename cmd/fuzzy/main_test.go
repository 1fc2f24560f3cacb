package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/turbo-hipster/turbo-hipster/internal/command/commandtest"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"fuzzy": main})
}

// TestScripts runs testdata/script: the program as users meet it. testdata/script/files is copied into each script's directory.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata/script",
		Setup: func(e *testscript.Env) error {
			e.Vars = append(e.Vars, "FUZZY_STORE="+filepath.Join(e.WorkDir, "store"))
			return os.CopyFS(e.WorkDir, os.DirFS("testdata/files"))
		},
		Cmds: commandtest.Commands(),
	})
}
