"""Scans: the bits of NumPy's, several outputs, indices."""

import hypothesis
import hypothesis.strategies as st
import numpy as np
import options
import pytest
from axes import arrays, layouts_of, many, same


@pytest.mark.parametrize("dtype", [np.int64, np.float32, np.float64])
@many
@hypothesis.given(st.data())
def test_scans_have_the_bits_of_numpys(dtype, data):
    x = data.draw(arrays(dtype))
    x = x / dtype(3) if dtype is not np.int64 else x
    axis = data.draw(st.sampled_from([None, *range(-x.ndim, x.ndim)]))
    same(options.running_total(x, axis=axis), np.cumsum(x, axis=axis, dtype=dtype))
    if dtype is np.float64 and x.size:
        same(options.running_largest(x, axis), np.maximum.accumulate(x if axis is not None else x.ravel(), axis=axis or 0))
        holes = np.where(np.random.default_rng(x.size).random(x.shape) < 0.5, np.nan, x)
        same(options.nan_running_total(holes, axis=axis), np.nancumsum(holes, axis=axis))
    expected = np.cumsum(x, axis=axis, dtype=dtype)
    for name, out in layouts_of(np.full(expected.shape, 7, np.complex128)):
        assert options.running_total(x, axis=axis, out=out) is out
        np.testing.assert_array_equal(out, expected, name)


def test_scans_of_several_outputs_indices_and_nothing():
    result = options.running_mean([[1.0, 3.0], [5.0, 7.0]], axis=1)
    np.testing.assert_array_equal(result.mean, [[1, 2], [5, 6]])
    np.testing.assert_array_equal(result.count, [[1, 2], [1, 2]])
    x = np.random.default_rng(0).integers(0, 99, (7, 3000))
    highest = np.maximum.accumulate(x, axis=1)
    places = options.running_place(x, axis=1)
    np.testing.assert_array_equal(np.take_along_axis(x, places, 1), highest)
    assert (np.diff(places) >= 0).all() and options.running_place(x.T).max() < x.size
    with pytest.warns(RuntimeWarning, match="All-NaN slice encountered"):
        np.testing.assert_array_equal(options.nan_running_largest([np.nan, 1.0, np.nan, 3.0]), [np.nan, 1, 1, 3])
    assert options.running_total([], axis=0).shape == (0,) and options.running_total(3).shape == (1,)
    x = np.arange(4.0)
    assert options.running_total(x, out=x) is x and x.tolist() == [0, 1, 3, 6]
    for axis in ((0,), 1.5):
        with pytest.raises(TypeError, match="axis must be None"):
            options.running_total(x, axis=axis)
    with pytest.raises(TypeError, match="keepdims"):
        options.running_total(x, keepdims=True)
    with pytest.warns(RuntimeWarning, match="overflow encountered in running_total"):
        options.running_total([1e308, 1e308])
    with pytest.warns(RuntimeWarning, match="invalid"):
        options.running_total([np.inf, -np.inf])
