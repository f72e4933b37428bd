#!/usr/bin/env bash
# The Rust side of the tests. Every command selects the whole workspace, so that there is
# one set of features and nothing is compiled twice.
#
#   tests/tools/rust.sh build     the binary and all tests
#   tests/tools/rust.sh test      runs them
#   tests/tools/rust.sh service   runs those that may meet a database: all but the pure core's
set -euo pipefail
cd "$(dirname "$0")/../.."

# Snapshots are compared, never written.
export INSTA_UPDATE=no

build() {
    cargo build --workspace --bins --tests --locked
}

# JUnit's first element holds the sums.
count_junit() {
    awk 'function number(name) { return match($0, " " name "=\"[0-9]+") ? substr($0, RSTART + length(name) + 3, RLENGTH - length(name) - 3) : 0 }
         /<testsuites / { bad = number("failures") + number("errors"); print number("tests") - bad, bad; exit }' "$1"
}

# cargo test ends each binary's tests with `test result: ok. 3 passed; 0 failed; …`.
count_cargo_test() {
    awk '/^test result: / { p += $4; f += $6 } END { print p + 0, f + 0 }' "$1"
}

# tests OPTIONS… : of nextest; plain cargo test has no such filters and runs everything.
tests() {
    local status=0 junit log
    if command -v cargo-nextest >/dev/null; then
        # nextest keeps this in the clone, wherever cargo builds.
        junit=target/nextest/default/junit.xml
        rm -f "$junit"
        cargo nextest run --workspace --locked "$@" || status=$?
        if [ -f "$junit" ]; then count_junit "$junit" >"$VIGILA_COUNT"; fi
    else
        echo "cargo-nextest is not installed: running the same tests with cargo test"
        log=$(mktemp)
        cargo test --workspace --locked --no-fail-fast 2>&1 | tee "$log" || status=$?
        count_cargo_test "$log" >"$VIGILA_COUNT"
        rm -f "$log"
    fi
    return "$status"
}

: "${VIGILA_COUNT:=/dev/null}"
case ${1:-} in
    build) build ;;
    test) tests ;;
    service) tests --filterset 'package(vigila)' ;;
    *)
        echo "usage: rust.sh build | test | service" >&2
        exit 2
        ;;
esac
