#!/usr/bin/env bash
# The steps that need the service running; tests/tools/service.sh starts it.
#
#   tests/tools/service.sh sqlite tests/tools/live.sh sqlite
#   tests/tools/postgres.sh tests/tools/service.sh postgres tests/tools/live.sh postgres
#
# The order matters: schemathesis leaves a province in disorder, and after its attempts to
# sign in the service is slow to let anybody in from this address.
set -euo pipefail
database=${1:?sqlite or postgres}
tools=$(dirname "$0")
# shellcheck source=tests/tools/steps.sh
source "$tools/steps.sh"
# shellcheck source=tests/tools/login.sh
source "$tools/login.sh"

admin=$(token admin)
manager=$(token manager)

if [ "$database" = postgres ]; then
    # The demo has a province; here one centre stands for it.
    curl --silent --show-error --fail --output /dev/null "$VIGILA_URL/api/v1/facilities" \
        --header "Authorization: Bearer $admin" --header 'Content-Type: application/json' \
        --data '{"code": "BT-0001", "name": "Centro di prova", "kind": "cas_collective", "territory": "BT", "municipality": "Barletta"}'
fi

step "metrics ($database)" "$tools/promtool.sh" "$VIGILA_URL" "$admin" || :
if [ "$database" = sqlite ]; then
    step "a year of the past for Prometheus" "$tools/backfill.sh" || :
    login manager # sets login_name and login_password
    step "pages in a browser ($database)" "$tools/browser.sh" "$VIGILA_URL" "$login_name" "$login_password" || :
fi
step "schemathesis as manager ($database)" "$tools/schemathesis.sh" "$VIGILA_URL" "$manager" || :
step "schemathesis as admin ($database)" "$tools/schemathesis.sh" "$VIGILA_URL" "$admin" || :
