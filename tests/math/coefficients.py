"""Where the numbers in templates/runtime/src/math come from: Chebyshev approximations at 50 digits.

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


def parts(value, bits, count):
    """`value` as a sum of floats, all but the last of at most `bits` bits."""
    found = []
    for _ in range(count - 1):
        scale = mp.mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(value), 2))))
        found.append(mp.floor(value * scale + 0.5) / scale)
        value -= found[-1]
    return [repr(float(part)) for part in [*found, value]]


def rounded(value, dtype):
    """`value` as a float and what rounding took from it."""
    first = dtype(float(value))
    return [str(first), str(dtype(float(value - mp.mpf(float(first)))))]


#: File below templates/runtime/src/math, and the numbers that stand in it.
TABLES = [
    ("exponential.rs", exponential(10, np.float64)),
    ("exponential.rs", exponential(5, np.float32)),
    ("exponential.rs", power_of_two(11, np.float64)),
    ("exponential.rs", power_of_two(6, np.float32)),
    ("exponential.rs", parts(mp.log(2), 32, 3)),
    ("hyperbolic.rs", hyperbolic(mp.cosh, 5, np.float64)),
    ("hyperbolic.rs", hyperbolic(mp.sinh, 5, np.float64)),
    ("hyperbolic.rs", hyperbolic(mp.cosh, 3, np.float32)),
    ("hyperbolic.rs", hyperbolic(mp.sinh, 3, np.float32)),
    ("logarithm.rs", logarithm(7, np.float64)),
    ("logarithm.rs", logarithm(4, np.float32)),
    ("logarithm.rs", parts(mp.log(2), 32, 3)[:2]),
    ("logarithm.rs", parts(mp.log(2) / mp.log(10), 32, 2)),
    ("logarithm.rs", [number for base in (2, 10) for number in rounded(1 / mp.log(base), np.float64)]),
    ("logarithm.rs", [number for base in (2, 10) for number in rounded(1 / mp.log(base), np.float32)]),
]

if __name__ == "__main__":
    for name, numbers in TABLES:
        print(name, ", ".join(numbers))
