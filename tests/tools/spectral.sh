#!/usr/bin/env bash
# Lints openapi/v1.json by the rules of the Italian public administration (ModI): an
# administration may publish an API in the national catalogue only without errors.
#
#   tests/tools/spectral.sh RULES
set -euo pipefail
rules=$(realpath "$1")
cd "$(dirname "$0")/../.."

report=$(mktemp)
trap 'rm -f "$report"' EXIT
tests/tools/node_modules/.bin/spectral lint openapi/v1.json --ruleset "$rules" \
    --fail-severity error --format json --output.json "$report" --quiet || :

# Spectral's exit status also tells of its own failures: no report then, and node fails.
node -e '
  const findings = JSON.parse(require("fs").readFileSync(process.argv[1], "utf8"));
  const names = ["error", "warning", "information", "hint"];
  const counts = [0, 0, 0, 0];
  for (const { severity, code, path, message } of findings) {
    counts[severity] += 1;
    console.log(`${names[severity]} ${code} at ${path.join(".")}: ${message}`);
  }
  console.log(names.map((name, i) => `${counts[i]} of severity ${name}`).join(", "));
  process.exit(counts[0] > 0 ? 1 : 0);
' "$report"
