"""The functions of the prelude: errors are small, levels agree, and coefficients are those of their script."""

import re
from pathlib import Path

import child
import coefficients
import mpmath
import numpy as np
import prelude
import pytest
from numpys import agree, specials, told

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


@pytest.mark.parametrize(("file", "numbers"), coefficients.TABLES)
def test_coefficients_are_those_of_their_script(file, numbers):
    text = (Path(__file__).parents[2] / "templates/runtime/src/math" / file).read_text()
    found = re.findall(r"0x[\da-f]+|-?\d+\.\d+(?:e-?\d+)?", text)
    assert {value(number) for number in numbers} <= {value(number) for number in found}


def value(number):
    """What a literal of Rust stands for."""
    return int(number, 16) if number.startswith("0x") else float(number)
