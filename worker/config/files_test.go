package config_test

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/worker"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// tree writes files below a new directory, which it returns.
func tree(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// What somebody who comes from the classic worker has goes on to mean what it
// meant, once it says where the scripts are that came with that worker.
func TestClassicFiles(t *testing.T) {
	const missing = "plugin real_db_upgrade needs command, which migrates, and steps, which say what its output looks like; " +
		"or scripts_dir, the directory of the classic scripts"
	want := func(file string) *config.Config {
		c := defaults(
			config.Job{
				Name: "gate-real-db-upgrade_nova_mysql", Function: "gate-real-db-upgrade_nova_mysql", Plugin: worker.PluginRealDBUpgrade,
				DatasetsDir: "/var/lib/turbo-hipster/datasets", ShutdownAfter: true,
				Environment: map[string]string{"TH_PIP_CACHE": "/var/cache/pip"},
			},
			config.Job{
				Name: "some_job", Function: "some_job", Plugin: worker.PluginShellScript,
				CommandText: "/usr/local/bin/some_job", Command: shell("/usr/local/bin/some_job"),
			},
		)
		for i := range c.Jobs {
			c.Jobs[i].Charset, c.Jobs[i].File = "utf8mb4", file
		}
		c.Files = []string{file}
		c.Zuul = config.Zuul{
			GearmanServers: []config.Address{{Host: "zuul.example.org", Port: 4730}},
			GerritSite:     "https://review.example.org", GitOrigin: "git://git.example.org",
		}
		c.DebugLog, c.JobsWorkingDir = "/var/log/turbo-hipster/debug.log", "/var/lib/turbo-hipster/jobs"
		c.GitWorkingDir, c.PipDownloadCache = "/var/lib/turbo-hipster/git", "/var/cache/pip"
		c.Logs = config.Logs{
			Syslog: config.Log{Path: "/var/log/syslog"}, SQLSlow: config.Log{Path: "/var/log/mysql/slow-queries.log"},
			SQLErr: config.Log{Path: "/var/log/mysql/error.log"},
		}
		c.Publish = config.Publish{Type: "local", Path: "/srv/logs", PrependURL: "https://logs.example.org"}
		return c
	}
	for _, file := range []string{"jobs.yaml", "jobs.json", "plugins.yaml", "plugins.json"} {
		t.Run(file, func(t *testing.T) {
			data, err := os.ReadFile(filepath.Join("testdata", "classic", file))
			if err != nil {
				t.Fatal(err)
			}
			// As it is, the file lacks what came with the classic worker, and nothing else.
			_, err = config.Parse(file, "/etc/turbo-hipster", data)
			if err == nil || strings.Count(err.Error(), "\n") > 0 || !strings.HasSuffix(err.Error(), missing) {
				t.Fatalf("got %v", err)
			}
			dir := tree(t, map[string]string{file: string(data), "conf.d/scripts.yaml": "scripts_dir: /scripts\n"})
			got, err := config.Parse(file, dir, []byte(withConfD(file, string(data))))
			if err != nil {
				t.Fatal(err)
			}
			if err := got.ForService(); err != nil {
				t.Error(err)
			}
			want := want(file)
			want.Files = append(want.Files, "conf.d/scripts.yaml")
			want.Jobs[0].Tool.Name = worker.ToolSQLAlchemyMigrate
			for i := range want.Jobs {
				want.Jobs[i].Line = got.Jobs[i].Line
			}
			want.Jobs[0].Command, want.Jobs[0].CommandText = got.Jobs[0].Command, got.Jobs[0].CommandText
			if !strings.HasPrefix(got.Jobs[0].CommandText, "/scripts/${ZUUL_PROJECT##*/}_mysql_migrations.sh ") {
				t.Errorf("runs %s", got.Jobs[0].CommandText)
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("configuration differs (-want +got):\n%s", diff)
			}
		})
	}
}

// withConfD adds a conf_d to a file's text.
func withConfD(file, text string) string {
	if filepath.Ext(file) == ".json" {
		return `{"conf_d": "conf.d",` + strings.TrimSpace(text)[1:]
	}
	return text + "\nconf_d: conf.d\n"
}

func TestConfD(t *testing.T) {
	dir := tree(t, map[string]string{
		"th.yaml": `
conf_d: conf.d
slots: 2
store: store
trouble: {attempts: 7, then: report}
zuul_server: {gearman_servers: [a, b], gerrit_site: https://r, tls: {cert: c.pem}}
jobs: [{name: main, command: c}]
`,
		"conf.d/10-first.json": `{"slots": 3, "trouble": {"attempts": 8}, "jobs": [{"name": "first", "command": "c"}], "store": null}`,
		"conf.d/9-last.yml": `
slots: 4
zuul_server: {gearman_servers: [c], git_url: ./git, tls: {key: k.pem}}
plugins: [{name: shell_script, function: last, command: c}]
`,
		"conf.d/.hidden.yaml":   "slots: 5",
		"conf.d/old.yaml.bak":   "slots: 6",
		"conf.d/README":         "no YAML: [",
		"conf.d/sub/other.yaml": "slots: 7",
		"conf.d/50-empty.yaml":  "# nothing\n",
	})
	got, err := config.Load(filepath.Join(dir, "th.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	in := func(name string) string { return filepath.Join(dir, name) }
	want := defaults(
		config.Job{Name: "main", Function: "main"}, config.Job{Name: "first", Function: "first"}, config.Job{Name: "last", Function: "last"},
	)
	for i := range want.Jobs {
		j := &want.Jobs[i]
		j.Plugin, j.Charset, j.Command, j.CommandText = worker.PluginShellScript, "utf8mb4", shell("c"), "c"
	}
	want.Jobs[0].File, want.Jobs[0].Line = in("th.yaml"), 7
	want.Jobs[1].File, want.Jobs[1].Line = in("conf.d/10-first.json"), 1
	want.Jobs[2].File, want.Jobs[2].Line = in("conf.d/9-last.yml"), 4
	want.Files = []string{in("th.yaml"), in("conf.d/10-first.json"), in("conf.d/50-empty.yaml"), in("conf.d/9-last.yml")}
	want.Slots, want.Store = 4, in("store")
	want.Trouble.Attempts, want.Trouble.Then = 8, config.ThenReport
	want.Zuul = config.Zuul{
		GearmanServers: []config.Address{{Host: "c", Port: 4730}}, GerritSite: "https://r", GitURL: in("conf.d/git"),
		TLS: config.TLS{Cert: in("c.pem"), Key: in("conf.d/k.pem")},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestMistakesInSeveralFiles(t *testing.T) {
	for _, tc := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{
			"each in its file",
			map[string]string{
				"th.yaml":       "conf_d: conf.d\nslots: x\njobs: [{name: n, command: c}, {name: m, command: c, function: build:f}]\n",
				"conf.d/b.yaml": "stor: x\njobs:\n- name: n\n  command: c\n- {name: o, command: c, node: '', function: f}\n",
				"conf.d/a.json": "{\"slots\": 3,\n\"trouble\": {\"pause\": true},\n\"conf_d\": \"x\"}",
			},
			`th.yaml:2: slots: want a whole number, got text
conf.d/a.json:2: trouble.pause: want a number, got true or false
conf.d/a.json:3: conf_d: want it in the configuration file only: this file is in a conf_d itself
conf.d/b.yaml:1: unknown key "stor": did you mean "store"?
conf.d/b.yaml:3: a second job "n": the first is at th.yaml:3
conf.d/b.yaml:5: jobs[1].node: want a node label without spaces, slashes and colons, which does not begin with '.', '-' or '~'
conf.d/b.yaml:5: a second job with function build:f: the first is at th.yaml:3`,
		},
		{
			"what they say together",
			map[string]string{
				"th.yaml":       "conf_d: conf.d\nzuul_server: {tls: {cert: c}}\npublish_logs: {type: local}\n",
				"conf.d/a.yaml": "zuul_server:\n  gearman_port: 5\npublish_logs:\n  type: swift\n",
			},
			`th.yaml:1: no jobs: want at least one under jobs
th.yaml:2: zuul_server.tls: cert and key are needed together
conf.d/a.yaml:2: zuul_server.gearman_port: gearman_port without gearman_host
conf.d/a.yaml:4: publish_logs.type: swift is not supported yet: want local, with path and prepend_url`,
		},
		{
			"one that is not YAML",
			map[string]string{
				"th.yaml":       "conf_d: conf.d\nslots: x\n",
				"conf.d/a.yaml": "slots: 1\nslots: 2\n",
				"conf.d/b.yaml": "slots: 0\n",
			},
			`th.yaml:2: slots: want a whole number, got text
conf.d/a.yaml:2: not YAML: mapping key "slots" already defined at [1:1]
conf.d/b.yaml:1: slots: want a whole number from 1 to 1000`,
		},
		{"a directory of that name", map[string]string{"th.yaml": "conf_d: conf.d\n" + oneJob, "conf.d/a.yaml/x": ""}, "conf.d/a.yaml: cannot be read: is a directory"},
		{"no directory", map[string]string{"th.yaml": oneJob + "conf_d: conf.d\n"}, "th.yaml:5: conf_d: open conf.d: no such file or directory"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dir := tree(t, tc.files)
			_, err := config.Load(filepath.Join(dir, "th.yaml"))
			if err == nil {
				t.Fatal("no mistake")
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(err.Error(), dir+string(filepath.Separator), "")); diff != "" {
				t.Errorf("mistakes differ (-want +got):\n%s", diff)
			}
		})
	}
}

// Messages name files as the user did, so that an editor finds them.
func TestFilesAreNamedAsGiven(t *testing.T) {
	dir := tree(t, map[string]string{"etc/th.yaml": oneJob + "conf_d: conf.d\n", "etc/conf.d/a.yaml": "x: 1\n"})
	t.Chdir(dir)
	_, err := config.Load("etc/th.yaml")
	if err == nil || !strings.HasPrefix(err.Error(), filepath.Join("etc", "conf.d", "a.yaml")+":1: unknown key") {
		t.Errorf("got %v", err)
	}
}

func TestLoadNothing(t *testing.T) {
	if _, err := config.Load(filepath.Join(t.TempDir(), "none.yaml")); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("got %v", err)
	}
	big := filepath.Join(t.TempDir(), "big.yaml")
	if err := os.WriteFile(big, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := os.Truncate(big, 9<<20); err != nil {
		t.Fatal(err)
	}
	if _, err := config.Load(big); err == nil || !strings.Contains(err.Error(), "larger than") {
		t.Errorf("got %v", err)
	}
}
