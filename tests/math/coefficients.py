"""Where the numbers in templates/runtime/src/math come from: Chebyshev approximations at 50 digits, or least squares at 80.

    python tests/math/coefficients.py           # needs mpmath and NumPy; prints each list as it stands in the source
"""

import mpmath as mp
import numpy as np

mp.mp.dps = 50


def near_zero(function, series):
    """A quotient that cannot be computed close to 0 is its series there."""
    return lambda x: series(x) if abs(x) < mp.mpf("1e-8") else function(x)


def fit(function, low, high, count, dtype):
    """The coefficients of `count` powers, lowest first, rounded to `dtype` and printed as shortly as they can be."""
    powers = mp.chebyfit(function, [low, high], count, asc=True)
    return [str(dtype(float(c))) for c in powers]


def exponential(count, dtype):
    """`(exp(r) - 1 - r) / r²` for `|r|` up to half of log(2), and a little more for what rounding does to r."""
    reach = mp.log(2) / 2 * mp.mpf("1.0002")
    rest = near_zero(lambda r: (mp.exp(r) - 1 - r) / r**2, lambda r: mp.mpf(1) / 2 + r / 6 + r * r / 24)
    return fit(rest, -reach, reach, count, dtype)


def power_of_two(count, dtype):
    """`(2^r - 1) / r` for `|r|` up to a half."""
    rest = near_zero(lambda r: mp.expm1(r * mp.log(2)) / r, lambda r: mp.log(2) + r * mp.log(2) ** 2 / 2)
    return fit(rest, -mp.mpf("0.5001"), mp.mpf("0.5001"), count, dtype)


def hyperbolic(function, count, dtype):
    """`(cosh(r) - 1) / r²` or `(sinh(r) - r) / r³` as a function of r², for the same r as the exponential's."""
    reach = (mp.log(2) / 2 * mp.mpf("1.0002")) ** 2
    if function is mp.cosh:
        return fit(near_zero(lambda z: (mp.cosh(mp.sqrt(z)) - 1) / z, lambda z: mp.mpf(1) / 2 + z / 24), 0, reach, count, dtype)
    rest = near_zero(
        lambda z: (mp.sinh(mp.sqrt(z)) - mp.sqrt(z)) / (mp.sqrt(z) * z), lambda z: mp.mpf(1) / 6 + z / 120
    )
    return fit(rest, 0, reach, count, dtype)


def logarithm(count, dtype):
    """`(2 artanh(s) - 2 s) / s³` as a function of s², for s of the numbers from sqrt(1/2) to sqrt(2)."""
    reach = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.001")
    rest = near_zero(
        lambda z: (2 * mp.atanh(mp.sqrt(z)) - 2 * mp.sqrt(z)) / (mp.sqrt(z) * z),
        lambda z: mp.mpf(2) / 3 + 2 * z / 5 + 2 * z * z / 7,
    )
    return fit(rest, 0, reach, count, dtype)


def chebyshev_points(low, high, count):
    """Where a polynomial of that many coefficients through a function is near to the best one."""
    return [low + (high - low) * (1 - mp.cos(mp.pi * (2 * k + 1) / (2 * count))) / 2 for k in range(count)]


def least_squares(columns, values, weights):
    """What to multiply the columns by."""
    rows = mp.matrix([[weight * x for x in row] for row, weight in zip(columns, weights, strict=True)])
    right = mp.matrix([weight * value for value, weight in zip(values, weights, strict=True)])
    return list(mp.lu_solve(rows.T * rows, rows.T * right))


def printed(powers, dtype):
    return [str(dtype(float(c))) for c in powers]


@mp.workdps(80)
def polynomial(function, low, high, count, weight, dtype):
    """As `fit`, with the error times `weight` about the same everywhere."""
    points = chebyshev_points(mp.mpf(low), mp.mpf(high), 2 * count + 8)
    columns = [[x**k for k in range(count)] for x in points]
    return printed(least_squares(columns, [*map(function, points)], [*map(weight, points)]), dtype)


@mp.workdps(80)
def rational(function, high, above, below, weight, dtype):
    """Powers of x from the first on, over 1 and powers, that are near to the function from 0 to `high`: so many of each.

    The error times `weight` is about the same everywhere. The equations are linear once an earlier denominator divides their weights.
    """
    high = mp.mpf(high)
    points = chebyshev_points(mp.mpf(0), high, 60)
    values = [function(x) for x in points]
    columns = [
        [(x / high) ** k for k in range(1, above + 1)] + [-value * (x / high) ** k for k in range(1, below + 1)]
        for x, value in zip(points, values, strict=True)
    ]
    denominators = [mp.mpf(1)] * len(points)
    for _ in range(5):
        weights = [weight(x) / q for x, q in zip(points, denominators, strict=True)]
        solved = least_squares(columns, values, weights)
        p = [c / high**k for k, c in enumerate(solved[:above], 1)]
        q = [c / high**k for k, c in enumerate(solved[above:], 1)]
        denominators = [1 + x * mp.polyval(q, x, asc=True) for x in points]
    return printed(p + q, dtype)


def odd_rest(function, first, second):
    """`(f(s) - s) / s³` as a function of s², and the first two coefficients of its series."""
    rest = lambda z: (function(mp.sqrt(z)) / mp.sqrt(z) - 1) / z  # noqa: E731
    return near_zero(rest, lambda z: first + second * z)


def arc(function, first, second, high, count, dtype):
    """The rest of an inverse function, for the relative error of `s + s³ * rest`."""
    rest = odd_rest(function, mp.mpf(first[0]) / first[1], mp.mpf(second[0]) / second[1])
    return polynomial(rest, 0, high, count, lambda z: z / (1 + z * rest(z)), dtype)


def erfc(high, above, below, dtype):
    """`(1 + slope * x) * exp(x²) * erfc(x) - 1`, for the relative error of erfc. The slope is close to the root of pi."""
    value = lambda x: (1 + x * mp.mpf(1815) / 1024) * mp.exp(x * x) * mp.erfc(x)  # noqa: E731
    return rational(lambda x: value(x) - 1, high, above, below, lambda x: 1 / value(x), dtype)


def erf_small(count):
    """`erf(a) / a - 1` for a up to 1, as a function of a²."""
    rest = near_zero(lambda z: mp.erf(mp.sqrt(z)) / mp.sqrt(z) - 1, lambda z: 2 / mp.sqrt(mp.pi) * (1 - z / 3) - 1)
    return polynomial(rest, 0, 1.001, count, lambda z: 1, np.float32)


def erf_large(count):
    """The logarithm of erfc to the base 2 from 1 to where it no longer matters, for the error of erfc."""
    return polynomial(lambda a: mp.log(mp.erfc(a), 2), 1, 3.93, count, mp.erfc, np.float32)


def exp2(count):
    """`(2^r - 1) / r` for `|r|` up to a half."""
    rest = near_zero(lambda r: (mp.mpf(2) ** r - 1) / r, lambda r: mp.log(2) + mp.log(2) ** 2 / 2 * r)
    return polynomial(rest, -0.5002, 0.5002, count, lambda r: r, np.float32)


def exp_rest(count, dtype):
    """`(exp(r) - 1 - r) / r²` as in `exponential`, for the error of its product with r²."""
    reach = mp.log(2) / 2 * mp.mpf("1.0002")
    rest = near_zero(lambda r: (mp.exp(r) - 1 - r) / r**2, lambda r: mp.mpf(1) / 2 + r / 6 + r * r / 24)
    return polynomial(rest, -reach, reach, count, lambda r: r * r, dtype)


def nodes(count, reach):
    """Squares of numbers up to `reach` at which to interpolate for an even error in what the polynomial of them is a factor of.

    Chebyshev's, but stretched so that there would be one more of them at 0, where the factor r² has its zero.
    """
    ends = [mp.cos(mp.pi * (2 * k + 1) / (2 * count + 2)) for k in range(count + 1)]
    return [reach**2 * (end - ends[-1]) / (1 - ends[-1]) for end in ends[:-1]]


def sine(count, reach, dtype):
    """`(sin(r) - r) / r³` as a function of r²."""
    squares = nodes(count, reach)
    powers = [[z**k for k in range(count)] for z in squares]
    wanted = [(mp.sin(mp.sqrt(z)) - mp.sqrt(z)) / (mp.sqrt(z) * z) for z in squares]
    return [str(dtype(float(c))) for c in mp.lu_solve(mp.matrix(powers), mp.matrix(wanted))]


def cosine(count, reach, dtype):
    """`(cos(r) - 1 + r²/2) / r⁴` as a function of r²."""
    rest = near_zero(
        lambda z: (mp.cos(mp.sqrt(z)) - 1 + z / 2) / z**2,
        lambda z: mp.mpf(1) / 24 - z / 720 + z * z / 40320,
    )
    return fit(rest, 0, reach**2, count, dtype)


def tangent(above, below, reach, dtype):
    """The `above` and `below` coefficients of `tan(r) / r` as a fraction of polynomials of r², after the ones they begin with."""
    squares = nodes(above + below, reach)
    ratios = [mp.tan(mp.sqrt(z)) / mp.sqrt(z) for z in squares]
    rows = [
        [z ** (k + 1) for k in range(above)] + [-ratio * z ** (k + 1) for k in range(below)]
        for z, ratio in zip(squares, ratios, strict=True)
    ]
    solution = mp.lu_solve(mp.matrix(rows), mp.matrix([ratio - 1 for ratio in ratios]))
    return [str(dtype(float(c))) for c in solution]


def on_grids(value, grids):
    """`value` as a sum of floats, each but the last a multiple of 2^-grid."""
    found = []
    for grid in grids:
        found.append(mp.floor(value * mp.mpf(2) ** grid + 0.5) / mp.mpf(2) ** grid)
        value -= found[-1]
    return [repr(float(part)) for part in [*found, value]]


def singles(value, count):
    """`value` as a sum of floats of 24 bits."""
    found = []
    for _ in range(count):
        found.append(np.float32(float(value)))
        value -= mp.mpf(float(found[-1]))
    return [str(part) for part in found]


def words_of_two_over_pi(count):
    """2 / π after 53 zeros, in words of 64 bits."""
    with mp.workprec(64 * count + 64):
        whole = int(mp.floor(2 / mp.pi * mp.mpf(2) ** (64 * count - 53)))
    return [f"0x{whole >> 64 * (count - 1 - k) & (1 << 64) - 1:016x}" for k in range(count)]


def power_logarithm(count):
    """`(3 artanh(s) / s - 3 - s²) / s⁴` as a function of s², for s of the numbers from sqrt(1/2) to sqrt(2)."""
    reach = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.0001")
    rest = near_zero(
        lambda z: (3 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 3 - z) / z**2,
        lambda z: mp.mpf(3) / 5 + 3 * z / 7 + z * z / 3,
    )
    return fit(rest, 0, reach, count, np.float64)


def power_exponential(base, unit, count):
    """`(base ** r - 1) / r` for `|r|` up to half of `unit`, and a little more for what rounding does to r."""
    reach = unit / 2 * mp.mpf("1.0002")
    log = mp.log(base)
    rest = near_zero(lambda r: (base**r - 1) / r, lambda r: log + log**2 * r / 2 + log**3 * r * r / 6)
    return fit(rest, -reach, reach, count, np.float64)


def slope():
    """The line nearest to the derivative `3 / (1 - z)` of 3 artanh(s) by s, in z = s²."""
    return fit(lambda z: 3 / (1 - z), 0, ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2, 2, np.float64)


def logarithm_to_two(count):
    """`2 artanh(s) / (s log(2))` as a function of s², for s of the numbers from sqrt(1/2) to sqrt(2)."""
    reach = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2
    whole = near_zero(lambda z: mp.atanh(mp.sqrt(z)) / mp.sqrt(z), lambda z: 1 + z / 3 + z * z / 5)
    return fit(lambda z: 2 / mp.log(2) * whole(z), 0, reach, count, np.float64)


def cube_root(dtype):
    """`(1 / cbrt(1 - e) - 1) / e`, for the errors e that the bits of the inverse cube root have."""
    reach = mp.mpf("0.1023")
    rest = near_zero(lambda e: ((1 - e) ** (-mp.mpf(1) / 3) - 1) / e, lambda e: mp.mpf(1) / 3 + 2 * e / 9)
    return fit(rest, -reach, reach, 3, dtype)


def parts(value, bits, count):
    """`value` as a sum of floats, all but the last of at most `bits` bits."""
    found = []
    for _ in range(count - 1):
        scale = mp.mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(value), 2))))
        found.append(mp.floor(value * scale + 0.5) / scale)
        value -= found[-1]
    return [repr(float(part)) for part in [*found, value]]


def rest(value, dtype):
    """What rounding to a float takes from `value`."""
    return str(dtype(float(value - mp.mpf(float(dtype(float(value)))))))


#: Angles are brought to this: up to the limit of the fast text a rounded 2 / π counts right angles a little wrongly.
EIGHTH = mp.pi / 4 * mp.mpf("1.00001")
EIGHTH_F32 = mp.pi / 4 * mp.mpf("1.055")

#: File below templates/runtime/src/math, and the numbers that stand in it.
TABLES = [
    ("error_function.rs", exp_rest(10, np.float64)),
    ("error_function.rs", exp_rest(5, np.float32)),
    ("error_function.rs", erfc(27, 11, 11, np.float64)),
    ("error_function.rs", erfc(10.1, 4, 5, np.float32)),
    ("error_function.rs", erf_small(7)),
    ("error_function.rs", erf_large(7)),
    ("error_function.rs", exp2(6)[1:]),  # The first is log(2).
    ("error_function.rs", parts(mp.log(2), 32, 3)[:2]),
    ("exponential.rs", exponential(10, np.float64)),
    ("exponential.rs", exponential(5, np.float32)),
    ("exponential.rs", power_of_two(11, np.float64)[1:]),
    ("exponential.rs", power_of_two(6, np.float32)[1:]),
    ("exponential.rs", parts(mp.log(2), 32, 3)),
    ("hyperbolic.rs", hyperbolic(mp.cosh, 5, np.float64)),
    ("hyperbolic.rs", hyperbolic(mp.sinh, 5, np.float64)),
    ("hyperbolic.rs", hyperbolic(mp.cosh, 3, np.float32)),
    ("hyperbolic.rs", hyperbolic(mp.sinh, 3, np.float32)),
    ("inverse.rs", arc(mp.asin, (1, 6), (3, 40), 0.2501, 13, np.float64)),
    ("inverse.rs", arc(mp.asin, (1, 6), (3, 40), 0.2501, 5, np.float32)),
    ("inverse.rs", arc(mp.atan, (-1, 3), (1, 5), 1, 20, np.float64)),
    ("inverse.rs", arc(mp.atan, (-1, 3), (1, 5), 1, 9, np.float32)),
    ("logarithm.rs", logarithm(7, np.float64)),
    ("logarithm.rs", logarithm(4, np.float32)),
    ("logarithm.rs", parts(mp.log(2), 32, 3)[:2]),
    ("logarithm.rs", parts(mp.log(2) / mp.log(10), 32, 2)),
    ("logarithm.rs", [rest(1 / mp.log(base), np.float64) for base in (2, 10)]),
    ("logarithm.rs", [rest(1 / mp.log(base), np.float32) for base in (2, 10)]),
    ("trigonometric.rs", sine(6, EIGHTH, np.float64)),
    ("trigonometric.rs", sine(3, EIGHTH_F32, np.float32)),
    ("trigonometric.rs", cosine(6, EIGHTH, np.float64)),
    ("trigonometric.rs", cosine(3, EIGHTH_F32, np.float32)),
    ("trigonometric.rs", tangent(3, 4, EIGHTH, np.float64)),
    ("trigonometric.rs", tangent(7, 0, EIGHTH_F32, np.float32)),
    ("angle.rs", on_grids(mp.pi / 2, [28, 53, 82])),
    ("angle.rs", on_grids(mp.pi / 2, [52, 82])[1:]),
    ("angle.rs", on_grids(mp.pi / 2, [52])[1:]),
    ("angle.rs", on_grids(mp.pi / 2, [28])),
    ("angle.rs", singles(mp.pi / 2, 3)[1:]),
    ("angle/two_over_pi.rs", words_of_two_over_pi(20)),
    ("power.rs", power_logarithm(8)),
    ("power.rs", slope()),
    ("power.rs", power_exponential(mp.exp(mp.mpf(2) / 3), 1.5 * mp.log(2), 11)),
    ("power.rs", [*parts(1.5 * mp.log(2), 42, 2), repr(float(1 / (1.5 * mp.log(2))))]),
    ("power.rs", logarithm_to_two(5)),
    ("power.rs", power_exponential(mp.mpf(2), mp.mpf(1), 6)),
    ("roots.rs", cube_root(np.float64)),
    ("roots.rs", cube_root(np.float32)),
]

if __name__ == "__main__":
    for name, numbers in TABLES:
        print(name, ", ".join(numbers))
