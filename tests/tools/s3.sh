#!/usr/bin/env bash
# A real S3 server for tests and measurements: s3s-fs, with credentials, over a folder.
#
#   tests/tools/s3.sh COMMAND…   runs COMMAND with VIGILA_TEST_S3 set to the program: tests
#                                start, kill and start again a server of their own
#   tests/tools/s3.sh            starts one with the bucket `photos`, prints the settings for
#                                it, and serves until it is stopped
set -euo pipefail

program=${VIGILA_S3S:-${XDG_CACHE_HOME:-$HOME/.cache}/vigila/s3s}/bin/s3s-fs
if [ ! -x "$program" ]; then
    echo "no $program: tests/tools/install.sh brings it" >&2
    exit 1
fi
if [ "$#" -gt 0 ]; then
    VIGILA_TEST_S3=$program exec "$@"
fi

dir=$(mktemp -d)
pid=
stop() {
    if [ -n "$pid" ]; then
        kill "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    fi
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM
mkdir "$dir/photos"
port=$((20000 + RANDOM % 12000))
"$program" --host 127.0.0.1 --port "$port" --access-key test --secret-key test-secret "$dir" >&2 &
pid=$!
echo "AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test-secret VIGILA_PHOTOS_URL=s3://photos/any"
wait "$pid"
