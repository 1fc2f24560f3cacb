#!/bin/bash
# fuzz.sh TIME [PACKAGE...]: run every Go fuzz target of the packages (all of them) for TIME, such as 5s.
# A crasher is kept by Go in the package's testdata/fuzz: commit it with the repair.
set -euo pipefail

time=$1
shift
packages=("${@:-./...}")

# Only packages whose tests hold a target are built.
listing=$(go list -f '{{.ImportPath}} {{.Dir}}' "${packages[@]}")
targets=()
while read -r package directory; do
	grep -qsE '^func Fuzz' "$directory"/*_test.go || continue
	names=$(go test -list '^Fuzz' "$package" 2>&1) || {
		echo "$names" >&2
		exit 1
	}
	while read -r name; do
		[[ $name == Fuzz* ]] && targets+=("$package $name")
	done <<<"$names"
done <<<"$listing"

if ((${#targets[@]} == 0)); then
	echo "no fuzz target found in ${packages[*]}" >&2
	exit 1
fi
echo "${#targets[@]} fuzz targets, $time each"

run() { # package name
	go test -run='^$' -fuzz="^$2\$" -fuzztime="$time" -fuzzminimizetime=2s -timeout 5m "$1" 2>&1
}

# Go before 1.27 may report the end of its own fuzzing time as a failure (golang/go#75804); such a run found nothing.
timed_out() { # output
	grep -qE '^ +context deadline exceeded$' <<<"$1" && ! grep -q 'Failing input written' <<<"$1"
}

status=0
for target in "${targets[@]}"; do
	read -r package name <<<"$target"
	echo "$name"
	for try in 1 2 3; do
		if output=$(run "$package" "$name"); then
			tail -n 1 <<<"$output"
			break
		elif ((try < 3)) && timed_out "$output"; then
			echo "the fuzzer ran into its own time limit: once more"
		else
			echo "$output"
			status=1
			break
		fi
	done
done
exit "$status"
