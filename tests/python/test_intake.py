"""Whatever a NumPy user has is taken as NumPy would, or refused with an error that says why."""

import array
import datetime
import decimal
import fractions
import math

import cookbook
import gilexample
import layouts
import numpy as np
import options
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

REAL = ["?", "i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8", "f2", "f4", "f8"]
LENGTHS = [0, 1, 2, 7, 31, 32, 33, 255, 256, 257, 1023, 1024, 1025, 2047, 2048, 2049, 5000, 20_000]


@st.composite
def shapes(draw):
    if draw(st.booleans()):
        return (draw(st.sampled_from(LENGTHS)),)
    shape = draw(st.lists(st.integers(0, 6), max_size=5))
    if shape and draw(st.booleans()):
        shape[draw(st.integers(0, len(shape) - 1))] = draw(st.sampled_from([1023, 1024, 1025]))
        shape = shape[:3]
    return tuple(shape)


@st.composite
def arrays(draw, dtypes):
    """An array, anyhow laid, of values whose sums are exact."""
    shape = draw(shapes())
    dtype = np.dtype(draw(st.sampled_from(dtypes)))
    x = np.random.default_rng(draw(st.integers(0, 99))).integers(0, 50, shape).astype(dtype)
    axes = list(range(x.ndim))
    return layouts.lay(
        x,
        order=draw(st.permutations(axes)),
        reverse=draw(st.sets(st.sampled_from(axes)) if axes else st.just(())),
        still=draw(st.sets(st.sampled_from(axes), max_size=1) if axes else st.just(())),
        gap=draw(st.sampled_from([0, 0, 1, 3, dtype.itemsize, 64])),
        offset=draw(st.sampled_from([0, 0, 1, 2, 4, 7])),
        swapped=draw(st.booleans()),
    )


@settings(max_examples=500)
@given(arrays(REAL))
def test_sum_of_any_layout_is_numpys(x):
    assert gilexample.sum(x) == np.sum(x, dtype=float)


@settings(max_examples=200)
@given(arrays(["i1", "u2", "i4", "u8", "f4", "f8"]))
def test_the_index_counts_in_c_order_whatever_the_layout(x):
    if x.size:
        assert cookbook.argmax(x) == np.argmax(x)
    else:
        with pytest.raises(ValueError):
            cookbook.argmax(x)


@settings(max_examples=200)
@given(arrays(["i2", "i8", "f8"]))
def test_an_ordered_fold_goes_in_c_order_whatever_the_layout(x):
    if x.size:
        assert options.last(x) == x.ravel()[-1]


@settings(max_examples=200)
@given(arrays(["i4", "f8"]), st.data())
def test_several_inputs_are_broadcast(x, data):
    """`y` has some of the axes of `x`, the others missing or of length 1."""
    kept = x[data.draw(st.integers(0, x.ndim)) * (np.index_exp[0] if x.size else np.index_exp[:])]
    y = kept[tuple(slice(None, 1) if data.draw(st.booleans()) else slice(None) for _ in kept.shape)]
    assert cookbook.dot(x, y) == np.sum(x * y)


@pytest.mark.parametrize("layout", layouts.ALL, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("dtype", ["c8", "c16"])
@pytest.mark.parametrize("n", [1, 1025])
def test_complex_elements_are_swapped_and_moved_by_their_parts(layout, dtype, n):
    x = (np.arange(n) + 1j * np.arange(n)[::-1]).astype(dtype)
    assert cookbook.product(layout(x[:2])) == np.prod(x[:2])
    assert cookbook.dot(layout(x), 1) == np.sum(x)


class Subclass(np.ndarray):
    pass


class HasArray:
    def __array__(self, dtype=None, copy=None):
        return np.array([1.5, 2.5])


class HasInterface:
    def __init__(self):
        self.kept = np.array([1.5, 2.5], ">f4")
        self.__array_interface__ = self.kept.__array_interface__


@pytest.mark.parametrize(
    ("value", "total"),
    [
        (2, 2.0),
        (2.5, 2.5),
        (True, 1.0),
        (np.float32(2.5), 2.5),
        (np.int8(-3), -3.0),
        (np.bool(True), 1.0),
        ([], 0.0),
        ([[1, 2], [3, 4]], 10.0),
        ([True, False], 1.0),
        ((1, 2.5), 3.5),
        (range(5), 10.0),
        (array.array("f", [1.5, 2.5]), 4.0),
        (b"", None),
        (bytearray(b"\1\2"), 3.0),
        (memoryview(np.arange(6.0))[::2], 6.0),
        (np.arange(6.0).view(Subclass), 15.0),
        (HasArray(), 4.0),
        (HasInterface(), 4.0),
        ([np.float32(1.5), np.arange(1.0)[0]], 1.5),
        (np.float64([[1.5]])[0], 1.5),
        (np.rec.array([(1.5, 2)], dtype=[("a", "f4"), ("b", "i1")]).a, 1.5),
        (pd.Series([1.5, 2.5]), 4.0),
        (pd.Series([1, 2, 3], dtype="int16")[::2], 4.0),
        (pd.Index([1.5, 2.5]), 4.0),
        (pd.DataFrame({"a": [1.0, 2.0], "b": [3.0, 4.0]}), 10.0),
        (np.array([0, 2, 255, 1], np.uint8).view(bool), 3.0),
    ],
    ids=lambda value: f"{type(value).__module__}.{type(value).__name__}",
)
def test_what_numpy_takes_is_taken(value, total):
    if total is None:
        with pytest.raises(TypeError):
            gilexample.sum(value)
    else:
        assert gilexample.sum(value) == total


class OwnUfunc:
    """An array of a library that computes by itself: dask, for one."""

    def __array_ufunc__(self, *args, **kwargs):
        raise AssertionError("must not be called")

    def __array__(self, dtype=None, copy=None):
        raise AssertionError("must not be pulled into memory")


class OwnFunction(OwnUfunc):
    __array_ufunc__ = None

    def __array_function__(self, *args, **kwargs):
        raise AssertionError("must not be called")


class Units(np.ndarray):
    def __array_ufunc__(self, *args, **kwargs):
        raise AssertionError("must not be called")


def masked():
    return np.ma.masked_array([1.0, 2.0], [False, True])


@pytest.mark.parametrize(
    ("value", "came", "way"),
    [
        (masked(), "masked array", "compressed()"),
        (np.ma.masked, "masked array", "filled"),
        (np.array([1, "a"], object), "object", ""),
        ([decimal.Decimal(1)], "object", "astype(float)"),
        (fractions.Fraction(1, 2), "object", ""),
        (None, "object", ""),
        ([1, None], "object", ""),
        (np.array(["1", "2"]), "str32", "astype(float)"),
        ("12", "str64", "astype(float)"),
        (b"12", "bytes16", "astype(float)"),
        (np.array(["a"], np.dtypes.StringDType()), "StringDType", ""),
        (np.array(["2020-01-01"], "M8[s]"), "datetime64[s]", 'view("int64")'),
        (np.array(["2020-01-01"], ">M8[s]"), "datetime64[s]", 'view("int64")'),
        (np.array([1], "m8[ms]"), "timedelta64[ms]", 'view("int64")'),
        ([datetime.date(2020, 1, 1)], "object", ""),
        (np.zeros(2, [("a", "f8")]), "void64", "one field"),
        (np.zeros(2, "V8"), "void64", ""),
        (np.zeros(2, np.longdouble), np.dtype(np.longdouble).name, "astype(float)"),
        (np.zeros(2, np.clongdouble), np.dtype(np.clongdouble).name, ""),
        (np.zeros(2, "c8"), "complex64", "x.real"),
        (np.zeros(2, ">c16"), "complex128", "x.real"),
        (np.zeros(0, "c16"), "complex128", "x.real"),
        (1j, "complex", ""),
        (OwnUfunc(), "OwnUfunc", "numpy.asarray"),
        (OwnFunction(), "OwnFunction", "numpy.asarray"),
        (np.zeros(2).view(Units), "Units", "numpy.asarray"),
        (pd.Series([1.5, None], dtype="object"), "object", ""),
        (pd.Series(pd.to_datetime(["2020-01-01"])), "datetime64", "int64"),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, str) else value,
)
def test_what_would_lose_something_is_refused_by_name(value, came, way):
    with pytest.raises(TypeError) as refusal:
        gilexample.sum(value)
    message = str(refusal.value)
    assert message.startswith("sum(): x ")
    assert came in message
    assert way in message
    if way not in ("numpy.asarray", "compressed()", "filled"):
        assert "float64" in message


@pytest.mark.parametrize("dtype", [*REAL, "c8", "c16", "O", "U3", "S3", "M8[s]", "m8[s]", "V8", np.longdouble])
def test_exactly_what_numpys_safe_rule_takes_is_taken(dtype):
    x = np.zeros(3, dtype)
    if np.can_cast(x.dtype, float, "safe"):
        assert gilexample.sum(x) == 0.0
    else:
        with pytest.raises(TypeError):
            gilexample.sum(x)


def test_a_mapped_file_is_read_where_it_is(tmp_path):
    x = np.memmap(tmp_path / "x", ">f4", "w+", shape=(300, 400))
    x[...] = 1.5
    assert gilexample.sum(x) == 180_000.0


@pytest.mark.parametrize("error", [ZeroDivisionError, KeyboardInterrupt, MemoryError])
def test_an_error_of_the_argument_itself_is_passed_on(error):
    class Broken:
        def __array__(self, dtype=None, copy=None):
            raise error("mine")

    with pytest.raises(error, match="mine"):
        gilexample.sum(Broken())


def test_ragged_lists_and_shapes_that_do_not_broadcast_are_value_errors():
    with pytest.raises(ValueError, match="inhomogeneous"):
        gilexample.sum([[1, 2], [3]])
    with pytest.raises(ValueError, match=r"dot\(\).*broadcast.*\(2,3\).*\(4,\)"):
        cookbook.dot(np.zeros((2, 3)), np.zeros(4))


@pytest.mark.parametrize("shape", [(0, 2**40), (2**40, 0), (1, 0, 1)])
def test_huge_shapes_of_nothing(shape):
    assert gilexample.sum(np.zeros(shape)) == 0.0


@pytest.mark.parametrize("stride", [1, -5, 2**60])
def test_the_stride_of_an_axis_of_one_element_is_never_followed(stride):
    x = np.lib.stride_tricks.as_strided(np.array([2.5]), (1, 1), (stride, 8))
    assert gilexample.sum(x) == 2.5


def test_the_same_array_as_every_argument():
    x = np.arange(5000.0)
    assert cookbook.dot(x, x) == np.sum(x * x)
    assert cookbook.weighted_mean(x, x[::-1]) == pytest.approx(np.average(x, weights=x[::-1]))


def test_arguments_are_positional():
    for call in (lambda: gilexample.sum(), lambda: gilexample.sum([1], [2]), lambda: gilexample.sum(x=[1])):
        with pytest.raises(TypeError, match=r"sum\(\)"):
            call()


@pytest.mark.parametrize("n", [1, 1000, 1024, 1025])
def test_math_agrees(n):
    x = [1 / k for k in range(1, n + 1)]
    assert gilexample.sum(x) == pytest.approx(math.fsum(x), rel=4e-16)


def test_operands_that_broadcast_to_more_than_an_array_are_refused():
    column = np.broadcast_to(np.float64(1), (2**40, 1))
    with pytest.raises(ValueError, match=r"weighted\(\): the broadcast operands are too big"):
        options.weighted(column, column.T)
    assert options.weighted(column[:0], column.T) == 0
