#!/bin/bash
# The main job, on the data in this directory: a production dump becomes a snapshot without anybody's data, and changes with
# migrations are tested on it by the service, which is asked through Gearman as Zuul asks: a good one, and one that fails on
# a value that nobody thought of. A third, too slow for real amounts of data, is tested by hand.
#
# Everything happens in a temporary directory. It needs bin/fuzzy and bin/th-worker ("make demo" builds them), git, gearmand
# and MariaDB's programs; no server needs to run.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export PATH="$here/../../bin:$PATH:/usr/sbin"
work=$(mktemp -d "${TMPDIR:-/tmp}/turbo-hipster-demo.XXXXXX")
cd "$work"
cp "$here"/{models.py,rules.yaml,cloud.sql.zst,th-worker.yaml} .
export FUZZY_STORE="$work/store"

gearmand_pid='' service_pid=''
cleanup() {
	[ -z "$service_pid" ] || kill "$service_pid" 2> /dev/null || true
	[ -z "$service_pid" ] || wait "$service_pid" 2> /dev/null || true
	[ -z "$gearmand_pid" ] || kill "$gearmand_pid" 2> /dev/null || true
}
trap cleanup EXIT

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

say "The gate for the project's CI: is everything decided?"
run 0 fuzzy annotate --check models.py

say "Anonymize the production dump into a snapshot."
run 0 fuzzy scrub --models models.py --rules rules.yaml --key demo.key -o cloud/small cloud.sql.zst
run 0 fuzzy list
run 0 fuzzy show cloud/small

say "The dataset's settings stand beside its snapshots: no step may take longer than two seconds."
run 0 cp "$here/settings.yaml" store/cloud/small/settings.yaml
run 0 cat store/cloud/small/settings.yaml

say "A git repository with three changes."
mkdir -p git/example
run 0 repository git/example/cloud

say "A Gearman server, which is Zuul's otherwise, and the service."
# wait_for COMMAND… waits for a command to succeed, for ten seconds.
wait_for() {
	for _ in {1..100}; do "$@" > /dev/null 2>&1 && return || sleep 0.1; done
	echo "demo: waited too long for: $*; everything is left in $work" >&2
	exit 1
}
answers() { (exec 3<> "/dev/tcp/127.0.0.1/$1") 2> /dev/null; }
for _ in {1..5}; do
	port=$((20000 + RANDOM % 12000))
	answers "$port" && continue # somebody else's
	gearmand --listen=127.0.0.1 --port="$port" --log-file="$work/gearmand.log" &
	gearmand_pid=$!
	wait_for answers "$port"
	kill -0 "$gearmand_pid" 2> /dev/null && break
done
sed -i "s/gearman_port: 4730/gearman_port: $port/" th-worker.yaml
run 0 th-worker check -c th-worker.yaml
echo '$ th-worker -c th-worker.yaml &'
th-worker -c th-worker.yaml 2> service.log &
service_pid=$!
wait_for th-worker status -c th-worker.yaml
run 0 th-worker status -c th-worker.yaml

say "The good change, as Zuul submits it: exit status 0, the result is SUCCESS."
run 0 th-worker submit -c th-worker.yaml --job cloud-migrations --ref good --param ZUUL_CHANGE=101

say "A change that fails on a value that nobody thought of: exit status 3, and the author reads why."
run 3 th-worker submit -c th-worker.yaml --job cloud-migrations --ref failing --param ZUUL_CHANGE=102

say "A change that takes too long on real amounts of data, by hand: measured twice before it is believed."
run 3 th-worker run -c th-worker.yaml --job cloud-migrations --ref slow --output reports/slow

say "The service finishes what it does and ends."
kill "$service_pid"
wait "$service_pid"
service_pid=''

say "The reports, to be opened in a browser:"
ls "$work"/published/*/*/1/check/*/*/report.html "$work"/reports/slow/report.html
echo
echo "demo: all as expected in $SECONDS s; everything is in $work"
