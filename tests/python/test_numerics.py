"""Numbers: errors, bits, warnings, integers."""

import math
import warnings

import child
import cookbook
import gilexample
import layouts
import numpy as np
import options
import pytest

#: What each value of KERNELGEN_DISABLE_CPU_FEATURES leaves, of what the CPU has.
LEVELS = {"": "v4", "v4": "v3", "v3 v4": "v2"}


def bits(value):
    return np.float64(value).tobytes()


@pytest.mark.parametrize("n", [1000, 1024, 50_000, 1_000_000])
@pytest.mark.parametrize("kind", ["positive", "both signs", "harmonic", "widely spread"])
def test_the_error_of_a_sum_is_that_of_pairwise_summation(n, kind):
    rng = np.random.default_rng(n)
    x = {
        "positive": lambda: rng.random(n),
        "both signs": lambda: rng.normal(size=n),
        "harmonic": lambda: 1 / np.arange(1.0, n + 1),
        "widely spread": lambda: np.exp(rng.uniform(-30, 30, n)),
    }[kind]()
    error = abs(gilexample.sum(x) - math.fsum(x))
    # One after the other the error would be some sqrt(n) units, at worst n.
    assert error <= 4 * np.finfo(float).eps * math.fsum(np.abs(x))


BITS = """
import numpy as np, gilexample, cookbook
np.seterr(all="ignore")
rng = np.random.default_rng(1)
for n in (1, 31, 33, 1000, 1024, 1025, 5000, 100_001):
    x, y = rng.normal(size=n), rng.uniform(0.5, 2, n)
    results = [gilexample.sum(x), gilexample.sum(x.astype("f4")), cookbook.mean(x), *cookbook.mean_var(x + 1e6, ddof=1)]
    results += [cookbook.dot(x, y), cookbook.norm(x), cookbook.distance(x, y), cookbook.weighted_mean(x, y)]
    results += [cookbook.affine(x, y), *cookbook.minmax(x), cookbook.argmax(x), cookbook.product(y.astype("f4"))]
    results += [cookbook.inner(x + 1j * y, y), cookbook.power(x - 1j * y, y)]
    print(n, *(value.tobytes().hex() for value in results))
"""


def test_every_instruction_set_gives_the_same_bits():
    found = gilexample.show_config()["instruction_set_found"]
    outputs = set()
    for disabled, level in LEVELS.items():
        says = "import gilexample; print(gilexample.show_config()['instruction_set'])"
        assert child.run(says, KERNELGEN_DISABLE_CPU_FEATURES=disabled) == min(level, found)
        outputs.add(child.run(BITS, KERNELGEN_DISABLE_CPU_FEATURES=disabled))
    assert len(outputs) == 1
    assert len(outputs.pop().splitlines()) == 8


@pytest.mark.parametrize("layout", layouts.ALL, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("n", [1, 2, 31, 33, 500, 1023, 1024])
def test_small_arrays_have_the_same_bits_in_every_layout(layout, n):
    x = np.random.default_rng(n).normal(size=n)
    assert bits(gilexample.sum(layout(x))) == bits(gilexample.sum(x))
    assert bits(gilexample.sum(x.tolist())) == bits(gilexample.sum(x))


@pytest.mark.parametrize("layout", layouts.ALL, ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("n", [1025, 5000, 100_001])
def test_long_vectors_have_the_same_bits_in_every_layout_that_keeps_their_order(layout, n):
    x = np.random.default_rng(n).normal(size=n)
    if layout in (layouts.reversed_, layouts.everything_at_once):
        assert gilexample.sum(layout(x)) == pytest.approx(gilexample.sum(x), rel=1e-12)
    else:
        assert bits(gilexample.sum(layout(x))) == bits(gilexample.sum(x))


@pytest.mark.parametrize("n", [0, 1, 5, 32, 33, 1024, 3000])
def test_zeros_have_numpys_sign(n):
    x = np.full(n, -0.0)
    assert bits(gilexample.sum(x)) == bits(np.sum(x))
    assert bits(cookbook.product(np.full(n, 1.0) * -0.0)) == bits(np.prod(np.full(n, 1.0) * -0.0))


HUGE = np.finfo(float).max
#: A call, and what NumPy would warn of: nothing, or a word of the message.
WARNINGS = {
    "nothing to say": (lambda fill: gilexample.sum(fill(1.0)), None),
    "overflow": (lambda fill: gilexample.sum(fill(HUGE)), "overflow"),
    "an infinity that came": (lambda fill: gilexample.sum(fill(np.inf)), None),
    "a NaN that came": (lambda fill: gilexample.sum(fill(np.nan)), None),
    "infinities that cancel": (lambda fill: gilexample.sum(fill(np.inf, -np.inf)), "invalid"),
    "a NaN beside them": (lambda fill: gilexample.sum(fill(np.inf, -np.inf, np.nan)), None),
    "overflow in single precision": (lambda fill: cookbook.dot(fill(3e38).astype("f4"), np.float32(10)), "overflow"),
    "single precision summed in double": (lambda fill: gilexample.sum(fill(3e38).astype("f4")), None),
    "log of zero": (lambda fill: options.logs(fill(1.0, 0.0)), "divide by zero"),
    "log of a negative number": (lambda fill: options.logs(fill(1.0, -1.0)), "invalid"),
    "log of infinity": (lambda fill: options.logs(fill(1.0, np.inf)), None),
    "an integer by zero": (lambda fill: options.quotients(fill(1).astype("i8"), 0), "divide by zero"),
    "the smallest integer by -1": (lambda fill: options.quotients(fill(-128).astype("i1"), np.int8(-1)), "overflow"),
    "an integer modulo zero": (lambda fill: options.remainders(fill(1).astype("u1"), 0), "divide by zero"),
    "a float by zero": (lambda fill: options.quotients(fill(1.0), 0.0), "divide by zero"),
    "zero by zero": (lambda fill: options.quotients(fill(0.0), 0.0), "invalid"),
    "the mean of nothing": (lambda fill: cookbook.mean([]), "invalid"),
    "an integer sum that wraps": (lambda fill: cookbook.total(fill(100).astype("i1")), None),
    "the largest of NaNs": (lambda fill: cookbook.maximum(fill(1.0, np.nan)), None),
}


@pytest.mark.parametrize("n", [4, 3000, 40_000])
@pytest.mark.parametrize("layout", [layouts.read_only, layouts.everything_at_once], ids=lambda layout: layout.__name__)
@pytest.mark.parametrize("case", WARNINGS)
def test_floating_point_warnings_follow_errstate(case, layout, n):
    call, word = WARNINGS[case]
    # A value each, then the first again.
    def fill(*values):
        return layout(np.r_[np.asarray(values, float), np.full(n - len(values), values[0])])

    with warnings.catch_warnings(record=True) as said, np.errstate(all="warn"):
        warnings.simplefilter("always")
        call(fill)
    assert [word in str(each.message) for each in said] == ([True] if word else []), said
    with np.errstate(all="ignore"):
        call(fill)
    with np.errstate(all="raise"):
        if word:
            with pytest.raises(FloatingPointError, match=word):
                call(fill)
        else:
            call(fill)


def test_a_flag_raised_before_the_call_is_not_reported():
    with np.errstate(all="ignore"):
        np.divide(1.0, 0.0)
        np.float64(HUGE) * 10
    with np.errstate(all="raise"):
        assert gilexample.sum([1.0, 2.0]) == 3.0


INTEGERS = ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]


@pytest.mark.parametrize("dtype", INTEGERS)
@pytest.mark.parametrize("n", [2, 1000, 5000])
def test_integers_wrap_as_numpys(dtype, n):
    info = np.iinfo(dtype)
    x = np.random.default_rng(n).integers(info.min, info.max, n, dtype, endpoint=True)
    assert cookbook.total(x) == np.sum(x, dtype=dtype)
    assert cookbook.total(x).dtype == dtype
    if np.dtype(dtype).itemsize == 8:
        assert cookbook.product(x | np.array(1, dtype)) == np.prod(x | np.array(1, dtype))


@pytest.mark.parametrize("dtype", INTEGERS)
def test_integer_division_never_panics(dtype):
    info = np.iinfo(dtype)
    edges = np.array([info.min, info.min + 1, 1, 7, info.max - 1, info.max], dtype)
    for y in [1, 3, info.max, *([-1, -3, info.min] if info.min else [])]:
        for x in edges:
            # Towards zero, as in C; the smallest by -1 wraps to itself, with NumPy's warning.
            wanted = np.array(abs(int(x)) // abs(y) * (-1 if (x < 0) != (y < 0) else 1)).astype(dtype)
            with np.errstate(over="ignore" if (x, y) == (info.min, -1) else "raise"):
                assert options.quotients(np.array([x]), np.array(y, dtype)) == wanted
    with np.errstate(all="ignore"):
        assert options.quotients(edges, np.array(0, dtype)) == 0


@pytest.mark.parametrize(
    ("x", "y", "remainder"), [(7, 3, 1), (-7, 3, -1), (7, -3, 1), (-128, -1, 0), (-128, 127, -1)]
)
def test_the_sign_of_a_remainder_is_that_of_the_dividend(x, y, remainder):
    assert options.remainders(np.array([x], "i1"), np.array(y, "i1")) == remainder


@pytest.mark.parametrize("value", [0.1, 65504.0, 6e-8, -0.0, np.inf])
def test_halves_are_computed_in_single_precision_and_rounded_once(value):
    x = np.array([value], np.float16)
    assert cookbook.maximum(x).tobytes() == x.tobytes()
    assert cookbook.maximum(x).dtype == np.float16
    assert gilexample.sum(np.repeat(x, 1000)) == np.float64(x[0]) * 1000
