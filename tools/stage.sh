#!/bin/bash
# stage.sh NAME COMMAND...: run the command as one stage of make, then say how long it took.
# A file named in STAGE_TIMES gets a line "NAME SECONDS RESULT" too, for the table of .ci/run.
set -uo pipefail

name=$1
shift
if [[ ${CI-} == true ]]; then echo "==== $name"; fi
start=$SECONDS
"$@"
status=$?
took=$((SECONDS - start))
result=ok
if ((status != 0)); then result="failed ($status)"; fi
if [[ -n ${STAGE_TIMES-} ]]; then echo "$name $took $result" >>"$STAGE_TIMES"; fi
if ((took > 0 || status != 0)) || [[ ${CI-} == true ]]; then echo "==== $name: ${took}s, $result" >&2; fi
exit "$status"
