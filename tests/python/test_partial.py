"""Reductions in pieces: states that combine and finish, and reductions as objects."""

import copy
import functools
import pickle
import pydoc
import warnings

import numpy as np
import options
import pytest


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
    "kernel, parts, params",
    [
        (options.total, ([1e308], [1e308]), {}),
        (options.total, ([np.inf], [-np.inf]), {}),
        (options.total, ([np.nan], [-np.inf]), {}),
        (options.mean_variance, ([1.0],), {"ddof": 1.0}),
        (options.nan_mean, ([np.nan], [np.nan, np.nan]), {}),
        (options.nan_mean, ([np.nan], [1.0, np.nan]), {}),
        (options.nan_where_largest, ([np.nan], [np.nan]), {}),
        # States of halves and of single precision are of one dtype: neither is taken for the other.
        (options.largest, (np.float32([1e6]), np.float32([3])), {}),
    ],
)
def test_pieces_answer_and_warn_as_the_whole_does(kernel, parts, params):
    def told(call):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            try:
                result = call()
            except ValueError as error:
                result = error
        return repr(result), [str(each.message) for each in caught]

    pieces = lambda: kernel.finish(functools.reduce(kernel.combine, map(kernel.partial, parts)), **params)
    assert told(pieces) == told(lambda: kernel(np.concatenate(parts), **params))


def test_results_of_nothing_stand_among_others():
    rows = [[np.nan, np.nan], [1.0, 2.0], [np.nan, np.nan]]
    with pytest.warns(RuntimeWarning, match="All-NaN"):
        found = options.nan_mean.finish(options.nan_mean.partial(rows, axis=1))
    np.testing.assert_array_equal(found, [np.nan, 1.5, np.nan])


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
