"""Errors of sums against `math.fsum`, which is exact: ours, NumPy's, and adding one by one. Prints JSON."""

import json
import math
import sys

import gilexample
import numpy as np

SIZES = (1_000, 100_000, 10_000_000)
DISTRIBUTIONS = {
    "from 0 to 1": lambda rng, n: rng.random(n),
    "normal": lambda rng, n: rng.normal(size=n),
    "log-normal, σ = 5": lambda rng, n: rng.lognormal(sigma=5, size=n),
    "0.1, n times": lambda rng, n: np.full(n, 0.1) * rng.uniform(0.5, 1),
    "falling, 1 / k": lambda rng, n: rng.uniform(0.5, 1) / np.arange(1, n + 1),
    "cancelling: x, -x, and a little": lambda rng, n: cancelling(rng, n),
}


def cancelling(rng, n):
    """Large numbers of both signs whose sum is small."""
    half = rng.lognormal(sigma=3, size=n // 2)
    return rng.permutation(np.concatenate([half, -half * (1 + 1e-9 * rng.normal(size=n // 2))]))


#: Sums of a contiguous array; and of the same numbers along axis 0, in a matrix of four equal columns.
SUMS = {
    "kernelgen": gilexample.sum,
    "NumPy": np.sum,
    "one by one": lambda x: np.cumsum(x)[-1],
    "kernelgen, axis 0": lambda x: gilexample.sum(columns(x), axis=0)[0],
    "NumPy, axis 0": lambda x: np.sum(columns(x), axis=0)[0],
}


def columns(x):
    """A matrix in C order whose four columns are `x`."""
    return np.repeat(x[:, None], 4, axis=1)


def error(found, exact, x):
    """In units of the last place of the sum of all magnitudes."""
    return abs(math.fsum([found, -exact])) / np.spacing(np.sum(np.abs(x)))


def main():
    quick, rows = "--quick" in sys.argv, []
    for name, draw in DISTRIBUTIONS.items():
        for n in SIZES[: 2 if quick else 3]:
            worst = dict.fromkeys(SUMS, 0.0)
            for seed in range(3 if quick or n > 1e6 else 20):
                x = draw(np.random.default_rng(seed), n)
                exact = math.fsum(x)
                for who, add in SUMS.items():
                    worst[who] = max(worst[who], error(float(add(x)), exact, x))
            rows.append({"name": name, "n": n, "worst": worst})
            print(f"{name:32} {n:10} " + "  ".join(f"{who} {each:.3g}" for who, each in worst.items()), file=sys.stderr, flush=True)
    print(json.dumps({"rows": rows, "numpy": np.__version__}))


if __name__ == "__main__":
    main()
