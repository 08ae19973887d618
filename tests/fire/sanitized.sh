#!/usr/bin/env bash
# once.py, and fire.py for a minute, with an address sanitizer that looks at each access of kernels and at all memory of the process.
#
#     tests/fire/sanitized.sh [FOLDER [SECONDS]]
#
# Everything is kept below FOLDER, `target/sanitized` if none is given. Needs gcc's libasan; unlike valgrind, it knows AVX-512. Its own
# locks stay locked in a child that is forked meanwhile, so nothing is.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
to=$(realpath -m "${1:-$here/../../target/sanitized}")
library=$(gcc -print-file-name=libasan.so)
host=$(rustc -vV | sed -n 's/^host: //p')
mkdir -p "$to"
# Not from `here`, whose configuration is that of checked.sh. With a target that is named, what runs while it builds is left alone.
cd "$to"
"$here/wheels.sh" "$to" RUSTC_BOOTSTRAP=1 CARGO_BUILD_TARGET="$host" \
    RUSTFLAGS="-Zsanitizer=address -Cforce-frame-pointers=yes -Cdebuginfo=line-tables-only"
export LD_PRELOAD=$library PYTHONMALLOC=malloc PYTHONDONTWRITEBYTECODE=1
export ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:handle_segv=0
"$to/venv/bin/python" "$here/once.py"
"$to/venv/bin/python" "$here/../python/fire.py" "${2:-60}" 0 --no-forks
