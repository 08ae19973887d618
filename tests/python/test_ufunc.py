"""Elementwise kernels are ufuncs of NumPy's, and kernelgen's faster way into them gives what NumPy's own driver gives."""

import copy
import itertools
import pickle
import subprocess
import sys
import warnings

import cloudpickle
import child
import cookbook
import dask.array as da
import layouts
import numpy as np
import options
import pandas as pd
import prelude
import pytest
import xarray as xr
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


def test_pickles_by_name():
    for function in [axpy, cookbook.polar, cookbook.lerp, cookbook._native._lerp]:
        assert pickle.loads(pickle.dumps(function)) is function
        assert cloudpickle.loads(cloudpickle.dumps(function)) is function
        assert copy.deepcopy(function) is function


@pytest.mark.parametrize("pickler", [pickle, cloudpickle])
def test_a_pickle_is_good_in_another_process(pickler):
    code = "import pickle, sys; f, g = pickle.load(sys.stdin.buffer); print(f(2, 3, 1), g(1.0, 2.0))"
    done = subprocess.run([sys.executable, "-c", code], input=pickler.dumps((axpy, cookbook.lerp)), capture_output=True)
    assert done.stdout.split() == [b"7.0", b"1.5"], done.stderr


class Tagged(np.ndarray):
    pass


def test_subclasses_and_masks():
    x = np.arange(3.0)
    assert type(axpy(2, x.view(Tagged), x)) is Tagged
    assert type(axpy(2, x.view(Tagged), x, subok=False)) is np.ndarray
    assert type(cookbook.lerp(x.view(Tagged), x)) is Tagged
    masked = np.ma.masked_array(x, [False, True, False])
    for found in (axpy(2, masked, x), cookbook.lerp(masked, x, 0.5)):
        assert isinstance(found, np.ma.MaskedArray) and found.mask.tolist() == [False, True, False]


def test_pandas_keeps_its_index():
    series = pd.Series([1.0, 2.0], index=["a", "b"], name="s")
    for found in (axpy(2, series, 1.0), cookbook.lerp(series, 1.0)):
        assert isinstance(found, pd.Series) and found.index.tolist() == ["a", "b"]
    frame = pd.DataFrame({"p": [1.0, 2.0], "q": [3.0, 4.0]})
    assert axpy(2, frame, 1.0).columns.tolist() == ["p", "q"]


def test_dask_stays_lazy():
    x = da.from_array(np.arange(10.0), chunks=3)
    for lazy, wanted in [
        (axpy(2, x, x), axpy(2, np.arange(10.0), np.arange(10.0))),
        (cookbook.lerp(x, 1.0, 0.25), cookbook.lerp(np.arange(10.0), 1.0, 0.25)),
        (cookbook.chebyshev(x, degree=2), cookbook.chebyshev(np.arange(10.0), degree=2)),
        (cookbook.is_close(x, 3.0, atol=1.0), cookbook.is_close(np.arange(10.0), 3.0, atol=1.0)),
    ]:
        assert isinstance(lazy, da.Array) and lazy.chunks == ((3, 3, 3, 1),)
        np.testing.assert_array_equal(lazy.compute(), wanted)


def test_dask_is_pickled_to_processes():
    x = da.from_array(np.arange(10.0), chunks=5)
    np.testing.assert_array_equal(cookbook.lerp(x, 1.0).compute(scheduler="synchronous"), cookbook.lerp(np.arange(10.0), 1.0))
    assert cloudpickle.loads(cloudpickle.dumps(cookbook.lerp(x, 1.0))).compute().tolist() == cookbook.lerp(np.arange(10.0), 1.0).tolist()


def test_xarray_keeps_its_names():
    x = xr.DataArray([[1.0, 2.0]], dims=("time", "place"), coords={"place": ["a", "b"]})
    for found in (axpy(2, x, 1.0), cookbook.lerp(x, 1.0), cookbook.chebyshev(x)):
        assert found.dims == ("time", "place") and found.place.values.tolist() == ["a", "b"]


class Own:
    """An array of another library, which computes by itself."""

    def __array_ufunc__(self, ufunc, method, *inputs, **keywords):
        return ufunc.__name__, method, len(inputs)


def test_arrays_of_other_libraries_are_asked():
    assert axpy(2, Own(), 1) == ("axpy", "__call__", 3)
    assert axpy(2, 1.0, 1.0, out=Own()) == ("axpy", "__call__", 3)
    assert cookbook.chebyshev(Own(), degree=2) == ("_chebyshev", "__call__", 2)


def test_functions_take_out_and_where():
    x = np.array([0.5, -1.0, 2.0])
    out = np.zeros(3)
    assert cookbook.chebyshev(x, degree=2, out=out) is out
    np.testing.assert_array_equal(out, 2 * x * x - 1)
    out[:] = 9
    cookbook.chebyshev(x, degree=2, out=out, where=[True, False, True])
    assert out.tolist() == [-0.5, 9.0, 7.0]
    cookbook.chebyshev(x, degree=2, out=x[::-1])
    assert x.tolist() == [7.0, 1.0, -0.5]
    result = cookbook.loan(np.array([1000.0, 2000.0]), 12)
    assert type(result) is cookbook.LoanResult and type(result.payment) is np.ndarray
    with pytest.raises(TypeError, match="same_kind"):
        cookbook.chebyshev(x, out=np.empty(3, int))
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        cookbook.chebyshev(np.ma.array(x), x)
    with pytest.raises(ValueError, match="out must be"):
        cookbook.loan(x, x, out=x)


def test_params_take_no_part_in_choosing_the_loop():
    half = np.arange(-2, 3).astype("f2")
    for keywords in ({}, {"where": np.ones(5, bool), "out": np.empty(5, "f2")}):
        assert cookbook.leaky_relu(half, slope=0.5, **keywords).dtype == np.float16


def test_a_size_that_is_negative_is_refused_below_the_function_too():
    with pytest.raises(ValueError, match="size is negative"):
        cookbook._native._chebyshev(1.0, -5)


def test_a_panic_in_numpys_loop_is_a_runtime_error():
    x = np.arange(10.0)
    assert options.picky(x, 0.0).tolist() == x.tolist()
    for call in (lambda: options.picky(-x - 1, x), lambda: options.picky(-x - 1, x, where=True), lambda: options.picky.outer(-x - 1, x)):
        with pytest.raises(RuntimeError, match=r"picky\(\) panicked: -1 is negative"):
            call()
    with np.errstate(all="raise"), pytest.raises(RuntimeError, match=r"picky\(\) panicked"):
        options.picky(np.full((3, 5), -1.0)[:, ::2], np.inf, where=True)


def test_no_temporary_is_larger_than_a_tile():
    used = int(child.run("""
        import resource, numpy as np
        from gilexample import axpy
        n = 4_000_000
        x = np.ones(2 * n + 1, ">f4")[1::2]
        y = np.ones((2000, 2000)).T.reshape(-1, order="F")
        out = np.zeros(n)
        axpy(2.0, x[:9], y[:9], out=out[:9])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        axpy(2.0, x, y, out=out)
        print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
    """))
    assert used < 8_000, "kilobytes, of which a whole temporary would be 32 000"


def test_a_param_whose_conversion_gives_the_array_another_shape():
    """Code of the caller's that runs while a call is prepared must find no pointer that it can make dangle."""
    child.run("""
        import warnings
        import numpy as np, cookbook
        warnings.simplefilter("ignore")
        for _ in range(20):
            x, kept = np.ones(1 << 16), []

            class Meddler:
                def __float__(self):
                    x.shape = (256, 256)
                    kept.extend(np.empty((1,)) for _ in range(64))
                    return 0.5

                def __index__(self):
                    self.__float__()
                    return 2

            assert cookbook.leaky_relu(x, slope=Meddler()).shape == (256, 256)
            x.shape = (1 << 16,)
            assert cookbook.chebyshev(x, degree=Meddler()).shape == (256, 256)
    """)


@pytest.mark.parametrize("dtype", ["i1", "i8", "f4", "f8", "c8"])
@pytest.mark.parametrize("keywords", [{}, {"by": 3}])
def test_arrays_of_other_classes_take_the_loop_that_plain_ones_take(dtype, keywords, tmp_path):
    """Params of the loop's own dtype take no part in choosing it, whoever is asked to compute."""
    x = np.arange(1, 5).astype(dtype)
    wanted = options.scaled(x, **keywords)
    mapped = np.memmap(tmp_path / "x", dtype, "w+", shape=4)
    mapped[:] = x
    arrays = [x.view(Tagged), mapped, np.ma.array(x), pd.Series(x), da.from_array(x, chunks=2), xr.DataArray(x), memoryview(x)]
    for other in arrays:
        found = np.asarray(options.scaled(other, **keywords))
        assert found.dtype == wanted.dtype, type(other)
        np.testing.assert_array_equal(found, wanted)


def test_params_of_fixed_dtypes_reach_arrays_of_other_classes():
    x = np.array([200, 250], np.uint8)
    wanted = options.shifted(x, by=3, more=True, z=1j)
    assert wanted.tolist() == [204, 254]
    for other in (x.view(Tagged), pd.Series(x), da.from_array(x), xr.DataArray(x)):
        np.testing.assert_array_equal(np.asarray(options.shifted(other, by=3, more=True, z=1j)), wanted)
    large = np.array([2**62 + 1]).view(Tagged)
    assert options.scaled(large, by=1)[0] == 2**62 + 1
    with pytest.raises(TypeError, match=r"scaled\(\): by must be a whole number"):
        options.scaled(large, by=2.5)


@pytest.mark.parametrize("n", [10, 10_000])
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", "c16"])
def test_a_half_that_overflows_is_told_whatever_out_is(n, dtype):
    with pytest.warns(RuntimeWarning, match="overflow encountered in squares"):
        options.squares(np.full(n, 300, "f2"), out=np.zeros(n, dtype))


def test_shapes_that_do_not_fit_an_out_are_shown_with_it():
    with pytest.raises(ValueError, match=r"chebyshev\(\).*\(3,4\) \(4,3\)"):
        cookbook.chebyshev(np.ones((3, 4)), out=np.ones((4, 3)))
