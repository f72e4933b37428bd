#!/usr/bin/env bash
# The stack of docker-compose.yml as it is written; tests/tools/stack.sh tries it.
#
#   tests/tools/compose.sh
#
# The compose file against the schema of the compose specification and the project's own
# rules, the maker of .env, and what the services read: by their own checkers.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=tests/tools/checks.sh
source tests/tools/checks.sh
venv=${VIGILA_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/vigila/venv}/bin

dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM

make_env() { deploy/make-env.sh --file "$@" >"$dir/out" 2>&1; }

refuses_to_overwrite() {
    cp "$dir/env" "$dir/before"
    not make_env "$dir/env" --territories BT && cmp "$dir/env" "$dir/before"
}

is_private() { [ "$(stat -c %a "$dir/env")" = 600 ]; }

# Every secret of two files differs, and nothing else does.
differs_in_secrets() {
    make_env "$dir/other" --territories BT || return 1
    local differ secrets
    differ=$(diff "$dir/env" "$dir/other" | grep -c '^<')
    secrets=$(grep -cE '^[A-Z_]*(PASSWORD|SECRET|KEY)[A-Z_]*=' "$dir/env")
    [ "$differ" -eq "$secrets" ] && [ "$secrets" -gt 5 ]
}

serves_a_domain() {
    make_env "$dir/domain" --territories BT,BA --domain v.example.org --grafana-domain g.example.org &&
        grep -qx 'VIGILA_PUBLIC_URL=https://v.example.org' "$dir/domain" &&
        grep -qx 'VIGILA_HTTPS=443' "$dir/domain" &&
        grep -qx 'GRAFANA_COOKIE_SECURE=true' "$dir/domain"
}

refuses_nonsense() {
    local wrong
    for wrong in '' 'bt' 'BT,' 'BT --domain https://v.example.org' 'BT --grafana-domain g.example.org'; do
        # shellcheck disable=SC2086 # one argument each
        if make_env "$dir/wrong" --territories $wrong; then return 1; fi
    done
    [ ! -e "$dir/wrong" ]
}

# caddyfile NAME=VALUE… : with this environment Caddy takes its file.
caddyfile() {
    env -i "PATH=$PATH" "HOME=$dir" "$@" \
        caddy validate --config deploy/caddy/Caddyfile --adapter caddyfile >"$dir/out" 2>&1 ||
        { cat "$dir/out"; return 1; }
}

is_formatted() { caddy fmt deploy/caddy/Caddyfile | cmp - deploy/caddy/Caddyfile; }

prometheus_config() {
    promtool check config deploy/prometheus/prometheus.yml >"$dir/out" 2>&1 || { cat "$dir/out"; return 1; }
}

# Started as compose does it, with `true` for Grafana.
links_lead_home() {
    VIGILA_PUBLIC_URL=https://v.example.org/ sh deploy/grafana/start.sh deploy/grafana/dashboards "$dir/boards" true &&
        [ "$(find "$dir/boards" -name '*.json' | wc -l)" -gt 1 ] &&
        not grep -q '127\.0\.0\.1' "$dir"/boards/*.json &&
        grep -q '"https://v.example.org"' "$dir/boards/centre.json" &&
        "$venv/python" -c 'import json, sys; [json.load(open(name)) for name in sys.argv[1:]]' "$dir"/boards/*.json
}

check "make-env.sh makes .env" make_env "$dir/env" --territories BT
check "make-env.sh writes over nothing" refuses_to_overwrite
check ".env is for its owner alone" is_private
check "every secret is another each time" differs_in_secrets
check "a domain is served by https" serves_a_domain
check "make-env.sh refuses nonsense" refuses_nonsense
check "docker-compose.yml fits the compose specification" \
    "$venv/check-jsonschema" --builtin-schema vendor.compose-spec docker-compose.yml
check "docker-compose.yml keeps the project's rules" "$venv/python" tests/tools/compose.py check "$dir/env"
check "the links of the dashboards lead to the office's address" links_lead_home
check "the Caddyfile serves without a domain" caddyfile VIGILA_SITE=http://:80 GRAFANA_SITE=http://:3000 OUTER_PROXIES=
check "the Caddyfile serves domains" caddyfile VIGILA_SITE=v.example.org GRAFANA_SITE=g.example.org "OUTER_PROXIES=192.0.2.1 198.51.100.0/24"
check "the Caddyfile is in its form" is_formatted
check "promtool takes the configuration and the rules" prometheus_config
counted
