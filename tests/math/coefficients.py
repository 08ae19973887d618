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


def logarithm(count, dtype):
    """`(2 artanh(s) - 2 s) / s³` as a function of s², for s of the numbers from sqrt(1/2) to sqrt(2)."""
    reach = ((mp.sqrt(2) - 1) / (mp.sqrt(2) + 1)) ** 2 * mp.mpf("1.001")
    rest = near_zero(
        lambda z: (2 * mp.atanh(mp.sqrt(z)) - 2 * mp.sqrt(z)) / (mp.sqrt(z) * z),
        lambda z: mp.mpf(2) / 3 + 2 * z / 5 + 2 * z * z / 7,
    )
    return fit(rest, 0, reach, count, dtype)


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


#: File below templates/runtime/src/math, and the numbers that stand in it.
TABLES = [
    ("exponential.rs", exponential(10, np.float64)),
    ("exponential.rs", exponential(5, np.float32)),
    ("exponential.rs", parts(mp.log(2), 32, 3)),
    ("logarithm.rs", logarithm(7, np.float64)),
    ("logarithm.rs", logarithm(4, np.float32)),
    ("logarithm.rs", parts(mp.log(2), 32, 3)[:2]),
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
