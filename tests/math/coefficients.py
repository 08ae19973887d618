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


def parts(value, bits, count):
    """`value` as a sum of floats, all but the last of at most `bits` bits."""
    found = []
    for _ in range(count - 1):
        scale = mp.mpf(2) ** (bits - 1 - int(mp.floor(mp.log(abs(value), 2))))
        found.append(mp.floor(value * scale + 0.5) / scale)
        value -= found[-1]
    return [repr(float(part)) for part in [*found, value]]


#: Angles are brought to this: up to the limit of the fast text a rounded 2 / π counts right angles a little wrongly.
EIGHTH = mp.pi / 4 * mp.mpf("1.00001")
EIGHTH_F32 = mp.pi / 4 * mp.mpf("1.055")

#: File below templates/runtime/src/math, and the numbers that stand in it.
TABLES = [
    ("exponential.rs", exponential(10, np.float64)),
    ("exponential.rs", exponential(5, np.float32)),
    ("exponential.rs", parts(mp.log(2), 32, 3)),
    ("logarithm.rs", logarithm(7, np.float64)),
    ("logarithm.rs", logarithm(4, np.float32)),
    ("logarithm.rs", parts(mp.log(2), 32, 3)[:2]),
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
]

if __name__ == "__main__":
    for name, numbers in TABLES:
        print(name, ", ".join(numbers))
