#!/bin/bash
# What fuzzy reads of the source of real models, beside what SQLAlchemy makes of them when Python imports them.
source "$(dirname "${BASH_SOURCE[0]}")/common.sh"

projects=(nova_main nova_api neutron heat)
needs /usr/lib/python3/dist-packages/nova/db/main/models.py python3-nova
needs /usr/lib/python3/dist-packages/neutron/db python3-neutron
needs /usr/lib/python3/dist-packages/heat/db python3-heat

# compare runs the comparison, prints a line for each project, and wants one of each without a difference.
compare() {
	local list good=0
	list=$(IFS=,; echo "${projects[*]}")
	go test -count=1 -v -run "TestOracle/^(${list//,/|})\$" ./annotations/sqlalchemy -args -oracle="$list" > "$work/oracle.log" 2>&1 || good=1
	printf '      %-10s  %-26s %6s  %7s  %11s\n' project package tables columns differences
	awk '$1 == "===" && $2 == "RUN" { sub(".*/", "", $3); project = $3 }
		/ differences$/ { gsub("[:,]", ""); printf "      %-10s  %-26s %6d  %7d  %11d\n", project, $2 " " $3, $4, $6, $8; n++; sum += $8 }
		END { exit n != '${#projects[@]}' || sum }' "$work/oracle.log" || good=1
	[ "$good" -eq 0 ] || { tail -n 40 "$work/oracle.log" && false; }
}

cd "$here/../.."
check "tables, columns and types as SQLAlchemy has them" compare

finish
