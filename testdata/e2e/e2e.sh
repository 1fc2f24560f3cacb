#!/bin/bash
# End to end on real input: a dump in heat's real schema is scrubbed with heat's real models, and heat's real migrations
# run on it. "make e2e" installs python3-heat and builds bin/ first. No system service is used.
#
# Each check prints "ok" or "FAIL"; the exit status is 0 when all are ok.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
export PATH="$here/../../bin:$PATH:/usr/sbin"
work=$(mktemp -d "${TMPDIR:-/tmp}/th-e2e.XXXXXX")
models=/usr/lib/python3/dist-packages/heat/db/sqlalchemy/models.py
server_pid=''
failed=0

cleanup() {
	local status=$?
	if [ -n "$server_pid" ]; then
		kill "$server_pid" 2> /dev/null || true
		wait "$server_pid" 2> /dev/null || true
	fi
	if [ "$status" -eq 0 ]; then rm -rf "$work"; else echo "e2e: everything is left in $work" >&2; fi
}
trap cleanup EXIT

# check NAME COMMAND… prints whether the command succeeds.
check() {
	local name=$1
	shift
	if "$@"; then echo "ok    $name"; else
		echo "FAIL  $name"
		failed=$((failed + 1))
	fi
}

equal() { [ "$1" = "$2" ] || { printf '      got:  %s\n      want: %s\n' "$1" "$2" && false; }; }
absent() { ! grep --text --ignore-case --quiet "$@"; }

# exits STATUS COMMAND… runs a command with its output in $work/last and wants its exit status.
exits() {
	local want=$1 got=0
	shift
	"$@" > "$work/last" 2>&1 || got=$?
	[ "$got" -eq "$want" ] || { sed 's/^/      /' "$work/last" | tail -n 40 && echo "      exit status $got, want $want" && false; }
}

holds() { [ "$(report "$@")" = True ]; }

# report FILE EXPRESSION evaluates a Python expression over a report r.
report() { /usr/bin/python3 -c 'import json, sys; r = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"; }

[ -e "$models" ] || { echo "e2e: no $models: install python3-heat" >&2; exit 1; }
cp "$here"/{heat_073.sql.zst,heat_rules.yaml,th-worker.yaml} "$work"
cd "$work"
mkdir tree
zstd --quiet --decompress heat_073.sql.zst -o original.sql
export FUZZY_STORE="$work/store"

echo "# scrub with heat's models"
check "key" exits 0 fuzzy key new key
check "undecided columns stop a scrub without rules" exits 3 fuzzy scrub --models "$models" --key key -o heat/production heat_073.sql.zst
check "scrub" exits 0 fuzzy scrub --models "$models" --rules heat_rules.yaml --key key -o heat/production heat_073.sql.zst
check "verify" exits 0 fuzzy verify heat/production

echo "# heat's migrations, 73 to 86"
check "th-worker check" exits 0 th-worker check -c th-worker.yaml
check "the verdict is good" exits 0 th-worker run -c th-worker.yaml --job heat --source tree --output good
check "verdict SUCCESS" equal "$(report good/report.json 'r["verdict"], r["findings"]')" "('SUCCESS', [])"
check "13 steps, 73->74 to 85->86, all ended" equal \
	"$(report good/report.json '" ".join(s["from"] + "->" + s["to"] for s in r["datasets"][0]["steps"] if s["ended"])')" \
	"$(for n in {73..85}; do echo "$n->$((n + 1))"; done | paste -s -d ' ')"
check "the steps take no longer than the command" \
	holds good/report.json '0 < sum(s["duration_seconds"] for s in r["datasets"][0]["steps"]) <= r["datasets"][0]["migrate_seconds"]'
check "the report has the snapshot's digest, and the command that does it again" \
	holds good/report.json 'r["datasets"][0]["digest"] in r["reproduce"]'
check "no password in log and report" absent -E 'mysql\+pymysql://[^ ]*:[^*@ ]+@' -r good

echo "# the same with a limit that no step can keep"
check "the verdict is not good" exits 3 th-worker run -c th-worker.yaml --job heat-impatient --source tree --output impatient
check "verdict WARNING" equal "$(report impatient/report.json 'r["verdict"], [f["message"] for f in r["findings"]]')" \
	"('WARNING', ['WARNING - Migration 78->79 took too long'])"

echo "# the export loads, with all checks on"
check "export" exits 0 fuzzy export heat/production -o export.sql
mariadb-install-db --no-defaults --datadir="$work/data" --auth-root-authentication-method=normal --skip-test-db > install.log 2>&1
mariadbd --no-defaults --user="$(id -un)" --datadir="$work/data" --socket="$work/s" --skip-networking \
	--skip-log-bin --innodb-flush-log-at-trx-commit=0 --tmpdir="$work" > server.log 2>&1 &
server_pid=$!
sql() { mariadb --no-defaults --user=root --socket="$work/s" --default-character-set=utf8mb4 --batch --skip-column-names "$@"; }
for _ in {1..300}; do sql --execute='SELECT 1' > /dev/null 2>&1 && break || sleep 0.1; done
sql --execute='CREATE DATABASE original; CREATE DATABASE loaded; CREATE DATABASE checked'
load() { sql "$1" < "$2"; }
check "the original loads" load original original.sql
check "the export loads" load loaded export.sql

# A dump switches checks off to load tables in any order. Here every row goes through all of them once more: a strict
# session with foreign and unique keys checked, tables in the order that the foreign keys ask for.
tables=$(sql --execute="SELECT table_name FROM information_schema.tables WHERE table_schema = 'original' AND table_type = 'BASE TABLE' ORDER BY 1")
mariadb-dump --no-defaults --user=root --socket="$work/s" --no-data loaded | sql checked
insert_all() {
	local left=$tables next table
	while [ -n "$left" ]; do
		next=''
		for table in $left; do
			sql checked --execute="SET SESSION foreign_key_checks = 1, unique_checks = 1,
				sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO';
				INSERT INTO \`$table\` SELECT * FROM loaded.\`$table\`" 2>> checks.log || next="$next $table"
		done
		[ "$next" != "$left" ] || { tail -n 3 checks.log && return 1; }
		left=$next
	done
}
check "every row passes every check" insert_all
counts() { for table in $tables; do sql "$1" --execute="SELECT '$table', COUNT(*) FROM \`$table\`"; done | paste -s -d ' '; }
check "row counts are the original's" equal "$(counts checked)" "$(counts original)"

echo "# nobody's data is left"
canaries=$(grep --text --only-matching -E "CANARY[0-9a-f]+|canary-[0-9a-f]+\.leak\.example|canary:[0-9a-f]+@leak\.example" original.sql | sort -u | tee canaries.txt | wc -l)
check "the original has canaries ($canaries), one of them in hexadecimal" grep --quiet 43414E415259 original.sql
check "more than 40 of them" test "$canaries" -gt 40
check "no canary in the export" absent --fixed-strings --file=canaries.txt export.sql
check "nothing like one either, nor in hexadecimal" absent -E 'CANARY|43414E415259|leak\.example' export.sql
check "nor in the logs and reports" absent -E 'CANARY|leak\.example' -r good impatient
# A few odd values stand in every column of the original, the public states too; those are nobody's names.
sql original --execute="SELECT status FROM stack UNION SELECT status FROM snapshot UNION SELECT status FROM resource" > states.txt
sql original --execute="SELECT username FROM user_creds WHERE CHAR_LENGTH(username) >= 8 UNION SELECT tenant FROM stack WHERE CHAR_LENGTH(tenant) >= 8" |
	grep --invert-match --line-regexp --fixed-strings --file=states.txt > persons.txt
persons=$(wc -l < persons.txt)
check "none of $persons user and project names in the export" absent --fixed-strings --file=persons.txt export.sql

if [ "$failed" -gt 0 ]; then
	echo "e2e: $failed checks FAILED in $SECONDS s"
	exit 1
fi
echo "e2e: all checks ok in $SECONDS s"
