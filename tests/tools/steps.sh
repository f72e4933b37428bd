# Sourced by tests/all and tests/tools/live.sh: running steps and counting their checks.
#
# A step is a command. It says how many of its checks passed and failed by writing
# "PASSED FAILED" to the file $VIGILA_COUNT; one that writes nothing is a single check,
# judged by its exit status. Every step adds a line to the file $VIGILA_TALLY, which steps
# that have steps of their own share.
# shellcheck shell=bash

: "${VIGILA_TALLY:=$(mktemp)}"
export VIGILA_TALLY
step_pid=

# On ^C or TERM the step that is running ends first, so that what it started ends too.
# shellcheck disable=SC2064
trap 'if [ -n "$step_pid" ]; then kill "$step_pid" 2>/dev/null || :; wait "$step_pid" || :; fi; exit 130' INT TERM

# step NAME COMMAND… : the exit status is that of the command. STEP_LIMIT (20m) ends what hangs.
step() {
    local name=$1 counts passed failed status=0 began=$SECONDS
    shift
    counts=$(mktemp)
    printf '\n=== %s\n' "$name"
    # In the background, since bash handles a signal only between commands or in `wait`.
    VIGILA_COUNT=$counts timeout --kill-after=30s "${STEP_LIMIT:-20m}" "$@" </dev/null &
    step_pid=$!
    wait "$step_pid" || status=$?
    step_pid=
    if [ "$status" -eq 124 ]; then
        echo "stopped after ${STEP_LIMIT:-20m}: $name" >&2
    fi
    if ! read -r passed failed <"$counts"; then
        passed=0 failed=0
        if [ "$status" -eq 0 ]; then passed=1; fi
    fi
    rm -f "$counts"
    # A command that failed has failed, whatever it counted before.
    if [ "$status" -ne 0 ] && [ "$failed" -eq 0 ]; then failed=1; fi
    echo "$passed $failed $((SECONDS - began)) $name" >>"$VIGILA_TALLY"
    return "$status"
}

# The table of all steps and the closing line; fails if a check failed or none was made.
summary() {
    printf '\n%8s %8s %8s  %s\n' passed failed seconds step
    awk '{ p += $1; f += $2; printf "%8d %8d %8d  ", $1, $2, $3
           for (i = 4; i <= NF; i++) printf "%s%s", $i, i < NF ? " " : "\n" }
         END { printf "\n%d passed, %d failed\n", p, f; exit f > 0 || p == 0 }' "$VIGILA_TALLY"
}
