"""`gilexample.sum`, the kernel that kernelgen began with, against NumPy."""

import math

import gilexample
import numpy as np
import pytest

REAL = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]


def test_it_adds():
    total = gilexample.sum([1, 2, 3])
    assert total == 6.0
    assert type(total) is np.float64


@pytest.mark.parametrize("dtype", REAL)
@pytest.mark.parametrize("n", [0, 1, 2, 31, 32, 33, 1000, 1023, 1024, 1025, 4096, 100_003])
def test_every_dtype_is_summed_in_double_precision(dtype, n):
    x = (np.arange(n) % 7).astype(dtype)
    assert gilexample.sum(x) == np.sum(x, dtype=np.float64)


def test_single_precision_is_not_summed_in_single_precision():
    x = np.full(1_000_000, 0.1, np.float32)
    assert gilexample.sum(x) == pytest.approx(1e6 * float(np.float32(0.1)), rel=1e-15)


@pytest.mark.parametrize("shape", [(), (1,), (0,), (3, 0, 2), (1, 1, 1), (2, 3, 4, 5), (1,) * 32, (2,) * 10])
def test_any_number_of_dimensions(shape):
    x = np.arange(math.prod(shape), dtype=float).reshape(shape)
    assert gilexample.sum(x) == x.sum()


@pytest.mark.parametrize(
    ("values", "total"),
    [
        ([2**53, 1.0, -(2.0**53)], (0.0, 1.0)),
        ([np.inf, 1.0], (np.inf,)),
        ([-np.inf, 1.0], (-np.inf,)),
        ([5e-324, 5e-324], (1e-323,)),
    ],
)
def test_values_at_the_edges(values, total):
    assert gilexample.sum(values) in total
    assert np.isnan(gilexample.sum([*values, np.nan]))


def test_the_input_is_left_as_it_was():
    x = np.arange(100_000.0)
    gilexample.sum(x)
    np.testing.assert_array_equal(x, np.arange(100_000.0))
