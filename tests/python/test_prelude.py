"""The functions of the prelude: values, special values and warnings are NumPy's, for every dtype."""

import math

import mpmath
import numpy as np
import prelude
import pytest
from numpys import agree, specials, told

FLOATS, COMPLEX = ["f2", "f4", "f8"], ["c8", "c16"]
SIGNED, UNSIGNED = ["i1", "i2", "i4", "i8"], ["u1", "u2", "u4", "u8"]
INTEGERS = SIGNED + UNSIGNED

#: Our name, NumPy's function, dtypes.
ONE = [
    *[(name, getattr(np, name), FLOATS + COMPLEX) for name in ["exp", "exp2", "expm1", "log", "log2", "log10", "log1p"]],
    *[(name, getattr(np, name), FLOATS + COMPLEX) for name in ["sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh"]],
    *[(name, getattr(np, f"arc{name[1:]}"), FLOATS + COMPLEX) for name in ["asin", "acos", "atan"]],
    ("cbrt", np.cbrt, FLOATS),
    *[(name, getattr(np, name), INTEGERS + FLOATS) for name in ["floor", "ceil", "trunc"]],
    ("round", np.round, INTEGERS + FLOATS + COMPLEX),
    ("sign", np.sign, INTEGERS + FLOATS + COMPLEX),
    ("abs", np.abs, INTEGERS + FLOATS),
    *[(name, getattr(np, name), INTEGERS + FLOATS + COMPLEX) for name in ["isnan", "isinf", "isfinite", "conj"]],
    ("magnitude", np.abs, COMPLEX),
    ("real", np.real, COMPLEX),
    ("imag", np.imag, COMPLEX),
]
TWO = [
    *[(name, getattr(np, name), ["?", *INTEGERS, *FLOATS, *COMPLEX]) for name in ["minimum", "maximum", "fmin", "fmax"]],
    *[(name, getattr(np, name), INTEGERS + FLOATS) for name in ["floor_divide", "remainder", "fmod"]],
    *[(name, getattr(np, name), FLOATS) for name in ["hypot", "copysign"]],
    ("atan2", np.arctan2, FLOATS),
    ("divide", np.divide, FLOATS + COMPLEX),
    ("multiply", np.multiply, INTEGERS + FLOATS),
    *[(name, getattr(np, name), INTEGERS) for name in ["left_shift", "right_shift"]],
    ("pow", np.power, UNSIGNED + FLOATS + COMPLEX),
]
#: Where ours is right and NumPy's is not, or where C99 leaves the sign of an infinity or zero open: held to tables in
#: templates/runtime/tests/complex.rs instead.
OPEN = {
    ("exp2", "c"): "NumPy rounds the angle",
    ("expm1", "c"): "NumPy has NaN where exp is infinite",
    ("log1p", "c"): "NumPy loses small and overflows with large numbers",
    ("sign", "c"): "NumPy loses subnormal and overflows with large numbers",
    ("sinh", "c"): "open signs",
    ("sin", "c"): "open signs",
    ("cos", "c"): "open signs",
    ("pow", "c"): "open signs",
}


def cases(functions):
    return [(*row[:2], dtype) for row in functions for dtype in row[2]]


#: Rounded once by us, more often by NumPy, in float16 and in complex64.
ULPS = {"f2": 1, "f4": 4, "f8": 4, "c8": 8, "c16": 8}


@pytest.mark.parametrize(("name", "numpys", "dtype"), cases(ONE))
def test_values_are_numpys(name, numpys, dtype):
    if (name, dtype[0]) in OPEN:
        pytest.skip(OPEN[name, dtype[0]])
    x = specials(dtype)
    found, wanted = told(getattr(prelude, name), x)[0], told(numpys, x)[0]
    agree(found, wanted.astype(found.dtype) if name == "round" else wanted, [x], ulps=ULPS.get(dtype, 0))


@pytest.mark.parametrize(("name", "numpys", "dtype"), cases(TWO))
def test_values_of_two_are_numpys(name, numpys, dtype):
    if (name, dtype[0]) in OPEN:
        pytest.skip(OPEN[name, dtype[0]])
    x, y = (each.ravel() for each in np.meshgrid(specials(dtype)[:80], specials(dtype)[:80]))
    found, wanted = told(getattr(prelude, name), x, y)[0], told(numpys, x, y)[0]
    # Which of two equal zeros is the smaller, NumPy leaves open.
    agree(found, wanted, [x, y], ulps=ULPS.get(dtype, 0), signs=name not in ("minimum", "maximum", "fmin", "fmax"))


#: Functions of two that have special values of their own: all pairs of them are tried, of others 600.
SPECIAL = ["pow", "atan2", "hypot"]


@pytest.mark.parametrize(
    ("function", "numpys", "arguments"),
    [
        pytest.param(name, numpys, [x.ravel() for x in grid], id=f"{name}-{dtype}")
        for functions, count in ((ONE, 1), (TWO, 2))
        for name, numpys, dtype in cases(functions)
        if dtype[0] in "fiu" or (name in ("exp", "log", "sqrt") and dtype == "c16")
        for grid in [np.meshgrid(*[specials(dtype)[:80]] * count)]
    ],
)
@pytest.mark.parametrize("length", [1, 19], ids=["one", "many"])
def test_warnings_are_numpys(function, numpys, arguments, length):
    """One number at a time, so that each is told for itself: alone, and in all lanes of a loop."""
    ours = getattr(prelude, function)
    pairs = np.random.default_rng(2).permutation(len(arguments[0]))
    for k in pairs if function in SPECIAL else pairs[:600]:
        each = [x[k : k + 1] for x in arguments]
        value, found = told(ours, *[np.repeat(x, length) for x in each])
        value, same = value[:1], value
        assert same.tobytes() == value.tobytes() * length, (each, same)
        same, wanted = told(numpys, *each)
        if value.dtype.kind == "f" and value.dtype.itemsize == 2:
            # NumPy computes halves in single precision and looks at the flags of both.
            wanted -= {"overflow"} if np.isfinite(value).all() else set()
        if value.dtype.kind in "fc":
            # By promise: of NaN and infinity out of none.
            came = np.concatenate(each)
            if not (np.isnan(value).any() and not np.isnan(came).any()):
                wanted -= {"invalid"}
            if not (np.isinf(value).any() and np.isfinite(came).all()):
                wanted -= {"divide", "overflow"}
        assert found == wanted, (each, value, same)


@pytest.mark.parametrize("length", [1, 19], ids=["one", "many"])
@pytest.mark.parametrize("dtype", FLOATS)
@pytest.mark.parametrize("name", ["erf", "erfc"])
def test_error_functions_have_their_ends_and_warn_of_nothing(name, dtype, length):
    """NumPy has neither."""
    for x in specials(dtype):
        found, words = told(getattr(prelude, name), np.full(length, x))
        wanted = np.array([getattr(math, name)(float(x))] * length).astype(dtype)
        agree(found, wanted, [found], ulps=4)
        assert not words, (x, words)


#: NumPy's own sets of arguments, correctly rounded values, and the error that each may have: a part of its tests, which the
#: yardstick runs but for what compares text.
@pytest.mark.parametrize("dtype", ["f2", "f4", "f8", ">f8", "i8"])
@pytest.mark.parametrize("name", ["sin", "cos", "tan"])
def test_a_huge_angle_changes_nothing_for_others(name, dtype):
    """Blocks with one are computed once more, from inputs that are still there: in every layout, in place, by NumPy's loops."""
    function, rng = getattr(prelude, name), np.random.default_rng(4)
    top = 1e18 if dtype == "i8" else min(1e300, float(np.finfo(dtype).max))
    x = rng.uniform(-100, 100, 20_000).astype(dtype)
    usual = function(x)
    places = rng.choice(len(x), 9, replace=False)
    x[places] = rng.uniform(-top, top, 9).astype(dtype)
    alone = np.array([function(angle) for angle in x[places]])
    wanted = usual.copy()
    wanted[places] = alone
    for far, value in zip(x[places].tolist(), alone.tolist()):
        exact = getattr(mpmath, name)(mpmath.mpf(far))
        assert abs(value - exact) <= 2 * float(np.finfo(usual.dtype).eps) * abs(exact), far
    ways = {
        "new": function(x),
        "strided": function(np.repeat(x, 2)[::2]),
        "reversed": function(x[::-1])[::-1],
        "transposed": function(x.reshape(100, 200).T).T.ravel(),
        "masked": function(x, out=np.zeros_like(usual), where=np.ones(1, bool)),
        "singly": np.array([function(x[k]) for k in places]),
    }
    if np.dtype(dtype) == usual.dtype:
        here = x.copy()
        ways["in place"] = function(here, out=here)
    for way, found in ways.items():
        assert found.tobytes() == (alone if way == "singly" else wanted).tobytes(), way
    assert told(function, x)[1] == set()
    with pytest.warns(RuntimeWarning, match=f"invalid value encountered in {name}"):
        function(np.append(x.astype(float), np.inf))


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_rounding_is_exact_for_every_fraction(dtype):
    with np.errstate(over="ignore"):
        x = np.r_[np.arange(-20, 20, 0.125), [2.0**k + 0.5 for k in range(53)], specials(dtype)].astype(dtype)
    for name in ["floor", "ceil", "trunc", "round"]:
        agree(getattr(prelude, name)(x), {"round": np.rint}.get(name, getattr(np, name))(x), [x], ulps=0)


def test_select_clamp_and_fma():
    x = np.array([-1.0, 0.5, 2.0, np.nan])
    np.testing.assert_array_equal(prelude.choose(x > 0, x, -x), np.where(x > 0, x, -x))
    np.testing.assert_array_equal(prelude.clamp(x, 0.0, 1.0), np.clip(x, 0.0, 1.0))
    # Rounded once: the product alone would be rounded to 1.
    eps = np.finfo(float).eps
    assert prelude.fma(1 + eps, 1 - eps, -1.0) == -(eps**2)


def test_integer_powers_wrap_and_have_no_fractions():
    x = np.array([-3, -1, 0, 1, 2, 3])
    assert prelude.pow(x, np.array(-1)).tolist() == [0, -1, 0, 1, 0, 0]
    assert prelude.pow(x, np.array(-2)).tolist() == [0, 1, 0, 1, 0, 0]
    assert prelude.pow(np.uint8(3), np.uint8(7)) == 3**7 % 256
