#!/bin/bash
# Heat's story: a dump in heat's real schema is scrubbed with heat's real models, and heat's real migrations run on it.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

models=/usr/lib/python3/dist-packages/heat/db/sqlalchemy/models.py
needs "$models" python3-heat
cp "$here"/{heat_073.sql.zst,heat_rules.yaml,th-worker.yaml} "$work"
cd "$work"
mkdir tree
zstd --quiet --decompress heat_073.sql.zst -o original.sql

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
load_both original.sql export.sql
check "every row passes every check" insert_all
check "row counts are the original's" same_counts checked original

echo "# nobody's data is left"
canaries=$(canaries original.sql | tee canaries.txt | wc -l)
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
check "the values of treated columns" treated heat/production
check "more than 5000 of them ($(wc -l < treated.txt))" test "$(wc -l < treated.txt)" -gt 5000
check "none of those in the export" absent --fixed-strings --file=treated.txt export.sql

finish
