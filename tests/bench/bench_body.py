"""Bodies of the cookbook against Numba and against C by Cython, built with `-O3 -march=native -ffast-math`.

All calls of a row are made in turn, in one process, on one thread; the least of many times stands. The ratio is our time by that of
the faster peer: below 1 we win. Peers write to arrays that are there; so do we, by `out=`.
"""

import os
import sys
import timeit

os.environ["NUMBA_NUM_THREADS"] = "1"

import cookbook
import numba
import numpy as np
from handmade import cython
from turns import best

#: What one would write by hand, without bounds checks, the GIL released.
PEER = """
# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True
from libc.math cimport exp, sqrt

def pairwise_distance(double[:, ::1] x, double[:, ::1] y, double[:, ::1] out):
    cdef Py_ssize_t i, j, k
    cdef double s
    with nogil:
        for i in range(x.shape[0]):
            for j in range(y.shape[0]):
                s = 0
                for k in range(x.shape[1]):
                    s += (x[i, k] - y[j, k]) * (x[i, k] - y[j, k])
                out[i, j] = sqrt(s)

def softmax(double[:, ::1] x, double[:, ::1] out):
    cdef Py_ssize_t i, j
    cdef double m, s
    with nogil:
        for i in range(x.shape[0]):
            m = x[i, 0]
            for j in range(x.shape[1]):
                m = x[i, j] if x[i, j] > m else m
            s = 0
            for j in range(x.shape[1]):
                out[i, j] = exp(x[i, j] - m)
                s += out[i, j]
            s = 1 / s
            for j in range(x.shape[1]):
                out[i, j] *= s

def moving_mean(double[::1] x, Py_ssize_t window, double[::1] out):
    cdef Py_ssize_t i
    cdef double s = 0, scale = 1.0 / window
    with nogil:
        for i in range(window):
            s += x[i]
        out[0] = s * scale
        for i in range(window, x.shape[0]):
            s += x[i] - x[i - window]
            out[i - window + 1] = s * scale

def matmul4(double[:, :, ::1] a, double[:, :, ::1] b, double[:, :, ::1] out):
    cdef Py_ssize_t n, i, j, k
    cdef double s
    with nogil:
        for n in range(a.shape[0]):
            for i in range(4):
                for j in range(4):
                    s = 0
                    for k in range(4):
                        s += a[n, i, k] * b[n, k, j]
                    out[n, i, j] = s
"""



jit = numba.njit(fastmath=True, nogil=True)


class Numba:
    """The same for Numba."""

    @staticmethod
    @jit
    def pairwise_distance(x, y, out):
        for i in range(x.shape[0]):
            for j in range(y.shape[0]):
                s = 0.0
                for k in range(x.shape[1]):
                    s += (x[i, k] - y[j, k]) ** 2
                out[i, j] = np.sqrt(s)

    @staticmethod
    @jit
    def softmax(x, out):
        for i in range(x.shape[0]):
            m = x[i, 0]
            for j in range(x.shape[1]):
                m = max(m, x[i, j])
            s = 0.0
            for j in range(x.shape[1]):
                out[i, j] = np.exp(x[i, j] - m)
                s += out[i, j]
            for j in range(x.shape[1]):
                out[i, j] /= s

    @staticmethod
    @jit
    def moving_mean(x, window, out):
        s = 0.0
        for i in range(window):
            s += x[i]
        out[0] = s / window
        for i in range(window, x.shape[0]):
            s += x[i] - x[i - window]
            out[i - window + 1] = s / window

    @staticmethod
    @jit
    def matmul4(a, b, out):
        for n in range(a.shape[0]):
            for i in range(4):
                for j in range(4):
                    s = 0.0
                    for k in range(4):
                        s += a[n, i, k] * b[n, k, j]
                    out[n, i, j] = s


def cases():
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(1500, 16)), rng.normal(size=(1500, 16))
    rows = rng.normal(size=(2000, 1000))
    series = rng.normal(size=1_000_000)
    a, b = rng.normal(size=(2, 20_000, 4, 4))
    yield "pairwise_distance", "1500x16 by 1500x16", (x, y), {}, (1500, 1500)
    yield "softmax", "2000x1000", (rows,), {}, rows.shape
    for window in (5, 100):
        yield "moving_mean", f"1e6, window {window}", (series,), {"window": window}, (1_000_001 - window,)
    yield "matmul4", "20000 of 4x4", (a, b), {}, a.shape


def main():
    cookbook.set_num_threads(1)
    peers = {"Numba": Numba, "Cython": cython(PEER)}
    print(f"instruction set {cookbook.show_config()['instruction_set']}, NumPy {np.__version__}, Numba {numba.__version__}")
    print("| kernel | size | kernelgen, ms | Numba, ms | Cython, ms | kernelgen / faster |")
    print("|---|---|---|---|---|---|")
    for name, size, arguments, params, shape in cases():
        if sys.argv[1:] and name not in sys.argv[1:]:
            continue
        own, *others = [np.empty(shape) for _ in range(3)]
        function = getattr(cookbook, name)
        calls = [lambda: function(*arguments, out=own, **params)]
        for peer, out in zip(peers.values(), others):
            calls.append(lambda call=getattr(peer, name), out=out: call(*arguments, *params.values(), out))
        times = best(calls, 40)
        for out in others:
            np.testing.assert_allclose(own, out, rtol=1e-9, atol=1e-9)
        shown = " | ".join(f"{each * 1e3:.3g}" for each in times)
        print(f"| `{name}` | {size} | {shown} | {times[0] / min(times[1:]):.2f} |", flush=True)
    x, out = np.arange(3.0), np.empty((4, 4))
    for text in ("cookbook.matmul4(m, m)", "cookbook.matmul4(m, m, out=out)", "cookbook.moving_mean(x, window=2)", "np.matmul(m, m)"):
        names = {"cookbook": cookbook, "np": np, "m": np.eye(4), "x": x, "out": out}
        print(f"{text}: {min(timeit.repeat(text, globals=names, number=20_000, repeat=15)) / 20_000 * 1e9:.0f} ns")


if __name__ == "__main__":
    main()
