# Sourced: counting the checks of one script. `counted` is its last line.
# shellcheck shell=bash

passed=0 failed=0

# check WHAT COMMAND… : a line that says whether the command succeeded.
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

# not COMMAND… : succeeds where the command fails.
not() { ! "$@"; }

# Hands the counts to tests/tools/steps.sh; fails if a check did.
counted() {
    echo "$passed $failed" >"${VIGILA_COUNT:-/dev/null}"
    [ "$failed" -eq 0 ]
}
