"""What the body `running` gives, by NumPy; and small whole numbers of any dtype."""

import numpy as np


def cumulated(x, axis=-1):
    """What `running` is, in the dtype that it computes in."""
    if x.dtype == bool:
        return np.logical_or.accumulate(x, axis=axis)
    if x.dtype == "f2":
        return np.cumsum(x.astype("f4"), axis=axis, dtype="f4").astype("f2")
    return np.cumsum(x, axis=axis, dtype=x.dtype)


def values(dtype, shape, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.integers(0, 5, shape) + (1j * rng.integers(0, 5, shape) if np.dtype(dtype).kind == "c" else 0)
    return np.asarray(x).astype(dtype)
