"""Calls on two threads: against one thread, against OpenMP by Cython (`-O3 -march=native -ffast-math -fopenmp`) and Numba's `prange`.

    python tests/bench/bench_threads.py           # large calls, with the peers
    python tests/bench/bench_threads.py sizes     # n from 10 to 1e7: never slower than one thread?
    python tests/bench/bench_threads.py busy      # the same while every core is kept busy by others

Calls of a row are made in turn, in one process; of large ones the least time of many stands, of sizes the median of pairs.
"""

import multiprocessing
import os
import statistics
import sys
import time

THREADS = 2
os.environ["OMP_NUM_THREADS"] = os.environ["NUMBA_NUM_THREADS"] = str(THREADS)

import bench
import cookbook
import numba
import numpy as np
from handmade import cython
from turns import best

PEER = """
# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
from cython.parallel cimport prange
from libc.math cimport erfc, exp, log, sqrt

def gauss(double[::1] x, double[::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static"):
        out[i] = exp(-x[i] * x[i])

def black_scholes(double[::1] spot, double[::1] strike, double[::1] time, double[::1] out):
    cdef Py_ssize_t i
    cdef double deviation, d
    for i in prange(spot.shape[0], nogil=True, schedule="static"):
        deviation = 0.2 * sqrt(time[i])
        d = (log(spot[i] / strike[i]) + 0.12 * time[i]) / deviation
        out[i] = (spot[i] * 0.5 * erfc(-d * 0.7071067811865476)
                  - strike[i] * exp(-0.1 * time[i]) * 0.5 * erfc((deviation - d) * 0.7071067811865476))

def pairwise_distance(double[:, ::1] x, double[:, ::1] y, double[:, ::1] out):
    cdef Py_ssize_t i, j, k
    cdef double s
    for i in prange(x.shape[0], nogil=True, schedule="static"):
        for j in range(y.shape[0]):
            s = 0
            for k in range(x.shape[1]):
                s = s + (x[i, k] - y[j, k]) * (x[i, k] - y[j, k])
            out[i, j] = sqrt(s)

def axpy(double a, double[::1] x, double[::1] y, double[::1] out):
    cdef Py_ssize_t i
    for i in prange(x.shape[0], nogil=True, schedule="static"):
        out[i] = a * x[i] + y[i]

def sum(double[::1] x):
    cdef Py_ssize_t i
    cdef double s = 0
    for i in prange(x.shape[0], nogil=True, schedule="static"):
        s += x[i]
    return s
"""



jit = numba.njit(fastmath=True, nogil=True, parallel=True)


class Numba:
    """The same for Numba; what it has no fast functions for is left out."""

    @staticmethod
    @jit
    def gauss(x, out):
        for i in numba.prange(x.shape[0]):
            out[i] = np.exp(-x[i] * x[i])

    @staticmethod
    @jit
    def pairwise_distance(x, y, out):
        for i in numba.prange(x.shape[0]):
            for j in range(y.shape[0]):
                s = 0.0
                for k in range(x.shape[1]):
                    s += (x[i, k] - y[j, k]) ** 2
                out[i, j] = np.sqrt(s)

    @staticmethod
    @jit
    def axpy(a, x, y, out):
        for i in numba.prange(x.shape[0]):
            out[i] = a * x[i] + y[i]

    @staticmethod
    @jit
    def sum(x):
        s = 0.0
        for i in numba.prange(x.shape[0]):
            s += x[i]
        return s


def by(threads, call):
    def called():
        with bench.num_threads(threads), cookbook.num_threads(threads):
            return call()

    return called


def cases():
    """Name, size, module, arguments, and the shape of `out`, if there is one."""
    rng = np.random.default_rng(0)
    million, more = rng.random(1_000_000), rng.random((2, 10_000_000))
    points = rng.normal(size=(1000, 16))
    option = (rng.uniform(10, 50, 1_000_000), rng.uniform(10, 50, 1_000_000), rng.uniform(1, 2, 1_000_000))
    yield "gauss", "1e6", bench, (million,), million.shape
    yield "black_scholes", "1e6", bench, option, million.shape
    yield "pairwise_distance", "1000x16 by 1000x16", cookbook, (points, points + 1), (1000, 1000)
    yield "axpy", "1e7", bench, (2.0, *more), more[0].shape
    yield "sum", "1e7", bench, (more[0],), None


def large(names):
    peers = [cython(PEER, ["-fopenmp"], ["mvec", "m"]), Numba]
    print("| kernel | size | one thread, ms | two, ms | gain | Cython, ms | Numba, ms | two / faster peer |")
    print("|---|---|---|---|---|---|---|---|")
    for name, size, module, arguments, shape in cases():
        if names and name not in names:
            continue
        function = getattr(module, name)
        outs = [{} if shape is None else {"out": np.empty(shape)} for _ in range(4)]
        calls = [by(threads, lambda out=out: function(*arguments, **out)) for threads, out in zip((1, THREADS), outs)]
        with_peers = [(peer, out) for peer, out in zip(peers, outs[2:]) if hasattr(peer, name)]
        calls += [lambda call=getattr(peer, name), out=out: call(*arguments, *out.values()) for peer, out in with_peers]
        one, two, *others = best(calls, 60)
        results = [call() for call in calls]
        for result, out in zip(results[2:], (out for _, out in with_peers)):
            np.testing.assert_allclose(out.get("out", result), results[0], rtol=1e-9)
        shown = " | ".join(f"{each * 1e3:.3g}" for each in others) + " | " * (2 - len(others))
        print(f"| `{name}` | {size} | {one * 1e3:.3g} | {two * 1e3:.3g} | {one / two:.2f} | {shown} | {two / min(others):.2f} |", flush=True)


def sizes(names):
    """By how much two threads are slower than one: the median of pairs of calls, in percent and in microseconds."""
    rng = np.random.default_rng(0)
    print("| kernel | n | one thread, us | two, us | two / one | slower by, us |")
    print("|---|---|---|---|---|---|")
    for name in names or ["gauss", "axpy", "sum", "mean_var", "black_scholes"]:
        function = getattr(bench, name)
        for n in (10, 100, 1000, 10_000, 30_000, 50_000, 70_000, 100_000, 200_000, 300_000, 500_000, 1_000_000, 10_000_000):
            arguments = {"axpy": (2.0, rng.random(n), rng.random(n)), "black_scholes": tuple(rng.uniform(1, 2, (3, n)))}
            call = lambda arguments=arguments.get(name, (rng.random(n),)): function(*arguments)
            loops, rounds = max(1, 20_000 // n), 30 if n > 1e6 else 300
            calls = [by(threads, lambda: [call() for _ in range(loops)]) for threads in (1, THREADS)]
            pairs = []
            for _ in range(rounds):
                times = []
                for each in calls:
                    begun = time.perf_counter()
                    each()
                    times.append((time.perf_counter() - begun) / loops)
                pairs.append(times)
            one = statistics.median(one for one, _ in pairs)
            ratio = statistics.median(two / one for one, two in pairs)
            slower = statistics.median(two - one for one, two in pairs)
            print(f"| `{name}` | {n} | {one * 1e6:.4g} | {(one + slower) * 1e6:.4g} | {ratio:.2f} | {slower * 1e6:.2f} |", flush=True)


def spin():
    while True:
        pass


def main():
    what, *names = sys.argv[1:] or ["large"]
    print(f"{os.cpu_count()} cores, instruction set {bench.show_config()['instruction_set']}, NumPy {np.__version__}, Numba {numba.__version__}")
    if what != "busy":
        return (sizes if what == "sizes" else large)(names)
    others = [multiprocessing.get_context("spawn").Process(target=spin, daemon=True) for _ in range(os.cpu_count())]
    for other in others:
        other.start()
    sizes(names)
    for other in others:
        other.kill()


if __name__ == "__main__":
    main()
