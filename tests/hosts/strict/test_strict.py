"""The wheel of the strict host: kernels of two packages and a function of the host's own."""

import pickle

import numpy as np
import pytest
import strict


def test_kernels_and_own_functions():
    assert strict.sum([1, 2, 3]) == 6.0
    assert strict.largest(np.array([3, 7, 5])) == 7
    assert strict.weighted([1, 2], 3.0) == 9.0
    assert strict.double(21) == 42.0


def test_elementwise_kernels():
    assert isinstance(strict.gauss, np.ufunc)
    assert strict.gauss.__module__ == strict.largest.__module__
    assert pickle.loads(pickle.dumps(strict.gauss)) is strict.gauss
    np.testing.assert_allclose(strict.gauss([0.0, 1.0]), np.exp([0.0, -1.0]))
    result = strict.standardize(np.array([1.0, 5.0]), 1.0, 2.0, clip=1.5)
    assert result.score.tolist() == [0.0, 1.5] and result.outside.tolist() == [False, True]


def test_kernels_and_results_pickle():
    result = strict.mean_var(np.arange(5, dtype="f4"), ddof=1)
    assert (result.mean, result.var) == (2.0, 2.5)
    assert pickle.loads(pickle.dumps(result)) == result
    assert pickle.loads(pickle.dumps(strict.mean_var)) is strict.mean_var


def test_params():
    assert strict.mean_var([1, 3], of="centred").mean == 0.0
    with pytest.raises(ValueError, match="ddof"):
        strict.mean_var([1, 3], ddof=-1)


def test_bodies():
    x = np.array([[1.0, 3.0], [5.0, 5.0]])
    assert strict.center(x).tolist() == [2.0, 5.0] and x.tolist() == [[-1.0, 1.0], [0.0, 0.0]]
    with pytest.raises(ArithmeticError, match=r"center\(\): x begins with nan|NaN"):
        strict.center(np.array([np.nan]))
    assert isinstance(strict.differences, np.ufunc)
    assert pickle.loads(pickle.dumps(strict.differences)) is strict.differences
    assert strict.differences([1.0, 4.0, 9.0], [1.0, 0.0]).tolist() == [3.0, 5.0]
