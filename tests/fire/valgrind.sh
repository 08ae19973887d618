#!/usr/bin/env bash
# memcheck (or `TOOL=helgrind`, `TOOL=drd`) over once.py. What counts are errors with a frame in one of the packages' libraries.
#
#     PYTHON=venv/bin/python tests/fire/valgrind.sh [KERNEL...]
#
# The wheels are those of `specs` and `tests/python/specs`, installed where PYTHON finds them. valgrind knows no AVX-512.
set -euo pipefail
cd "$(dirname "$0")"
tool=${TOOL:-memcheck}
log=$(mktemp)
options=(--tool="$tool" --log-file="$log" --error-limit=no --num-callers=30 --fair-sched=yes)
[ "$tool" != memcheck ] || options+=(--leak-check=no --track-origins=no)
PYTHONMALLOC=malloc PYTHONDONTWRITEBYTECODE=1 KERNELGEN_DISABLE_CPU_FEATURES=${LEVEL:-v4} NPY_DISABLE_CPU_FEATURES="AVX512F AVX512CD AVX512_SKX AVX512_CLX AVX512_CNL AVX512_ICL AVX512_SPR" \
    OPENBLAS_CORETYPE=Haswell OPENBLAS_NUM_THREADS=1 \
    valgrind "${options[@]}" "${PYTHON:-python3}" once.py "$@"
# An error is a paragraph of the log; a library of ours is named in its frames.
python3 - "$log" <<'END'
import re, sys

text = re.sub(r"^==\d+== ?", "", open(sys.argv[1], errors="replace").read(), flags=re.M)
errors = [part for part in re.split(r"\n\s*\n", text) if re.search(r"^\s+(at|by) 0x", part, flags=re.M)]
ours = [part for part in errors if re.search(r"(gilexample|cookbook|options|prelude)[\w./-]*\.so", part)]
print(len(errors), "errors of all libraries,", len(ours), "of kernelgen's")
print("\n\n".join(ours[:20]))
sys.exit(bool(ours))
END
