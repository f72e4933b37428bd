#!/usr/bin/env bash
# The pages in a real browser.
#
#   tests/tools/browser.sh BASE_URL NAME PASSWORD   (a manager of BT)
#
# Screenshots go to tests/browser/screenshots/, or to the folder VIGILA_SCREENSHOTS names.
set -euo pipefail
cd "$(dirname "$0")/../browser"

tap=$(mktemp)
trap 'rm -f "$tap"' EXIT
status=0
VIGILA_URL=$1 VIGILA_LOGIN_NAME=$2 VIGILA_LOGIN_PASSWORD=$3 node --test --test-timeout=180000 \
    --test-reporter=spec --test-reporter-destination=stdout \
    --test-reporter=tap --test-reporter-destination="$tap" pages.test.mjs || status=$?
# What was cancelled or skipped was not tested: it counts as failed.
awk '/^# pass / { p = $3 } /^# (fail|cancelled|skipped|todo) / { f += $3 } END { print p + 0, f + 0 }' \
    "$tap" >"${VIGILA_COUNT:-/dev/null}"
exit "$status"
