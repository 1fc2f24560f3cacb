#!/bin/bash
# What fuzzy reads of the source of real models, beside what SQLAlchemy and Django make of them when Python imports them; and whether
# Python still imports what fuzzy annotate has written into them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

needs /usr/lib/python3/dist-packages/nova/db/main/models.py python3-nova
needs /usr/lib/python3/dist-packages/neutron/db python3-neutron
needs /usr/lib/python3/dist-packages/heat/db python3-heat
needs /usr/lib/python3/dist-packages/django/db python3-django

# compare PACKAGE PROJECT... runs the comparison, prints a line for each project, and wants one of each without a difference.
compare() {
	local package=$1 list good=0
	shift
	list=$(IFS=,; echo "$*")
	go test -count=1 -v -run "TestOracle/^(${list//,/|})\$" "$package" -args -oracle="$list" > "$work/oracle.log" 2>&1 || good=1
	printf '      %-10s  %-26s %6s  %7s  %11s\n' project package tables columns differences
	awk '$1 == "===" && $2 == "RUN" { sub(".*/", "", $3); project = $3 }
		/ differences$/ { gsub("[:,]", ""); printf "      %-10s  %-26s %6d  %7d  %11d\n", project, $2 " " $3, $4, $6, $(NF - 1); n++; sum += $(NF - 1) }
		END { exit n != '$#' || sum }' "$work/oracle.log" || good=1
	[ "$good" -eq 0 ] || { tail -n 40 "$work/oracle.log" && false; }
}

# annotated wants all projects annotated, and none passed over because it is not installed.
annotated() {
	local good=0
	go test -count=1 -v -run TestAnnotateRealProjects ./cmd/fuzzy > "$work/annotated.log" 2>&1 || good=1
	[ "$good" -eq 0 ] && ! grep -q -e '--- SKIP' "$work/annotated.log" && [ "$(grep -c -e '    --- PASS' "$work/annotated.log")" -ge 3 ] ||
		{ tail -n 40 "$work/annotated.log" && false; }
}

cd "$here/../.."
check "tables, columns and types as SQLAlchemy has them" compare ./annotations/sqlalchemy nova_main nova_api neutron heat
check "and as Django has them" compare ./annotations/django django
check "annotated, the models are imported as before" annotated

finish
