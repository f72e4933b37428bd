#!/usr/bin/env bash
# A throw-away S3 store in memory (moto), with the bucket `photos`.
#
#   tests/tools/s3.sh COMMAND…   runs COMMAND with VIGILA_TEST_S3 set to the store's address
#   tests/tools/s3.sh            prints the address and serves until it is stopped
#
# Path style, plain http, region us-east-1; any key and secret are accepted.
set -euo pipefail

venv=${VIGILA_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/vigila/venv}
if [ ! -x "$venv/bin/moto_server" ]; then
    echo "no moto_server in $venv: tests/tools/install.sh brings it" >&2
    exit 1
fi
log=$(mktemp)
pid=
stop() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    fi
    rm -f "$log"
}
trap stop EXIT
trap 'exit 130' INT TERM

url=
for _ in 1 2 3 4 5; do
    port=$((20000 + RANDOM % 12000))
    "$venv/bin/moto_server" -H 127.0.0.1 -p "$port" >"$log" 2>&1 &
    pid=$!
    # Ready when the bucket is made; another port if this one was taken.
    for _ in $(seq 300); do
        if ! kill -0 "$pid" 2>/dev/null; then break; fi
        if curl --silent --fail --output /dev/null --request PUT "http://127.0.0.1:$port/photos" &&
            kill -0 "$pid" 2>/dev/null; then
            url=http://127.0.0.1:$port
            break 2
        fi
        sleep 0.1
    done
    kill "$pid" 2>/dev/null || :
done
if [ -z "$url" ]; then
    cat "$log" >&2
    exit 1
fi

if [ "$#" -eq 0 ]; then
    echo "$url"
    tail --pid=$$ -f /dev/null & wait
else
    VIGILA_TEST_S3=$url "$@"
fi
