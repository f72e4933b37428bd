#!/usr/bin/env bash
# Drives every operation of openapi/v1.json with made-up requests, good and bad: none may
# end in a 5xx, and every answer must be one that the description names.
#
#   tests/tools/schemathesis.sh BASE_URL TOKEN
#
# The seed is fixed, so that the same service gets the same requests. SCHEMATHESIS_CASES
# (2000) is how many it makes at least.
set -euo pipefail
base=${1:?base URL} token=${2:?token}
spec=$(realpath "$(dirname "$0")/../../openapi/v1.json")
cases=${SCHEMATHESIS_CASES:-2000}
venv=${VIGILA_VENV:-${XDG_CACHE_HOME:-$HOME/.cache}/vigila/venv}

# Schemathesis keeps notes where it runs: not in the clone.
dir=$(mktemp -d)
trap 'rm -rf "$dir"' EXIT
trap 'exit 130' INT TERM
cd "$dir"

operations=$(python3 -c '
import json, sys
methods = {"get", "put", "post", "patch", "delete"}
paths = json.load(open(sys.argv[1]))["paths"].values()
print(sum(len(methods & path.keys()) for path in paths))' "$spec")
each=$(((cases + operations - 1) / operations))

drive() { # REPORT OPTIONS…
    local report=$1
    shift
    "$venv/bin/schemathesis" run "$spec" --origin "$base" --header "Authorization: Bearer $token" \
        --seed 20251124 --workers 1 --request-timeout 30 --suppress-health-check all \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
        --continue-on-failure --generation-database none --no-color \
        --report json --report-json-path "$dir/$report" "$@"
}

# 200 while the token is good: a run that everything answered with 401 proves nothing.
me() {
    curl --silent --output /dev/null --write-out '%{http_code}' \
        --header "Authorization: Bearer $token" "$base/api/v1/me"
}

if [ "$(me)" != 200 ]; then
    echo "the token is not accepted" >&2
    exit 1
fi
status=0
own='/sessions/current$|/people/[{]person_id[}]'
# It makes no bodies of application/offset+octet-stream: those come from a client of tus.
parts=continue_upload
drive most.json --exclude-path-regex "$own" --exclude-operation-id "$parts" --max-examples "$each" || status=1
if [ "$(me)" != 200 ]; then
    echo "the token was lost on the way: what came after was not tested" >&2
    status=1
fi
# What may end the session that all the others need comes last: an admin can disable itself,
# and schemathesis tries the ids that it was shown.
drive people.json --include-path-regex '/people/[{]person_id[}]' --max-examples "$each" || status=1
drive last.json --include-path-regex '/sessions/current$' --max-examples 10 || status=1

python3 - "$cases" "${VIGILA_COUNT:-/dev/null}" most.json people.json last.json <<'PY'
import json, sys
wanted, count, *reports = sys.argv[1:]
made = failed = 0
for name in reports:
    report = json.load(open(name))
    cases = report["test_cases"]
    made += cases["generated"]
    failed += cases["with_failures"] + cases["errored"]
    if not report["complete"]:
        sys.exit(f"schemathesis did not finish: {report['stop_reason']}")
print(f"schemathesis: {made} cases, {failed} with failures")
with open(count, "w") as out:
    print(made - failed, failed, file=out)
if made < int(wanted):
    sys.exit(f"fewer than {wanted} cases were made")
PY
exit "$status"
