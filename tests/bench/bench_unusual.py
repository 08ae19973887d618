"""Functions with two texts, of arguments that the fast one leaves out, here and there: time by that of usual arguments alone.

    python tests/bench/bench_unusual.py [log log1p sin ...]
"""

import sys
import time

import functions
import numpy as np

N = 100_000
#: Zero is unusual to a logarithm, a large angle to a sine.
UNUSUAL = {"log": 0.0, "log1p": -1.0, "sin": 1e9, "cos": 1e9}
ONE_IN = {"none": 0, "one in 100000": N, "10000": 10_000, "2000": 2000, "500": 500, "20": 20, "all": 1}


def inputs(value, dtype):
    """Arrays by how many are unusual, at random places."""
    usual = np.random.default_rng(0).uniform(0.01, 100, N).astype(dtype)
    for title, one_in in ONE_IN.items():
        x = usual.copy()
        if one_in:
            x[np.random.default_rng(1).choice(N, N // one_in, replace=False)] = value
        yield title, x


def least(function, arrays):
    """The least time of each array, by turns."""
    out = np.empty_like(arrays["none"])
    best = dict.fromkeys(arrays, float("inf"))
    for _ in range(500):
        for title, x in arrays.items():
            begun = time.perf_counter()
            function(x, out=out)
            best[title] = min(best[title], time.perf_counter() - begun)
    return best


functions.set_num_threads(1)
print(f"|  | {' | '.join(ONE_IN)} |")
print("|---" * (len(ONE_IN) + 1) + "|")
with np.errstate(all="ignore"):
    for name in sys.argv[1:] or UNUSUAL:
        for dtype in ("f64", "f32"):
            best = least(getattr(functions, name), dict(inputs(UNUSUAL[name], np.dtype(f"f{int(dtype[1:]) // 8}"))))
            usual = best["none"]
            print(f"| `{name}`, {dtype} | {usual / N * 1e9:.3g} ns | {' | '.join(f'{each / usual:.2f}' for title, each in best.items() if title != 'none')} |", flush=True)  # fmt: skip
