"""The arrays that rows are measured on, by the number of elements. `out` is made anew for each contender."""

import numpy as np


def drawn(n, seed=0):
    """Numbers from 0 to 1."""
    return np.random.default_rng(seed).random(n)


def vector(n):
    return {"x": drawn(n)}


def vector_out(n):
    return {"x": drawn(n) + 0.01, "out": np.empty(n)}


def single(n):
    return {"x": drawn(n).astype("f4")}


def swapped(n):
    return {"x": drawn(n).astype(">f8")}


def strided(n):
    """Every second one of 2n."""
    return {"x": drawn(2 * n)[::2]}


def unaligned(n):
    raw = np.zeros(8 * n + 1, np.uint8)[1:]
    raw[:] = drawn(n).view(np.uint8)
    return {"x": raw.view(float)}


def matrix(n):
    return {"x": drawn(n).reshape(-1, 2500)}


def axpy(n):
    return {"a": 2.0, "x": drawn(n), "y": drawn(n, 1), "out": np.empty(n)}


def axpy_swapped(n):
    return {**axpy(n), "x": drawn(n).astype(">f8")}


def axpy_mixed(n):
    return {**axpy(n), "x": drawn(n).astype("f4")}


def axpy_strided(n):
    return {**axpy(n), "x": drawn(2 * n)[::-2]}


def leaky(n):
    return {"a": 0.5, "x": drawn(n) - 0.5, "out": np.empty(n)}


def angles(n):
    return {"x": 20 * drawn(n) - 10, "out": np.empty(n)}


def options(n):
    rng = np.random.default_rng(0)
    spot, strike = rng.uniform(10, 50, (2, n))
    return {"spot": spot, "strike": strike, "time": rng.uniform(1, 2, n), "out": np.empty(n)}


def plane(n):
    side = round(n**0.5)
    c = np.linspace(-2, 0.5, side) + 1j * np.linspace(-1.25, 1.25, side)[:, None]
    return {"c": c, "out": np.empty(c.shape, np.int64)}


def rows(n):
    x = np.random.default_rng(0).normal(size=(n // 1000, 1000))
    return {"x": x, "out": np.empty_like(x)}


def points(n):
    side = round(n**0.5)
    x, y = np.random.default_rng(0).normal(size=(2, side, 16))
    return {"x": x, "y": y, "out": np.empty((side, side))}


def series(n):
    return {"x": drawn(n), "out": np.empty(n - 4)}


def small_matrices(n):
    x, y = np.random.default_rng(0).normal(size=(2, n, 4, 4))
    return {"x": x, "y": y, "out": np.empty_like(x)}
