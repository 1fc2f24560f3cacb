#!/bin/bash
# The main job, on the data in this directory: a production dump becomes a snapshot without anybody's data, and three
# changes with migrations are tested on it: a good one, one that is too slow, and one that fails.
#
# Everything happens in a temporary directory. It needs bin/fuzzy and bin/th-worker ("make demo" builds them), git and
# MariaDB's programs; no database server needs to run.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export PATH="$here/../../bin:$PATH:/usr/sbin"
work=$(mktemp -d "${TMPDIR:-/tmp}/turbo-hipster-demo.XXXXXX")
cd "$work"
cp "$here"/{models.py,rules.yaml,cloud.sql.zst,th-worker.yaml} .
export FUZZY_STORE="$work/store"

say() { printf '\n# %s\n' "$*"; }

# run STATUS COMMAND… prints a command, runs it, and stops the demo when it exits with another status.
run() {
	local want=$1 got=0
	shift
	printf '$ %s\n' "$*"
	"$@" || got=$?
	if [ "$got" -ne "$want" ]; then
		echo "demo: exit status $got, expected $want; everything is left in $work" >&2
		exit 1
	fi
	[ "$want" -eq 0 ] || echo "[exit status $got]"
}

# repository DIR makes the git repository of migrations: master as production has it, and a branch for each change.
repository() {
	local change
	(
		export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_SYSTEM=/dev/null
		export GIT_AUTHOR_NAME='Demo' GIT_AUTHOR_EMAIL=demo@example.com GIT_AUTHOR_DATE='2015-06-01T00:00:00Z'
		export GIT_COMMITTER_NAME='Demo' GIT_COMMITTER_EMAIL=demo@example.com GIT_COMMITTER_DATE='2015-06-01T00:00:00Z'
		git init --quiet --initial-branch=master "$1"
		cd "$1"
		cp -R "$here"/base/. .
		git add .
		git commit --quiet -m 'Migrations 1 to 3, as in production'
		for change in good slow failing; do
			git checkout --quiet -b "$change" master
			cp "$here/changes/$change"/*.sql migrations/
			git add .
			git commit --quiet -m "The $change change"
		done
		git checkout --quiet master
		git log --oneline --all --graph
	)
}

say "A key: equal values become equal pseudonyms in everything that is scrubbed with it."
run 0 fuzzy key new demo.key

say "What the models and the rules say of each column, and where."
run 0 fuzzy rules --rules rules.yaml models.py

say "Anonymize the production dump into a snapshot."
run 0 fuzzy scrub --models models.py --rules rules.yaml --key demo.key -o cloud/small cloud.sql.zst
run 0 fuzzy list
run 0 fuzzy show cloud/small

say "The dataset's settings stand beside its snapshots: no step may take longer than two seconds."
run 0 cp "$here/settings.yaml" store/cloud/small/settings.yaml
run 0 cat store/cloud/small/settings.yaml

say "A git repository with three changes."
run 0 repository cloud.git

run 0 th-worker check -c th-worker.yaml

say "The good change."
run 0 th-worker run -c th-worker.yaml --job cloud-migrations --ref good --output reports/good

say "A change that takes too long on real amounts of data: exit status 3."
run 3 th-worker run -c th-worker.yaml --job cloud-migrations --ref slow --output reports/slow

say "A change that fails on a value that nobody thought of: exit status 3."
run 3 th-worker run -c th-worker.yaml --job cloud-migrations --ref failing --output reports/failing

say "The reports:"
ls "$work"/reports/*/report.json
echo
echo "demo: all as expected in $SECONDS s; everything is in $work"
