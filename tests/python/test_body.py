"""Bodies: core dimensions, leading axes, keywords, and what gufuncs of NumPy's can do."""

import inspect
import pickle

import cookbook
import dask.array
import gilexample
import layouts
import numpy as np
import options
import pytest
import xarray
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from running import cumulated, values

rng = np.random.default_rng(3)
DTYPES = ["?", "i1", "u2", "i8", "f2", "f4", "f8", "c8", "c16"]


# Layouts, dtypes, shapes, axes.


@given(
    st.sampled_from(DTYPES),
    hnp.array_shapes(min_dims=1, max_dims=5, min_side=0, max_side=5),
    st.sampled_from([np.ascontiguousarray, *layouts.ALL]),
    st.data(),
)
@settings(max_examples=300)
def test_along_any_axis_of_any_array(dtype, shape, layout, data):
    x = values(dtype, shape)
    axis = data.draw(st.integers(-x.ndim, x.ndim - 1))
    wanted = cumulated(x, axis)
    found = options.running(layout(x), axis=axis)
    assert found.dtype == x.dtype
    np.testing.assert_array_equal(found, wanted)
    out = layout(np.zeros(shape, dtype)) if layout is not layouts.read_only else np.zeros(shape, dtype)
    assert options.running(layout(x), out=out, axis=axis) is out
    np.testing.assert_array_equal(out, wanted)


@given(st.data())
@settings(max_examples=200)
def test_leading_axes_broadcast_as_those_of_matmul(data):
    shapes = data.draw(hnp.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
    m, k, n = (data.draw(st.integers(0, 4)) for _ in range(3))
    left, right = shapes.input_shapes
    dtypes = [data.draw(st.sampled_from(["i2", "f4", "f8", "c8"])) for _ in range(2)]
    layout = data.draw(st.sampled_from(layouts.ALL))
    x, y = values(dtypes[0], (*left, m, k), 1), values(dtypes[1], (*right, k, n), 2)
    found = options.matmul(layout(x), layout(y))
    np.testing.assert_array_equal(found, np.matmul(x, y))
    axes = [(0, -1), (-1, 0), (-1, -2)]
    moved = options.matmul(np.moveaxis(x, -2, 0), np.moveaxis(y, [-2, -1], [-1, 0]), axes=axes)
    np.testing.assert_array_equal(moved, np.swapaxes(np.matmul(x, y), -1, -2))


def test_lists_scalars_and_buffers_are_arrays():
    np.testing.assert_array_equal(options.running([1, 2, 3]), [1, 3, 6])
    np.testing.assert_array_equal(options.running(memoryview(np.arange(3.0))), [0, 1, 3])
    assert options.balanced([1.0, 2.0]) == 6.0
    assert isinstance(options.balanced([1.0, 2.0]), np.float64)


def test_bools_are_never_other_than_zero_and_one():
    x = np.array([0, 2, 0], "u1").view(bool)
    found = options.running(x).view("u1")
    np.testing.assert_array_equal(found, [0, 1, 1])
    odd = np.array([3, 0, 5], "u1").view(bool)
    options.reverse(None, odd)
    np.testing.assert_array_equal(odd.view("u1"), [1, 0, 1])
    given = np.full(4, 7, "u1").view(bool)
    options.counts([1], bins=4, out=(None, given))
    np.testing.assert_array_equal(given.view("u1"), [0, 1, 0, 0])


# Core dimensions.


def test_lengths_are_told_and_computed():
    sums = options.row_sums([0, 2, 2, 5], np.arange(5.0))
    np.testing.assert_array_equal(sums, [1.0, 0.0, 9.0])
    assert options.symmetric(np.ones(7), np.ones(4), np.ones(3)).shape == (9, 1)
    assert options.symmetric(np.ones((2, 7)), np.ones((3, 1, 4)), np.ones(3)).shape == (3, 2, 9, 1)
    assert options.grid(m=2, n=3, step=0.5).tolist() == [[0.0, 0.5, 1.0], [1.5, 2.0, 2.5]]
    y, shown = options.every(np.arange(10))
    assert y.tolist() == [0, 5] and shown.tolist() == [5, 10]
    y, shown = options.every(np.arange(10), step=3, end="keep", bias=1)
    assert y.tolist() == [1, 4, 7, 10] and shown.tolist() == [3, 6]
    assert options.every(np.arange(10), step=None).shown.tolist() == [5, 10]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: options.matmul(np.ones((2, 3)), np.ones((4, 2))), r"matmul\(\): y must have length k = 3 \(core axis 0\), got 4"),
        (lambda: options.symmetric(np.ones(8), np.ones(4), np.ones(3)), r"t must have length 2\*n - 1 = 7, got 8"),
        (lambda: options.symmetric(np.ones(7), np.ones(4), np.ones(4)), r"p must have length 3, got 4"),
        (lambda: options.row_sums(np.zeros(0, int), [1.0]), r"indptr must have length r \+ 1, which 0 never is"),
        (lambda: options.row_sums([0, -1], [1.0]), r"row_sums\(\): out of range integral type conversion"),
        (lambda: options.matmul(np.ones(3), np.ones((3, 2))), r"x does not have enough dimensions \(has 1, its core dimensions are 2\)"),
        (lambda: options.matmul(np.ones((2, 3, 3)), np.ones((3, 3, 3))), r"operands could not be broadcast together with shapes \(2,\) \(3,\)"),
        (lambda: options.running(np.ones(3), out=np.ones(4)), r"running\(\): y must have core dimensions \(3,\), got \(4,\)"),
        (lambda: options.running(np.ones((2, 3)), out=np.ones((1, 3))), r"y has leading dimensions \(1,\), and those of all operands are \(2,\)"),
        (lambda: options.every([1], step=0), r"every\(\) requires step > 0, got step = 0"),
        (lambda: options.every([1, 2], step=2, twice=1), r"every\(\) requires twice >= step, got twice = 1, step = 2"),
        (lambda: options.last_and_ends(np.ones(0), 0), r"requires n > 0, got n = 0"),
        (lambda: cookbook.moving_mean([1.0], window=3), r"moving_mean\(\) requires window <= n, got window = 3, n = 1"),
    ],
)
def test_what_does_not_fit_is_a_value_error(call, message):
    with pytest.raises(ValueError, match=message):
        call()


def test_small_arrays_and_results_of_several_dtypes():
    z = values("c8", (4, 5))
    value, size, ends, place, flag = options.last_and_ends(z, [[-1], [2]])
    np.testing.assert_array_equal(value, z[:, [-1, 2]].T)
    assert [each.dtype for each in (value, size, ends, place, flag)] == ["c8", "f4", "c8", "i8", "?"]
    np.testing.assert_array_equal(ends, np.broadcast_to(z[:, [0, -1]], (2, 4, 2)))
    assert place.tolist() == [[4] * 4, [2] * 4]
    assert [type(each) for each in options.last_and_ends([1j], 0)[::4]] == [np.complex128, np.bool]
    with pytest.raises(IndexError, match=r"last_and_ends\(\): index 5 is out of bounds for length 5"):
        options.last_and_ends(z, 5)


@pytest.mark.parametrize("t", ["f4", "f8", "i2"])
@pytest.mark.parametrize("i", ["i4", "i8", "u2", ">i8"])
def test_two_type_variables_are_chosen_apart(t, i):
    x, at = np.arange(6, dtype=t), np.array([[5, 0], [2, 2]], i)
    y, last = options.pick(x, at)
    assert (y.dtype, last.dtype) == (np.result_type(t, "f4"), np.result_type(i, "i4"))
    np.testing.assert_array_equal(y, x[at])
    assert last.tolist() == [0, 2]
    with pytest.raises(IndexError, match=r"pick\(\): 6 is out of bounds for length 6"):
        options.pick(x, [6])
    with pytest.raises(ValueError, match="out of range"):
        options.pick(x, [-1])


def test_rows_of_different_lengths_are_refused_with_the_way_around():
    with pytest.raises(ValueError, match=r"running\(\): x has rows of different lengths: join them|inhomogeneous"):
        options.running([[1.0, 2.0], [3.0]])
    with pytest.raises(ValueError, match=r"every\(\): x has rows of different lengths: join them"):
        options.every([[1.0, 2.0], [3.0]])


def test_arguments_of_a_file_are_bound_by_their_places():
    np.testing.assert_array_equal(options.swapped(np.ones(3), np.full(3, 5.0)), np.full(3, -49.0))


def test_conditions_hold_whoever_drives(tmp_path):
    x = np.arange(3.0)
    mapped = np.memmap(tmp_path / "x", "f8", "w+", shape=3)
    for call in (lambda: options.first_above(x, 1), lambda: options.first_above(x, 1, order="K"), lambda: options.first_above(mapped, 1)):
        with pytest.raises(ValueError, match=r"first_above\(\) requires n > 3, got n = 3"):
            call()
    rows = np.arange(8.0).reshape(2, 4)
    for keywords in ({}, {"order": "K"}):
        assert options.first_above(rows, 2.5, **keywords).tolist() == [3.0, 4.0]
        with pytest.raises(np.linalg.LinAlgError, match=r"first_above\(\): nothing is above 10"):
            options.first_above(np.zeros((3, 2, 4))[:, ::-1], 10.0, **keywords)


def test_more_room_than_there_is_memory_is_a_memory_error():
    assert options.outer([1.0, 2.0], [3.0, 4.0]) == 8.0
    assert options.outer(np.zeros(0), np.broadcast_to(1.0, 2**40)) == -np.inf
    for n in (2**33, 2**24):
        long = np.broadcast_to(1.0, n)
        with pytest.raises(MemoryError):
            options.outer(long, long)


def test_lengths_may_be_told_further_on():
    y, lengths = options.halves(np.ones(7), np.ones(6), np.ones(3), np.ones(0))
    assert y.tolist() == [7.0, 7.0] and lengths.tolist() == [5, 2]
    assert options.halves(np.ones(7), np.ones(6), np.ones(3), np.ones(0), k=1).y.shape == (1,)
    with pytest.raises(ValueError, match=r"both must have length r \+ s = 7, got 8"):
        options.halves(np.ones(8), np.ones(6), np.ones(3), np.ones(0))


# Keywords.


@pytest.mark.parametrize("function", [options.running, options.fails])
def test_axis_axes_and_out_are_the_same_with_and_without_params(function):
    x = rng.normal(size=(3, 4, 5))
    assert function(x, axis=1).shape == x.shape
    np.testing.assert_array_equal(function(x, axis=0), function(x, axes=[0, 0]))
    np.testing.assert_array_equal(function(x, axes=[(1,), (2,)]), np.swapaxes(function(x, axis=1), 1, 2))
    out = np.empty(x.shape, "f4")
    assert function(x, axis=1, out=out) is out and function(x, out=(out,)) is out
    for wrong, error in [
        ({"axis": 3}, np.exceptions.AxisError),
        ({"axis": 1.0}, TypeError),
        ({"axes": [0]}, ValueError),
        ({"axes": (0, 0)}, TypeError),
        ({"axes": [(0, 1), (0, 1)]}, ValueError),
        ({"axes": [0, 5]}, np.exceptions.AxisError),
        ({"axis": 0, "axes": [0, 0]}, TypeError),
        ({"out": np.empty(x.shape, "i8")}, TypeError),
        ({"out": [1.0]}, TypeError),
        ({"out": (out, out)}, (ValueError, TypeError)),
        ({"nonsense": 1}, TypeError),
    ]:
        with pytest.raises(error):
            function(x, **wrong)


def test_keepdims_leaves_axes_of_length_one():
    x = rng.normal(size=(3, 4, 5))
    for dot in (options.dot, options.scaled_dot):
        assert dot(x, x, keepdims=True).shape == (3, 4, 1)
        assert dot(x, x, axis=1, keepdims=True).shape == (3, 1, 5)
        for axes in ([0, 0], [0, 0, 1], [(0,), (0,), (-1,)], [2, 2, 0]):
            wanted = np.vecdot(x, x, axes=axes, keepdims=True)
            np.testing.assert_allclose(dot(x, x, axes=axes, keepdims=True), wanted)
        with pytest.raises(TypeError, match="takes 2 positional arguments but 4 were given|from 2 to 3 positional"):
            dot(x[0, 0], x[0, 0], x[0, 0], x[0, 0])
        np.testing.assert_array_equal(dot(x, x, axis=1, keepdims=True)[:, 0], dot(x, x, axis=1))
    with pytest.raises(TypeError, match="does not support keepdims"):
        options.matmul(np.ones((2, 2)), np.ones((2, 2)), keepdims=True)
    with pytest.raises(TypeError, match="axis can only be used with a single shared core dimension"):
        options.matmul(np.ones((2, 2)), np.ones((2, 2)), axis=0)


def test_defaults_and_optional_inputs():
    x = np.arange(4.0)
    assert options.balanced(x) == 12.0
    assert options.balanced(x, 1.0) == 6.0
    assert options.balanced(x, [1, 0, 0, 1]) == 3.0
    assert options.balanced(x, np.float32(1)) == options.balanced(x, np.array(1)) == 6.0
    assert options.balanced(x, 1.0, np.ones(4), 10.0) == 16.0
    assert options.balanced(x, 1.0, None, 10.0) == 16.0
    assert options.balanced(x, np.ones((3, 1, 4)), np.ones((2, 4))).shape == (3, 2)
    with pytest.raises(ValueError, match="w must have length n = 4, got 3"):
        options.balanced(x, 1.0, np.ones(3))
    with pytest.raises(TypeError, match="takes from 1 to 4 positional arguments but 0 were given"):
        options.balanced()
    assert str(inspect.signature(options.balanced)).startswith("(x, scale=2.0, w=None, shift=None, /, *, out=None, axes=")


# As gufuncs of NumPy's.


def test_a_body_is_a_gufunc():
    for function, signature in [
        (options.running, "(n)->(n)"),
        (options.row_sums, "(_0),(nnz)->(r)"),
        (options.symmetric, "(_0),(n),(3)->(_1,_2)"),
        (cookbook.matmul4, "(4,4),(4,4)->(4,4)"),
    ]:
        assert isinstance(function, np.ufunc) and function.signature == signature
        assert pickle.loads(pickle.dumps(function)) is function
    assert options.running.__module__ == "options" and "Parameters" in options.running.__doc__
    assert not isinstance(options.every, np.ufunc)


class Units(np.ndarray):
    """A class that NumPy's own driver is called for."""


def test_numpys_driver_runs_the_same_loops():
    x = rng.normal(size=(3, 1, 7))
    for view in [x, x[:, :, ::-2], np.swapaxes(x, 0, 2), x.astype(">f8")]:
        found = options.running(view.view(Units))
        assert type(found) is Units
        np.testing.assert_array_equal(found, options.running(view))
    assert options.row_sums(np.array([0, 2, 3]).view(Units), [1.0, 2.0, 3.0]).tolist() == [3.0, 3.0]
    with pytest.raises(ValueError, match=r"indptr must have length r \+ 1"):
        options.row_sums(np.zeros(0, int).view(Units), [1.0])
    with pytest.raises(ValueError, match="sums must have length r = 1, got 3"):
        options.row_sums(np.array([0, 1]).view(Units), [1.0], out=np.ones(3).view(Units))
    with pytest.raises(np.linalg.LinAlgError, match="Singular matrix"):
        cookbook.solve(np.zeros((2, 2)).view(Units), np.ones(2))
    assert options.running(np.arange(3), dtype="f4").dtype == "f4"
    np.testing.assert_array_equal(options.running(np.array([0, 2], "u1").view(bool).view(Units)).view("u1"), [0, 1])


def test_masks_are_refused():
    with pytest.raises(TypeError, match="x is a masked array"):
        options.running(np.ma.array([1.0, 2.0], mask=[0, 1]))
    with pytest.raises(TypeError, match="x is a masked array"):
        options.every(np.ma.array([1, 2]))


def test_other_libraries_compute_with_gufuncs():
    x = rng.normal(size=(6, 8))
    lazy = dask.array.from_array(x, chunks=(2, 8))
    np.testing.assert_array_equal(options.running(lazy).compute(), options.running(x))
    applied = dask.array.apply_gufunc(cookbook.moving_mean, "(n)->(k)", lazy, window=3, output_sizes={"k": 6}, output_dtypes=float)
    np.testing.assert_array_equal(applied.compute(), cookbook.moving_mean(x, window=3))
    named = xarray.DataArray(x, dims=["time", "place"])
    found = xarray.apply_ufunc(options.running, named, input_core_dims=[["time"]], output_core_dims=[["time"]])
    np.testing.assert_array_equal(found.transpose("time", "place"), cumulated(x, 0))
    with pytest.raises(TypeError, match="handles NumPy functions itself"):
        cookbook.moving_mean(lazy, window=3)


def test_the_example_of_the_first_page():
    x, y = rng.normal(size=(7, 20, 3)), rng.normal(size=(5, 3))
    found = gilexample.pairwise_distance(x, y)
    np.testing.assert_allclose(found, np.sqrt(((x[..., :, None, :] - y[:, :]) ** 2).sum(-1)))
    assert gilexample.pairwise_distance(x.astype("f4"), y.astype("f4")).dtype == "f4"
