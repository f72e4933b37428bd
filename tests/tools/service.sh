#!/usr/bin/env bash
# Starts the built service on a free port with a database of its own, runs a command
# against it and stops it again.
#
#   tests/tools/service.sh sqlite COMMAND…     `vigila demo`: the sample province on SQLite
#   tests/tools/service.sh postgres COMMAND…   `vigila serve` on the server VIGILA_TEST_POSTGRES
#                                              names, with people but without centres
#
# COMMAND gets VIGILA_URL and VIGILA_LOGINS, a file of lines `NAME PASSWORD ROLE`. This
# fails if COMMAND does, if the service does not start or does not stop in order within
# 20 seconds of SIGTERM, or if it panicked meanwhile. VIGILA_BIN names another binary.
set -euo pipefail

kind=${1:?sqlite or postgres}
shift
bin=${VIGILA_BIN:-${CARGO_TARGET_DIR:-target}/debug/vigila}
bin=$(realpath "$bin")
dir=$(mktemp -d /tmp/vigila-service.XXXXXX)
pid=

cleanup() {
    if [ -n "$pid" ]; then
        kill -KILL "$pid" 2>/dev/null || :
        wait "$pid" 2>/dev/null || :
    fi
    rm -rf "$dir"
}
trap cleanup EXIT
trap 'exit 130' INT TERM

failed() {
    echo "$1; the end of its log:" >&2
    tail -n 60 "$dir/log" >&2
    exit 1
}

# A folder of its own also keeps a vigila.toml of the caller out.
run() { (cd "$dir" && exec "$bin" "$@" 2>>"$dir/log"); }

: >"$dir/log"
export VIGILA_LISTEN=127.0.0.1:0
case $kind in
    sqlite)
        cd "$dir"
        "$bin" demo --dir "$dir/demo" >"$dir/out" 2>>"$dir/log" &
        pid=$!
        cd "$OLDPWD"
        ;;
    postgres)
        base=${VIGILA_TEST_POSTGRES:?run under tests/tools/postgres.sh}
        name=vigila_service_$$
        psql --quiet --no-psqlrc "$base" --command "CREATE DATABASE $name"
        export VIGILA_DATABASE_URL=${base%/*}/$name VIGILA_PHOTOS_URL=file://$dir/photos
        mkdir "$dir/photos"
        run migrate >/dev/null || failed "vigila migrate failed"
        for role in admin manager monitor viewer; do
            password=$(od -An -N12 -tx1 /dev/urandom | tr -d ' \n')
            territory=()
            if [ "$role" != admin ]; then territory=(--territory BT); fi
            run people add "$role" --role "$role" "${territory[@]}" <<<"$password" >/dev/null ||
                failed "vigila people add $role failed"
            echo "$role $password $role" >>"$dir/logins"
        done
        cd "$dir"
        "$bin" serve >"$dir/out" 2>>"$dir/log" &
        pid=$!
        cd "$OLDPWD"
        ;;
    *)
        echo "usage: service.sh sqlite|postgres COMMAND…" >&2
        exit 2
        ;;
esac

url=
for _ in $(seq 1800); do
    url=$(sed -n 's/^listening on \(http:[^ ]*\)$/\1/p' "$dir/out")
    if [ -n "$url" ] || ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.1
done
if [ -z "$url" ]; then failed "the service does not listen"; fi
if [ "$kind" = sqlite ]; then
    for _ in $(seq 50); do
        sed -n 's/^login: //p' "$dir/out" >"$dir/logins"
        if [ -s "$dir/logins" ]; then break; fi
        sleep 0.1
    done
    if [ ! -s "$dir/logins" ]; then failed "the demo prints no logins"; fi
fi

status=0
VIGILA_URL=$url VIGILA_LOGINS=$dir/logins "$@" || status=$?

if ! kill -TERM "$pid" 2>/dev/null; then failed "the service ended by itself"; fi
for _ in $(seq 200); do
    if ! kill -0 "$pid" 2>/dev/null; then break; fi
    sleep 0.1
done
if kill -0 "$pid" 2>/dev/null; then failed "the service does not stop on SIGTERM"; fi
stopped=0
wait "$pid" || stopped=$?
pid=
if [ "$stopped" -ne 0 ]; then failed "the service ended with status $stopped after SIGTERM"; fi
if grep -q 'panicked at' "$dir/log"; then failed "the service panicked"; fi
exit "$status"
