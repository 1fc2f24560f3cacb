package config_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/turbo-hipster/turbo-hipster/internal/strictyaml"
	"github.com/turbo-hipster/turbo-hipster/worker/config"
)

// mistakeCase is a text and all that is wrong with it; "config.yaml:" before each
// line of want is left out.
type mistakeCase struct{ name, text, want string }

func testMistakes(t *testing.T, cases []mistakeCase) {
	t.Helper()
	for _, tc := range cases {
		t.Run(tc.name, func(t *testing.T) {
			_, err := config.Parse("config.yaml", "/etc/th", []byte(tc.text))
			if _, ok := errors.AsType[strictyaml.Mistakes](err); !ok {
				t.Fatalf("got error %v", err)
			}
			if diff := cmp.Diff(tc.want, strings.ReplaceAll(err.Error(), "config.yaml:", "")); diff != "" {
				t.Errorf("mistakes differ (-want +got):\n%s", diff)
			}
		})
	}
}

// oneJob is a configuration without a mistake, of one job and four lines.
const oneJob = "jobs:\n- name: n\n  steps: {tool: alembic}\n  command: c\n"

func TestMistakesInJobs(t *testing.T) {
	testMistakes(t, []mistakeCase{
		{
			"three mistakes",
			"stor: x\n" + oneJob + "  timeout: soon\n  git: {url: 'ext::sh -c id', ref: --upload-pack=x}\n",
			`1: unknown key "stor": did you mean "store"?
6: jobs[0].timeout: want a number, got text
7: jobs[0].git.url: not a git URL: want https, http, ssh, git or file, or a path that begins with ./, ../ or /
7: jobs[0].git.ref: not a git ref: want a branch, a tag, refs/… or a commit`,
		},
		{"empty", "", " no jobs: want at least one under jobs"},
		{"not YAML", "jobs: [\n", "1: not YAML: sequence end token ']' not found"},
		{"a job without anything", "jobs:\n- project: p\n", `2: jobs[0]: the job has no name
2: jobs[0]: the job has no command`},
		{"a plugin without anything", "plugins:\n- project: p\n  command: c\n", `2: plugins[0]: the job has no name
2: plugins[0]: the job has no function`},
		{"two jobs of a name", oneJob + "- name: n\n  steps: {tool: alembic}\n  command: c\n", `5: a second job "n": the first is at line 2`},
		{"two jobs of a name with and without build:", oneJob + "- name: build:n\n  command: c\n", `5: a second job "n": the first is at line 2`},
		{
			"two jobs of a function", oneJob + "- name: m\n  command: c\n  function: build:n\n",
			`5: a second job with function build:n: the first is at line 2`,
		},
		{
			"two forms of one function", oneJob + "  node: x\nplugins:\n- name: shell_script\n  command: c\n  function: build:n:x\n",
			`7: a second job with function build:n:x: the first is at line 2`,
		},
		{
			"names that are none", "jobs:\n- {name: a b, command: c}\n- {name: 'build:', command: c}\n- {name: a/b, command: c}\n- {name: '-a', command: c}\n- {name: 'a:b:c', command: c}\n",
			`2: jobs[0].name: want a name without white space and slashes
3: jobs[1].name: want a name without white space and slashes
4: jobs[2].name: want a name without white space and slashes
5: jobs[3].name: want a Gearman function: JOB or JOB:NODE, without spaces and slashes, and neither begins with '.', '-' or '~'
6: jobs[4].name: want a Gearman function: JOB or JOB:NODE, without spaces and slashes, and neither begins with '.', '-' or '~'`,
		},
		{
			"functions that are none", "jobs:\n- {name: a, command: c, function: 'b:'}\n- {name: b, command: c, function: b, node: 'x:y'}\n- {name: c, command: c, function: 'c:x', node: y}\n- {name: d, command: c, function: ../d}\n",
			`2: jobs[0].function: want a Gearman function: JOB or JOB:NODE, without spaces and slashes, and neither begins with '.', '-' or '~'
3: jobs[1].node: want a node label without spaces, slashes and colons, which does not begin with '.', '-' or '~'
4: jobs[2].node: not the node label at the end of the function
5: jobs[3].function: want a Gearman function: JOB or JOB:NODE, without spaces and slashes, and neither begins with '.', '-' or '~'`,
		},
		{
			"a plugin with a wrong letter", "jobs:\n- {name: n, command: c, plugin: real_db_upgrad}\nplugins:\n- {name: x, function: f}\n",
			`2: jobs[0].plugin: want real_db_upgrade, shell_script or gate_real_db_upgrade; did you mean "real_db_upgrade"?
4: plugins[0].name: want real_db_upgrade, shell_script or gate_real_db_upgrade`,
		},
		{"a dataset twice", oneJob + "  datasets:\n  - a\n  - a:v1\n  - a:latest\n  - a:v1\n", `8: jobs[0].datasets[2]: dataset a:latest a second time: the first is at line 6
9: jobs[0].datasets[3]: dataset a:v1 a second time: the first is at line 7`},
		{"names that the worker sets", oneJob + "  environment: {TH_X: 1, 'A B': 2}\n", `5: jobs[0].environment.TH_X: variables that start with TH_ are set by the worker
5: jobs[0].environment.A B: want a variable's name of letters, digits and '_'`},
		{"a hostile database", oneJob + "  database: 'a`b'\n", "5: jobs[0].database: want a database name of letters, digits, '_', '-' and '$'"},
		{"hostile words", oneJob + "  charset: utf8&x\n  map_collation: {a b: c}\n  base: --all\n  project: a/../b\n", `5: jobs[0].charset: want a character set's name, such as utf8mb4
6: jobs[0].map_collation.a b: want two collations' names, such as utf8mb4_0900_ai_ci: utf8mb4_unicode_ci
7: jobs[0].base: not a git ref: want a branch, a tag, refs/… or a commit
8: jobs[0].project: want a project's name, such as openstack/nova`},
		{
			"a repository's path without a dot", oneJob + "  git: {url: nova}\n",
			"5: jobs[0].git.url: not a git URL: want https, http, ssh, git or file, or a path that begins with ./, ../ or /",
		},
		{"times", oneJob + "  timeout: -1\n  maximum_migration_times: {default: -2, 1-2: 3}\n", `5: jobs[0].timeout: want a number that is not negative
6: jobs[0].maximum_migration_times.default: want a number that is not negative
6: jobs[0].maximum_migration_times.1-2: want "default" or a step such as "73->74"`},
		{"a word of another YAML", oneJob + "  shutdown-th: yes\n", "5: jobs[0].shutdown-th: want true or false, got text"},
	})
}

func TestMistakesInSteps(t *testing.T) {
	job := func(steps string) string { return "jobs:\n- name: n\n  command: c\n  steps: " + steps + "\n" }
	testMistakes(t, []mistakeCase{
		{"a tool that is not known", job("{tool: flyway}"), "4: jobs[0].steps.tool: want sqlalchemy-migrate, alembic, django, rails, patterns or run"},
		{
			"a tool with a wrong letter", job("{tool: alembik}"),
			`4: jobs[0].steps.tool: want sqlalchemy-migrate, alembic, django, rails, patterns or run; did you mean "alembic"?`,
		},
		{"no tool", job("{versions: [1]}"), "4: jobs[0].steps: no tool: want sqlalchemy-migrate, alembic, django, rails, patterns, run"},
		{"patterns without a pattern", job("{tool: patterns}"), "4: jobs[0].steps: tool patterns needs start, a regular expression"},
		{"a pattern of another tool", job("{tool: django, end: x}"), "4: jobs[0].steps: start and end are for tool patterns only"},
		{"a pattern that is none", job("{tool: patterns, start: '(a'}"), "4: jobs[0].steps.start: error parsing regexp: missing closing ): `(a`"},
		{"run without versions", job("{tool: run}"), "4: jobs[0].steps: tool run needs versions: each run of the command is one step"},
		{"versions", job("{tool: run, versions: [1, '', 1]}"), `4: jobs[0].steps.versions[1]: want a version
4: jobs[0].steps.versions[2]: this version a second time`},
		{"no versions", job("{tool: alembic, versions: []}"), "4: jobs[0].steps.versions: want at least one version"},
		{"versions from nowhere", job("{tool: alembic, versions: {}}"), "4: jobs[0].steps.versions: no command: want one that prints the versions, or a list of them"},
		{"a final version outside the tree", oneJob + "  expected_final_version: {highest_in: ../x}\n", "5: jobs[0].expected_final_version.highest_in: want a directory of the project's tree, relative to its top"},
		{"a final version from nowhere", oneJob + "  expected_final_version: {}\n", "5: jobs[0].expected_final_version: want a version, or highest_in and a directory of the tree"},
	})
}

func TestMistakesInPlugins(t *testing.T) {
	const forgot = "the job has no steps, so that it would only run a script: want steps; or plugin: real_db_upgrade and scripts_dir, for a classic script"
	testMistakes(t, []mistakeCase{
		// A migration that is taken for a script would pass without being judged.
		{"forgotten steps", "jobs:\n- name: n\n  command: c\n  database: d\n  datasets: [a]\n", "5: jobs[0].datasets: " + forgot},
		{"forgotten steps and plugin", "jobs:\n- name: n\n  command: c\n  limits: {}\n", "4: jobs[0].limits: " + forgot},
		{"a script with limits", "jobs:\n- name: n\n  plugin: shell_script\n  command: c\n  limits: {}\n  steps: {tool: alembic}\n", `5: jobs[0].limits: not for plugin shell_script
6: jobs[0].steps: not for plugin shell_script`},
		{"two scripts", "jobs:\n- name: n\n  command: c\n  shell_script: c\n", "4: jobs[0].shell_script: shell_script and command exclude each other"},
		{"a script that migrates", oneJob + "  shell_script: c\n", "5: jobs[0].shell_script: only for plugin shell_script: want command and steps"},
		{"an empty script", "jobs:\n- name: n\n  shell_script: ' '\n", "3: jobs[0].shell_script: want a command"},
		{
			"nothing to migrate with", "jobs:\n- name: n\n  plugin: real_db_upgrade\n  datasets_dir: x\n",
			"2: jobs[0]: plugin real_db_upgrade needs command, which migrates, and steps, which say what its output looks like; or scripts_dir, the directory of the classic scripts",
		},
		{"no command", "jobs:\n- name: n\n  steps: {tool: alembic}\n", "2: jobs[0]: the job has no command"},
		{"no steps", "scripts_dir: x\njobs:\n- name: n\n  plugin: real_db_upgrade\n  command: c\n", "3: jobs[0]: the job has no steps"},
		{"command and classic scripts", oneJob + "  scripts_dir: x\n", "5: jobs[0].scripts_dir: scripts_dir and command exclude each other"},
	})
}

func TestMistakesInEnvironments(t *testing.T) {
	python := func(keys string) string { return oneJob + "  python: " + keys + "\n" }
	testMistakes(t, []mistakeCase{
		{"another word than none", python("venv"), "5: jobs[0].python: want none, or keys such as install and requirements"},
		{"an option with its value", python("{install: ['-e .', '', x]}"), `5: jobs[0].python.install[0]: an option and its value are two arguments: want two items
5: jobs[0].python.install[1]: want an argument of pip install`},
		{"options for files", python("{requirements: [--index-url=x], constraints: -x, interpreter: -x}"), `5: jobs[0].python.requirements[0]: want a file of the project's tree, or a URL
5: jobs[0].python.constraints: want a file of the project's tree, or a URL
5: jobs[0].python.interpreter: want a program's name or path`},
		{"an index of nothing", python("{index_url: 'ftp://me:hunter2@x', system_site_packages: 1}"), `5: jobs[0].python.index_url: want an http, https or file URL
5: jobs[0].python.system_site_packages: want true or false, got a number`},
		{"an empty set-up", oneJob + "  setup: ''\n", "5: jobs[0].setup: want a command"},
	})
}

func TestMistakesInSections(t *testing.T) {
	const notGit = "not a git URL: want https, http, ssh, git or file, or a path that begins with ./, ../ or /"
	testMistakes(t, []mistakeCase{
		{"a number for a directory", oneJob + "git_working_dir: 5\n", "5: git_working_dir: want a path (as text), got a number"},
		{"a home", oneJob + "store: ~/x\ndebug_log: \"a\\nb\"\n", `5: store: ~ is not known here: want a whole path, or one relative to this file
6: debug_log: want a path without control characters`},
		{"counts", oneJob + "slots: 0\ntrouble: {attempts: 101, pause: 0, then: stop}\nshutdown_grace: 1000000\nmanager: a b\n", `5: slots: want a whole number from 1 to 1000
6: trouble.attempts: want a whole number from 1 to 100
6: trouble.pause: want 0.001 to 3600 seconds
6: trouble.then: want retry or report
7: shutdown_grace: want 0 to 604800 seconds
8: manager: want a name without white space, of at most 255 bytes`},
		{"sorts", oneJob + "slots: 1.5\ntrouble: {attempts: '3', pause: -1}\n", `5: slots: want a whole number, got a number
6: trouble.attempts: want a whole number, got text
6: trouble.pause: want a number that is not negative`},
		{"hosts", oneJob + "zuul_server:\n  gearman_host: h:4730\n  gearman_port: 65536\n", `6: zuul_server.gearman_host: want a host's name or IP address; the port is gearman_port
7: zuul_server.gearman_port: want a whole number from 1 to 65535`},
		{"servers", oneJob + "zuul_server: {gearman_servers: [a, 'a:0', 'a:4730', 'b:c', '[::1', http://x]}\n", `5: zuul_server.gearman_servers[1]: want HOST or HOST:PORT, with brackets around an IPv6 address
5: zuul_server.gearman_servers[2]: this server a second time
5: zuul_server.gearman_servers[3]: want HOST or HOST:PORT, with brackets around an IPv6 address
5: zuul_server.gearman_servers[4]: want HOST or HOST:PORT, with brackets around an IPv6 address
5: zuul_server.gearman_servers[5]: want HOST or HOST:PORT, with brackets around an IPv6 address`},
		{"one server and several", oneJob + "zuul_server:\n  gearman_host: a\n  gearman_servers: [b]\n", "7: zuul_server.gearman_servers: gearman_servers and gearman_host exclude each other"},
		{"a port for several", oneJob + "zuul_server:\n  gearman_port: 1\n  gearman_servers: [b]\n", "6: zuul_server.gearman_port: gearman_port goes with gearman_host: the port of a gearman_servers entry is part of it"},
		{"a port of nothing", oneJob + "zuul_server: {gearman_port: 1}\n", "5: zuul_server.gearman_port: gearman_port without gearman_host"},
		{"no servers", oneJob + "zuul_server: {gearman_servers: []}\n", "5: zuul_server.gearman_servers: want at least one server"},
		// Nobody who writes tls wants a plain connection.
		{"an empty tls", oneJob + "zuul_server: {tls: {}}\n", "5: zuul_server.tls: want ca, cert and key, or server_name: an empty tls would be a plain connection"},
		{"a certificate without its key", oneJob + "zuul_server: {tls: {cert: c, server_name: 'a/b'}}\n", `5: zuul_server.tls.server_name: want a host's name
5: zuul_server.tls: cert and key are needed together`},
		{
			"URLs of repositories", oneJob + "zuul_server: {git_url: repos, git_origin: '', gerrit_site: '-x', zuul_urls: ['ext::id', /ok]}\n",
			"5: zuul_server.git_url: " + notGit + "\n5: zuul_server.git_origin: " + notGit + "\n5: zuul_server.gerrit_site: " + notGit +
				"\n5: zuul_server.zuul_urls[0]: " + notGit,
		},
		{"logs", oneJob + "logs: {syslog: true, sqlslo: no, sqlerr: 7}\n", `5: logs.syslog: want a path, or false
5: logs.sqlslo: want a path, true or false
5: logs.sqlerr: want a path (as text), got a number`},
		{
			"swift", oneJob + "publish_logs: {type: swift, authurl: 'https://a', user: u, password: hunter2, tenant: t, region: r, container: c}\n",
			"5: publish_logs.type: swift is not supported yet: want local, with path and prepend_url",
		},
		{"another type", oneJob + "publish_logs: {type: scp, path: x}\n", "5: publish_logs.type: want local"},
		{"published nowhere", oneJob + "publish_logs: {prepend_url: 'https://x'}\n", "5: publish_logs: no path: want the directory that results are copied to"},
		{"URLs that nobody can follow", oneJob + "publish_logs: {path: x, prepend_url: 'https://me:hunter2@x/y'}\n", "5: publish_logs.prepend_url: want an http or https URL with a host, and without a password, a query and a fragment"},
		{"one directory for two things", oneJob + "store: x\ngit_working_dir: ./x/\n", "6: git_working_dir: the same directory as store"},
		{"published too much", oneJob + "publish_logs: {path: /srv}\nstore: /srv/store\njobs_working_dir: /jobs\ndebug_log: /srv/log\n", `5: publish_logs.path: store is in it, and would be published
5: publish_logs.path: debug_log is in it, and would be published`},
		{"published and deleted", oneJob + "publish_logs: {path: /jobs/all}\njobs_working_dir: /jobs\n", "5: publish_logs.path: it is in jobs_working_dir, where all is deleted in the end"},
		{"two documents", oneJob + "---\nslots: 1\n", "6: a second document in the file: want one"},
	})
}

// What a mistake says is printed and logged, and builds' logs are public.
func TestMistakesKeepSecrets(t *testing.T) {
	text := oneJob + `  environment: {"TH_TOKEN": hunter2, "A-B": hunter2}
  python: {index_url: "x://me:hunter2@h", constraints: [hunter2], requirements: hunter2}
  git: {url: "x://me:hunter2@h"}
  limits: hunter2
zuul_server: {git_url: "x://me:hunter2@h", zuul_urls: ["x://me:hunter2@h"], tls: hunter2, gearman_host: "me:hunter2@h"}
publish_logs: {type: swift, password: hunter2, path: 7, prepend_url: "https://me:hunter2@h"}
slots: hunter2
`
	_, err := config.Parse("config.yaml", "/etc/th", []byte(text))
	if err == nil || strings.Contains(err.Error(), "hunter2") {
		t.Errorf("got %v", err)
	}
	if n := strings.Count(err.Error(), "\n") + 1; n < 13 {
		t.Errorf("%d mistakes:\n%v", n, err)
	}
}
