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

// defaults is a configuration that says nothing but its jobs.
func defaults(jobs ...config.Job) *config.Config {
	for i := range jobs {
		jobs[i].File = "config.yaml"
	}
	return &config.Config{
		Slots: 1, ShutdownGrace: time.Hour, Trouble: config.Trouble{Attempts: 3, Pause: 10 * time.Second, Then: config.ThenRetry},
		Logs: config.Logs{SQLSlow: config.Log{Own: true}, SQLErr: config.Log{Own: true}},
		Jobs: jobs, Files: []string{"config.yaml"},
	}
}

// shell is the command that runs a line.
func shell(line string) []string { return []string{"/bin/sh", "-c", line} }

// full has every key.
const full = `
_note: for people
zuul_server:
  gearman_servers: [a.example.org, "b.example.org:4731", "::1", "[fe80::1]:4730"]
  tls: {ca: ca.pem, cert: me.pem, key: /keys/me.key, server_name: zuul}
  gerrit_site: https://review.example.org/
  git_origin: git://git.example.org
  git_url: ./repositories
  zuul_urls: [https://zuul.example.org/p, /srv/zuul]
manager: manager-1
slots: 4
shutdown_grace: 90
trouble: {attempts: 5, pause: 0.5, then: report}
debug_log: log/debug.log
store: store
jobs_working_dir: /var/lib/th/jobs
git_working_dir: git
pip_download_cache: pip
server_dir: /opt/mariadb/bin
scripts_dir: scripts
logs: {syslog: /var/log/syslog, sqlslo: false, sqlerr: err.log}
publish_logs: {type: local, path: published, prepend_url: "https://logs.example.org/th/"}
jobs:
  - name: nova
    function: build:nova-upgrade:mysql
    node: mysql
    plugin: gate_real_db_upgrade
    project: openstack/nova
    git: {url: ./nova.git, ref: refs/changes/1/2/3}
    base: branch
    datasets: [nova/user_001, "nova/user_002:v3"]
    datasets_dir: datasets
    database: nova
    charset: utf8
    map_collation: {utf8mb4_0900_ai_ci: utf8mb4_unicode_ci}
    python:
      interpreter: python3.11
      install: [., pymysql]
      requirements: [requirements.txt, test-requirements.txt]
      constraints: upper.txt
      index_url: https://me:secret@pypi.example.org/simple
      system_site_packages: true
    setup: make venv
    steps: {tool: run, versions: {command: [ls, versions]}}
    command: nova-manage db sync
    environment: {PYTHONPATH: ., LEVEL: 3}
    timeout: 0.5
    expected_final_version: {highest_in: nova/versions}
    maximum_migration_times: {default: 60, "151->152": 333.5, _bugs: [1]}
    limits: {XInnodb_rows_changed: {default: 7}, Innodb_rows_read: {default: 8}}
    shutdown-th: true
  - name: build:keystone
    python: none
    steps: {tool: patterns, start: 'a(\d+)', end: b, versions: [1, 2.10]}
    command: [./migrate, --all]
    expected_final_version: 402
  - name: docs
    shell_script: /usr/local/bin/docs --all
plugins:
  - name: real_db_upgrade
    function: build:heat
  - name: real_db_upgrade
    function: glance
    project: openstack/glance
    scripts_dir: /own
    steps: {tool: django}
`

func TestEveryKey(t *testing.T) {
	got, err := config.Parse("config.yaml", "/etc/th", []byte(full))
	if err != nil {
		t.Fatal(err)
	}
	environment := map[string]string{"PYTHONPATH": ".", "LEVEL": "3"}
	const arguments = ` "$TH_UNIQUE" "$TH_JOB_DIR" "$TH_SOURCE_DIR" "$TH_DATABASE_USER" "$TH_DATABASE_PASSWORD" "$TH_DATABASE_NAME"` +
		` "$TH_SEED_PATH" "$TH_LOGGING_CONF" "$TH_PIP_CACHE"`
	want := defaults(
		config.Job{
			Name: "nova", Function: "nova-upgrade", Node: "mysql", Plugin: worker.PluginRealDBUpgrade, Project: "openstack/nova",
			Git: config.Git{URL: "/etc/th/nova.git", Ref: "refs/changes/1/2/3"}, Base: config.BaseBranch,
			Datasets: []string{"nova/user_001", "nova/user_002:v3"}, DatasetsDir: "/etc/th/datasets", Database: "nova", Charset: "utf8",
			MapCollation: map[string]string{"utf8mb4_0900_ai_ci": "utf8mb4_unicode_ci"},
			Prepare: worker.Environment{
				Python: &worker.Python{
					Interpreter: "python3.11", Install: []string{".", "pymysql", "-r", "requirements.txt", "-r", "test-requirements.txt"},
					Constraints: "upper.txt", IndexURL: "https://me:secret@pypi.example.org/simple", CacheDir: "/etc/th/pip", SystemSitePackages: true,
				},
				Command: worker.Command{Argv: shell("make venv"), Text: "make venv", Environment: environment, Timeout: 500 * time.Millisecond},
			},
			Tool: worker.Tool{Name: worker.ToolRun, VersionsCommand: worker.Command{
				Argv: []string{"ls", "versions"}, Text: "ls versions", Environment: environment, Timeout: 500 * time.Millisecond,
			}},
			Command: shell("nova-manage db sync"), CommandText: "nova-manage db sync", Environment: environment, Timeout: 500 * time.Millisecond,
			Expected: worker.Expected{HighestIn: "nova/versions"},
			Limits: datasets.Limits{
				Times:       map[string]time.Duration{"default": time.Minute, "151->152": 333500 * time.Millisecond},
				RowsChanged: map[string]int64{"default": 7}, RowsRead: map[string]int64{"default": 8},
			},
			ShutdownAfter: true, Line: 24,
		},
		config.Job{
			Name: "keystone", Function: "keystone", Plugin: worker.PluginRealDBUpgrade, Charset: "utf8mb4",
			Tool:    worker.Tool{Name: worker.ToolPatterns, Start: `a(\d+)`, End: "b", Versions: []string{"1", "2.10"}},
			Command: []string{"./migrate", "--all"}, CommandText: "./migrate --all", Expected: worker.Expected{Version: "402"}, Line: 52,
		},
		config.Job{
			Name: "docs", Function: "docs", Plugin: worker.PluginShellScript, Charset: "utf8mb4",
			Command: shell("/usr/local/bin/docs --all"), CommandText: "/usr/local/bin/docs --all", Line: 57,
		},
		config.Job{
			Name: "heat", Function: "heat", Plugin: worker.PluginRealDBUpgrade, Charset: "utf8mb4", Tool: worker.Tool{Name: worker.ToolSQLAlchemyMigrate},
			Command:     append(shell(`exec "$0/${ZUUL_PROJECT##*/}_mysql_migrations.sh"`+arguments), "/etc/th/scripts"),
			CommandText: "/etc/th/scripts/${ZUUL_PROJECT##*/}_mysql_migrations.sh" + arguments, Environment: map[string]string{"TH_PIP_CACHE": "/etc/th/pip"}, Line: 60,
		},
		config.Job{
			Name: "glance", Function: "glance", Plugin: worker.PluginRealDBUpgrade, Charset: "utf8mb4", Project: "openstack/glance",
			Tool:        worker.Tool{Name: worker.ToolDjango},
			Command:     append(shell(`exec "$0"`+arguments), "/own/glance_mysql_migrations.sh"),
			CommandText: "/own/glance_mysql_migrations.sh" + arguments, Environment: map[string]string{"TH_PIP_CACHE": "/etc/th/pip"}, Line: 62,
		},
	)
	want.Zuul = config.Zuul{
		GearmanServers: []config.Address{{Host: "a.example.org", Port: 4730}, {Host: "b.example.org", Port: 4731}, {Host: "::1", Port: 4730}, {Host: "fe80::1", Port: 4730}},
		TLS:            config.TLS{CA: "/etc/th/ca.pem", Cert: "/etc/th/me.pem", Key: "/keys/me.key", ServerName: "zuul"},
		GitURL:         "/etc/th/repositories", GerritSite: "https://review.example.org/", GitOrigin: "git://git.example.org",
		AllowedURLs: []string{"https://zuul.example.org/p", "/srv/zuul"},
	}
	want.Manager, want.Slots, want.ShutdownGrace = "manager-1", 4, 90*time.Second
	want.Trouble = config.Trouble{Attempts: 5, Pause: 500 * time.Millisecond, Then: config.ThenReport}
	want.DebugLog, want.Store, want.JobsWorkingDir, want.GitWorkingDir = "/etc/th/log/debug.log", "/etc/th/store", "/var/lib/th/jobs", "/etc/th/git"
	want.PipDownloadCache, want.ServerDir = "/etc/th/pip", "/opt/mariadb/bin"
	want.Logs = config.Logs{Syslog: config.Log{Path: "/var/log/syslog"}, SQLErr: config.Log{Path: "/etc/th/err.log"}}
	want.Publish = config.Publish{Type: "local", Path: "/etc/th/published", PrependURL: "https://logs.example.org/th"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestDefaults(t *testing.T) {
	got, err := config.Parse("config.yaml", "/etc/th", []byte("jobs:\n- name: a\n  command: make check\n"))
	if err != nil {
		t.Fatal(err)
	}
	want := defaults(config.Job{
		Name: "a", Function: "a", Plugin: worker.PluginShellScript, Charset: "utf8mb4", Command: shell("make check"), CommandText: "make check", Line: 2,
	})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("configuration differs (-want +got):\n%s", diff)
	}
}

func TestFindJobs(t *testing.T) {
	c, err := config.Parse("config.json", "/etc/th", []byte(`{"jobs": [{"name": "build:n:x", "command": "c", "steps": {"tool": "alembic"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"n:x", "build:n:x"} {
		if job, err := c.Job(name); err != nil || job.Function != "n" || job.Node != "x" || job.Tool.Name != worker.ToolAlembic {
			t.Errorf("%q: got %+v, %v", name, job, err)
		}
	}
	if job, err := c.Served("n", "x"); err != nil || job != &c.Jobs[0] {
		t.Errorf("got %+v, %v", job, err)
	}
	var unknown *config.UnknownJobError
	if _, err := c.Served("n", ""); !errors.As(err, &unknown) || err.Error() != `no job "build:n" in the configuration; it has build:n:x` {
		t.Errorf("got %v", err)
	}
	if _, err := c.Job("m"); !errors.As(err, &unknown) || err.Error() != `no job "m" in the configuration; it has n:x` {
		t.Errorf("got %v", err)
	}
}

func TestFunctions(t *testing.T) {
	c, err := config.Parse("config.yaml", "/etc/th", []byte(full))
	if err != nil {
		t.Fatal(err)
	}
	want := []config.Function{
		{
			Name: "build:nova-upgrade:mysql", Job: "nova", Plugin: worker.PluginRealDBUpgrade, Project: "openstack/nova", Steps: "run",
			Datasets: []string{"nova/user_001", "nova/user_002:v3"}, DatasetsDir: "/etc/th/datasets",
		},
		{Name: "build:keystone", Job: "keystone", Plugin: worker.PluginRealDBUpgrade, Steps: "patterns"},
		{Name: "build:docs", Job: "docs", Plugin: worker.PluginShellScript},
		{Name: "build:heat", Job: "heat", Plugin: worker.PluginRealDBUpgrade, Steps: "sqlalchemy-migrate"},
		{Name: "build:glance", Job: "glance", Plugin: worker.PluginRealDBUpgrade, Project: "openstack/glance", Steps: "django"},
	}
	if diff := cmp.Diff(want, c.Functions()); diff != "" {
		t.Errorf("functions differ (-want +got):\n%s", diff)
	}
	wantLack := `config.yaml:52: job "keystone" has no datasets and no datasets_dir: nothing to test on
config.yaml:60: job "heat" has no datasets and no datasets_dir: nothing to test on
config.yaml:62: job "glance" has no datasets and no datasets_dir: nothing to test on`
	if err := c.ForService(); err == nil || err.Error() != wantLack {
		t.Errorf("got:\n%v\nwant:\n%s", err, wantLack)
	}
}

func TestForService(t *testing.T) {
	const job = "jobs:\n- name: n\n  command: c\n"
	for _, tc := range []struct{ name, text, want string }{
		{"all there is", job + "zuul_server: {gearman_host: h, gerrit_site: 'https://r'}", ""},
		{"nothing", job, `c.yaml: no gearman_host in zuul_server: want the host of Zuul's Gearman server
c.yaml: no git_url, git_origin or gerrit_site in zuul_server: want where projects are cloned from`},
	} {
		t.Run(tc.name, func(t *testing.T) {
			c, err := config.Parse("c.yaml", "/etc/th", []byte(tc.text))
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			if err := c.ForService(); err != nil {
				got = err.Error()
				if _, ok := errors.AsType[strictyaml.Mistakes](err); !ok {
					t.Errorf("got a %T", err)
				}
			}
			if got != tc.want {
				t.Errorf("got:\n%s\nwant:\n%s", got, tc.want)
			}
		})
	}
}

func TestOrigin(t *testing.T) {
	for _, tc := range []struct {
		name string
		zuul config.Zuul
		want string
	}{
		{"none", config.Zuul{}, ""},
		{"gerrit alone", config.Zuul{GerritSite: "https://review.example.org/"}, "https://review.example.org/p"},
		{"a mirror", config.Zuul{GerritSite: "https://review.example.org", GitOrigin: "git://git.example.org"}, "git://git.example.org"},
		{"git_url", config.Zuul{GitURL: "/srv/git", GitOrigin: "git://git.example.org"}, "/srv/git"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if got := tc.zuul.Origin(); got != tc.want {
				t.Errorf("got %q, want %q", got, tc.want)
			}
		})
	}
}
