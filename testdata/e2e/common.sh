# What the stories share: checks, a directory to work in, a server to look at dumps with. Each story sources this first.
#
# Each check prints "ok" or "FAIL"; "finish" ends a story, with exit status 0 when all were ok.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export LC_ALL=C.UTF-8 # one order for all that sort
export PATH="${TH_BIN:-$here/../../bin}:$PATH:/usr/sbin"
work=$(mktemp -d "${TMPDIR:-/tmp}/th-e2e.XXXXXX")
export FUZZY_STORE="$work/store"
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

# absent GREP'S ARGUMENTS… wants grep to look and find nothing: status 2, of a missing file, will not do. In the locale C
# it takes thousands of patterns in its stride.
absent() {
	local got=0
	LC_ALL=C grep --text --ignore-case --quiet "$@" || got=$?
	[ "$got" -eq 1 ]
}

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

# needs FILE PACKAGE ends a story that cannot be told here.
needs() { [ -e "$1" ] || { echo "e2e: no $1: install $2" >&2 && exit 1; }; }

finish() {
	if [ "$failed" -gt 0 ]; then
		echo "$failed checks FAILED in $SECONDS s"
		exit 1
	fi
	echo "all checks ok in $SECONDS s"
}

sql() { mariadb --no-defaults --user=root --socket="$work/s" --default-character-set=utf8mb4 --batch --skip-column-names "$@"; }
load() { sql "$1" < "$2"; }

# load_both ORIGINAL EXPORT starts a server and loads both dumps: into the databases "original" and "loaded". It sets
# tables to the names of the tables.
load_both() {
	mariadb-install-db --no-defaults --datadir="$work/data" --auth-root-authentication-method=normal --skip-test-db > install.log 2>&1
	mariadbd --no-defaults --user="$(id -un)" --datadir="$work/data" --socket="$work/s" --skip-networking \
		--skip-log-bin --innodb-flush-log-at-trx-commit=0 --tmpdir="$work" > server.log 2>&1 &
	server_pid=$!
	for _ in {1..300}; do sql --execute='SELECT 1' > /dev/null 2>&1 && break || sleep 0.1; done
	sql --execute='CREATE DATABASE original; CREATE DATABASE loaded; CREATE DATABASE checked'
	check "the original loads" load original "$1"
	check "the export loads" load loaded "$2"
	tables=$(sql --execute="SELECT table_name FROM information_schema.tables WHERE table_schema = 'original' AND table_type = 'BASE TABLE' ORDER BY 1")
	check "its tables: $(wc -w <<< "$tables")" test -n "$tables"
}

# A dump switches checks off to load tables in any order. insert_all puts every row through all of them once more, in the
# database "checked": a strict session with foreign and unique keys checked, tables in the order that the foreign keys
# ask for, that is, again and again until no more go in.
insert_all() {
	mariadb-dump --no-defaults --user=root --socket="$work/s" --no-data loaded | sql checked
	local left=$tables next table
	while [ -n "$left" ]; do
		{
			echo "SET SESSION foreign_key_checks = 1, unique_checks = 1,
				sql_mode = 'STRICT_ALL_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_AUTO_VALUE_ON_ZERO';"
			for table in $left; do echo "INSERT INTO \`$table\` SELECT * FROM loaded.\`$table\`;"; done
		} | sql --force checked 2> checks.log || true
		next=$(unequal loaded checked) || return 1
		[ "$next" != "$left" ] || { tail -n 3 checks.log && return 1; }
		left=$next
	done
}

# unequal DATABASE DATABASE prints the tables that have more rows in one than in the other.
unequal() {
	for table in $tables; do
		echo "SELECT '$table' FROM DUAL WHERE (SELECT COUNT(*) FROM $1.\`$table\`) <> (SELECT COUNT(*) FROM $2.\`$table\`);"
	done | sql
}

same_counts() {
	local tables_unequal
	tables_unequal=$(unequal "$@") && equal "$tables_unequal" ''
}

# treated SNAPSHOT writes the values of its treated columns to the file treated.txt, once load_both has run.
treated() {
	fuzzy show --columns --json "$1" > columns.json &&
		/usr/bin/python3 "$here/treated.py" columns.json "$work/s" 8 > treated.txt
}

# canaries DUMP prints the made-up secrets that the dumps' maker put into their columns.
canaries() {
	grep --text --only-matching -E "CANARY[0-9a-f]+|canary-[0-9a-f]+\.leak\.example|canary:[0-9a-f]+@leak\.example" "$1" | sort -u
}
