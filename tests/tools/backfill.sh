#!/usr/bin/env bash
# A year of the past, as `vigila metrics backfill` writes it beside the running service.
#
#   tests/tools/service.sh sqlite tests/tools/backfill.sh
#
# A strict parser takes it, promtool makes blocks of it, and in the blocks is what was written.
set -euo pipefail
: "${VIGILA_VENV:=${XDG_CACHE_HOME:-$HOME/.cache}/vigila/venv}"
bin=$(realpath "${VIGILA_BIN:-${CARGO_TARGET_DIR:-target}/debug/vigila}")
python=$VIGILA_VENV/bin/python
tools=$(realpath "$(dirname "$0")")
VIGILA_DATABASE_URL=sqlite://$(dirname "${VIGILA_LOGINS:?run under tests/tools/service.sh}")/demo/vigila.db
export VIGILA_DATABASE_URL

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
cd "$dir"

passed=0 failed=0
check() {
    local what=$1
    shift
    if "$@"; then
        passed=$((passed + 1))
        echo "ok      $what"
    else
        failed=$((failed + 1))
        echo "FAILED  $what"
    fi
}

written() {
    "$bin" metrics backfill --from "$(date -d '365 days ago' +%F)" --to "$(date +%F)" --out year.txt
}

parsed() { "$python" -B "$tools/openmetrics.py" year.txt | tee counts; }

blocks() {
    mkdir -p blocks
    promtool tsdb create-blocks-from --max-block-duration=720h openmetrics --quiet year.txt blocks
}

# `dump` has a line for each sample, and wants the log that a Prometheus would have.
kept() {
    local wrote kept
    mkdir -p blocks/wal
    read -r wrote _ <counts
    kept=$(promtool tsdb dump blocks | grep -c .)
    echo "$wrote samples written, $kept in the blocks"
    [ "$wrote" -eq "$kept" ]
}

check "a year is written beside the service" written
check "a strict parser of OpenMetrics takes it" parsed
check "promtool makes blocks of it" blocks
check "every sample is in the blocks" kept
echo "$passed $failed" >"${VIGILA_COUNT:-/dev/null}"
[ "$failed" -eq 0 ]
