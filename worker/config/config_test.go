package config_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/datasets"
	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

const good = `
_note: for people
store: store
jobs_working_dir: /var/lib/th/jobs
jobs:
  - name: nova
    project: openstack/nova
    git: {url: ./nova.git, ref: refs/changes/1/2/3}
    datasets: [nova/user_001, "nova/user_002:v3"]
    database: nova
    steps: {tool: sqlalchemy-migrate}
    command: nova-manage db sync
    environment: {PYTHONPATH: ., LEVEL: 3}
    timeout: 0.5
    expected_final_version: 402
    maximum_migration_times: {default: 60, "151->152": 333.5, _bugs: [1]}
  - name: keystone
    charset: utf8
    steps: {tool: patterns, start: 'a(\d+)', end: b}
    command: [./migrate, --all]
    limits: {maximum_migration_times: {default: 1}}
`

func TestParse(t *testing.T) {
	got, err := config.Parse("config.yaml", "/etc/th", []byte(good))
	if err != nil {
		t.Fatal(err)
	}
	want := &config.Config{
		Store: "/etc/th/store", JobsWorkingDir: "/var/lib/th/jobs", Files: []string{"config.yaml"},
		Slots: 1, ShutdownGrace: time.Hour, Trouble: config.Trouble{Attempts: 3, Pause: 10 * time.Second, Then: config.ThenRetry},
		Logs: config.Logs{SQLSlow: config.Log{Own: true}, SQLErr: config.Log{Own: true}},
		Jobs: []config.Job{
			{
				Name: "nova", Function: "nova", Plugin: worker.PluginRealDBUpgrade, Expected: worker.Expected{Version: "402"}, Project: "openstack/nova", Git: config.Git{URL: "/etc/th/nova.git", Ref: "refs/changes/1/2/3"},
				Datasets: []string{"nova/user_001", "nova/user_002:v3"}, Database: "nova", Charset: "utf8mb4",
				Tool: worker.Tool{Name: "sqlalchemy-migrate"}, Command: []string{"/bin/sh", "-c", "nova-manage db sync"},
				CommandText: "nova-manage db sync", Environment: map[string]string{"PYTHONPATH": ".", "LEVEL": "3"},
				Timeout: 500 * time.Millisecond, ExpectedFinalVersion: "402",
				Limits: datasets.Limits{Times: map[string]time.Duration{"default": time.Minute, "151->152": 333500 * time.Millisecond}}, File: "config.yaml", Line: 6,
			},
			{
				Name: "keystone", Function: "keystone", Plugin: worker.PluginRealDBUpgrade, Charset: "utf8", Tool: worker.Tool{Name: "patterns", Start: `a(\d+)`, End: "b"},
				Command: []string{"./migrate", "--all"}, CommandText: "./migrate --all",
				Limits: datasets.Limits{Times: map[string]time.Duration{"default": time.Second}}, File: "config.yaml", Line: 17,
			},
		},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestJSONIsReadAsWell(t *testing.T) {
	c, err := config.Parse("config.json", "/etc/th", []byte(`{"jobs": [{"name": "n", "command": "c", "steps": {"tool": "alembic"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	if job, err := c.Job("n"); err != nil || job.Tool.Name != worker.ToolAlembic {
		t.Errorf("got %+v, %v", job, err)
	}
	var unknown *config.UnknownJobError
	if _, err := c.Job("m"); !errors.As(err, &unknown) || err.Error() != `no job "m" in the configuration; it has n` {
		t.Errorf("got %v", err)
	}
}

func TestMistakes(t *testing.T) {
	job := "jobs:\n- name: n\n  steps: {tool: alembic}\n  command: c\n"
	for _, tc := range []struct{ name, text, want string }{
		{
			"three mistakes",
			"stor: x\n" + job + "  timeout: soon\n  git: {url: 'ext::sh -c id', ref: --upload-pack=x}\n",
			`config.yaml:1: unknown key "stor": did you mean "store"?
config.yaml:6: jobs[0].timeout: want a number, got text
config.yaml:7: jobs[0].git.url: not a git URL: want https, http, ssh, git or file, or a path that begins with ./, ../ or /
config.yaml:7: jobs[0].git.ref: not a git ref: want a branch, a tag, refs/… or a commit`,
		},
		{"empty", "", "config.yaml: no jobs: want at least one under jobs"},
		{"not YAML", "jobs: [\n", "config.yaml:1: not YAML: sequence end token ']' not found"},
		{"a job without anything", "jobs:\n- project: p\n", `config.yaml:2: jobs[0]: the job has no name
config.yaml:2: jobs[0]: the job has no command
config.yaml:2: jobs[0]: the job has no steps`},
		{"two jobs of a name", job + "- name: n\n  steps: {tool: alembic}\n  command: c\n", `config.yaml:5: a second job "n": the first is at line 2`},
		{"a tool that is not known", "jobs:\n- name: n\n  command: c\n  steps: {tool: django}\n", "config.yaml:4: jobs[0].steps.tool: want sqlalchemy-migrate, alembic or patterns"},
		{
			"a tool with a wrong letter", "jobs:\n- {name: n, command: c, datasets: [a/b:v1, a/b:v2], steps: {tool: alembik}}\n",
			`config.yaml:2: jobs[0].steps.tool: want sqlalchemy-migrate, alembic or patterns; did you mean "alembic"?`,
		},
		{"a dataset twice", job + "  datasets:\n  - a\n  - a:v1\n  - a:latest\n  - a:v1\n", `config.yaml:8: jobs[0].datasets[2]: dataset a:latest a second time: the first is at line 6
config.yaml:9: jobs[0].datasets[3]: dataset a:v1 a second time: the first is at line 7`},
		{"a number for a directory", "git_working_dir: 5\n" + job, "config.yaml:1: git_working_dir: want a path (as text), got a number"},
		{
			"a repository's path without a dot", job + "  git: {url: nova}\n",
			"config.yaml:5: jobs[0].git.url: not a git URL: want https, http, ssh, git or file, or a path that begins with ./, ../ or /",
		},
		{"patterns without a pattern", "jobs:\n- name: n\n  command: c\n  steps: {tool: patterns}\n", "config.yaml:4: jobs[0].steps: tool patterns needs start, a regular expression"},
		{"names that the worker sets", job + "  environment: {TH_X: 1, 'A B': 2}\n", `config.yaml:5: jobs[0].environment.TH_X: variables that start with TH_ are set by the worker
config.yaml:5: jobs[0].environment.A B: want a variable's name of letters, digits and '_'`},
		{"a hostile database", job + "  database: 'a`b'\n", "config.yaml:5: jobs[0].database: want a database name of letters, digits, '_', '-' and '$'"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			_, err := config.Parse("config.yaml", "/etc/th", []byte(tc.text))
			if _, ok := errors.AsType[strictyaml.Mistakes](err); !ok {
				t.Fatalf("got error %v", err)
			}
			if diff := cmp.Diff(tc.want, err.Error()); diff != "" {
				t.Errorf("mistakes differ (-want +got):\n%s", diff)
			}
		})
	}
}
