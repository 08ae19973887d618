"""Elementwise kernels are ufuncs of NumPy's, and kernelgen's faster way into them gives what NumPy's own driver gives."""

import copy
import itertools
import warnings

import cookbook
import layouts
import numpy as np
import options
import prelude
import pytest
from gilexample import axpy
from hypothesis import given, settings
from hypothesis import strategies as st

UFUNCS = [axpy, cookbook.logaddexp, cookbook.midpoint, cookbook.polar, cookbook.gcd, prelude.maximum, prelude.multiply]
LENGTHS = [0, 1, 2, 5, 63, 64, 65, 1000, 1023, 1024, 1025, 2500]


def by_numpy(function, *arguments, **keywords):
    """The same call through NumPy's driver, which runs the same loops: any keyword but `out` leads there."""
    return function(*arguments, **keywords, where=True)


@st.composite
def operands(draw, function):
    """Arguments of every kind that the ufunc takes, which broadcast against each other."""
    dtypes = sorted({letter for types in function.types for letter in types.split("->")[0]})
    shape = draw(st.sampled_from([(n,) for n in LENGTHS] + [(), (3, 4), (2, 1, 5), (1, 1), (7, 0), (40, 30), (3, 700)]))
    arguments = []
    for seed in range(function.nin):
        kind = draw(st.sampled_from(["array"] * 6 + ["number", "scalar", "list", "0-d"]))
        if kind == "number":
            arguments.append(draw(st.sampled_from([2, -3, 0, 0.5, 1e40, True])))
            continue
        dtype = np.dtype(draw(st.sampled_from(dtypes + ["?", "b", "e", "f", "d"])))
        own = tuple(1 if draw(st.integers(0, 9)) == 0 else n for n in shape)[draw(st.integers(0, len(shape))) // 3 :]
        x = np.random.default_rng([seed, len(shape)]).integers(-8, 9, own if kind == "array" else (), endpoint=True)
        x = np.abs(x).astype(dtype) if dtype.kind == "u" else x.astype(dtype)
        if dtype.kind in "fc":
            x = (x / 2).astype(dtype)
        axes = list(range(x.ndim))
        laid = layouts.lay(
            x,
            order=draw(st.permutations(axes)),
            reverse=draw(st.sets(st.sampled_from(axes), max_size=1)) if axes else (),
            still=draw(st.sets(st.sampled_from(axes), max_size=1)) if axes and draw(st.integers(0, 4)) == 0 else (),
            gap=draw(st.sampled_from([0, 0, 0, 1, 3, dtype.itemsize])),
            offset=draw(st.sampled_from([0, 0, 0, 1, 4])),
            swapped=draw(st.integers(0, 3)) == 0,
        )
        arguments.append({"array": laid, "0-d": laid, "scalar": laid[()], "list": laid.tolist()}[kind])
    return arguments


def outcome(call):
    """What a call gives or raises, and what it warns of: all that must be the same on both ways."""
    with warnings.catch_warnings(record=True) as said, np.errstate(all="warn"):
        warnings.simplefilter("always")
        try:
            results = call()
        except Exception as error:
            return type(error), sorted({str(each.message) for each in said})
    results = results if isinstance(results, tuple) else (results,)
    # The stride of an axis of one element means nothing.
    steps = [tuple(step for step, n in zip(np.asarray(x).strides, x.shape) if n != 1) for x in results]
    # int64 is the same number by either of its C types.
    shown = [(isinstance(x, np.ndarray), x.dtype, x.shape, step, x.tobytes()) for x, step in zip(results, steps)]
    return shown, sorted({str(each.message) for each in said})


@settings(max_examples=1500)
@given(st.sampled_from(UFUNCS).flatmap(lambda function: st.tuples(st.just(function), operands(function))))
def test_both_ways_give_the_same(call):
    function, arguments = call
    assert outcome(lambda: function(*arguments)) == outcome(lambda: by_numpy(function, *arguments))


@settings(max_examples=800)
@given(st.data())
def test_both_ways_fill_the_same_out(data):
    function = data.draw(st.sampled_from(UFUNCS))
    arguments = data.draw(operands(function))
    try:
        results = by_numpy(function, *arguments)
    except Exception:
        return
    results = results if isinstance(results, tuple) else (results,)
    outs = []
    for result in results:
        dtype = data.draw(st.sampled_from([result.dtype, result.dtype, "f4", "d", "D", "e", ">f8", "i8", "?"]))
        x = np.zeros(result.shape, dtype)
        axes = list(range(x.ndim))
        outs.append(layouts.lay(
            x,
            order=data.draw(st.permutations(axes)),
            reverse=data.draw(st.sets(st.sampled_from(axes), max_size=1)) if axes else (),
            gap=data.draw(st.sampled_from([0, 0, 0, 1, x.dtype.itemsize])),
            offset=data.draw(st.sampled_from([0, 0, 1])),
        ))
    first = [x for x in (copy.deepcopy(out) for out in outs)]
    second = [x for x in (copy.deepcopy(out) for out in outs)]

    def fill(way, outs):
        found = way(function, *arguments, out=tuple(outs))
        assert all(a is b for a, b in zip(found if isinstance(found, tuple) else (found,), outs))
        return found

    def plain(function, *arguments, **keywords):
        return function(*arguments, **keywords)

    assert outcome(lambda: fill(plain, first)) == outcome(lambda: fill(by_numpy, second))
    for a, b in zip(first, second):
        assert np.asarray(a).tobytes() == np.asarray(b).tobytes()


@settings(max_examples=600)
@given(st.data())
def test_an_out_that_overlaps_its_inputs_is_as_if_they_were_copied(data):
    """Views of one buffer, of one dtype or of several: what is written must not be read again."""
    n = data.draw(st.sampled_from([1, 2, 3, 30, 1023, 1024, 3000]))
    buffer = np.random.default_rng(n).normal(size=4 * n + 8)

    def view():
        start, step = data.draw(st.integers(0, 4)), data.draw(st.sampled_from([1, 1, 1, 2, -1, -2, 0]))
        dtype = data.draw(st.sampled_from(["f8", "f8", "f8", "f4", ">f8"]))
        count = n if dtype != "f4" else 2 * n
        of = (lambda base: base.view("f4")) if dtype == "f4" else lambda base: base.view(dtype)
        first = start if step >= 0 else start + (n - 1) * -step
        return lambda base: np.lib.stride_tricks.as_strided(of(base)[first:], (n,), (step * np.dtype(dtype).itemsize,)), count

    (a, _), (x, _), (y, _), (out, _) = view(), view(), view(), view()
    if out(buffer).strides == (0,):
        return
    ours, numpys = buffer.copy(), buffer.copy()
    arguments = [each(ours) for each in (a, x, y)]
    with np.errstate(all="ignore"):
        axpy(*arguments, out=out(ours))
        by_numpy(axpy, *[each(numpys) for each in (a, x, y)], out=out(numpys))
    assert ours.tobytes() == numpys.tobytes()


def test_it_is_a_ufunc():
    assert isinstance(axpy, np.ufunc)
    assert (axpy.nin, axpy.nout, axpy.types, axpy.identity) == (3, 1, ["fff->f", "ddd->d"], None)
    assert cookbook.polar.nout == 2
    assert prelude.isnan.types[-1] == "D->?"
    assert cookbook.logaddexp.identity == -np.inf and cookbook.gcd.identity == 0
    # 64-bit integers come twice, as NumPy has them: by the names of both C types.
    assert prelude.maximum.types == [f"{c * 2}->{c}" for c in "?bBhHiIlqLQefdFD"]
    assert prelude.maximum.reduce(np.arange(3, dtype="q")).dtype == np.dtype("q")
    assert prelude.multiply(np.arange(3), 2, dtype="q").tolist() == [0, 2, 4]


#: An argument of each weight: Python's, NumPy's scalars, arrays of none and of one dimension.
WEIGHTS = [2, 0.5, 1j, True, np.bool(True), np.int8(2), np.uint64(2), np.float16(2), np.float32(2), np.float64(2)]
WEIGHTS += [np.array(x) for x in WEIGHTS[4:]] + [np.array([x]) for x in WEIGHTS[4:]] + [[2], [0.5], np.array([1j])]


@pytest.mark.parametrize(
    ("function", "numpys"),
    [
        (cookbook.midpoint, cookbook.midpoint),
        (cookbook.gcd, cookbook.gcd),
        (cookbook.logaddexp, cookbook.logaddexp),
        # Functions are resolved by kernelgen alone; behind them is a ufunc.
        (cookbook.lerp, lambda x, y, **keywords: cookbook._native._lerp(x, y, 0.5, **keywords)),
        (cookbook.is_close, lambda x, y, **keywords: cookbook.logaddexp(x, y, **keywords) == 0),
    ],
)
def test_arguments_of_every_weight_choose_the_loop_that_numpy_chooses(function, numpys):
    """NEP 50."""
    for x, y in itertools.product(WEIGHTS, WEIGHTS):
        try:
            wanted = by_numpy(numpys, x, y).dtype
        except TypeError:
            with pytest.raises(TypeError):
                function(x, y)
            continue
        assert function(x, y).dtype == wanted, (x, y)


@pytest.mark.parametrize("shape", [(5,), (3, 4), (0,), (3, 0), (2, 3, 4)])
@pytest.mark.parametrize(
    ("ours", "numpys", "dtype"),
    [(cookbook.gcd, np.gcd, "i4"), (cookbook.logaddexp, np.logaddexp, "f8"), (prelude.maximum, np.maximum, "f4"),
     (prelude.multiply, np.multiply, "i8")],
)
def test_methods(ours, numpys, dtype, shape):
    x = np.random.default_rng(0).integers(1, 30, shape).astype(dtype)
    if x.size or ours.identity is not None:
        for axis in [0, -1, None] if ours.identity is not None else [0, -1]:
            if x.size:
                np.testing.assert_allclose(ours.reduce(x, axis=axis), numpys.reduce(x, axis=axis), rtol=1e-12)
        np.testing.assert_allclose(ours.accumulate(x), numpys.accumulate(x), rtol=1e-12)
        np.testing.assert_allclose(ours.accumulate(x[::-1], axis=-1), numpys.accumulate(x[::-1], axis=-1), rtol=1e-12)
    if x.shape[0] > 2:
        np.testing.assert_allclose(ours.reduceat(x, [0, 2, 1]), numpys.reduceat(x, [0, 2, 1]), rtol=1e-12)
    np.testing.assert_allclose(ours.outer(x, x[:2]), numpys.outer(x, x[:2]), rtol=1e-12)
    if x.ndim == 1 and x.size:
        a, b = x.copy(), x.copy()
        ours.at(a, [0, 0, 3, 1], x[1])
        numpys.at(b, [0, 0, 3, 1], x[1])
        np.testing.assert_allclose(a, b, rtol=1e-12)


def test_methods_of_nothing():
    assert cookbook.gcd.reduce(np.array([], int)) == 0
    assert cookbook.logaddexp.reduce([]) == -np.inf
    assert cookbook.midpoint.accumulate(np.array([])).shape == (0,)
    with pytest.raises(ValueError, match="no identity"):
        cookbook.midpoint.reduce(np.array([]))
    # Without an identity, `reorderable` is what lets several axes be folded at once.
    assert cookbook.midpoint.reduce(np.ones((2, 3)), axis=(0, 1)) == 1
    with pytest.raises(ValueError, match="reorderable"):
        prelude.multiply.reduce(np.ones((2, 3)), axis=(0, 1))


def test_keywords_of_ufuncs():
    x, y = np.arange(6.0).reshape(2, 3), np.ones(3)
    half = np.zeros((2, 3))
    found = axpy(2, x, y, where=x > 2, out=half)
    assert found is half and half.tolist() == [[0, 0, 0], [7, 9, 11]]
    assert axpy(2, x, y, dtype="f4").dtype == np.float32
    assert axpy(2, x, y, signature="fff->f", casting="same_kind").dtype == np.float32
    assert axpy(2, x, y, order="F").flags.f_contiguous
    assert axpy(2, x.T, y[:2]).flags.f_contiguous, "the order of the inputs is kept"
    assert axpy(2, x, y, casting="unsafe", out=np.empty((2, 3), int)).dtype == int
    with pytest.raises(TypeError, match="same_kind"):
        axpy(2, x, y, out=np.empty((2, 3), int))
    with pytest.raises(TypeError, match="safe"):
        axpy(1j, x, y)
    with pytest.raises(ValueError, match="broadcast"):
        axpy(2, x, np.ones(4))
    with pytest.raises(ValueError, match="read-only"):
        axpy(2, x, y, out=layouts.read_only(x))
    with pytest.raises(TypeError, match="arrays must be of ArrayType"):
        axpy(2, x, y, (x,))
    for count in (0, 2, 5):
        with pytest.raises(TypeError, match="takes from 3 to 4 positional arguments"):
            axpy(*[x] * count)


def test_several_outputs():
    x, y = np.array([3.0, 0.0]), np.array([4.0, -2.0])
    radius, angle = cookbook.polar(x, y)
    np.testing.assert_array_equal(radius, np.hypot(x, y))
    np.testing.assert_array_equal(angle, np.arctan2(y, x))
    outs = np.empty(2), np.empty(2)
    assert all(a is b for a, b in zip(cookbook.polar(x, y, *outs), outs))
    assert all(a is b for a, b in zip(cookbook.polar(x, y, out=outs), outs))
    first, second = cookbook.polar(x, y, out=(None, outs[1]))
    assert second is outs[1] and first is not outs[0] and first.tolist() == radius.tolist()
    with pytest.raises((TypeError, ValueError)):
        cookbook.polar(x, y, out=(outs[0],))


@pytest.mark.parametrize("n", [3, 5000, 40_000])
@pytest.mark.parametrize("layout", [np.ascontiguousarray, layouts.everything_at_once])
def test_warnings_follow_errstate(n, layout):
    big = layout(np.full(n, 1e300))
    big[-1] = 1.0
    with np.errstate(all="raise"):
        axpy(1.0, big, big)
        axpy(np.inf, big, big)
        axpy(np.nan, big, big)
        with pytest.raises(FloatingPointError, match="overflow encountered in axpy"):
            axpy(big, big, 0.0)
        # What an earlier call raised is not told again.
        axpy(1.0, big, big)
    with pytest.warns(RuntimeWarning, match="invalid value encountered in axpy"):
        axpy(np.inf, layout(np.zeros(n)), 1.0)
    with np.errstate(all="ignore"):
        assert np.isinf(axpy(big, big, 0.0)[0])
    told = []
    with np.errstate(all="call", call=lambda kind, flag: told.append(kind)):
        axpy(big, big, 0.0)
    assert told == ["overflow"]


def test_a_guarded_branch_warns_of_nothing():
    x = np.linspace(-1, 1, 5001)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(cookbook.leaky_relu(x), np.where(x > 0, x, 0.01 * x))
        np.testing.assert_allclose(cookbook.logaddexp(np.full(5000, -np.inf), -np.inf), -np.inf)


@pytest.mark.parametrize("n", [10, 10_000])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c16"])
def test_a_half_that_overflows_is_told_whatever_out_is(n, dtype):
    with pytest.warns(RuntimeWarning, match="overflow encountered in squares"):
        options.squares(np.full(n, 300, "f2"), out=np.zeros(n, dtype))


def test_shapes_that_do_not_fit_an_out_are_shown_with_it():
    with pytest.raises(ValueError, match=r"chebyshev\(\).*\(3,4\) \(4,3\)"):
        cookbook.chebyshev(np.ones((3, 4)), out=np.ones((4, 3)))
