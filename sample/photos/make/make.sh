#!/usr/bin/env bash
# Makes the sample pictures again: make.sh [NAME…] (all without names). With DRAFT=1 small and quick, to look at.
# Needs Python 3.11; Blender comes as a Python module. About half a minute of one core each.
set -euo pipefail
cd "$(dirname "$0")"
work=${WORK:-$(mktemp -d)}
mkdir -p "$work"
if [ ! -x "$work/venv/bin/python" ]; then
  python3.11 -m venv "$work/venv"
  "$work/venv/bin/pip" --quiet install bpy==4.5.15 numpy==1.26.4 Pillow==13.0.0 piexif==1.1.3
fi
export PYTHONDONTWRITEBYTECODE=1
python="$work/venv/bin/python"
[ $# -gt 0 ] || set -- $(grep -ohE '"[a-z-]+": [a-z_]+,' rooms.py details.py | cut -d'"' -f2)
for name in "$@"; do
  nice -n 19 "$python" render.py "$name" "$work/$name.png" ${DRAFT:+draft} >"$work/$name.log" 2>&1 || { cat "$work/$name.log"; exit 1; }
  "$python" photo.py "$name" "$work/$name.png" "../$name.jpg"
done
