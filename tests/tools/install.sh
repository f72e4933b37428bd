#!/usr/bin/env bash
# Installs what the tests need and the machine lacks, and nothing else. When all is there
# it asks no network. Works as root, or as another user if `sudo` needs no password.
set -euo pipefail
cd "$(dirname "$0")/../.."

: "${VIGILA_VENV:=${XDG_CACHE_HOME:-$HOME/.cache}/vigila/venv}"

: "${VIGILA_S3S:=${XDG_CACHE_HOME:-$HOME/.cache}/vigila/s3s}"

have() { command -v "$1" >/dev/null 2>&1; }

if ! have cargo; then
    echo "cargo is missing: install Rust with rustup, rust-toolchain.toml names the version" >&2
    exit 1
fi

packages=()
have cc || packages+=(gcc libc6-dev)
have curl || packages+=(curl ca-certificates)
have openssl || packages+=(openssl)
have chromium || packages+=(chromium)
have caddy || packages+=(caddy)
have prometheus && have promtool || packages+=(prometheus)
compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null || packages+=(postgresql)
have python3 && python3 -c 'import ensurepip, venv' 2>/dev/null || packages+=(python3-venv)
have c++ || packages+=(g++)
have node && have npm || packages+=(nodejs npm)
if [ "${#packages[@]}" -gt 0 ]; then
    root=()
    if [ "$(id -u)" -ne 0 ]; then
        if ! have sudo || ! sudo -n true 2>/dev/null; then
            echo "these Debian packages are missing, and only root may install them: ${packages[*]}" >&2
            exit 1
        fi
        root=(sudo -n)
    fi
    if ! have apt-get; then
        echo "install what these Debian packages hold: ${packages[*]}" >&2
        exit 1
    fi
    echo "installing ${packages[*]}"
    log=$(mktemp)
    "${root[@]}" apt-get update >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
        apt-get -o DPkg::Lock::Timeout=120 install --yes --no-install-recommends \
        "${packages[@]}" >"$log" 2>&1 || { cat "$log" >&2; exit 1; }
    rm -f "$log"
fi
if [ "$(node -p 'process.versions.node.split(".")[0]')" -lt 20 ]; then
    echo "node $(node --version) is too old for the browser tests: 20 or newer is needed" >&2
    exit 1
fi

# Python: one virtual environment for all clones, made anew when the pins change.
pins=tests/tools/requirements.txt
if ! cmp -s "$pins" "$VIGILA_VENV/installed.txt"; then
    echo "installing what $pins names"
    python3 -m venv --clear "$VIGILA_VENV"
    "$VIGILA_VENV/bin/pip" install --quiet --disable-pip-version-check --requirement "$pins"
    cp "$pins" "$VIGILA_VENV/installed.txt"
fi

# An S3 server, built once for all clones. Not where the project is built: its dependencies
# are others.
s3s=0.14.1
if ! "$VIGILA_S3S/bin/s3s-fs" --version 2>/dev/null | grep -qF "$s3s"; then
    echo "installing s3s-fs $s3s"
    env -u CARGO_TARGET_DIR cargo install --quiet --locked --debug --force --features binary \
        --root "$VIGILA_S3S" "s3s-fs@$s3s"
fi

# Node: beside each package.json. No package's install script runs: none is needed, and
# one of them would only tell its makers of the installation.
for folder in tests/browser tests/tools deploy/grafana; do
    if ! cmp -s "$folder/package-lock.json" "$folder/node_modules/installed.json"; then
        echo "installing what $folder/package-lock.json names"
        npm ci --prefix "$folder" --ignore-scripts --no-audit --no-fund --prefer-offline --loglevel=error
        cp "$folder/package-lock.json" "$folder/node_modules/installed.json"
    fi
done

# For the fuzz targets, built from source.
if ! have cargo-fuzz; then
    echo "installing cargo-fuzz"
    cargo install --quiet --locked --debug cargo-fuzz@0.13.2
fi
