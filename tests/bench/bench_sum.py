"""`gilexample.sum` against NumPy's sums: time of a call, and how often NumPy's it is.

All calls of a row are made in turn, in one process; the least of many times stands. A ratio above 1 is NumPy's loss.
"""

import time
from functools import partial

import gilexample
import numpy as np


def unaligned(x):
    raw = np.zeros(x.nbytes + 1, np.uint8)[1:]
    raw[:] = x.view(np.uint8)
    return raw.view(x.dtype)


def arrays():
    """Rows of the table."""
    x = np.random.default_rng(0).random(10_000_000)
    yield "10 f64", x[:10]
    for n in (100_000, 10_000_000):
        v = x[:n].copy()
        yield f"{n:.0e} f64", v
        yield f"{n:.0e} big-endian", v.astype(">f8")
        yield f"{n:.0e} unaligned", unaligned(v)
        yield f"{n:.0e} f32", v.astype("f4")
        yield f"{n:.0e} i32", (v * 100).astype("i4")
        yield f"{n:.0e} x[::2]", v[::2]
        yield f"{n:.0e} reversed", v[::-1]
        yield f"{n:.0e} transposed", v.reshape(100, -1).T


CONTENDERS = {
    "kernelgen": gilexample.sum,
    "np.sum": partial(np.sum, dtype=float),
    "np.add.reduce": partial(np.add.reduce, axis=None, dtype=float),
}


def least(calls, x, seconds=1.0):
    """The least time of each call, by turns."""
    begun = time.perf_counter()
    for _ in range(10):
        calls["kernelgen"](x)
    # So many calls that the clock's own time does not count.
    loops = max(1, int(1e-3 / (time.perf_counter() - begun)))
    best = dict.fromkeys(calls, float("inf"))
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, call in calls.items():
            begun = time.perf_counter()
            for _ in range(loops):
                call(x)
            best[name] = min(best[name], (time.perf_counter() - begun) / loops)
    return best


def main():
    gilexample.set_num_threads(1)
    print(f"NumPy {np.__version__}, {gilexample.show_config()}")
    print(f"{'':20}" + "".join(f"{name:>15}" for name in CONTENDERS) + f"{'np.sum ratio':>15}")
    for name, x in arrays():
        best = least(CONTENDERS, x)
        shown = "".join(f"{best[each] * 1e6:12.2f} us" for each in CONTENDERS)
        print(f"{name:20}{shown}{best['np.sum'] / best['kernelgen']:15.2f}")


if __name__ == "__main__":
    main()
