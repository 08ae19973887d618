"""Elementwise kernels and arrays of other classes: subclasses, masks, pandas, dask, xarray; and pickles."""

import copy
import pickle
import subprocess
import sys

import cloudpickle
import cookbook
import dask.array as da
import numpy as np
import options
import pandas as pd
import pytest
import xarray as xr
from gilexample import axpy


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
