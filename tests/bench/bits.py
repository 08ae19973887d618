"""Hashes of results on 1, 2, 3 and 8 threads, with the instruction set that the environment leaves. Prints JSON; run.py compares."""

import hashlib
import json

import bench
import cookbook
import functions
import gilexample
import numpy as np

THREADS = (1, 2, 3, 8)


def inputs():
    """The same arrays in every process: drawn by integers and exact operations alone."""
    rng = np.random.default_rng(0)
    x = rng.random(2_000_003) - 0.5
    return {"x": x, "y": rng.random(x.size), "m": x[:2_000_000].reshape(2000, 1000), "p": rng.random((700, 16)), "f": x.astype("f4")}


KERNELS = {
    "sum": lambda x, **_: gilexample.sum(x),
    "sum of `x[::-3]`": lambda x, **_: gilexample.sum(x[::-3]),
    "sum of f32": lambda f, **_: gilexample.sum(f),
    "sum, axis 0": lambda m, **_: gilexample.sum(m, axis=0),
    "sum, axis 1": lambda m, **_: gilexample.sum(m, axis=1),
    "mean_var": lambda x, **_: bench.mean_var(x),
    "mean_var, axis 0": lambda m, **_: bench.mean_var(m, axis=0),
    "max, argmax": lambda x, **_: (bench.max(x), bench.argmax(x)),
    "norm": lambda x, **_: cookbook.norm(x),
    "logsumexp, axis 1": lambda m, **_: cookbook.logsumexp(m, axis=1),
    "logsumexp of f32, axis 1": lambda m, **_: cookbook.logsumexp(m.astype("f4"), axis=1),
    "cumsum": lambda x, **_: cookbook.cumsum(x),
    "axpy": lambda x, y, **_: bench.axpy(2.0, x, y),
    "gauss": lambda x, **_: bench.gauss(x),
    "log(x) * sqrt(x)": lambda y, **_: bench.logsqrt(y),
    "black_scholes": lambda y, **_: bench.black_scholes(10 + 40 * y, 50 - 40 * y, 1 + y),
    "softmax": lambda m, **_: cookbook.softmax(m),
    "pairwise_distance": lambda p, **_: cookbook.pairwise_distance(p, p),
    "moving_mean": lambda x, **_: cookbook.moving_mean(x, window=7),
    **{name: lambda x, name=name, **_: getattr(functions, name)(3 * x) for name in ("exp", "sin", "cos", "tanh", "erf", "expm1")},
    **{f"{name} of f32": lambda f, name=name, **_: getattr(functions, name)(np.float32(3) * f) for name in ("exp", "sin", "tanh", "erf")},
    **{name: lambda y, name=name, **_: getattr(functions, name)(y) for name in ("log", "log1p")},
    **{name: lambda x, y, name=name, **_: getattr(functions, name)(y, 3 * x) for name in ("atan2", "pow", "logaddexp")},
}


def digest(result):
    """A hash of all the bits of a result, or of several."""
    parts = result if isinstance(result, tuple) else (result,)
    return hashlib.sha256(b"".join(np.ascontiguousarray(part).tobytes() for part in parts)).hexdigest()[:16]


def main():
    arrays = inputs()
    found = {name: {} for name in KERNELS}
    for threads in THREADS:
        for package in (gilexample, cookbook, bench, functions):
            package.set_num_threads(threads)
        for name, kernel in KERNELS.items():
            found[name][threads] = digest(kernel(**arrays))
    print(json.dumps({"level": gilexample.show_config()["instruction_set"], "hashes": found}))


if __name__ == "__main__":
    main()
