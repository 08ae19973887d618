"""The functions of the prelude: values, special values and warnings are NumPy's, for every dtype, and errors are small."""

import re
import warnings
from pathlib import Path

import child
import coefficients
import mpmath
import numpy as np
import prelude
import pytest

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


@np.errstate(all="ignore")
def specials(dtype):
    """Numbers at which functions have corners, and some between."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        near = [v for v in range(-9, 70) if v >= info.min]
        return np.array([info.min, info.min + 1, info.max // 2, info.max - 1, info.max, *near], dtype)
    if dtype.kind == "c":
        parts = specials(f"f{dtype.itemsize // 2}")[::3 if dtype == "c16" else 4]
        return np.array([complex(a, b) for a in parts for b in parts]).astype(dtype)
    info = np.finfo(dtype)
    sizes = [0, 0.1, 0.5, 1, 1.5, 2, 2.5, 3, 10, 1e3, info.smallest_subnormal, info.tiny, info.eps, 1 / info.eps, info.max]
    ends = [float(x) for x in [np.log(info.max), np.log(info.tiny), np.log(info.smallest_subnormal), np.log2(info.max)]]
    sizes = np.array([*sizes, *ends, *(np.array(ends) * 1.01), np.pi / 2, np.pi, 0.9999, np.inf])
    return np.array([*sizes, *-sizes, np.nan]).astype(dtype)


def told(function, *arguments):
    """The value, and the words of the warnings: invalid, divide, overflow."""
    with warnings.catch_warnings(record=True) as said, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        value = function(*arguments)
    return value, {str(each.message).split()[0] for each in said}


def parts(x):
    return np.stack([x.real, x.imag]) if x.dtype.kind == "c" else x[None]


def agree(found, wanted, arguments, *, ulps, signs=True):
    """Within `ulps` of each other; special values exactly, with their signs."""
    assert found.dtype == wanted.dtype
    if found.dtype.kind not in "fc":
        np.testing.assert_array_equal(found, wanted)
        return
    a, b = parts(np.atleast_1d(found)), parts(np.atleast_1d(wanted))
    exact = (a == b) | np.isnan(a) & np.isnan(b)
    if signs:
        exact &= (np.signbit(a) == np.signbit(b)) | np.isnan(a)
    info = np.finfo(a.dtype)
    with np.errstate(all="ignore"):
        # Of a complex number the error is that of the whole: its parts may cancel.
        size = np.abs(b).astype(float).max(axis=0)
        near = np.abs(a.astype(float) - b.astype(float)) <= ulps * float(info.eps) * size + float(info.smallest_subnormal)
    bad = ~(exact | near & np.isfinite(a) & np.isfinite(b)).all(axis=0)
    assert not bad.any(), [(x[bad][:5], found[bad][:5], wanted[bad][:5]) for x in arguments]


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


@pytest.mark.parametrize(
    ("function", "numpys", "arguments"),
    [
        pytest.param(name, numpys, [x.ravel() for x in grid], id=f"{name}-{dtype}")
        for functions, count in ((ONE, 1), (TWO, 2))
        for name, numpys, dtype in cases(functions)
        if dtype[0] in "fiu" or (name in ("exp", "log", "sqrt") and dtype == "c16")
        for grid in [np.meshgrid(*[specials(dtype)[:60]] * count)]
    ],
)
def test_warnings_are_numpys(function, numpys, arguments):
    """One element at a time, so that each is told for itself."""
    ours = getattr(prelude, function)
    step = max(1, len(arguments[0]) // 600)
    for each in zip(*[x[::step] for x in arguments]):
        each = [np.array([x]) for x in each]
        value, found = told(ours, *each)
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


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(
    ("name", "exact", "ulps"),
    [("exp", mpmath.exp, 1), ("log", mpmath.log, 1), ("erf", mpmath.erf, 1), ("erfc", mpmath.erfc, 3)],
)
def test_errors_are_small(name, exact, ulps, dtype):
    rng = np.random.default_rng(0)
    info = np.finfo(dtype)
    low, high = np.log(float(info.smallest_subnormal)), np.log(float(info.max))
    x = {
        "exp": lambda: rng.uniform(low, high, 4000),
        "log": lambda: np.r_[np.exp(rng.uniform(low, high, 2000)), 1 + rng.normal(size=2000) * 0.1],
        "erf": lambda: rng.uniform(-5, 5, 2000),
        "erfc": lambda: rng.uniform(-5, 9, 2000),
    }[name]().astype(dtype)
    found = getattr(prelude, name)(x)
    for value, got in zip(x, found):
        wanted = exact(mpmath.mpf(float(value)))
        ulp = np.spacing(np.abs(np.dtype(dtype).type(float(wanted))))
        assert abs(mpmath.mpf(float(got)) - wanted) <= ulps * mpmath.mpf(float(ulp)), (value, got)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_rounding_is_exact_for_every_fraction(dtype):
    with np.errstate(over="ignore"):
        x = np.r_[np.arange(-20, 20, 0.125), [2.0**k + 0.5 for k in range(53)], specials(dtype)].astype(dtype)
    for name in ["floor", "ceil", "trunc", "round"]:
        agree(getattr(prelude, name)(x), {"round": np.rint}.get(name, getattr(np, name))(x), [x], ulps=0)


CHILD = """
import numpy as np, prelude
with np.errstate(all="ignore"):
    x = np.load("{folder}/x.npy")
    results = {{f"{{name}}_{{d}}": getattr(prelude, name)(x.astype(d)) for name in {names} for d in ("f4", "f8")}}
np.savez("{folder}/results.npz", **results)
"""


def test_the_levels_differ_by_an_ulp_at_most_and_those_with_fma_not_at_all(tmp_path):
    """v3 and v4 give the same bits; without FMA, exp and log may differ in the last."""
    rng = np.random.default_rng(1)
    np.save(tmp_path / "x.npy", np.r_[rng.normal(size=20_000) * 30, np.exp(rng.uniform(-700, 700, 20_000)), specials("f8")])
    names = ["exp", "log", "floor", "ceil", "trunc", "round", "sqrt", "abs"]
    results = {}
    for disabled in ["", "v4", "v3 v4"]:
        child.run(CHILD.format(folder=tmp_path, names=names), KERNELGEN_DISABLE_CPU_FEATURES=disabled)
        results[disabled] = dict(np.load(tmp_path / "results.npz"))
    for name, best in results[""].items():
        agree(results["v4"][name], best, [], ulps=0)
        agree(results["v3 v4"][name], best, [], ulps=1 if name[:3] in ("exp", "log") else 0)


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


@pytest.mark.parametrize(("file", "numbers"), coefficients.TABLES)
def test_coefficients_are_those_of_their_script(file, numbers):
    text = (Path(__file__).parents[2] / "templates/runtime/src/math" / file).read_text()
    found = re.findall(r"0x[\da-f]+|-?\d+\.\d+(?:e-?\d+)?", text)
    assert {value(number) for number in numbers} <= {value(number) for number in found}


def value(number):
    """What a literal of Rust stands for."""
    return int(number, 16) if number.startswith("0x") else float(number)
