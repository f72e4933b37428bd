#!/usr/bin/env bash
# The dashboards and the rules of Prometheus: made from their source, of Grafana's types, as the
# project wants them, tested, and each query run with data. Grafana itself is not here.
#
#   tests/tools/postgres.sh tests/tools/service.sh sqlite tests/tools/grafana.sh
#
# The sample province runs on SQLite; a second service on PostgreSQL takes the same visits.
set -euo pipefail
tools=$(dirname "$0")
cd "$tools/../.."
tools=tests/tools
# shellcheck source=tests/tools/login.sh
source "$tools/login.sh"

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

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

# Says nothing unless it fails.
quietly() { "$@" >"$dir/log" 2>&1 || { cat "$dir/log"; return 1; }; }

tested() {
    local alert
    for alert in $(sed -n 's/^ *- alert: //p' deploy/prometheus/rules/*.yml); do
        if ! grep -q "$alert" deploy/prometheus/tests/*.yml; then
            echo "no test speaks of the alert $alert"
            return 1
        fi
    done
    quietly promtool test rules deploy/prometheus/tests/*.yml
}

# python SCRIPT : fails if it prints anything.
python() { (cd "$tools/grafana" && "$VIGILA_VENV/bin/python" -B -c "$1" >"$dir/log" 2>&1) && [ ! -s "$dir/log" ] || { cat "$dir/log"; return 1; }; }
lint() { python 'import dashboards, lint; [print(fault) for fault in lint.lint(dashboards.load())[0]]'; }
spoiled() { python 'import spoiled; [print(fault) for fault in spoiled.faults()]'; }

prove() {
    export VIGILA_PROVED=$dir/proved VIGILA_DEMO_URL=$VIGILA_URL VIGILA_DEMO_LOGINS=$VIGILA_LOGINS
    VIGILA_DEMO_DATABASE=$(dirname "$VIGILA_LOGINS")/demo/vigila.db
    VIGILA_DEMO_BIN=$(realpath "${VIGILA_BIN:-${CARGO_TARGET_DIR:-target}/debug/vigila}")
    VIGILA_DEMO_SCRAPER=$(token scraper)
    export VIGILA_DEMO_DATABASE VIGILA_DEMO_BIN VIGILA_DEMO_SCRAPER
    "$tools/service.sh" postgres "$VIGILA_VENV/bin/python" -B "$tools/grafana/prove.py"
}

: "${VIGILA_VENV:=${XDG_CACHE_HOME:-$HOME/.cache}/vigila/venv}"
check "the dashboards are of Grafana's types, and what their source makes" \
    quietly npm --prefix deploy/grafana run --silent check
check "they are as the project wants them" lint
check "what is wrong in a dashboard is found out" spoiled
check "promtool finds nothing to say about the rules" quietly promtool check rules deploy/prometheus/rules/*.yml
check "every alert fires when it should, and not otherwise" tested
check "every query and rule has data" prove

if read -r proved missed <"$dir/proved" 2>/dev/null; then
    passed=$((passed + proved)) failed=$((failed + missed))
fi
echo "$passed $failed" >"${VIGILA_COUNT:-/dev/null}"
[ "$failed" -eq 0 ]
