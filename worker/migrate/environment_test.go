package migrate_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/turbo-hipster/turbo-hipster/worker"
)

// variables runs a migration, and returns the environment that its command had.
func variables(t *testing.T, m worker.Migration) map[string]string {
	t.Helper()
	runMigration(t, m)
	return readVariables(t, filepath.Join(m.Tree.Dir, "env"))
}

const printVariables = "/usr/bin/env -0 > env"

func readVariables(t *testing.T, path string) map[string]string {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	vars := map[string]string{}
	for line := range strings.SplitSeq(string(data), "\x00") {
		name, value, _ := strings.Cut(line, "=")
		vars[name] = value
	}
	return vars
}

// TestParameters: what comes over the network cannot set what programs read.
func TestParameters(t *testing.T) {
	m := migration(t, printVariables)
	hostile := []string{
		"PATH", "HOME", "LD_PRELOAD", "PYTHONPATH", "TH_SOURCE_DIR", "MYSQL_PWD", "BASH_ENV", "ENV", "IFS", "GIT_SSH", "zuul_x",
		"http_proxy", "ZUUL_", "ZUUL_X Y", "ZUUL_X\nLD_PRELOAD", "ZUUL_X=Y", "LOG_PATH2", "", "TH_MIGRATION_ID", "TERM", "PIP_INDEX_URL",
	}
	m.Build.Parameters = map[string]string{
		"ZUUL_CHANGE": "1234", "ZUUL_UUID": "0123abc-9", "SWIFT_logs_URL": "https://swift", "LOG_PATH": "1/2", "BASE_LOG_PATH": "1",
		"BRANCH": "a\nb 'c' \"d\"", "ZUUL_NUL": "a\x00b", "ZUUL_LONG": strings.Repeat("x", 70<<10),
	}
	for _, name := range hostile {
		m.Build.Parameters[name] = "evil"
	}
	vars := variables(t, m)
	for name, value := range vars {
		if strings.Contains(value, "evil") {
			t.Errorf("%q is %q", name, value)
		}
	}
	for name, want := range map[string]string{
		"ZUUL_CHANGE": "1234", "SWIFT_logs_URL": "https://swift", "LOG_PATH": "1/2", "BASE_LOG_PATH": "1", "BRANCH": "a\nb 'c' \"d\"",
		"ZUUL_NUL": "", "ZUUL_LONG": "", "TH_UNIQUE": "0123abc-9",
	} {
		if vars[name] != want {
			t.Errorf("%s is %q, want %q", name, vars[name], want)
		}
	}
}

// TestPrecedence: the base, the parameters, what was prepared, ours, the job's own.
func TestPrecedence(t *testing.T) {
	m := migration(t, printVariables)
	m.Build.Parameters = map[string]string{"ZUUL_A": "parameter", "ZUUL_B": "parameter", "ZUUL_UUID": "../../etc"}
	m.Prepared = worker.Prepared{
		PathDirs:  []string{"/first/bin", "/second/bin"},
		Variables: map[string]string{"LANG": "prepared", "ZUUL_B": "prepared", "TH_DATASET": "prepared", "VIRTUAL_ENV": "/venv", "OWN": "prepared"},
	}
	m.Dataset.SeedPath, m.Dataset.LoggingConf = "/datasets/a/seed.sql", "/datasets/a/logging.conf"
	m.Build.Environment.Python = &worker.Python{CacheDir: "/cache/pip"}
	m.Build.Command.Environment = map[string]string{"OWN": "job", "TH_MIGRATION_ID": "mine", "TMPDIR": "/var/tmp"}
	vars := variables(t, m)
	for name, want := range map[string]string{
		"PATH": "/first/bin:/second/bin:" + os.Getenv("PATH"), "LANG": "prepared", "ZUUL_A": "parameter", "ZUUL_B": "prepared",
		"TH_DATASET": "demo/small", "VIRTUAL_ENV": "/venv", "OWN": "job", "TH_MIGRATION_ID": m.Build.ID + "-0", "TMPDIR": "/var/tmp",
		"TH_SEED_PATH": "/datasets/a/seed.sql", "TH_LOGGING_CONF": "/datasets/a/logging.conf", "TH_PIP_CACHE": "/cache/pip",
		"TH_UNIQUE": m.Build.ID, "TH_JOB_DIR": m.HomeDir, "TERM": "",
	} {
		if vars[name] != want {
			t.Errorf("%s is %q, want %q", name, vars[name], want)
		}
	}
	m = migration(t, printVariables)
	m.Prepared.PathDirs = []string{"/first/bin"}
	m.Build.Command.Environment = map[string]string{"PATH": "/job/bin"}
	if got := variables(t, m)["PATH"]; got != "/first/bin:/job/bin" {
		t.Errorf("PATH is %q", got)
	}
}

// TestPreparedProgram: a program of the prepared environment is found.
func TestPreparedProgram(t *testing.T) {
	m := migration(t, "")
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "manage"), []byte("#!/bin/sh\necho '1 -> 2...'; echo done\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	m.Prepared.PathDirs = []string{bin}
	m.Build.Command = worker.Command{Argv: []string{"manage", "db", "sync"}, Text: "manage db sync"}
	if o, log := runMigration(t, m); len(o.Steps) != 1 || !o.Succeeded() {
		t.Errorf("got %+v:\n%s", o, log)
	}
}
