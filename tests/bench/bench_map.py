"""Elementwise kernels against NumPy and against C by Cython, built with `-O3 -march=native -ffast-math`.

All calls of a row are made in turn, in one process, on one thread; the least of many times stands. The ratio is our time by
that of the faster peer: below 1 we win.
"""

import time
import timeit

import bench
import gilexample
import numpy as np
from handmade import cython

#: The peer: what one would write by hand, without bounds checks, the GIL released.
PEER = """
# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
from libc.math cimport exp, log, sqrt
import numpy as np
"""
FUNCTION = """
def {name}({arguments}, out=None):
    if out is None:
        out = np.empty(x.shape[0])
    cdef double[::1] o = out
    cdef Py_ssize_t i
    with nogil:
        for i in range(x.shape[0]):
            o[i] = {text}
    return out
"""
FUNCTIONS = {
    "gauss": ("double[::1] x", "exp(-x[i] * x[i])"),
    "logsqrt": ("double[::1] x", "log(x[i]) * sqrt(x[i])"),
    "leaky": ("double a, double[::1] x", "x[i] if x[i] > 0 else a * x[i]"),
    "axpy": ("double a, double[::1] x, double[::1] y", "a * x[i] + y[i]"),
}


def written():
    """The source of the peer."""
    return PEER + "".join(FUNCTION.format(name=n, arguments=a, text=t) for n, (a, t) in FUNCTIONS.items())


def least(calls, seconds=1.0):
    """The least time of each call, by turns."""
    begun = time.perf_counter()
    for _ in range(10):
        calls["kernelgen"]()
    # So many calls that the clock's own time does not count.
    loops = max(1, int(1e-2 / (time.perf_counter() - begun)))
    best = dict.fromkeys(calls, float("inf"))
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        for name, call in calls.items():
            begun = time.perf_counter()
            for _ in range(loops):
                call()
            best[name] = min(best[name], (time.perf_counter() - begun) / loops)
    return best


def rows(peer):
    """Name of the row, elements, calls."""
    rng, a = np.random.default_rng(0), 0.5
    for n in (10_000, 1_000_000):
        x, y, out = rng.normal(size=n), rng.random(n), np.empty(n)
        p = np.abs(x) + 0.01
        for name, arguments, numpy in [
            ("gauss", (x,), lambda: np.exp(-x * x)),
            ("logsqrt", (p,), lambda: np.log(p) * np.sqrt(p)),
            ("leaky", (a, x), lambda: np.where(x > 0, x, a * x)),
            ("axpy", (a, x, y), lambda: a * x + y),
        ]:
            ours, theirs = getattr(bench, name), getattr(peer, name)
            new = {"kernelgen": lambda: ours(*arguments), "NumPy": numpy, "Cython": lambda: theirs(*arguments)}
            yield name, n, new
            filled = {"kernelgen": lambda: ours(*arguments, out=out), "Cython": lambda: theirs(*arguments, out)}
            yield f"{name} out=", n, filled
    # What the peer refuses: it takes native arrays of one dtype only.
    raw = np.zeros(x.nbytes + 1, np.uint8)[1:]
    raw[:] = x.view(np.uint8)
    layouts = {"big-endian": x.astype(">f8"), "unaligned": raw.view(float), "reversed": x[::-1]}
    for name, z in {**layouts, "x[::2]": np.repeat(x, 2)[::2], "f32": x.astype("f4")}.items():
        yield f"axpy {name}", n, {"kernelgen": lambda: bench.axpy(a, z, y), "NumPy": lambda: a * z + y}


def overhead():
    """Nanoseconds of a call on 10 elements, the loop around it taken off."""
    scope = {"axpy": gilexample.axpy, "x": np.arange(10.0), "y": np.ones(10), "out": np.empty(10), "np": np}
    ours = ["axpy(2.0, x, y)", "axpy(2.0, x, y, out=out)", "axpy(2.0, x, y, out)"]
    texts = ["pass", *ours, "2.0 * x + y", "np.add(x, y)", "np.add(x, y, out=out)"]
    best = dict.fromkeys(texts, float("inf"))
    for _ in range(40):
        for text in texts:
            best[text] = min(best[text], timeit.timeit(text, globals=scope, number=50_000) / 50_000 * 1e9)
    for text in texts[1:]:
        print(f"{text:28}{best[text] - best['pass']:8.0f} ns")


def main():
    for package in (bench, gilexample):
        package.set_num_threads(1)
    print(f"NumPy {np.__version__}, {gilexample.show_config()}")
    overhead()
    print(f"\n{'ns an element':16}{'n':>10}{'kernelgen':>12}{'NumPy':>12}{'Cython':>12}{'ratio':>8}")
    for name, n, calls in rows(cython(written())):
        best = least(calls)
        times = [best.get(each) for each in ("kernelgen", "NumPy", "Cython")]
        shown = "".join(f"{each / n * 1e9:12.3f}" if each else f"{'':12}" for each in times)
        peers = min(each for each in times[1:] if each)
        print(f"{name:16}{n:10}{shown}{best['kernelgen'] / peers:8.2f}")


if __name__ == "__main__":
    main()
