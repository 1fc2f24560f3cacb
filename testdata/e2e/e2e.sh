#!/bin/bash
# End to end on real input: dumps in the real schemas of OpenStack services are scrubbed with their real models, annotated
# ones of nova, and real migrations of heat and neutron run on them. "make e2e" installs those services' packages and
# builds bin/ first. No system service is used.
#
# e2e.sh [STORY...]: oracle, nova, heat, neutron; without a name all of them. Each is a script of its own that can be run
# by itself.
# TH_BIN names a directory with other programs than those in bin/.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
(($#)) || set -- oracle nova heat neutron
failed=''
for story in "$@"; do
	echo "## $story"
	bash "$here/$story.sh" || failed="$failed $story"
done
[ -z "$failed" ] || { echo "e2e: FAILED:$failed, in $SECONDS s" && exit 1; }
echo "e2e: all checks ok in $SECONDS s"
