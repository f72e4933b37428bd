#!/bin/sh
# Starts Grafana with dashboards whose links lead to where people reach vigila.
#
#   start.sh FROM TO COMMAND…
#
# The dashboards in FROM name the address of a trial on one's own machine; those in TO, which
# Grafana reads, name VIGILA_PUBLIC_URL. Then runs COMMAND.
set -eu
from=$1 to=$2
shift 2
: "${VIGILA_PUBLIC_URL:?}"
mkdir -p "$to"
for file in "$from"/*.json; do
    sed "s|http://127\.0\.0\.1:8080|${VIGILA_PUBLIC_URL%/}|g" "$file" >"$to/${file##*/}"
done
exec "$@"
