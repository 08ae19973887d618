"""NumPy's own tests, with kernelgen's ufuncs in the place of NumPy's. See README.md."""

import argparse
import ctypes
import gc
import json
import os
import re
import subprocess
import sys
import tempfile
import tomllib
import types
from pathlib import Path

import numpy as np
import pytest
from numpy._core import _multiarray_umath

HERE = Path(__file__).parent
NUMPY = Path(np.__file__).parent

# The files that have to do with ufuncs: directly, by operators of arrays, or by functions that are made of ufuncs.
FILES = [
    "_core/tests/test_umath.py",
    "_core/tests/test_ufunc.py",
    "_core/tests/test_umath_complex.py",
    "_core/tests/test_umath_accuracy.py",
    "_core/tests/test_half.py",
    "_core/tests/test_numeric.py",
    "_core/tests/test_scalarmath.py",
    "_core/tests/test_mem_overlap.py",
    "_core/tests/test_errstate.py",
    "_core/tests/test_nep50_promotions.py",
    "_core/tests/test_casting_floatingpoint_errors.py",
    "_core/tests/test_overrides.py",
    "_core/tests/test_multithreading.py",
    "_core/tests/test_regression.py",
    "_core/tests/test_function_base.py",
    "_core/tests/test_scalar_methods.py",
    "lib/tests/test_nanfunctions.py",
    "lib/tests/test_type_check.py",
    "lib/tests/test_ufunclike.py",
    "lib/tests/test_mixins.py",
    "lib/tests/test_stride_tricks.py",
    "matrixlib/tests/test_interaction.py",
    "ma/tests/test_core.py",
]

# What NumPy's own pytest.ini says, which is not installed: a warning too many is a mistake.
WARNINGS = [
    "error",
    "ignore:the matrix subclass is not",
    "ignore:importing from numpy.matlib is",
    # Of this pytest, about the tests themselves.
    "ignore::pytest.PytestDeprecationWarning",
]


# The child: puts the stand-ins in place, runs pytest, and writes a line of JSON for each test.


def swap():
    """Puts the stand-ins wherever NumPy's ufuncs are."""
    import yardstick

    # There each ufunc has its own name, `clip` among them, which is a function elsewhere.
    names = [name for name in yardstick.__all__ if isinstance(getattr(yardstick, name), np.ufunc)]
    ufuncs = tuple(getattr(np._core.umath, name) for name in names)
    stand_in = {id(ufunc): getattr(yardstick, name) for ufunc, name in zip(ufuncs, names)}
    # `add.reduce` and others are kept at hand, too.
    methods = tuple(r for r in gc.get_referrers(*ufuncs) if isinstance(r, types.BuiltinMethodType))
    stand_in |= {id(method): getattr(stand_in[id(method.__self__)], method.__name__) for method in methods}
    operators([id(ufunc) for ufunc in (np.add, np.subtract, np.multiply)], stand_in)
    own = {id(x) for x in (ufuncs, methods, *methods)}
    for holder in gc.get_referrers(*ufuncs, *methods):
        if id(holder) not in own:
            replace(holder, stand_in)


def operators(first, stand_in):
    """Points `+` and the other operators of arrays, and methods that are written in C, to the stand-ins.

    NumPy 2 has no function for that any more. Its table of them is a run of pointers in the library's own memory.
    """
    known = {id(ufunc) for ufunc in vars(_multiarray_umath).values() if isinstance(ufunc, np.ufunc)}
    library, before, table = Path(_multiarray_umath.__file__).name, None, []
    for line in Path("/proc/self/maps").read_text().splitlines():
        fields = line.split()
        low, high = (int(address, 16) for address in fields[0].split("-"))
        # What is zero at first lies behind the library's file, in memory without a name.
        own = library in line or len(fields) == 5 and low == before
        before = high if own else None
        if own and "w" in fields[1]:
            words = (ctypes.c_size_t * ((high - low) // 8)).from_address(low)
            table += [(words, k) for k, word in enumerate(words) if word in known]
    if [words[k] for words, k in table[:3]] != first:
        raise SystemExit("the table of operators was not found in this build of NumPy")
    for words, k in table:
        new = stand_in.get(words[k])
        if new is not None:
            words[k] = kept(new)


def kept(value):
    """The address of an object that is not freed any more."""
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(value))
    return id(value)


def replace(holder, stand_in):
    """Replaces what `holder` holds, if it is of a kind in which NumPy's Python code and the tests keep things."""

    def new(value):
        return stand_in.get(id(value), value)

    match holder:
        case dict():
            for key, value in list(holder.items()):
                if id(value) in stand_in:
                    holder[key] = new(value)
                if id(key) in stand_in:
                    holder[new(key)] = holder.pop(key)
        case list():
            holder[:] = map(new, holder)
        case set():
            items = set(map(new, holder))
            holder.clear()
            holder.update(items)
        case tuple():
            # Arguments of parametrized tests. Nobody has looked at them yet, so they may be changed in place.
            items = (ctypes.c_size_t * len(holder)).from_address(id(holder) + tuple.__basicsize__)
            for k, value in enumerate(holder):
                items[k] = kept(new(value))
        case types.CellType():
            holder.cell_contents = new(holder.cell_contents)
        case types.FrameType():
            pass
        case _ if hasattr(holder, "__dict__"):
            replace(holder.__dict__, stand_in)
        case _:
            raise SystemExit(f"a ufunc of NumPy's is in a {type(holder)}, which cannot be changed: {holder}")


class Plugin:
    """Puts the stand-ins in place when all tests are known, and writes what became of each as soon as it is known."""

    def __init__(self, whose, path):
        self.whose, self.file = whose, open(path, "w", buffering=1)

    def pytest_collection_finish(self):
        # Not before: modules of tests compute with objects and dates when they are imported, and name tests by the
        # loops that NumPy's ufuncs have.
        if self.whose == "ours":
            swap()

    def pytest_runtest_logstart(self, nodeid, location):
        print(json.dumps([nodeid, "started", "the interpreter died"]), file=self.file)

    def pytest_runtest_logreport(self, report):
        if report.when == "call" or report.outcome != "passed":
            outcome = "expected to fail" if hasattr(report, "wasxfail") else report.outcome
            crash = getattr(report.longrepr, "reprcrash", None)
            text = crash.message if crash else str(report.longrepr)
            print(json.dumps([report.nodeid, outcome, text]), file=self.file)


def child(whose, results, arguments):
    """Runs the tests in this process."""
    # Hypothesis draws the same examples each time.
    options = [f"--rootdir={NUMPY}", "-c", os.devnull, "-p", "no:cacheprovider"]
    options += ["--hypothesis-profile=np.test() profile", "-q", "--tb=native"]
    options += [f"-W{warning}" for warning in WARNINGS]
    return pytest.main(options + arguments, [Plugin(whose, results)])


# The parent: runs two children, and holds their results against each other.


def outcomes(whose, arguments, log):
    """What became of each test with NumPy's ufuncs or with ours, and the words of those that failed."""
    with tempfile.TemporaryDirectory() as folder:
        results = Path(folder) / "results"
        results.touch()
        command = [sys.executable, "-B", __file__, "--child", whose, str(results), *arguments]
        with open(f"{log}.{whose}" if log else os.devnull, "w") as out:
            subprocess.run(command, cwd=folder, stdout=out, stderr=subprocess.STDOUT)
        found = {}
        for line in results.read_text().splitlines():
            test, outcome, text = json.loads(line)
            # What fails and then fails to be torn down has its first words.
            if found.get(test, ("started",))[0] in ("started", "passed"):
                found[test] = (outcome, text)
    return found


class Explanation:
    """A group of lost tests: why they are lost, which they are (`*` stands for anything), and what they fail with."""

    def __init__(self, why, tests, error=""):
        self.why, self.error = why, re.compile(error)
        self.patterns = {test: re.compile(re.escape(test).replace(r"\*", ".*")) for test in tests}
        self.count, self.used = 0, set()

    def covers(self, test, text):
        matching = [pattern for pattern, regex in self.patterns.items() if regex.fullmatch(test)]
        if not matching or not self.error.search(text):
            return False
        self.count += 1
        self.used.update(matching)
        return True


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--log", help="where pytest's own output goes: LOG.numpy and LOG.ours")
    parser.add_argument("--all", action="store_true", help="print lost tests that are explained, too")
    parser.add_argument("tests", nargs="*", help="files below numpy/, or tests in them, and options of pytest")
    options, more = parser.parse_known_args()
    chosen = options.tests + more
    arguments = [str(NUMPY / test) if "/" in test else test for test in chosen or FILES]

    with open(HERE / "explained.toml", "rb") as file:
        explanations = [Explanation(**group) for group in tomllib.load(file)["explained"]]
    theirs, ours = (outcomes(whose, arguments, options.log) for whose in ("numpy", "ours"))
    passed = [test for test, (outcome, _) in theirs.items() if outcome == "passed"]
    if not passed:
        raise SystemExit("no test passes with NumPy's own ufuncs: see --log")
    lost = {test: ours.get(test, ("missing", "not collected")) for test in passed}
    lost = {test: f"{outcome}: {text}" for test, (outcome, text) in lost.items() if outcome != "passed"}

    unexplained = 0
    for test, text in lost.items():
        explanation = next((e for e in explanations if e.covers(test, text)), None)
        unexplained += explanation is None
        if options.all or explanation is None:
            print("lost" if explanation else "LOST", test)
            print("     " + text.replace("\n", "\n     ")[:500])
            if explanation:
                print("    ", explanation.why)
    for explanation in explanations:
        print(f"{explanation.count:5} {explanation.why}")
    # A part of the tests says nothing about the others.
    stale = [] if chosen else [p for e in explanations for p in e.patterns if p not in e.used]
    for pattern in stale:
        print("explained, but not lost:", pattern)
    print(f"{len(passed)} tests pass with NumPy's ufuncs, {len(passed) - len(lost)} of them with ours;"
          f" {len(lost)} are lost, {unexplained} without an explanation; {len(stale)} explanations are out of date")
    return bool(unexplained or stale)


if __name__ == "__main__":
    sys.exit(child(*sys.argv[2:4], sys.argv[4:]) if sys.argv[1:2] == ["--child"] else main())
