#!/bin/bash
# lint.sh DIR: check the format and the code with the gofumpt and golangci-lint found in DIR.
# Both are run, so that one look shows everything.
set -uo pipefail

status=0
unformatted=$("$1/gofumpt" -l .) || status=1
if [[ -n $unformatted ]]; then
	printf 'not formatted (make fmt does it):\n%s\n' "$unformatted"
	status=1
fi
"$1/golangci-lint" run ./... || status=1
exit "$status"
