#!/usr/bin/env bash
# A short run of every fuzz target from its seeds. A longer one:
#
#   VIGILA_FUZZ_SECONDS=600 tests/tools/fuzz.sh [TARGET…]
#
# What is found lies in fuzz/artifacts; a test comes first, then the mend.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${VIGILA_FUZZ_SECONDS:-20}
targets=("$@")
[ "$#" -gt 0 ] || targets=(photo jpeg_scaled inspection checklist)

bash fuzz/seeds.sh
# The sanitizer is a feature of the unstable compiler, which this opens in the stable one.
export RUSTC_BOOTSTRAP=1
# A folder of its own: other flags than the service's would build everything anew each time.
export CARGO_TARGET_DIR=${CARGO_TARGET_DIR:-$PWD/target}/fuzz
cargo fuzz build --dev --fuzz-dir fuzz

passed=0 failed=0
for target in "${targets[@]}"; do
    echo "--- $target, $seconds s"
    if cargo fuzz run --dev --fuzz-dir fuzz "$target" -- \
        -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=20000 -print_final_stats=1 2>&1 |
        tail -n 25; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
    fi
done
echo "$passed $failed" >"${VIGILA_COUNT:-/dev/null}"
[ "$failed" -eq 0 ]
