"""Params: keyword-only scalars, converted by what they are declared as, refused by name."""

import inspect
import re

import cookbook
import numpy as np
import options
import pytest


class Index:
    def __index__(self):
        return 5


class Float:
    def __float__(self):
        return 0.25


DEFAULTS = {
    "flag": True, "small": -7, "big": 7, "size": 3, "single": np.float32(0.1), "double": np.inf, "pair": 2, "mode": "same",
}


def echo(**params):
    """What the kernel was given."""
    given = options.echo([1.0], **params)._asdict()
    same = given.pop("same")
    return {**{name.rstrip("_"): value for name, value in given.items()}, "mode": "same" if same else "valid"}


def test_defaults():
    assert echo() == DEFAULTS


@pytest.mark.parametrize(
    ("name", "value", "came"),
    [
        ("flag", False, False),
        ("flag", np.bool(False), False),
        ("small", -128, -128),
        ("small", np.int64(127), 127),
        ("small", Index(), 5),
        ("small", True, 1),
        ("big", 2**64 - 1, 2**64 - 1),
        ("big", np.uint64(2**63), 2**63),
        ("size", 0, 0),
        ("size", np.uint8(9), 9),
        ("size", Index(), 5),
        ("single", 0.3, np.float32(0.3)),
        ("single", 1, 1.0),
        ("double", -1, -1.0),
        ("double", np.float32(0.1), float(np.float32(0.1))),
        ("double", Float(), 0.25),
        ("double", Index(), 5.0),
        ("double", -0.0, 0.0),
        ("pair", 1.5, 1.5),
        ("pair", 1 - 2j, 1 - 2j),
        ("pair", np.complex64(1j), 1j),
        ("mode", "valid", "valid"),
        ("mode", np.str_("valid"), "valid"),
    ],
)
def test_values_arrive(name, value, came):
    assert echo(**{name: value}) == {**DEFAULTS, name: came}


def test_a_nan_arrives():
    assert np.isnan(echo(double=float("nan"))["double"])


@pytest.mark.parametrize(
    ("name", "value", "error", "words"),
    [
        ("flag", 1, TypeError, "a bool, got int"),
        ("flag", "yes", TypeError, "a bool, got str"),
        ("small", 128, OverflowError, "int8, got 128"),
        ("small", -129, OverflowError, "int8, got -129"),
        ("single", 1e300, OverflowError, "float32, got 1e.300"),
        ("small", 10**30, OverflowError, "int8, got 1000"),
        ("small", 1.0, TypeError, "a whole number, got float"),
        ("small", np.float64(1), TypeError, "a whole number, got float64"),
        ("small", "1", TypeError, "a whole number, got str"),
        ("small", None, TypeError, "a whole number, got NoneType"),
        ("big", -1, OverflowError, "uint64, got -1"),
        ("big", 2**64, OverflowError, "uint64, got 18446744073709551616"),
        ("size", -1, ValueError, "not negative, got -1"),
        ("size", 2.0, TypeError, "whole number.*got float"),
        ("single", "0.5", TypeError, "a real number, got str"),
        ("double", 1j, TypeError, "a real number, got complex"),
        ("double", [1.0], TypeError, "a real number, got list"),
        ("pair", "1j", TypeError, "a number, got str"),
        ("mode", "full", ValueError, "'valid' or 'same', got 'full'"),
        ("mode", 1, TypeError, "'valid' or 'same', got int"),
    ],
)
def test_what_does_not_fit_is_refused_by_name(name, value, error, words):
    with pytest.raises(error, match=rf"^echo\(\): {name} must be .*{words}"):
        options.echo([1.0], **{name: value})


def test_a_param_of_a_type_variable_has_the_dtype_of_the_loop():
    assert cookbook.count_above(np.array([1, 2, 3], "u1"), threshold=255) == 0
    with pytest.raises(OverflowError, match=r"threshold must be .*uint8, got 256"):
        cookbook.count_above(np.array([1, 2, 3], "u1"), threshold=256)
    with pytest.raises(TypeError, match="threshold must be a whole number, got float"):
        cookbook.count_above([1, 2, 3], threshold=1.5)
    assert cookbook.count_above([1.0, 2.0, 3.0], threshold=2) == 1


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: cookbook.count_above([1]), r"count_above\(\) missing required keyword argument: 'threshold'"),
        (lambda: cookbook.count_above([1], 0, 2), r"count_above\(\) takes from 1 to 2 positional arguments but 3 were given"),
        (lambda: cookbook.mean_var([1.0], dof=1), r"mean_var\(\) got an unexpected keyword argument 'dof'"),
        (lambda: cookbook.dot([1.0]), r"dot\(\) takes from 2 to 3 positional arguments but 1 was given"),
    ],
)
def test_wrong_calls_are_type_errors(call, words):
    with pytest.raises(TypeError, match=words):
        call()


@pytest.mark.parametrize(
    ("params", "condition", "values"),
    [
        ({"k": 0}, "0 < k && k <= 100", "k = 0"),
        ({"k": 101}, "0 < k && k <= 100", "k = 101"),
        ({"k": 2}, "k % 2 ==", "k = 2"),
        ({"k": 3, "mode": "even"}, "k % 2 ==", 'mode = ["\']even'),
        ({"k": 3, "low": 1.5}, "low < 1.5", "low = 1.5"),
        ({"k": 3, "low": float("nan")}, "low < 1.5", "low = (?i:nan)"),
    ],
)
def test_a_requirement_quotes_itself_and_the_values(params, condition, values):
    assert options.bounded([1.0], k=3) == options.bounded([1.0], k=4, mode="even") == 1.0
    with pytest.raises(ValueError, match=r"bounded\(\)") as refusal:
        options.bounded([1.0], **params)
    assert condition in str(refusal.value)
    assert re.search(values, str(refusal.value)), refusal.value


def test_inputs_with_a_default_may_be_left_out():
    x = np.arange(4, dtype="f4")
    assert options.weighted(x) == 12
    assert options.weighted(x, 3) == options.weighted(x, [3]) == 18
    assert options.weighted(x, 3, [True, False] * 2) == 6
    assert options.weighted(x, 2, False) == 0


@pytest.mark.parametrize("dtype", ["f4", "f8", "c16"])
def test_a_default_takes_the_dtype_of_the_arguments(dtype):
    assert options.weighted(np.ones(3, dtype)).dtype == dtype


def test_the_signature_and_the_count_know_of_defaults():
    assert str(inspect.signature(options.weighted)).startswith("(x, w=2.0, on=True, /, axis=None, *, out=None, ")
    for count in (0, 5):
        with pytest.raises(TypeError, match=rf"weighted\(\) takes from 1 to 4 positional arguments but {count} were given"):
            options.weighted(*[1.0] * count)
