"""Reductions along axes: NumPy's answers and errors, any layout, the same bits by every way."""

import copy
import functools
import itertools
import math
import pickle
import pydoc
import warnings

import child
import dask.array as da
import hypothesis
import hypothesis.strategies as st
import layouts
import numpy as np
import options
import pytest
from hypothesis.extra import numpy as hnp


def layouts_of(x):
    """The same values in layouts that may be written to: (name, array)."""
    yield "plain", x
    if x.ndim > 1:
        yield "rotated", layouts.lay(x, order=[*range(1, x.ndim), 0])
    for layout in layouts.ALL:
        if layout is not layouts.read_only:
            yield layout.__name__, layout(x)


def axes_of(ndim):
    yield None
    for count in range(1, ndim + 1):
        yield from itertools.combinations(range(ndim), count)


@st.composite
def arrays(draw, dtype, max_dims=5, min_side=0):
    shape = draw(hnp.array_shapes(min_dims=0, max_dims=max_dims, min_side=min_side, max_side=5))
    if draw(st.booleans()) and shape:
        longer = draw(st.integers(0, len(shape) - 1))
        shape = shape[:longer] + (draw(st.sampled_from([17, 33, 70, 300, 1025])),) + shape[longer + 1 :]
    x = np.random.default_rng(draw(st.integers(0, 2**32))).integers(-50, 50, shape).astype(dtype)
    if np.issubdtype(dtype, np.complexfloating):
        x = x * dtype(1 - 2j)
    _, x = draw(st.sampled_from(list(layouts_of(x))))
    return x


@st.composite
def cases(draw, dtype, min_side=0, max_dims=5):
    x = draw(arrays(dtype, max_dims, min_side))
    axis = draw(st.sampled_from(list(axes_of(x.ndim))))
    if isinstance(axis, tuple) and draw(st.booleans()):
        axis = tuple(a - x.ndim for a in axis)
    if isinstance(axis, tuple) and len(axis) == 1 and draw(st.booleans()):
        axis = axis[0]
    return x, axis, draw(st.booleans())


many = hypothesis.settings(max_examples=400, deadline=None)


def same(ours, numpys):
    assert type(ours) is type(numpys)
    np.testing.assert_array_equal(ours, numpys, strict=True)


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
        (lambda x: options.total(x, axis=10**30), np.exceptions.AxisError, "out of bounds"),
        (lambda x: options.total(x, 0, axis=0), TypeError, "multiple values for argument 'axis'"),
        (lambda x: options.total(x, 0, 0), TypeError, "takes from 1 to 2 positional arguments but 3 were given"),
        (lambda x: options.total(x, axis=0, out=np.empty(3)), ValueError, r"out has the shape \(3,\), and the result has \(4,\)"),
        (lambda x: options.total(x, axis=0, out=np.empty(4, int)), TypeError, "same_kind"),
        (lambda x: options.total(x, axis=0, out=[1]), TypeError, "out must be an array"),
        (lambda x: options.total(x, axis=0, out=(np.empty(4), None)), ValueError, "out must be an array"),
        (lambda x: options.mean_variance(x, out=np.empty(())), ValueError, "out must be a tuple of 2 arrays"),
        (lambda x: options.total(x, where=np.ones((2, 3, 4), bool)), ValueError, "does not broadcast to"),
        (lambda x: options.total(x, where=np.ones(3)), TypeError, "bool"),
        (lambda x: options.total(x, where=np.ma.masked_array([True] * 4)), TypeError, "where is a masked array"),
        (lambda x: options.mean_variance(x, initial=1.0), TypeError, "has no initial"),
        (lambda x: options.total(x, initial="1"), TypeError, "initial must be a"),
        (lambda x: options.total(np.ma.masked_array(x)), TypeError, "masked array"),
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


def test_duck_arrays_stay_where_they_are():
    with pytest.raises(TypeError, match="handles NumPy functions itself"):
        options.total(da.zeros(3), axis=0)
    with pytest.raises(TypeError, match="handles NumPy functions itself"):
        options.total(np.zeros(3), where=da.ones(3, dtype=bool))


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


def test_states_are_structured_scalars_that_combine_and_finish():
    x = np.random.default_rng(1).normal(size=(70, 50))
    state = options.total.partial(x)
    assert isinstance(state, np.void) and state.dtype.names == ("value", "_count")
    assert state["value"] == options.total(x) and state["_count"] == x.size
    parts = [options.mean_variance.partial(part, axis=0) for part in np.array_split(x, 7)]
    whole = functools.reduce(options.mean_variance.combine, pickle.loads(pickle.dumps(parts)))
    assert whole.shape == (50,) and whole.dtype.names == ("n", "mean", "m2", "_count")
    result = options.mean_variance.finish(whole, ddof=1)
    np.testing.assert_allclose(result.var, np.var(x, axis=0, ddof=1))
    assert type(options.mean_variance.finish(whole[0], ddof=1).mean) is np.float64
    holes = np.where(x > 1, np.nan, x)
    a, b = options.nan_mean.partial(holes[:30]), options.nan_mean.partial(holes[30:], where=True)
    assert (a.dtype.names, a["_count"] + b["_count"]) == (("value", "_count"), np.count_nonzero(~np.isnan(holes)))
    np.testing.assert_allclose(options.nan_mean.finish(options.nan_mean.combine(a, b)), np.nanmean(holes))
    stacked = options.total.combine(options.total.partial(x, axis=1, keepdims=True), options.total.partial(x, axis=0))
    assert stacked.shape == (70, 50) and (stacked["_count"] == 120).all()
    assert options.total.finish(options.total.partial([])) == 0.0
    # Every loop has states of its own, and halves are carried in single precision.
    assert options.largest.partial(np.float16([1, 2])).dtype["value"] == np.float32
    for dtype in (bool, np.int8, np.float64):
        assert options.largest.finish(options.largest.partial(np.ones(3, dtype))).dtype == dtype


@pytest.mark.parametrize(
    "call, error, text",
    [
        (lambda: options.largest.partial([]), ValueError, "no identity"),
        (lambda: options.total.partial([1.0], out=np.empty(())), TypeError, r"total.partial\(\) got an unexpected keyword argument 'out'"),
        (lambda: options.total.combine(options.total.partial([1.0])), TypeError, "takes 2 positional arguments but 1 was"),
        (lambda: options.total.combine(options.total.partial([1.0]), options.total.partial([1])), TypeError, "a state must be"),
        (lambda: options.total.finish(3.0), TypeError, r"total: a state must be of dtype .* got float64"),
        (lambda: options.mean_variance.finish(options.total.partial([1.0])), TypeError, "a state must be of dtype"),
        (lambda: options.running_total.partial([1.0]), TypeError, "is a scan"),
    ],
)
def test_wrong_states(call, error, text):
    with pytest.raises(error, match=text):
        call()


def test_reductions_are_objects_like_functions():
    for copied in (copy.copy(options.total), copy.deepcopy(options.total), pickle.loads(pickle.dumps(options.total))):
        assert copied is options.total
    assert repr(options.total) == "<reduction 'total'>"
    assert (options.total.__name__, options.total.__module__) == ("total", "options")
    assert functools.partial(options.total, axis=0)([[1.0, 2.0], [3.0, 4.0]]).tolist() == [4.0, 6.0]
    assert options.total(*[[1.0, 2.0]], **{"axis": 0}) == 3.0
    assert "Parameters" in pydoc.render_doc(options.total)
    with pytest.raises(AttributeError):
        options.total.anything = 1
    with pytest.raises(TypeError):
        type(options.total)()


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
