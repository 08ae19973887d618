#!/usr/bin/env python3
"""Builds the kernels, installs them and their peers in an environment below target/, measures, and writes tables and plots.

    python3 tests/bench/run.py                     # all rows and functions: a quarter of an hour, with nothing else running
    python3 tests/bench/run.py peers --only gauss  # some rows, by their keys in rows.py
    python3 tests/bench/run.py functions           # elementary functions, by the element
    python3 tests/bench/run.py accuracy            # errors of sums, and bits: threads, instruction sets
    python3 tests/bench/run.py report              # tables and plots of what was measured before

`--quick` is for trying whether all works; `--write` puts tables and plots into docs/. What was measured stays in target/bench.
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
TARGET = ROOT / "target" / "bench"
VENV = TARGET / "venv"
PYTHON = VENV / ("Scripts" if os.name == "nt" else "bin") / "python"
REQUIREMENTS = HERE / "requirements.txt"
#: How the features begin that NumPy gives up where kernelgen gives up a level. From 2.4 on it names levels itself.
NUMPY_LEVELS = {"": (), "v4": ("AVX512", "X86_V4"), "v3": ("AVX", "X86_V4", "FMA", "F16C", "X86_V3")}


def environment():
    """Makes the environment, unless it is there for this Python and these requirements."""
    made_of = sys.version + REQUIREMENTS.read_text()
    stamp = VENV / hashlib.sha256(made_of.encode()).hexdigest()[:16]
    if stamp.exists():
        return
    say("making an environment with the peers")
    subprocess.run([sys.executable, "-m", "venv", "--clear", VENV], check=True)
    lines = [line for line in REQUIREMENTS.read_text().splitlines() if line and not line.startswith("#")]
    if pip("--only-binary", ":all:", *lines):
        # One that can't be had for this Python or machine keeps nobody else away: its rows will say so.
        absent = [line for line in lines if pip("--only-binary", ":all:", line) and pip(line)]
        say(f"not to be had: {', '.join(absent)}" if absent else "all there, one by one")
    if pip("numpy", "matplotlib"):
        sys.exit("NumPy and matplotlib could not be installed")
    stamp.touch()


def pip(*arguments):
    """Installs; the exit code."""
    command = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *arguments]
    return subprocess.run(command, stderr=subprocess.DEVNULL).returncode


def wheels():
    """Builds the kernels of specs/ and of this folder, and installs them."""
    for specs in ("specs", "tests/bench/specs"):
        say(f"building {specs}")
        command = ["cargo", "run", "--quiet", "--release", "--", "build", specs, "--quiet", "--python", sys.executable]
        subprocess.run([*command, "--out", TARGET / "kernelgen", "--dist", TARGET / "dist"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    built = [TARGET / "dist" / each.name for each in (TARGET / "dist").glob("*.whl")]
    if pip("--force-reinstall", "--no-deps", *built):
        sys.exit("the wheels could not be installed")


def child(script, *arguments, threads=1, level=""):
    """What a script of this folder prints as JSON, in the environment."""
    counts = dict.fromkeys(["OMP_NUM_THREADS", "NUMBA_NUM_THREADS", "NUMEXPR_MAX_THREADS", "OPENBLAS_NUM_THREADS"], str(threads))
    disabled = {"KERNELGEN_DISABLE_CPU_FEATURES": level, "NPY_DISABLE_CPU_FEATURES": features(level)}
    scope = {**os.environ, **counts, **{name: value for name, value in disabled.items() if value}}
    done = subprocess.run([PYTHON, HERE / script, *map(str, arguments)], env=scope, stdout=subprocess.PIPE, text=True, check=True)
    return json.loads(done.stdout)


def features(level):
    """NumPy's names for what `level` takes away, as far as this NumPy dispatches them and this CPU has them."""
    code = "from numpy._core._multiarray_umath import __cpu_dispatch__ as d, __cpu_features__ as f; print(*(x for x in d if f[x]))"
    found = subprocess.run([PYTHON, "-c", code], capture_output=True, text=True).stdout.split()
    return " ".join(each for each in found if each.startswith(NUMPY_LEVELS[level]))


def measured(options):
    """Measures what was asked for, and keeps it."""
    quick = ["--quick"] if options.quick else []
    only = ["--only", *options.only] if options.only else []
    if options.what in ("all", "peers"):
        forget("peers-*")
        for threads in options.threads:
            say(f"peers, {threads} thread{'s' * (threads > 1)}")
            keep(f"peers-{threads}", child("measure.py", "peers", "--threads", threads, *quick, *only, threads=threads))
    if options.what in ("all", "functions"):
        forget("functions-*")
        for level in ("", "v4", "v3"):
            say(f"functions, {f'without {level}' if level else 'all instruction sets'}")
            alone = ["--alone"] if level else []
            keep(f"functions-{level or 'all'}", child("measure.py", "functions", *quick, *only, *alone, level=level))
    if options.what in ("all", "accuracy"):
        say("errors of sums")
        keep("sums", child("accuracy.py", *quick))
        for level in ("", "v4", "v3"):
            say(f"bits, {f'without {level}' if level else 'all instruction sets'}")
            keep(f"bits-{level or 'all'}", child("bits.py", *quick, level=level))


def keep(name, result):
    """Writes a result below target/."""
    (TARGET / f"{name}.json").write_text(json.dumps(result, indent=1))


def forget(names):
    """Removes what was measured before, so that no table mixes two runs."""
    for path in TARGET.glob(f"{names}.json"):
        path.unlink()


def say(text):
    print(f"# {text}", file=sys.stderr, flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="?", default="all", choices=["all", "peers", "functions", "accuracy", "report"])
    parser.add_argument("--only", nargs="+", default=[], metavar="ROW", help="rows by their keys, functions by their names")
    parser.add_argument("--threads", nargs="+", type=int, default=sorted({1, min(2, os.cpu_count() or 1)}))
    parser.add_argument("--quick", action="store_true", help="short and inexact")
    parser.add_argument("--write", action="store_true", help="tables and plots into docs/")
    options = parser.parse_args()
    if options.only and options.what == "all":
        parser.error("--only needs peers or functions")
    if options.only and options.write:
        parser.error("--write is for whole tables")
    TARGET.mkdir(parents=True, exist_ok=True)
    environment()
    if options.what != "report":
        wheels()
        measured(options)
    write = ["--write"] if options.write else []
    sys.exit(subprocess.run([PYTHON, HERE / "report.py", options.what, *write]).returncode)


if __name__ == "__main__":
    main()
