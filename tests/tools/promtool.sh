#!/usr/bin/env bash
# The metrics as Prometheus sees them.
#
#   tests/tools/promtool.sh BASE_URL TOKEN
#
# Three checks: /metrics answers in the text format, promtool has nothing to say about
# it, and a real Prometheus scrapes it and answers a query on a centre's score.
set -euo pipefail
base=${1:?base URL} token=${2:?token}

dir=$(mktemp -d)
pid=
cleanup() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    fi
    rm -rf "$dir"
}
trap cleanup EXIT
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

answers() {
    curl --silent --show-error --fail --header "Authorization: Bearer $token" \
        --dump-header "$dir/header" --output "$dir/metrics" "$base/metrics" &&
        grep -qi '^content-type: text/plain; version=0\.0\.4' "$dir/header"
}

# promtool speaks on stderr and ends with 3 where it finds fault; 2.x warns in words alone.
clean() {
    local status=0
    promtool check metrics <"$dir/metrics" >"$dir/lint" 2>&1 || status=$?
    cat "$dir/lint"
    [ "$status" -eq 0 ] && [ ! -s "$dir/lint" ]
}

scraped() {
    printf '%s' "$token" >"$dir/token"
    cat >"$dir/prometheus.yml" <<CONF
global: { scrape_interval: 1s, scrape_timeout: 1s }
scrape_configs:
  - job_name: vigila
    authorization: { credentials_file: $dir/token }
    static_configs: [{ targets: ['${base#http://}'] }]
CONF
    local port=$((20000 + RANDOM % 12000)) result
    prometheus --config.file="$dir/prometheus.yml" --storage.tsdb.path="$dir/data" \
        --web.listen-address="127.0.0.1:$port" >"$dir/log" 2>&1 &
    pid=$!
    for _ in $(seq 60); do
        result=$(curl --silent --get "http://127.0.0.1:$port/api/v1/query" --data-urlencode \
            'query=count(vigila_facility_band_info) and on() (up{job="vigila"} == 1)' || :)
        if grep -q '"value":' <<<"$result"; then return 0; fi
        sleep 0.5
    done
    echo "last answer: $result"
    curl --silent "http://127.0.0.1:$port/api/v1/targets" | grep -o '"lastError":"[^"]*"' || :
    tail -n 5 "$dir/log"
    return 1
}

check "/metrics answers in the Prometheus text format" answers
check "promtool finds nothing to say" clean
check "a Prometheus scrapes it and answers a query" scraped
echo "$passed $failed" >"${VIGILA_COUNT:-/dev/null}"
[ "$failed" -eq 0 ]
