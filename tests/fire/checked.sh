#!/usr/bin/env bash
# The Python tests on wheels whose runtime looks at its own assertions and at overflow: `.cargo/config.toml`, beside this file.
#
#     tests/fire/checked.sh [FOLDER [PYTEST'S ARGUMENTS...]]
#
# Everything is kept below FOLDER, `target/checked` if none is given.
set -euo pipefail
cd "$(dirname "$0")"
to=$(realpath -m "${1:-../../target/checked}")
shift $(($# ? 1 : 0))
./wheels.sh "$to"
cd ../..
PYTHONDONTWRITEBYTECODE=1 "$to/venv/bin/python" -m pytest -q -p no:cacheprovider "${@:-tests/python}"
