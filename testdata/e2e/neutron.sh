#!/bin/bash
# Neutron's story: two dumps in neutron's real schema of kilo are scrubbed with neutron's real models, and neutron's real
# migrations run on them. In one of the dumps are rows that one of the migrations refuses.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

neutron=/usr/lib/python3/dist-packages/neutron
needs "$neutron/db" python3-neutron
cp "$here"/{neutron_kilo_clean.sql.zst,neutron_kilo_tp_dupha.sql.zst,neutron_rules.yaml,neutron.yaml} "$work"
cd "$work"
mkdir tree
zstd --quiet --decompress neutron_kilo_clean.sql.zst -o original.sql
zstd --quiet --decompress neutron_kilo_tp_dupha.sql.zst -o dupha.sql

scrub() { fuzzy scrub --models "$neutron/db" --rules neutron_rules.yaml --key "$@"; }
run() { th-worker run -c neutron.yaml --source tree "$@"; }

# steps REPORT DATASET prints the steps that the worker found in a dataset's log; running LOG those that alembic announced
# there, in words that are not the steps' ("Running upgrade (expand) for neutron ...").
steps() { report "$1/report.json" '" ".join(s["from"] + "->" + s["to"] for s in r["datasets"]['"$2"']["steps"] if s["ended"])'; }
running() { sed --quiet --regexp-extended 's/.*Running upgrade ([^ ]*) -> ([^ ,]+).*/\1->\2/p' "$1" | paste -s -d ' '; }

# revisions prints how many migrations lie between kilo and the heads, as alembic reads them in neutron's source.
revisions() {
	/usr/bin/python3 - "$neutron/db/migration/alembic_migrations" <<- 'END'
		import os, sys
		from alembic.script import ScriptDirectory
		branches = [path for path, _, _ in os.walk(sys.argv[1] + "/versions") if "__pycache__" not in path]
		script = ScriptDirectory(sys.argv[1], version_locations=branches)
		print(sum(1 for r in script.walk_revisions("kilo", "heads") if r.revision != "kilo"))
	END
}

# quotes REPORT TEXT wants the tool's own error, TEXT, in the report's findings.
quotes() {
	local lines
	lines=$(report "$1/report.json" '"\n".join(f["message"] for f in r["findings"])')
	[[ $lines == *"$2"* ]] || { printf '      findings:\n%s\n' "$lines" && false; }
}

# fails REPORT wants a verdict of FAILURE, and first of all because the command failed.
fails() {
	equal "$(report "$1/report.json" 'r["verdict"], r["findings"][0]["message"]')" "('FAILURE', 'FAILURE - Migration command exited with status 1')"
}

begins() { [ -n "$2" ] && [[ "$1 " == "$2 "* ]]; }

echo "# scrub with neutron's models"
check "key" exits 0 fuzzy key new key
check "another key" exits 0 fuzzy key new key_again
check "scrub" exits 0 scrub key -o neutron/kilo neutron_kilo_clean.sql.zst
check "scrub it again, as another dataset" exits 0 scrub key_again -o neutron/kilo_again neutron_kilo_clean.sql.zst
check "scrub the other dump with the same rules" exits 0 scrub key -o neutron/dupha neutron_kilo_tp_dupha.sql.zst
check "verify" exits 0 fuzzy verify neutron/kilo

echo "# neutron's migrations, release by release, on two datasets"
revisions=$(revisions)
check "th-worker check" exits 0 th-worker check -c neutron.yaml
check "the verdict is good" exits 0 run --job neutron --output good
check "verdict SUCCESS, on both datasets" equal \
	"$(report good/report.json 'r["verdict"], r["findings"], [(d["requested"], d["verdict"]) for d in r["datasets"]]')" \
	"('SUCCESS', [], [('neutron/kilo', 'SUCCESS'), ('neutron/kilo_again', 'SUCCESS')])"
for i in 0 1; do
	steps=$(steps good $i)
	check "every migration that alembic announced is a step that ended, in its order" \
		equal "$steps" "$(running "$(report good/report.json 'r["datasets"]['$i']["log"]')")"
	check "they are all $revisions from kilo to the heads" equal "$(wc -w <<< "$steps")" "$revisions"
done
check "the steps take no longer than the command" holds good/report.json \
	'all(0 < sum(s["duration_seconds"] for s in d["steps"]) <= d["migrate_seconds"] for d in r["datasets"])'
check "no password in log and report" absent -E 'mysql\+pymysql://[^ ]*:[^*@ ]+@' -r good

echo "# the same on the data that a migration of mitaka refuses"
check "the verdict is not good" exits 3 run --job neutron --dataset neutron/dupha --output dupha
check "verdict FAILURE" fails dupha
check "with neutron's own error" quotes dupha \
	'1df244e556f5_add_unique_ha_router_agent_port_bindings_py.DuplicateL3HARouterAgentPortBinding: Duplicate L3HARouterAgentPortBinding'
check "after the migrations before it" begins "$(steps good 0)" "$(steps dupha 0)"
check "which are the ones that alembic announced" equal "$(steps dupha 0)" "$(running dupha/neutron_dupha.log)"

echo "# straight to the heads"
check "the verdict is not good" exits 3 run --job neutron-at-once --output at-once
check "verdict FAILURE" fails at-once
check "with neutron's own error" quotes at-once "Unknown column 'quotas.project_id'"

echo "# the export loads, with all checks on"
check "export" exits 0 fuzzy export neutron/kilo -o export.sql
load_both original.sql export.sql
check "every row passes every check" insert_all
check "row counts are the original's" same_counts checked original

echo "# nobody's data is left"
canaries=$(canaries original.sql | tee canaries.txt | wc -l)
check "the original has canaries ($canaries): more than 200" test "$canaries" -gt 200
check "no canary in the export" absent --fixed-strings --file=canaries.txt export.sql
check "nothing like one either, nor in hexadecimal" absent -E 'CANARY|43414E415259|leak\.example' export.sql
check "nor in the logs and reports" absent -E 'CANARY|leak\.example' -r good dupha at-once
check "the values of treated columns" treated neutron/kilo
check "more than 50000 of them ($(wc -l < treated.txt))" test "$(wc -l < treated.txt)" -gt 50000
check "none of those in the export" absent --fixed-strings --file=treated.txt export.sql
# Shorter ones are words of everybody's, such as "migration".
grep --extended-regexp '.{12}' treated.txt > long.txt
check "nor, from 12 characters on, in the logs and reports" absent --fixed-strings --file=long.txt -r good dupha at-once
for column in ports.tenant_id networks.name ports.mac_address; do
	sql original --execute="SELECT DISTINCT ${column#*.} FROM ${column%.*}" | grep --extended-regexp '^[A-Za-z0-9:._-]{12,}$' > column.txt
	check "$(wc -l < column.txt) values of $column are among them" \
		equal "$(sort column.txt | comm -23 - treated.txt | wc -l)" 0
done

finish
