"""The functions of the prelude: values, special values and warnings are NumPy's, for every dtype, and errors are small."""

import math
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


#: Multiples of π are far apart from there on; the largest odd integers of double and single precision.
LARGE = [1e22, -1e22, 2.0**53 - 1, 1 - 2.0**53, 2.0**24 - 1, 1 - 2.0**24]


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
        # Without what stands last: NumPy's quotients by subnormal numbers are NaN.
        parts = specials(f"f{dtype.itemsize // 2}")[: -len(LARGE) : 3 if dtype == "c16" else 4]
        return np.array([complex(a, b) for a in parts for b in parts]).astype(dtype)
    info = np.finfo(dtype)
    sizes = [0, 0.1, 0.5, 1, 1.5, 2, 2.5, 3, 10, 1e3, info.smallest_subnormal, info.tiny, info.eps, 1 / info.eps, info.max]
    ends = [float(x) for x in [np.log(info.max), np.log(info.tiny), np.log(info.smallest_subnormal), np.log2(info.max)]]
    sizes = np.array([*sizes, *ends, *(np.array(ends) * 1.01), np.pi / 2, np.pi, 0.9999, np.inf])
    return np.array([*sizes, *-sizes, np.nan, *LARGE]).astype(dtype)


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
SETS = sorted((Path(np.__file__).parent / "_core/tests/data").glob("umath-validation-set-*.csv"))


def test_numpys_validation_sets_are_there():
    assert len(SETS) >= 20


@pytest.mark.parametrize("path", SETS, ids=lambda path: path.stem.split("-")[-1])
def test_numpys_validation_sets_hold(path):
    name = path.stem.split("-")[-1]
    ours = getattr(prelude, name.replace("arc", "a"), None)
    if ours is None:
        pytest.skip("no such function")
    rows = [line.split(",") for line in path.read_text().splitlines() if line.startswith("np.float")]
    for dtype, word in [("f4", "np.float32"), ("f8", "np.float64")]:
        mine = [row for row in rows if row[0] == word]
        assert len(mine) > 100
        x, wanted = (np.array([int(row[k], 16) for row in mine], f"u{dtype[1]}").view(dtype) for k in (1, 2))
        found = told(ours, x)[0]
        np.testing.assert_array_max_ulp(found, wanted, max(int(row[3]) for row in mine), dtype)


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


def uniform(low, high):
    return lambda rng, info: [rng.uniform(low, high, 2000)]


def sized(low, high):
    """Numbers of all sizes between powers of 2, and both signs; None is an end of the dtype."""

    def draw(rng, info):
        ends = [np.log2(float(info.smallest_subnormal)) if low is None else low, info.maxexp if high is None else high]
        return [np.exp2(rng.uniform(*ends, 2000)) * rng.choice([-1, 1], 2000)]

    return draw


def positive(rng, info):
    return [np.r_[np.abs(sized(None, None)(rng, info)[0]), 1 + np.abs(rng.normal(size=2000)) * 0.1]]


def exponents(base):
    """Those whose powers are finite."""
    return lambda rng, info: [rng.uniform(np.log(float(info.smallest_subnormal)), np.log(float(info.max)), 4000) / np.log(base)]


def powers(rng, info):
    base = positive(rng, info)[0].astype(info.dtype).astype(float)
    with np.errstate(all="ignore"):
        exponent = rng.uniform(np.log(float(info.smallest_subnormal)), np.log(float(info.max)), len(base)) / np.log(base)
    return [base, np.clip(exponent, -1e30, 1e30)]


def points(rng, info):
    """Both coordinates of one size or of any."""
    x, y = sized(-60, 60)(rng, info)[0], sized(-60, 60)(rng, info)[0]
    return [np.r_[x, y], np.r_[x * rng.uniform(0.1, 10, len(x)), x]]


#: Name, exact function, error in ULP that is let through, arguments.
EXACT = [
    ("exp", mpmath.exp, 2, exponents(np.e)),
    ("exp2", lambda x: mpmath.power(2, x), 2, exponents(2)),
    ("expm1", mpmath.expm1, 2, sized(-40, 6)),
    ("log", mpmath.log, 2, positive),
    ("log2", lambda x: mpmath.log(x, 2), 2, positive),
    ("log10", mpmath.log10, 3, positive),
    ("log1p", mpmath.log1p, 2, uniform(-1, 3)),
    ("sin", mpmath.sin, 2, sized(-60, None)),
    ("cos", mpmath.cos, 2, sized(-60, None)),
    ("tan", mpmath.tan, 2, sized(-60, None)),
    ("asin", mpmath.asin, 2, uniform(-1, 1)),
    ("acos", mpmath.acos, 2, uniform(-1, 1)),
    ("atan", mpmath.atan, 2, sized(-60, 60)),
    ("atan2", mpmath.atan2, 2, points),
    ("sinh", mpmath.sinh, 2, sized(-40, 6)),
    ("cosh", mpmath.cosh, 2, sized(-40, 6)),
    ("tanh", mpmath.tanh, 2, sized(-40, 6)),
    ("erf", mpmath.erf, 2, uniform(-5, 5)),
    ("erfc", mpmath.erfc, 4, uniform(-5, 9)),
    ("pow", mpmath.power, 4, powers),
    ("cbrt", lambda x: mpmath.sign(x) * mpmath.cbrt(abs(x)), 2, sized(None, None)),
    ("hypot", mpmath.hypot, 2, points),
]


@pytest.mark.parametrize("dtype", ["f4", "f8"])
@pytest.mark.parametrize(("name", "exact", "ulps", "draw"), EXACT)
def test_errors_are_small(name, exact, ulps, draw, dtype):
    """A look at the functions as kernels have them; `tests/math` looks closely."""
    arguments = [x.astype(dtype) for x in draw(np.random.default_rng(0), np.finfo(dtype))]
    found = getattr(prelude, name)(*arguments)
    # Of a large angle, what is left of it after the last turn is all that counts.
    with mpmath.workprec(1200 if name in ("sin", "cos", "tan") else 120):
        for *values, got in zip(*arguments, found):
            wanted = exact(*[mpmath.mpf(float(value)) for value in values])
            ulp = np.spacing(np.abs(np.dtype(dtype).type(float(wanted))))
            assert abs(mpmath.mpf(float(got)) - wanted) <= ulps * mpmath.mpf(float(ulp)), (values, got)


@pytest.mark.parametrize("dtype", ["f2", "f4", "f8"])
def test_rounding_is_exact_for_every_fraction(dtype):
    with np.errstate(over="ignore"):
        x = np.r_[np.arange(-20, 20, 0.125), [2.0**k + 0.5 for k in range(53)], specials(dtype)].astype(dtype)
    for name in ["floor", "ceil", "trunc", "round"]:
        agree(getattr(prelude, name)(x), {"round": np.rint}.get(name, getattr(np, name))(x), [x], ulps=0)


CHILD = """
import numpy as np, prelude
x, results = np.load("{folder}/x.npy"), {{}}
with np.errstate(all="ignore"):
    for d in ("f4", "f8"):
        y = x.astype(d)
        results |= {{f"{{name}}_{{d}}": getattr(prelude, name)(y) for name in {one}}}
        results |= {{f"{{name}}_{{d}}": getattr(prelude, name)(y, y[::-1]) for name in {two}}}
np.savez("{folder}/results.npz", **results)
"""


def test_the_levels_agree_and_those_with_fma_to_the_bit(tmp_path):
    """v3 and v4 give the same bits; without FMA, functions that are rounded on the way may differ in the last two."""
    rng = np.random.default_rng(1)
    np.save(tmp_path / "x.npy", np.r_[rng.normal(size=20_000) * 30, np.exp(rng.uniform(-700, 700, 20_000)), specials("f8")])
    exact = ["floor", "ceil", "trunc", "round", "sqrt", "abs", "sign"]
    two = ["pow", "atan2", "hypot"]
    one = [name for name, *_ in EXACT if name not in two]
    results = {}
    for disabled in ["", "v4", "v3 v4"]:
        child.run(CHILD.format(folder=tmp_path, one=exact + one, two=two), KERNELGEN_DISABLE_CPU_FEATURES=disabled)
        results[disabled] = dict(np.load(tmp_path / "results.npz"))
    for name, best in results[""].items():
        assert results["v4"][name].tobytes() == best.tobytes(), name
        bounds = {f"{each}_{dtype}": 2 * ulps for each, _, ulps, _ in EXACT for dtype in ("f4", "f8")}
        agree(results["v3 v4"][name], best, [], ulps=bounds.get(name, 0))


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
