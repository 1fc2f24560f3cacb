// Package config reads th-worker's configuration file.
//
// The file is YAML; JSON is YAML, so both are read. Every mistake in it is
// reported at once, each with its line; an unknown key is a mistake. Keys that
// start with an underscore are notes. Where the classic tools had the same thing,
// the key has the classic name.
//
//	store: /var/lib/fuzzy                 # the datasets; default: $FUZZY_STORE, else fuzzy/ in the user's data directory
//	jobs_working_dir: /var/lib/th/jobs    # a directory for each build; default: turbo-hipster/jobs in the user's cache directory
//	git_working_dir: /var/lib/th/git      # clones that builds share; default: each build fetches for itself
//	server_dir: /opt/mariadb/bin          # the database server's programs; default: PATH, and where distributions keep them
//	jobs:
//	  - name: nova-migrations             # what --job asks for
//	    project: openstack/nova
//	    git: {url: "https://opendev.org/openstack/nova", ref: master}
//	    datasets: [nova/user_001, "nova/user_002:v3"]
//	    database: nova                    # the schema's name; default: the dataset's own setting, else the dataset's last word
//	    charset: utf8mb4                  # in the database URL; the default
//	    map_collation: {utf8mb4_0900_ai_ci: utf8mb4_unicode_ci}   # where the server lacks the first
//	    steps: {tool: sqlalchemy-migrate} # or alembic, or patterns with start and end
//	    command: nova-manage db sync      # a line for sh -c, or a list: program and arguments
//	    environment: {PYTHONPATH: .}
//	    timeout: 3600                     # seconds; default: none
//	    expected_final_version: 402
//	    maximum_migration_times: {default: 60, "151->152": 333}   # over the dataset's own; or all limits under limits:
//
// With tool: patterns, start is a regular expression (Go syntax) that a line of
// output matches where a step starts. Its groups named from, to and title, or
// without names its first to third group, say which step. end matches where it
// ends; without end, a step ends at the next one's start, or when the command
// exits with status 0. Patterns see a line without colours and other ANSI codes.
//
//	steps: {tool: patterns, start: '^== (?P<to>\d+) (?P<title>.*): migrating', end: ': migrated'}
//
// Relative paths are relative to the directory of the configuration file; so is
// a git url that starts with ./ or ../.
package config
