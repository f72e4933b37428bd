#!/usr/bin/env bash
# Writes what fuzzing starts from into fuzz/corpus (not committed): real pictures of every kind,
# the shipped checklists, and inspections.
set -euo pipefail
cd "$(dirname "$0")/.."

corpus=fuzz/corpus
mkdir -p "$corpus"/{photo,jpeg_scaled,inspection,checklist}
cp core/tests/pictures/*.{jpg,png,webp,gif,avif} "$corpus/photo/"
cp core/tests/pictures/*.jpg "$corpus/jpeg_scaled/"
cp checklists/*.yaml "$corpus/checklist/"

cat >"$corpus/inspection/whole.json" <<'JSON'
{"facility": "BT-0007", "checklist": {"code": "CAS-COLL", "version": "1.0.0"}, "kind": "unannounced",
 "started_at": "2026-11-20T09:00:00Z", "ended_at": "2026-11-20T11:00:00+01:00",
 "answers": [{"item": "CAS-C03", "value": 5, "photos": ["e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"]},
             {"item": "CAS-A01", "value": "yes", "note": "in ordine"},
             {"item": "CAS-A02", "value": "na", "reason": "non previsto"},
             {"item": "CAS-B01", "value": ["a", "b"]}],
 "photos": [{"sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "bytes": 812345,
             "taken_at": "2026-11-20T09:30:00Z", "latitude": 41.2, "longitude": 16.3, "caption": "cucina"}]}
JSON
cat >"$corpus/inspection/least.json" <<'JSON'
{"facility":"X","checklist":{"code":"A","version":"1.0.0"},"kind":"remote","started_at":"2026-01-01T00:00:00Z","ended_at":"2026-01-01T00:00:00Z","answers":[]}
JSON
cat >"$corpus/inspection/odd.json" <<'JSON'
{"facility":1,"checklist":null,"kind":"x","answers":[{"item":"A","value":12345678901234567890},{"item":"A","value":1e400}],"corrects":"é"}
JSON
