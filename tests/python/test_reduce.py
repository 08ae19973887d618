"""Reductions along axes: NumPy's answers and errors, in any layout."""

import warnings

import dask.array as da
import hypothesis
import hypothesis.strategies as st
import numpy as np
import options
import pytest
from axes import axes_of, cases, layouts_of, many, same
from hypothesis.extra import numpy as hnp


class Quantities(np.ndarray):
    """Has a way of its own of computing."""

    def __array_ufunc__(self, *arguments, **keywords):
        return NotImplemented


@pytest.mark.parametrize("dtype", [np.int64, np.float32, np.float64, np.complex128])
@many
@hypothesis.given(st.data())
def test_sums(dtype, data):
    x, axis, keepdims = data.draw(cases(dtype))
    same(options.total(x, axis=axis, keepdims=keepdims), np.sum(x, axis=axis, keepdims=keepdims))


@pytest.mark.parametrize("dtype", [np.bool_, np.int8, np.float16, np.float32, np.float64])
@many
@hypothesis.given(st.data())
def test_maxima(dtype, data):
    x, axis, keepdims = data.draw(cases(dtype))
    try:
        expected = np.max(x, axis=axis, keepdims=keepdims)
    except ValueError:
        with pytest.raises(ValueError, match="zero-size array to reduction operation largest which has no identity"):
            options.largest(x, axis=axis, keepdims=keepdims)
        return
    same(options.largest(x, axis=axis, keepdims=keepdims), expected)


@many
@hypothesis.given(st.data())
def test_indices_are_those_along_the_axis(data):
    x, axis, keepdims = data.draw(cases(np.float64, min_side=1))
    if isinstance(axis, tuple) and len(axis) > 1:
        rest = tuple(a for a in range(x.ndim) if a not in {b % x.ndim for b in axis})
        order = rest + tuple(sorted(b % x.ndim for b in axis))
        flat = x.transpose(order).reshape([x.shape[a] for a in rest] + [-1])
        same(options.where_largest(x, axis=axis), np.argmax(flat, axis=-1))
    else:
        axis = axis[0] if isinstance(axis, tuple) else axis
        same(options.where_largest(x, axis=axis, keepdims=keepdims), np.argmax(x, axis=axis, keepdims=keepdims))


@many
@hypothesis.given(st.data())
def test_ordered_folds_take_the_last_element(data):
    x, axis, _ = data.draw(cases(np.int64, min_side=1))
    axes = range(x.ndim) if axis is None else (axis,) if isinstance(axis, int) else axis
    last = tuple(-1 if a in {b % x.ndim for b in axes} else slice(None) for a in range(x.ndim))
    np.testing.assert_array_equal(options.latest(x, axis=axis), x[last])


@many
@hypothesis.given(st.data())
def test_several_outputs_and_params(data):
    x, axis, keepdims = data.draw(cases(np.float64, min_side=2, max_dims=4))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        result = options.mean_variance(x, axis=axis, keepdims=keepdims, ddof=1.0)
        mean, var = np.mean(x, axis=axis, keepdims=keepdims), np.var(x, axis=axis, keepdims=keepdims, ddof=1)
    assert type(result.mean) is type(mean)
    np.testing.assert_allclose(result.mean, mean, rtol=1e-12, atol=1e-12, strict=True)
    np.testing.assert_allclose(result.var, var, rtol=1e-10, atol=1e-10, strict=True)


@many
@hypothesis.given(st.data())
def test_where_leaves_elements_out(data):
    x, axis, keepdims = data.draw(cases(np.int64))
    mask_shape = data.draw(hnp.broadcastable_shapes(x.shape, max_dims=x.ndim, max_side=1025).filter(
        lambda s: np.broadcast_shapes(s, x.shape) == x.shape))
    mask = np.random.default_rng(data.draw(st.integers(0, 9))).integers(0, 2, mask_shape).astype(bool)
    same(
        options.total(x, axis=axis, keepdims=keepdims, where=mask),
        np.sum(x, axis=axis, keepdims=keepdims, where=mask),
    )
    lowest = np.full(x.shape, np.iinfo(np.int64).min)
    kept = np.where(mask, x, lowest)
    counts = np.sum(np.broadcast_to(mask, x.shape), axis=axis)
    if x.size and np.all(counts):
        single = axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis
        if single is None or isinstance(single, int):
            same(options.where_largest(x, axis=single, where=mask), np.argmax(kept, axis=single))
    elif np.size(counts):
        with pytest.raises(ValueError, match="which has no identity"):
            options.where_largest(x, axis=axis, where=mask)


@many
@hypothesis.given(st.data())
def test_out_of_any_dtype_and_layout(data):
    x, axis, keepdims = data.draw(cases(np.int64))
    expected = np.sum(x, axis=axis, keepdims=keepdims)
    dtype = data.draw(st.sampled_from([np.int64, np.int8, np.float32, np.complex128, ">f8"]))
    for name, out in layouts_of(np.full(np.shape(expected), 77, dtype)):
        assert options.total(x, axis=axis, keepdims=keepdims, out=out) is out, name
        np.testing.assert_array_equal(out, np.sum(x, axis=axis, keepdims=keepdims, out=np.empty_like(out)), name)


@many
@hypothesis.given(st.data())
def test_two_inputs_broadcast_and_are_reduced(data):
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=4, max_side=40))
    random = np.random.default_rng(data.draw(st.integers(0, 9)))
    x, y = (random.integers(-9, 9, shape) for shape in shapes.input_shapes)
    axis = data.draw(st.sampled_from(list(axes_of(len(shapes.result_shape)))))
    same(options.inner(x, y, axis=axis), np.sum(x * y, axis=axis))


@many
@hypothesis.given(st.data())
def test_nans_are_skipped(data):
    x, axis, keepdims = data.draw(cases(np.float64))
    x = np.where(np.random.default_rng(data.draw(st.integers(0, 9))).random(x.shape) < 0.3, np.nan, x)
    _, x = data.draw(st.sampled_from(list(layouts_of(x))))
    same(options.nan_total(x, axis=axis, keepdims=keepdims), np.nansum(x, axis=axis, keepdims=keepdims))
    if not x.size:
        return
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        largest, mean = options.nan_largest(x, axis=axis), options.nan_mean(x, axis=axis)
        same(largest, np.nanmax(x, axis=axis))
        np.testing.assert_allclose(mean, np.nanmean(x, axis=axis), rtol=1e-12)
    single = axis[0] if isinstance(axis, tuple) and len(axis) == 1 else axis
    if single is None or isinstance(single, int):
        if np.isnan(largest).any():
            with pytest.raises(ValueError, match="All-NaN slice encountered"):
                options.nan_where_largest(x, axis=single)
        else:
            same(options.nan_where_largest(x, axis=single), np.nanargmax(x, axis=single))


def test_nothing_left_warns_where_there_is_no_identity():
    x = np.array([[1.0, np.nan], [np.nan, np.nan]])
    with pytest.warns(RuntimeWarning, match="All-NaN slice encountered"):
        np.testing.assert_array_equal(options.nan_largest(x, axis=1), [1.0, np.nan])
    with pytest.raises(ValueError, match="no identity"):
        options.nan_largest(np.empty((0,)))
    with pytest.raises(ValueError, match="no identity"):
        options.nan_largest(x, where=False)
    assert options.nan_total(x[1]) == 0 and not np.signbit(options.nan_total([-0.0, np.nan]))


@pytest.mark.parametrize("axis", [0, 1, None, (0, 1), ()])
def test_initial(axis):
    x = np.arange(12.0).reshape(3, 4)
    same(options.total(x, axis=axis, initial=5), np.sum(x, axis=axis, initial=5))
    same(options.largest(x, axis=axis, initial=5), np.max(x, axis=axis, initial=5))
    same(options.largest(x[:0], initial=-1, axis=0), np.max(x[:0], initial=-1, axis=0))
    same(options.nan_total(x, axis=axis, initial=2.5), np.nansum(x, axis=axis, initial=2.5))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "i8", "c16"])
def test_initial_where_elements_are_skipped(dtype):
    x = np.array([[1, 2, 3], [4, 5, 6]], dtype)
    for axis in (None, 0, 1):
        if dtype != "f2":
            same(options.nan_total(x, axis=axis, initial=10), np.sum(x, axis=axis, initial=10))
        if dtype.startswith("f"):
            same(options.nan_largest(x, axis=axis, initial=4), np.max(x, axis=axis, initial=4))
            same(options.nan_largest(x * np.nan, axis=axis, initial=4), np.max(x * 0, axis=axis, initial=4))


def test_initial_none_begins_with_the_first_element():
    assert options.total([1, 2], initial=None) == 3
    with pytest.raises(ValueError, match="no identity"):
        options.total([], initial=None)


@pytest.mark.parametrize(
    "call, error, text",
    [
        (lambda x: options.total(x, axis=2), np.exceptions.AxisError, r"total\(\): axis 2 is out of bounds for array of dimension 2"),
        (lambda x: options.total(x, axis=-3), np.exceptions.AxisError, "axis -3 is out of bounds"),
        (lambda x: options.total(x, axis=(0, -2)), ValueError, "duplicate value in 'axis'"),
        (lambda x: options.total(x, axis=0.5), TypeError, "axis must be None, an integer or a tuple of integers, got "),
        (lambda x: options.total(x, axis=[0]), TypeError, "axis must be"),
        (lambda x: options.total(x, axis=True), TypeError, "axis must be None, an integer or a tuple of integers, got bool"),
        (lambda x: options.total(x, axis=(0, False)), TypeError, "axis must be"),
        (lambda x: options.total(x, axis=-(10**30)), np.exceptions.AxisError, "axis -9223372036854775808 is out of bounds"),
        (lambda x: options.total(x, axis=10**30), np.exceptions.AxisError, "out of bounds"),
        (lambda x: options.total(x, 0, axis=0), TypeError, "multiple values for argument 'axis'"),
        (lambda x: options.total(x, 0, 0), TypeError, "takes from 1 to 2 positional arguments but 3 were given"),
        (lambda x: options.total(x, axis=0, out=np.empty(3)), ValueError, r"out has the shape \(3,\), and the result has \(4,\)"),
        (lambda x: options.total(x, axis=0, out=np.empty(4, int)), TypeError, "same_kind"),
        (lambda x: options.total(x, axis=0, out=[1]), TypeError, "out must be an array"),
        (lambda x: options.total(x, axis=0, out=np.empty(4, object)), TypeError, "out is of dtype object, in which"),
        (lambda x: options.total(x, axis=0, out=np.ma.empty(4)), TypeError, "out is a masked array.*pass out.data"),
        (lambda x: options.total(x, axis=0, out=np.empty(4).view(Quantities)), TypeError, "out is a .*Quantities, which handles"),
        (lambda x: options.total(x, axis=0, out=(np.empty(4), None)), ValueError, "out must be an array"),
        (lambda x: options.mean_variance(x, out=np.empty(())), ValueError, "out must be a tuple of 2 arrays"),
        (lambda x: options.total(x, where=np.ones((2, 3, 4), bool)), ValueError, "does not broadcast to"),
        (lambda x: options.total(x, where=np.ones(3)), TypeError, "bool"),
        (lambda x: options.total(x, where=np.ma.masked_array([True] * 4)), TypeError, "where is a masked array"),
        (lambda x: options.mean_variance(x, initial=1.0), TypeError, "has no initial"),
        (lambda x: options.total(x, initial="1"), TypeError, "initial must be a"),
        (lambda x: options.total(x, initial=10**400), OverflowError, "initial must be a number that fits float64"),
        (lambda x: options.total(x.astype(int), initial=np.array(2.0)), TypeError, "initial must be a whole number, got ndarray"),
        (lambda x: options.total(x, axis=0, where=np.ones(4, int)), TypeError, "bool"),
        (lambda x: options.total(np.ma.masked_array(x)), TypeError, "masked array"),
        (lambda x: options.total([x[0], np.ma.masked_array(x[1])]), TypeError, r"x\[1\] is a masked array.*pass x\[1\].compressed"),
        (lambda x: options.total([[x[0]], (da.zeros(4),)]), TypeError, r"x\[1\]\[0\] is a dask"),
        (lambda x: options.total(x, keepdim=True), TypeError, "unexpected keyword"),
        (lambda x: options.largest(np.empty((0, 3)), axis=0), ValueError, "no identity"),
    ],
)
def test_errors(call, error, text):
    with pytest.raises(error, match=text):
        call(np.arange(12.0).reshape(3, 4))


def test_what_numpy_lets_pass():
    assert options.total(5.0, axis=0) == 5.0 and options.total(5.0, axis=-1) == 5.0
    with pytest.raises(np.exceptions.AxisError):
        options.total(5.0, axis=1)
    assert options.largest(np.empty((0, 3)), axis=1).shape == (0,)
    same(options.total(np.arange(6).reshape(2, 3), 1), np.array([3, 12]))
    same(options.total(np.arange(3), axis=()), np.arange(3))
    out = np.empty(())
    assert options.total([1.0, 2.0], out=out) is out and out == 3.0
    assert options.total([1.0, 2.0], out=(out,)) is out
    assert options.total([1.0, 2.0, 4.0], where=[1, 0, 1]) == 5.0 and options.total([1.0, 2.0], where=np.int8(1)) == 3.0
    result = options.mean_variance([1.0, 3.0], out=(out, None))
    assert result.mean is out and out == 2.0 and result.var == 1.0


def test_out_that_overlaps_the_input():
    for step in (1, -1):
        x = np.arange(40.0).reshape(8, 5)
        expected = x.sum(axis=0)
        out = x[3, ::step]
        options.total(x, axis=0, out=out)
        np.testing.assert_array_equal(out, expected)
    read_only = np.zeros(5)
    read_only.flags.writeable = False
    with pytest.raises(ValueError, match="read-only"):
        options.total(x, axis=0, out=read_only)


def test_results_are_laid_out_as_numpy_lays_them_out():
    x = np.zeros((3, 4, 5), order="F")
    for axis in (0, 1, 2):
        assert options.total(x, axis=axis).strides == np.sum(x, axis=axis).strides
        assert options.total(x, axis=axis, keepdims=True).flags.f_contiguous


def test_warnings_are_those_of_the_results_that_earned_them():
    huge = np.full((3, 4), 1e308)
    huge[1] = np.inf
    with pytest.warns(RuntimeWarning, match="overflow encountered in total"):
        options.total(huge, axis=1)
    with np.errstate(all="raise"):
        options.total(np.array([[np.inf, 1.0], [np.nan, 2.0]]), axis=1)
        options.largest(np.array([[np.nan, 1.0], [3.0, 2.0]]), axis=1)
        with pytest.raises(FloatingPointError, match="invalid"):
            options.total(np.array([[np.nan, 1.0], [np.inf, -np.inf]]), axis=1)


@pytest.mark.parametrize("column", [0, 1023, 1024, 3000, 4095])
def test_every_column_of_a_long_row_is_warned_of(column):
    x = np.ones((40, 4096))
    x[[3, 30], column] = 1.7e308
    with pytest.warns(RuntimeWarning, match="overflow encountered in total"):
        options.total(x, axis=0)


def test_a_mask_that_changes_meanwhile_is_not_ignored():
    mask = np.array([True, False, False])

    class Changes(np.ndarray):
        @property
        def __class__(self):
            mask.dtype = "S1"
            return np.ndarray

    with pytest.raises(TypeError, match="where must be of dtype bool"):
        options.total(np.array([1.0, 2.0, 4.0]), where=mask, out=np.zeros(()).view(Changes))


def test_duck_arrays_stay_where_they_are():
    with pytest.raises(TypeError, match="handles NumPy functions itself"):
        options.total(da.zeros(3), axis=0)
    with pytest.raises(TypeError, match="handles NumPy functions itself"):
        options.total(np.zeros(3), where=da.ones(3, dtype=bool))
