#!/bin/bash
# Nova's story: nova's real models are annotated, and a dump in an old schema of nova, rich in personal data, is scrubbed with
# them and with rules for what has left the models since.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

packages=/usr/lib/python3/dist-packages
needs "$packages/nova/db/main/models.py" python3-nova
cp "$here"/{nova_216_clean.sql.zst,nova_rules.yaml,metadata.py} "$work"
cd "$work"
zstd --quiet --decompress nova_216_clean.sql.zst -o original.sql

# The tree of somebody who works on nova: its own copy of the models, and links to what they import.
mkdir tree
cp --recursive --symbolic-link "$packages"/{nova,oslo_db} tree
models="tree/nova/db/main/models.py tree/nova/db/api/models.py"
for file in $models; do cp --remove-destination "$packages/${file#tree/}" "$file"; done

annotate() { fuzzy annotate "$@" tree/nova/db; }
metadata() { PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 metadata.py "$work/tree" nova.db.main.models nova.db.api.models > "$1"; }

# changed SUFFIX prints how many lines of the models were added and removed since the copies with that suffix were made.
changed() { for file in $models; do diff "$file$1" "$file" || true; done | awk '/^>/ { a++ } /^</ { r++ } END { print a + 0, r + 0 }'; }
keep() { for file in $models; do cp "$file" "$file$1"; done; }

# types FILE prints the types in a table of columns that "annotate --check" printed.
types() { sed --quiet --regexp-extended 's/^[a-z_]+ +[a-z_0-9]+ +(sa\.|types\.)?([A-Za-z]+).* undecided .*/\2/p' "$1" | sort --unique | paste -s -d ' '; }

echo "# nova's models are annotated"
check "tables before" metadata before.txt
keep .0
check "nothing is decided: the gate is red" exits 3 annotate --check
check "proposals are printed" exits 0 annotate
check "and change nothing" equal "$(changed .0)" "0 0"
check "proposals are written" exits 0 annotate --write
check "lines were added, none was touched: $(changed .0)" test "$(changed .0 | awk '{ print ($1 > 100 && $2 == 0) }')" = 1
keep .1
check "once more" exits 0 annotate --write
check "which changes nothing" equal "$(changed .1)" "0 0"
check "with the rules, the gate is red" exits 3 annotate --check --rules nova_rules.yaml
check "only numbers and times are left to decide" equal "$(types last)" "BigInteger DateTime Float Integer"
check "they are public" exits 0 annotate --public --write --rules nova_rules.yaml
check "now the gate is green" exits 0 annotate --check --rules nova_rules.yaml
check "no line of the original was touched" equal "$(changed .0 | cut -d ' ' -f 2)" 0
check "Python compiles the models" exits 0 /usr/bin/python3 -c 'import sys; [compile(open(f).read(), f, "exec") for f in sys.argv[1:]]' $models
check "tables after" metadata after.txt
check "SQLAlchemy makes the same $(grep --count 'CREATE TABLE' before.txt) tables of them" cmp before.txt after.txt
keep .2
sed --in-place "s/^    vm_state = .*/&\n    pager = sa.Column(sa.String(40))/" tree/nova/db/main/models.py
check "a column is added" equal "$(changed .2)" "1 0"
check "the gate is red again" exits 3 annotate --check --rules nova_rules.yaml
check "because of that column alone" equal "$(awk '$1 == "instances" { print $2 }' last), $(grep --only-matching 'of [0-9]* columns .* undecided' last)" "pager, of 502 columns 1 undecided"
cp tree/nova/db/main/models.py.2 tree/nova/db/main/models.py

echo "# scrub with the annotated models"
check "key" exits 0 fuzzy key new key
check "undecided columns stop a scrub without rules" exits 3 fuzzy scrub --models tree/nova/db --key key -o nova/production nova_216_clean.sql.zst
check "scrub" exits 0 fuzzy scrub --models tree/nova/db --rules nova_rules.yaml --key key -o nova/production nova_216_clean.sql.zst
check "verify" exits 0 fuzzy verify nova/production
check "export" exits 0 fuzzy export nova/production -o export.sql

echo "# the export loads, with all checks on"
load_both original.sql export.sql
# Five rows of the original name an action that is not there, which no server with its checks on would have taken.
orphans() { sql "$1" --execute="$2 FROM instance_actions_events AS e LEFT JOIN instance_actions AS a ON e.action_id = a.id WHERE e.action_id IS NOT NULL AND a.id IS NULL"; }
check "events without their action are as many as in the original" equal "$(orphans loaded 'SELECT COUNT(*)')" "$(orphans original 'SELECT COUNT(*)')"
for database in original loaded; do orphans "$database" 'DELETE e'; done
check "every row passes every check" insert_all
check "row counts are the original's" same_counts checked original

echo "# what belonged together still does"
# joins DATABASE prints, of each column that names an instance, a user or a project, how many rows find it elsewhere.
joins() {
	sql "$1" --execute="SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'original'
		AND (column_name IN ('instance_uuid', 'user_id', 'project_id') OR table_name = 'instance_group_member' AND column_name = 'instance_id')
		AND table_name NOT LIKE 'shadow%' AND table_name <> 'instances' ORDER BY 1, 2" |
		while read -r table column; do
			key=$column
			case $column in instance_*) key=uuid ;; esac
			echo "SELECT '$table.$column', COUNT(*) FROM \`$table\` AS c JOIN instances AS i ON c.\`$column\` = i.\`$key\`;"
		done | sql "$1"
}
check "joins of the original" exits 0 joins original
cp last joins.txt
check "$(wc -l < joins.txt) of them, $(awk '$2 > 0' joins.txt | wc -l) find something" test "$(awk '$2 > 0' joins.txt | wc -l)" -gt 30
check "joins of the copy" exits 0 joins loaded
check "count the same" cmp joins.txt last

echo "# nobody's data is left"
check "what was written into the models decides" exits 0 fuzzy show --columns --json nova/production
check "more than 100 treated columns" holds last 'sum(c["status"] == "treated" and c["origin"] == "models" for t in r["tables"] for c in t["columns"]) > 100'
canaries=$(canaries original.sql | tee canaries.txt | wc -l)
check "the original has canaries ($canaries): more than 200" test "$canaries" -gt 200
check "no canary in the export" absent --fixed-strings --file=canaries.txt export.sql
check "nothing like one either, nor in hexadecimal" absent -E 'CANARY|43414E415259|leak\.example' export.sql
check "the values of treated columns" treated nova/production
check "more than 20000 of them ($(wc -l < treated.txt))" test "$(wc -l < treated.txt)" -gt 20000
check "none of those in the export" absent --fixed-strings --file=treated.txt export.sql
for column in instances.display_name instances.hostname key_pairs.public_key fixed_ips.host console_pools.username; do
	sql original --execute="SELECT DISTINCT ${column#*.} FROM ${column%.*}" | grep --extended-regexp '^[A-Za-z0-9+/=@:. _-]{12,}$' | sort > column.txt
	check "$(wc -l < column.txt) values of $column are among them" equal "$(comm -23 column.txt treated.txt | wc -l)" 0
done

finish
