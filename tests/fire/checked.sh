#!/usr/bin/env bash
# The Python tests on wheels whose runtime looks at its own assertions and at overflow: `.cargo/config.toml`, beside this file.
#
#     tests/fire/checked.sh [FOLDER [PYTEST'S ARGUMENTS...]]
#
# Everything is kept below FOLDER, `target/checked` if none is given; a cache of its own among it, for stamps of wheels know nothing
# of cargo's configuration.
set -euo pipefail
root=$(cd "$(dirname "$0")/../.." && pwd)
to=$(realpath -m "${1:-$root/target/checked}")
shift $(($# ? 1 : 0))
cargo build --release --manifest-path "$root/Cargo.toml"
kernelgen=${CARGO_TARGET_DIR:-$root/target}/release/kernelgen
export KERNELGEN_CACHE_DIR=$to/cache
# Where cargo finds the configuration.
cd "$root/tests/fire"
wheels=()
for specs in specs tests/python/specs; do
    mapfile -t -O "${#wheels[@]}" wheels < <("$kernelgen" build "$root/$specs" --out "$to/out" --dist "$to/dist")
done
python3 -m venv "$to/venv"
"$to/venv/bin/pip" install --quiet --disable-pip-version-check -r "$root/tests/python/requirements.txt"
"$to/venv/bin/pip" install --quiet --disable-pip-version-check --no-deps --force-reinstall "${wheels[@]}"
cd "$root"
PYTHONDONTWRITEBYTECODE=1 "$to/venv/bin/python" -m pytest -q -p no:cacheprovider "${@:-tests/python}"
