"""Where the numbers in templates/runtime/src/math come from.

    python tests/math/coefficients.py           # needs mpmath and NumPy; prints each list as it stands in the source
"""

import mpmath as mp
import numpy as np
from approximation import fit, near_zero, nodes, on_grids, parts, polynomial, printed, rational, rest, rounded_polynomial, singles, words_of_two_over_pi


def exponential(count, dtype):
    """`(exp(r) - 1 - r) / r²` for `|r|` up to half of log(2), and a little more for what rounding does to r."""
    reach = mp.log(2) / 2 * mp.mpf("1.0002")
    rest = near_zero(lambda r: (mp.exp(r) - 1 - r) / r**2, lambda r: mp.mpf(1) / 2 + r / 6 + r * r / 24)
    return fit(rest, -reach, reach, count, dtype)


def power_of_two(count, dtype, reach="0.5001"):
    """`(2^r - 1) / r` for `|r|` up to a half, or some more."""
    rest = near_zero(lambda r: mp.expm1(r * mp.log(2)) / r, lambda r: mp.log(2) + r * mp.log(2) ** 2 / 2)
    return fit(rest, -mp.mpf(reach), mp.mpf(reach), count, dtype)


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


def logarithm_by_polynomial(count, dtype):
    """`(log(1 + f) - f + f² / 2) / f³` for the numbers 1 + f from sqrt(1/2) to sqrt(2)."""
    rest = near_zero(lambda f: (mp.log(1 + f) - f + f * f / 2) / f**3, lambda f: mp.mpf(1) / 3 - f / 4 + f * f / 5)
    weight = near_zero(lambda f: f**3 / mp.log(1 + f), lambda f: f * f)
    return rounded_polynomial(rest, mp.sqrt(2) / 2 - 1, mp.sqrt(2) - 1, count, weight, dtype)


def tangent_hyperbolic():
    """`(tanh(x) / x - 1) / x²` for x up to 0.55, as a function of x²."""
    rest = near_zero(lambda z: (mp.tanh(mp.sqrt(z)) / mp.sqrt(z) - 1) / z, lambda z: -mp.mpf(1) / 3 + 2 * z / 15)
    return rounded_polynomial(rest, 0, mp.mpf("0.55") ** 2 * 1.001, 5, lambda z: z / (1 + z * rest(z)), np.float32)


def exponential_of_twice():
    """`(exp(2r) - 1) / r` for `|r|` up to a quarter of log(2)."""
    reach = mp.log(2) / 4 * mp.mpf("1.0002")
    rest = near_zero(lambda r: (mp.exp(2 * r) - 1) / r, lambda r: 2 + 2 * r)
    return rounded_polynomial(rest, -reach, reach, 6, lambda r: r / mp.exp(2 * r), np.float32)


def odd_rest(function, first, second):
    """`(f(s) - s) / s³` as a function of s², and the first two coefficients of its series."""
    rest = lambda z: (function(mp.sqrt(z)) / mp.sqrt(z) - 1) / z  # noqa: E731
    return near_zero(rest, lambda z: first + second * z)


def arc(function, first, second, high, count, dtype):
    """The rest of an inverse function, for the relative error of `s + s³ * rest`."""
    rest = odd_rest(function, mp.mpf(first[0]) / first[1], mp.mpf(second[0]) / second[1])
    return rounded_polynomial(rest, 0, high, count, lambda z: z / (1 + z * rest(z)), dtype)


def erfc(high, above, below, dtype):
    """`(1 + slope * x) * exp(x²) * erfc(x) - 1`, for the relative error of erfc. The slope is close to the root of pi."""
    value = lambda x: (1 + x * mp.mpf(1815) / 1024) * mp.exp(x * x) * mp.erfc(x)  # noqa: E731
    return rational(lambda x: value(x) - 1, high, above, below, lambda x: 1 / value(x), dtype)


def erfc_mean(power, count):
    """The mean of `exp(-u v) (v (1 - v))^power / power!` for v from 0 to 1, for `|u|` up to that of half a step of 1/128 from 28."""
    mean = lambda u: mp.hyp1f1(power + 1, 2 * power + 2, -u) * mp.factorial(power) / mp.factorial(2 * power + 1)  # noqa: E731
    reach = mp.mpf(28) / 128
    return fit(mean, -reach, reach, count, np.float64)


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


def sine(count, reach, dtype):
    """`(sin(r) - r) / r³` as a function of r²."""
    squares = nodes(count, reach)
    powers = [[z**k for k in range(count)] for z in squares]
    wanted = [(mp.sin(mp.sqrt(z)) - mp.sqrt(z)) / (mp.sqrt(z) * z) for z in squares]
    return printed(mp.lu_solve(mp.matrix(powers), mp.matrix(wanted)), dtype)


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
    return printed(solution, dtype)


#: The largest (m - 1) / (m + 1) of the numbers m from sqrt(1/2) to sqrt(2), and its square, and a little more.
LARGEST = (mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)
LARGEST_SQUARE = LARGEST**2 * mp.mpf("1.0001")


def power_logarithm(count, dtype):
    """`(3 artanh(s) / s - 3 - s²) / s⁴` as a function of s²."""
    rest = near_zero(
        lambda z: (3 * mp.atanh(mp.sqrt(z)) / mp.sqrt(z) - 3 - z) / z**2,
        lambda z: mp.mpf(3) / 5 + 3 * z / 7 + z * z / 3,
    )
    return fit(rest, 0, LARGEST_SQUARE, count, dtype)


def power_logarithm_by_two(count, dtype):
    """`2 / log(2) * (artanh(s) / s - 1) / s²` as a function of s², for the error of the logarithm."""
    rest = odd_rest(mp.atanh, mp.mpf(1) / 3, mp.mpf(1) / 5)
    return rounded_polynomial(lambda z: 2 / mp.log(2) * rest(z), 0, LARGEST_SQUARE, count, lambda z: z, dtype)


def beyond_half(largest):
    """How far the rest of an exponent up to `largest` goes, if the whole number is that of a logarithm without `s⁵`."""
    return mp.mpf("0.5002") + largest * (1 - 4 / mp.log(2) * (LARGEST + LARGEST**3 / 3))


def slope():
    """The line nearest to the derivative `2 / log(2) / (1 - z)` of the logarithm by s, in z = s²."""
    return fit(lambda z: 2 / mp.log(2) / (1 - z), 0, LARGEST_SQUARE, 2, np.float32)


def cube_root(dtype):
    """`(1 / cbrt(1 - e) - 1) / e`, for the errors e that the bits of the inverse cube root have."""
    reach = mp.mpf("0.1023")
    rest = near_zero(lambda e: ((1 - e) ** (-mp.mpf(1) / 3) - 1) / e, lambda e: mp.mpf(1) / 3 + 2 * e / 9)
    return fit(rest, -reach, reach, 3, dtype)


#: Angles are brought to this: up to the limit of the fast text a rounded 2 / π counts right angles a little wrongly.
EIGHTH = mp.pi / 4 * mp.mpf("1.00001")
EIGHTH_F32 = mp.pi / 4 * mp.mpf("1.055")

#: File below templates/runtime/src/math, and the numbers that stand in it.
TABLES = [
    *[("error_function.rs", erfc_mean(power, count)) for power, count in enumerate((10, 7, 3))],
    ("error_function.rs", erfc(10.1, 4, 5, np.float32)),
    ("error_function.rs", erf_small(7)),
    ("error_function.rs", erf_large(7)),
    ("error_function.rs", exp2(6)[1:]),  # The first is log(2).
    ("exponential.rs", exponential(10, np.float64)),
    ("exponential.rs", exponential(5, np.float32)),
    ("exponential.rs", power_of_two(11, np.float64)[1:]),
    ("exponential.rs", power_of_two(6, np.float32)[1:]),
    ("exponential.rs", parts(mp.log(2), 32, 3)),
    ("hyperbolic.rs", hyperbolic(mp.cosh, 5, np.float64)),
    ("hyperbolic.rs", hyperbolic(mp.sinh, 5, np.float64)),
    ("hyperbolic.rs", hyperbolic(mp.cosh, 3, np.float32)),
    ("hyperbolic.rs", hyperbolic(mp.sinh, 3, np.float32)),
    ("hyperbolic.rs", tangent_hyperbolic()),
    ("hyperbolic.rs", exponential_of_twice()),
    ("hyperbolic.rs", [str(np.float32(float(part) / 2)) for part in parts(mp.log(2), 10, 2)]),
    ("inverse.rs", arc(mp.asin, (1, 6), (3, 40), 0.2501, 13, np.float64)),
    ("inverse.rs", arc(mp.asin, (1, 6), (3, 40), 0.2501, 5, np.float32)),
    ("inverse.rs", arc(mp.atan, (-1, 3), (1, 5), 1, 20, np.float64)),
    ("inverse.rs", arc(mp.atan, (-1, 3), (1, 5), 1, 9, np.float32)),
    ("logarithm.rs", logarithm(7, np.float64)),
    ("logarithm.rs", logarithm_by_polynomial(8, np.float32)),
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
    ("power.rs", power_logarithm(8, np.float64)),
    ("power.rs", power_logarithm_by_two(4, np.float32)),
    ("power.rs", slope()),
    ("power.rs", power_of_two(12, np.float64, beyond_half(1075))[1:]),
    ("power.rs", power_of_two(6, np.float32, beyond_half(150))[1:]),
    ("power.rs", parts(2 / (3 * mp.log(2)), 53, 2)),
    ("power.rs", [str(np.float32(float(2 / mp.log(2) - mp.mpf(float(np.float32(2.9))))))]),
    ("roots.rs", cube_root(np.float64)),
    ("roots.rs", cube_root(np.float32)),
]

if __name__ == "__main__":
    for name, numbers in TABLES:
        print(name, ", ".join(numbers))
