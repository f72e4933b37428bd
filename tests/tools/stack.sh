#!/usr/bin/env bash
# The stack of docker-compose.yml, tried without containers: each service is started with the
# command and the environment of the compose file, from Debian's packages and the binary that
# was built. What differs is names and ports, since all are on loopback here; an S3 server of
# the tests stands for Garage, and Grafana is not there.
#
#   tests/tools/stack.sh
#
# VIGILA_BIN names another binary. Takes about a minute.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/tools/checks.sh
source tests/tools/checks.sh
python=${VIGILA_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/vigila/venv}/bin/python
s3s=${VIGILA_S3S:-${XDG_CACHE_HOME:-$HOME/.cache}/vigila/s3s}/bin/s3s-fs
bin=$(realpath "${VIGILA_BIN:-${CARGO_TARGET_DIR:-target}/debug/vigila}")

if [ -z "${VIGILA_STACK:-}" ]; then
    VIGILA_STACK=$(mktemp -d /tmp/vigila-stack.XXXXXX)
    export VIGILA_STACK
    trap 'rm -rf "$VIGILA_STACK"' EXIT
    deploy/make-env.sh --territories BT --file "$VIGILA_STACK/env" >/dev/null
    VIGILA_TEST_PASSWORD=$(sed -n 's/^POSTGRES_PASSWORD=//p' "$VIGILA_STACK/env") tests/tools/postgres.sh "$0"
    exit
fi

dir=$VIGILA_STACK
pids=()
cleanup() {
    local pid
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || :; done
    wait
}
trap cleanup EXIT
trap 'exit 130' INT TERM

server=${VIGILA_TEST_POSTGRES#*@}
server=${server%/*}
first=$((20000 + RANDOM % 12000))
port=$first store=$((first + 1)) site=$((first + 2)) grafana=$((first + 3)) health=$((first + 4)) prometheus=$((first + 5))
mkdir -p "$dir/bin" "$dir/store/photos" "$dir/volume" "$dir/token" "$dir/prometheus"
ln -s "$bin" "$dir/bin/vigila"

# The names of the compose network, and its addresses, as they are here. The S3 server of the
# tests keeps a key in one file's name, which must not become too long.
here() {
    sed -e "s|@postgres:5432|@$server|; s|^PGHOST=postgres$|PGHOST=${server%:*}|" \
        -e "s|garage:3900|127.0.0.1:$store|; s|s3://vigila-photos/photos|s3://photos/a|; s|0\.0\.0\.0:8080|127.0.0.1:$port|" \
        -e 's|10\.197\.41\.1[01]$|127.0.0.1|' -e "s|/var/lib/vigila|$dir/volume|" \
        -e "s|http://:80$|http://:$site|; s|http://:3000$|http://:$grafana|" \
        -e "s|/sql/|$PWD/deploy/postgres/|; s|/etc/prometheus/|$dir/prometheus/|; s|=/prometheus$|=$dir/tsdb|" \
        -e "s|/token/|$dir/token/|; s|^vigila$|127.0.0.1|; s|^8080$|$port|"
}

# as SERVICE COMMAND… : runs it with nothing but the environment that compose gives.
as() {
    local service=$1 environment
    shift
    mapfile -t environment < <("$python" tests/tools/compose.py env "$dir/env" "$service" | here)
    exec env -i "PATH=$dir/bin:$PATH" "HOME=$dir" "${environment[@]}" "$@"
}

# A service that ends: its command by the compose file, behind what its image starts.
once() {
    local service=$1 command
    shift
    mapfile -t command < <("$python" tests/tools/compose.py command "$dir/env" "$service" | here)
    (cd "$dir" && cd "$OLDPWD" && PGPORT='' as "$service" env "PGPORT=${server#*:}" "$@" "${command[@]}") \
        >"$dir/$service.log" 2>&1 || { cat "$dir/$service.log"; return 1; }
}

# start NAME COMMAND… : in the background, with a log.
start() {
    local name=$1
    shift
    "$@" >"$dir/$name.log" 2>&1 &
    pids+=($!)
}

# Waits until a command succeeds, 30 seconds at most.
until_it_does() {
    local _
    for _ in $(seq 150); do
        if "$@" >/dev/null 2>&1; then return 0; fi
        sleep 0.2
    done
    return 1
}

# answers STATUS CURL_ARGUMENT… : the status of the answer, whose body is left in $dir/body.
answers() {
    local wanted=$1 status
    shift
    status=$(curl --silent --show-error --max-time 60 --output "$dir/body" --write-out '%{http_code}' "$@")
    [ "$status" = "$wanted" ] || { echo "        $status, wanted $wanted: $(head -c 300 "$dir/body" | tr -d '\0')"; return 1; }
}

sql() { # sql ROLE STATEMENT
    PGPASSWORD=$(secret "$1") psql --no-psqlrc --quiet --tuples-only --no-align \
        "postgres://$1@$server/vigila" --command "$2" 2>"$dir/sql.log"
}
secret() {
    case $1 in
        postgres) key=POSTGRES_PASSWORD ;;
        vigila_owner) key=VIGILA_OWNER_PASSWORD ;;
        vigila) key=VIGILA_DATABASE_PASSWORD ;;
        grafana) key=GRAFANA_DATABASE_PASSWORD ;;
    esac
    sed -n "s/^$key=//p" "$dir/env"
}

base=http://127.0.0.1:$site
api=$base/api/v1
# shellcheck source=tests/tools/stack/database.sh
source tests/tools/stack/database.sh
# shellcheck source=tests/tools/stack/proxy.sh
source tests/tools/stack/proxy.sh
# shellcheck source=tests/tools/stack/scraping.sh
source tests/tools/stack/scraping.sh
counted
