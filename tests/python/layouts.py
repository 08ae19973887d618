"""Ways in which the same elements may lie in memory."""

import numpy as np


def lay(x, *, order=None, reverse=(), gap=0, offset=0, swapped=False, still=()):
    """The elements of `x` in a buffer of their own.

    `order` lists the axes from the slowest to the fastest, `reverse` those that run backwards, `still` those with
    stride 0 (their first element is repeated). `gap` bytes lie between neighbours, `offset` before the first.
    """
    x = np.asarray(x)
    for axis in still:
        x = np.broadcast_to(np.take(x, [0], axis) if x.shape[axis] else x, x.shape)
    dtype = x.dtype.newbyteorder() if swapped else x.dtype
    order = range(x.ndim) if order is None else order
    strides = [0] * x.ndim
    step = dtype.itemsize + gap
    start = offset
    for axis in reversed(order):
        if axis not in still:
            strides[axis] = -step if axis in reverse else step
            start += step * (x.shape[axis] - 1) if axis in reverse and x.shape[axis] else 0
            step *= max(x.shape[axis], 1)
    buffer = np.zeros(offset + step + dtype.itemsize, np.uint8)
    laid = np.ndarray(x.shape, dtype, buffer, start, strides)
    laid[...] = x
    return laid


def unaligned(x):
    return lay(x, offset=1)


def packed(x):
    """As a field of packed records: strides that no item size divides."""
    return lay(x, gap=1)


def byte_swapped(x):
    return lay(x, swapped=True)


def strided(x):
    return lay(x, gap=x.dtype.itemsize)


def reversed_(x):
    return lay(x, reverse=range(x.ndim))


def fortran(x):
    return lay(x, order=range(x.ndim)[::-1])


def read_only(x):
    x = x.copy()
    x.flags.writeable = False
    return x


def everything_at_once(x):
    return lay(x, order=range(x.ndim)[::-1], reverse=range(x.ndim), gap=3, offset=5, swapped=True)


ALL = [unaligned, packed, byte_swapped, strided, reversed_, fortran, read_only, everything_at_once]
