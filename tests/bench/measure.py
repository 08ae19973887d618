"""Measures all contenders of each row by turns, in the environment that run.py has made, and prints JSON."""

import argparse
import json
import sys
import timeit
import warnings

import numpy as np
from contenders import Contenders, bandwidth, namespace, versions
from rows import ROWS
from turns import least

SIZES = (10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000)
#: So long idle OpenMP threads may spin.
PAUSE = 0.02


def calls(contenders, row, n):
    """The namespaces and expressions of a row's contenders, and those whose result is wrong."""
    arguments = row.inputs(n)
    texts = contenders.expressions(row)
    names = {peer: namespace(contenders, peer, arguments) for peer in texts}
    judge = "SciPy" if row.check and "SciPy" in names else "NumPy"
    expected = np.array(eval(row.check if judge == "SciPy" else row.numpy, names[judge]))
    wrong = {}
    for peer, text in texts.items():
        result = eval(text, names[peer])
        result = names[peer]["out"] if result is None else result
        if not agrees(np.asarray(result), expected, row):
            wrong[peer] = difference(np.asarray(result), expected)
    return names, texts, wrong


def agrees(result, expected, row):
    """Whether a result is as near to the reference as the row asks."""
    if row.rtol == row.atol == 0:
        return np.array_equal(result, expected)
    return result.shape == expected.shape and np.allclose(result, expected, row.rtol, row.atol, equal_nan=True)


def difference(result, expected):
    """How a wrong result is told."""
    if result.shape != expected.shape:
        return f"shape {result.shape}, not {expected.shape}"
    return f"off by up to {np.max(np.abs(result.astype(float) - expected)):.2g}, in {np.sum(result != expected)} of {result.size}"


def timed(contenders, row, n, seconds):
    """The least times of a row's contenders, by their names, and who was wrong."""
    names, texts, wrong = calls(contenders, row, n)
    timers = {peer: timeit.Timer(text, globals=names[peer]) for peer, text in texts.items()}
    return least(timers, seconds, PAUSE if contenders.threads > 1 else 0.0), wrong


def peers(options):
    """All rows on some number of threads."""
    contenders = Contenders(options.threads)
    level = contenders.packages["bench"].show_config()["instruction_set"]
    result = {"threads": options.threads, "level": level, "versions": versions(), "missing": contenders.missing, "rows": {}, "sweep": {}}
    result["bandwidth"] = bandwidth(contenders)
    wanted = [row for row in ROWS if not options.only or row.key in options.only]
    seconds = 0.2 if options.quick else 3.0
    for row in wanted:
        times, wrong = timed(contenders, row, row.n, seconds)
        result["rows"][row.key] = {"times": times, "wrong": wrong}
        tell(row.key, times, wrong)
    for row in wanted:
        if row.sweep:
            result["sweep"][row.key] = [(n, timed(contenders, row, n, seconds / 4)[0]) for n in SIZES]
            result["bandwidth"] = max(result["bandwidth"], bandwidth(contenders))
            print(f"{row.key:28} at {len(SIZES)} sizes", file=sys.stderr, flush=True)
    return result


def tell(key, times, wrong):
    """A line for those who wait."""
    shown = "  ".join(f"{peer} {each * 1e3:.4g}" for peer, each in times.items())
    print(f"{key:28} ms  {shown}" + (f"  WRONG: {wrong}" if wrong else ""), file=sys.stderr, flush=True)


def functions(options):
    """The elementary functions, on one thread."""
    from elementary import measured

    return measured(options, timed, tell)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("what", choices=["peers", "functions"])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--alone", action="store_true", help="only kernelgen and NumPy")
    parser.add_argument("--only", nargs="*", default=[])
    options = parser.parse_args()
    warnings.simplefilter("ignore")
    np.seterr(all="ignore")
    print(json.dumps({"peers": peers, "functions": functions}[options.what](options)))


if __name__ == "__main__":
    main()
