// Package config reads th-worker's configuration.
//
// Its terms:
//
//   - a *job* is what the worker does for one Gearman function;
//   - its *plugin* says how: real_db_upgrade runs migrations on datasets and judges
//     each step, shell_script runs a script and judges its exit status;
//   - the *service* is th-worker without a command, which takes builds from Zuul;
//   - *conf_d* is a directory of more files, which are read over the first.
//
// A file is YAML; JSON is YAML, so both are read. Every mistake in all files is
// reported at once, each with its file and line; an unknown key is a mistake, and
// what is not a mistake has a meaning. Keys that start with an underscore are
// notes. Where the classic tools had the same thing, the key has the classic name
// and meaning. Mistakes name keys and do not quote values that may be secret.
//
//	zuul_server:
//	  gearman_host: zuul.example.org      # where Zuul's Gearman server listens
//	  gearman_port: 4730                  # the default
//	  gearman_servers: [a.example.org, "b.example.org:4731"]   # in place of both
//	  tls: {ca: ca.pem, cert: me.pem, key: me.key, server_name: zuul}   # cert and key together; default: a plain connection
//	  gerrit_site: https://review.example.org   # with /p added the origin, and where ref updates come from
//	  git_origin: https://git.example.org       # clones come from here, where it is given
//	  git_url: https://git.example.org          # or from here, before both
//	  zuul_urls: [https://zuul.example.org/p]   # what ZUUL_URL may begin with; default: any http, https, git and ssh URL
//	manager: turbo-hipster-manager-b1     # Zuul stops builds by this name; default: turbo-hipster-manager-HOSTNAME
//	slots: 2                              # builds at once, 1 to 1000; default: 1
//	shutdown_grace: 3600                  # seconds that running builds have to end after SIGTERM; the default
//	trouble: {attempts: 3, pause: 10, then: retry}   # the defaults; then: report answers in the classic words
//	debug_log: /var/log/turbo-hipster/debug.log      # the service's own log; default: standard error
//	store: /var/lib/fuzzy                 # the datasets; default: $FUZZY_STORE, else fuzzy/ in the user's data directory
//	jobs_working_dir: /var/lib/th/jobs    # a directory for each build; default: turbo-hipster/jobs in the user's cache directory
//	git_working_dir: /var/lib/th/git      # clones that builds share; default: each build fetches for itself
//	pip_download_cache: /var/cache/th/pip # default: a cache for each build
//	server_dir: /opt/mariadb/bin          # the database server's programs; default: PATH, and where distributions keep them
//	scripts_dir: /usr/share/th/scripts    # the classic scripts; default: none
//	logs: {syslog: false, sqlslo: true, sqlerr: true}   # the defaults; a path is followed
//	publish_logs:                         # default: results stay in the build's directory
//	  type: local
//	  path: /srv/logs                     # results are copied to path/LOG_PATH
//	  prepend_url: https://logs.example.org   # and are seen at prepend_url/LOG_PATH/
//	conf_d: conf.d
//	jobs:
//	  - name: nova-migrations             # Zuul's name of the job, and what --job asks for
//	    function: build:nova-migrations   # with or without build:, perhaps with :NODE at its end; default: the name
//	    node: mysql                       # the node label; default: none
//	    plugin: real_db_upgrade           # default: shell_script; of a job with steps or scripts_dir, real_db_upgrade
//	    project: openstack/nova           # whose changes are tested; default: any
//	    git: {url: "https://opendev.org/openstack/nova", ref: master}   # for th-worker run; ref is HEAD by default
//	    base: branch                      # compare with this ref; branch is what the change is for; default: compare with nothing
//	    datasets: [nova/user_001, "nova/user_002:v3"]
//	    datasets_dir: /var/lib/th/datasets   # classic dataset directories: those of the project under test are used
//	    database: nova                    # the schema's name; default: the dataset's own setting, else the dataset's last word
//	    charset: utf8mb4                  # in the database URL; the default
//	    map_collation: {utf8mb4_0900_ai_ci: utf8mb4_unicode_ci}   # where the server lacks the first
//	    python:                           # a virtual environment; default: none, which may be written as well
//	      interpreter: python3.11         # a program or a path; default: python3
//	      install: [., pymysql]           # arguments of pip install
//	      requirements: [requirements.txt]   # each is -r FILE
//	      constraints: upper-constraints.txt # a file of the tree, or a URL
//	      index_url: https://pypi.example.org/simple   # default: pip's own configuration
//	      system_site_packages: true      # default: false
//	    setup: make venv                  # a command before all others; default: none
//	    steps: {tool: sqlalchemy-migrate} # or alembic, django, rails, patterns, run
//	    command: nova-manage db sync      # a line for sh -c, or a list: program and arguments
//	    environment: {PYTHONPATH: .}      # of every command
//	    timeout: 3600                     # seconds for each command; default: none
//	    expected_final_version: 402       # or {highest_in: nova/db/sqlalchemy/migrate_repo/versions}; default: not checked
//	    maximum_migration_times: {default: 60, "151->152": 333}   # over the dataset's own
//	    XInnodb_rows_changed: {default: 100000}
//	    limits: {Innodb_rows_read: {default: 100000}}             # all three limits may stand here as well
//	    shutdown-th: false                # true: the service stops, gracefully, after one build of this job
//	  - name: docs
//	    plugin: shell_script
//	    shell_script: /usr/local/bin/docs # or command, which means the same here
//	plugins:                              # the older form, beside jobs or in place of it
//	  - name: gate_real_db_upgrade        # the plugin: here an alias of real_db_upgrade
//	    function: build:heat-migrations
//	    datasets_dir: /var/lib/th/datasets
//	    scripts_dir: /usr/share/th/scripts   # the other keys are those of a job
//
// # Steps
//
// With tool: patterns, start is a regular expression (Go syntax) that a line of
// output matches where a step starts. Its groups named from, to and title, or
// without names its first to third group, say which step. end matches where it
// ends; without end, a step ends at the next one's start, or when the command
// exits with status 0. Patterns see a line without colours and other ANSI codes.
//
//	steps: {tool: patterns, start: '^== (?P<to>\d+) (?P<title>.*): migrating', end: ': migrated'}
//
// versions makes the command a step driver: it runs once for each version, with
// the variable TH_STEP. They are a list, or a command that prints them, one a line.
// tool: run takes each run for one step, and reads no output.
//
//	steps: {tool: alembic, versions: [liberty, mitaka, newton]}
//	steps: {tool: run, versions: {command: ls migrations}}
//
// # Scripts of the classic worker
//
// A shell_script is a line for the shell, which gets the classic arguments behind
// its end: the tree, the build's directory and its unique name. So does a command
// of such a job; [sh, -c, LINE] does not mind them.
//
// A real_db_upgrade job without a command runs, from scripts_dir, the script that
// the classic worker had for the project and the type of its database,
// nova_mysql_migrations.sh for openstack/nova, with the classic arguments:
//
//	"$TH_UNIQUE" "$TH_JOB_DIR" "$TH_SOURCE_DIR" "$TH_DATABASE_USER" "$TH_DATABASE_PASSWORD" "$TH_DATABASE_NAME"
//	"$TH_SEED_PATH" "$TH_LOGGING_CONF" "$TH_PIP_CACHE"
//
// So the password of the build's database is on a command line, where other users
// of the machine see it. It opens a database that is the build's alone and is gone
// with it; prefer a command, which finds it in the environment. Without a project
// in the job, that of the change counts. Without steps, the output is that of
// sqlalchemy-migrate.
//
// # Several files
//
// conf_d is a directory. Its files *.yaml, *.yml and *.json, without those that
// begin with a full stop, are read over the configuration file in the order of
// their names: mappings are merged key by key, jobs and plugins are added to those
// before, all else is replaced. A key without a value changes nothing. A file of
// conf_d has no conf_d of its own. Jobs have different names, and different
// functions, over all files. A mistake is one even where a later file replaces the
// value.
//
// Relative paths, and git URLs that start with ./ or ../, are relative to the
// directory of the file that they stand in; conf_d's files are in conf_d.
//
// # Where it differs from the classic worker
//
//   - The machine's syslog is not followed unless its path is given: it has what
//     other programs and people do, and a build's log is public. sqlslo and sqlerr
//     are those of the build's own server, not of one that others use.
//   - publish_logs has no type swift yet: it is a mistake.
//   - Unknown keys are mistakes, and keys of one plugin are mistakes in a job of
//     the other.
//   - No script comes with th-worker, so a real_db_upgrade job needs command and
//     steps, or scripts_dir.
//
// The service needs more than th-worker run does: see Config.ForService.
package config
