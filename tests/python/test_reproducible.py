"""Sums and the like have the same bits on every instruction set, and small errors."""

import math

import child
import numpy as np
import options
import pytest

BITS = """
import warnings
import numpy as np
import options
warnings.simplefilter("ignore")
random = np.random.default_rng(7)
for shape in [(3000,), (70, 3), (5000, 3), (40, 1500), (1500, 40), (6, 700, 5), (3, 4, 2100)]:
    x = random.normal(size=shape) ** 3
    x[random.random(shape) < 0.01] = np.nan
    for laid in (x, np.asfortranarray(x), x[::-1], x.astype(">f8"), np.repeat(x, 2, -1)[..., ::2]):
        for axis in [None, *range(x.ndim)]:
            for function in (options.nan_total, options.nan_mean, options.nan_largest, options.total, options.running_total):
                print(np.asarray(function(laid, axis=axis)).tobytes().hex()[:4000])
            for result in options.mean_variance(np.nan_to_num(laid), axis=axis):
                print(np.asarray(result).tobytes().hex()[:4000])
            print(options.total(laid, axis=axis, where=laid > 0).tobytes().hex()[:4000])
"""


def test_every_instruction_set_gives_the_same_bits_along_every_axis():
    outputs = {child.run(BITS, KERNELGEN_DISABLE_CPU_FEATURES=disabled) for disabled in ("", "v4", "v3 v4")}
    assert len(outputs) == 1 and len(outputs.pop().splitlines()) > 500


@pytest.mark.parametrize("n", [1, 2, 15, 16, 17, 31])
def test_short_axes_are_folded_in_order(n):
    x = np.random.default_rng(n).normal(size=(40, n)) ** 3
    expected = x[:, 0].copy()
    for k in range(1, n):
        expected += x[:, k]
    for laid in (x, np.asfortranarray(x), np.repeat(x, 2, 1)[:, ::2]):
        np.testing.assert_array_equal(options.total(laid, axis=1), expected)


@pytest.mark.parametrize("shape", [(100_000, 3), (100_000, 40), (3000, 700)])
def test_the_error_step_by_step_is_that_of_pairwise_summation(shape):
    # Each addition of a small number to a large one is off by half an ulp at most; one by one they would add up.
    x = np.full(shape, 0.1)
    exact = math.fsum(x[:, 0])
    bound = (34 + math.ceil(math.log2(shape[0] / 32))) * 2.0**-53 * exact
    assert np.abs(options.total(x, axis=0) - exact).max() <= bound
