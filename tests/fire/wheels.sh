#!/usr/bin/env bash
# Wheels of `specs` and `tests/python/specs` and a virtual environment that has them: `wheels.sh FOLDER [NAME=VALUE...]`.
#
# They are built with cargo's configuration of the folder that this runs in, and with the variables. Everything is kept below
# FOLDER, a cache of its own among it, for stamps of wheels know nothing of either.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
to=$1
shift
cargo build --release --manifest-path "$root/Cargo.toml"
kernelgen=${CARGO_TARGET_DIR:-$root/target}/release/kernelgen
wheels=()
for specs in specs tests/python/specs; do
    mapfile -t -O "${#wheels[@]}" wheels < <(
        env KERNELGEN_CACHE_DIR="$to/cache" "$@" "$kernelgen" build "$root/$specs" --out "$to/out" --dist "$to/dist"
    )
done
python3 -m venv "$to/venv"
"$to/venv/bin/pip" install --quiet --disable-pip-version-check -r "$root/tests/python/requirements.txt"
"$to/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "${wheels[@]}"
