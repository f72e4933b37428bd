#!/usr/bin/env bash
# A throw-away PostgreSQL, as fast and as forgetful as it can be.
#
#   tests/tools/postgres.sh COMMAND…   runs COMMAND with VIGILA_TEST_POSTGRES set to the server's URL
#   tests/tools/postgres.sh            prints the URL and serves until it is stopped
#
# The server is gone, with all its data, when this ends. Anybody may come in as the superuser
# `vigila`; with VIGILA_TEST_PASSWORD set the superuser is `postgres` and everybody needs a
# password, as in the image of docker-compose.yml.
set -euo pipefail

bin=$(printf '%s\n' /usr/lib/postgresql/*/bin | sort -V | tail -n 1)
if [ ! -x "$bin/initdb" ]; then
    echo "no PostgreSQL server under /usr/lib/postgresql: apt-get install postgresql" >&2
    exit 1
fi

dir=$(mktemp -d /tmp/vigila-postgres.XXXXXX)
# PostgreSQL refuses to run as root; Debian's package brings a user for it.
as=()
if [ "$(id -u)" -eq 0 ]; then
    as=(runuser -u postgres --)
    chown postgres "$dir"
fi
cd "$dir"

stop() {
    "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -m immediate -w stop >/dev/null 2>&1 || :
    rm -rf "$dir"
}
trap stop EXIT
trap 'exit 130' INT TERM

superuser=vigila login=vigila access=(-A trust)
if [ -n "${VIGILA_TEST_PASSWORD:-}" ]; then
    superuser=postgres login=postgres:$VIGILA_TEST_PASSWORD
    access=(-A scram-sha-256 "--pwfile=$dir/password")
    printf '%s\n' "$VIGILA_TEST_PASSWORD" >"$dir/password"
    chmod 644 "$dir/password"
fi
if ! "${as[@]}" "$bin/initdb" -D "$dir/data" -U "$superuser" "${access[@]}" -E UTF8 --locale=C.UTF-8 --no-sync \
    >"$dir/log" 2>&1; then
    cat "$dir/log" >&2
    exit 1
fi
# Nothing here has to survive, so nothing waits for the disk.
cat >>"$dir/data/postgresql.conf" <<CONF
listen_addresses = '127.0.0.1'
unix_socket_directories = '$dir'
max_connections = 200
fsync = off
synchronous_commit = off
full_page_writes = off
log_min_messages = fatal
CONF

# Ports below those the system hands out by itself; the next one if somebody was faster.
url=
for _ in 1 2 3 4 5 6 7 8; do
    port=$((20000 + RANDOM % 12000))
    if "${as[@]}" "$bin/pg_ctl" -D "$dir/data" -o "-p $port" -l "$dir/data/server.log" -w start \
        >"$dir/log" 2>&1; then
        url=postgres://$login@127.0.0.1:$port/postgres
        break
    fi
done
if [ -z "$url" ]; then
    cat "$dir/log" "$dir/data/server.log" >&2
    exit 1
fi

cd "$OLDPWD"
if [ "$#" -eq 0 ]; then
    echo "$url"
    tail --pid=$$ -f /dev/null & wait
else
    VIGILA_TEST_POSTGRES=$url "$@"
fi
