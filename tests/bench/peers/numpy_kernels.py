"""What takes more than an expression of NumPy's."""

import numpy as np


def black_scholes(spot, strike, time):
    """NumPy has no erfc: SciPy's."""
    from scipy import special

    deviation = 0.2 * np.sqrt(time)
    d = (np.log(spot / strike) + 0.12 * time) / deviation
    root = 0.7071067811865476
    return spot * 0.5 * special.erfc(-d * root) - strike * np.exp(-0.1 * time) * 0.5 * special.erfc((deviation - d) * root)


def mandelbrot(c, steps):
    """All points a step further, those that have left taken out."""
    counts = np.full(c.size, steps)
    at, points, z = np.arange(c.size), c.ravel(), np.zeros(c.size, complex)
    for step in range(steps):
        inside = z.real**2 + z.imag**2 <= 4.0
        if not inside.all():
            counts[at[~inside]] = step
            at, points, z = at[inside], points[inside], z[inside]
        z = z * z + points
    return counts.reshape(c.shape)


def softmax(x):
    shifted = np.exp(x - x.max(axis=1, keepdims=True))
    shifted /= shifted.sum(axis=1, keepdims=True)
    return shifted


def pairwise_distance(x, y):
    """By one product of matrices, which is fast and less exact where points are close."""
    squares = (x * x).sum(axis=1)[:, None] + (y * y).sum(axis=1) - 2 * (x @ y.T)
    return np.sqrt(np.maximum(squares, 0, out=squares), out=squares)


def moving_mean(x, window):
    sums = np.cumsum(x)
    sums[window:] -= sums[:-window].copy()
    return sums[window - 1 :] / window
