"""The wheel of the walk in docs/building.md: kernels beside the host's own function."""

import pickle

import host
import numpy as np
import pytest


def test_kernels_and_own_functions():
    assert host.sum([1, 2, 3]) == 6.0
    assert host.sum(np.ones((4, 5), dtype=">f4").T) == 20.0
    assert host.double(21) == 42.0


def test_kernels_pickle():
    assert pickle.loads(pickle.dumps(host.sum)) is host.sum


def test_kernels_are_documented():
    assert host.sum.__doc__.startswith("Sum of all elements of `x`, in double precision.")
    assert host.sum.__text_signature__.startswith("(x, /, axis=None, *, out=None, ")


def test_mistakes_are_errors():
    with pytest.raises(TypeError, match="sum"):
        host.sum(["a"])
