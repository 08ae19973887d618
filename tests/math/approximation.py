"""How functions become polynomials, and numbers become floats: Chebyshev approximations at 50 digits, least squares at 80."""

import mpmath as mp
import numpy as np

mp.mp.dps = 50


def near_zero(function, series):
    """A quotient that cannot be computed close to 0 is its series there."""
    return lambda x: series(x) if abs(x) < mp.mpf("1e-8") else function(x)


def printed(powers, dtype):
    """Coefficients rounded to `dtype`, as shortly as they can be printed."""
    return [str(dtype(float(c))) for c in powers]


def fit(function, low, high, count, dtype):
    """The coefficients of `count` powers, lowest first."""
    return printed(mp.chebyfit(function, [low, high], count, asc=True), dtype)


def chebyshev_points(low, high, count):
    """Where a polynomial of that many coefficients through a function is near to the best one."""
    return [low + (high - low) * (1 - mp.cos(mp.pi * (2 * k + 1) / (2 * count))) / 2 for k in range(count)]


def least_squares(columns, values, weights):
    """What to multiply the columns by."""
    rows = mp.matrix([[weight * x for x in row] for row, weight in zip(columns, weights, strict=True)])
    right = mp.matrix([weight * value for value, weight in zip(values, weights, strict=True)])
    return list(mp.lu_solve(rows.T * rows, rows.T * right))


@mp.workdps(80)
def polynomial(function, low, high, count, weight, dtype):
    """As `fit`, with the error times `weight` about the same everywhere."""
    points = chebyshev_points(mp.mpf(low), mp.mpf(high), 2 * count + 8)
    columns = [[x**k for k in range(count)] for x in points]
    return printed(least_squares(columns, [*map(function, points)], [*map(weight, points)]), dtype)


@mp.workdps(80)
def rounded_polynomial(function, low, high, count, weight, dtype):
    """The same, each coefficient fitted beside those of lower powers as rounding has left them: it makes up for their errors."""
    points = chebyshev_points(mp.mpf(low), mp.mpf(high), 2 * count + 8)
    left, weights, found = [*map(function, points)], [*map(weight, points)], []
    for k in range(count):
        columns = [[x**j for j in range(k, count)] for x in points]
        found += printed(least_squares(columns, left, weights)[:1], dtype)
        left = [value - mp.mpf(float(dtype(found[k]))) * x**k for value, x in zip(left, points, strict=True)]
    return found


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


def nodes(count, reach):
    """Squares of numbers up to `reach` at which to interpolate for an even error in what the polynomial of them is a factor of.

    Chebyshev's, but stretched so that there would be one more of them at 0, where the factor r² has its zero.
    """
    ends = [mp.cos(mp.pi * (2 * k + 1) / (2 * count + 2)) for k in range(count + 1)]
    return [reach**2 * (end - ends[-1]) / (1 - ends[-1]) for end in ends[:-1]]


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


def rest(value, dtype):
    """What rounding to a float takes from `value`."""
    return str(dtype(float(value - mp.mpf(float(dtype(float(value)))))))
