"""Functions by the element: ours beside NumPy, SciPy, Numba with SVML and Cython with libmvec, in two dtypes and sizes."""

from dataclasses import dataclass, replace

import handmade
import numpy as np
from contenders import Contenders, jit, load_svml, versions
from rows import Row

SIZES = (10_000, 1_000_000)
#: How far from NumPy's: SVML and libmvec promise 4 units in the last place.
RTOL = {"f64": 1e-13, "f32": 2e-5}
ATOL = {"f64": 1e-14, "f32": 2e-6}


@dataclass(frozen=True)
class Function:
    """One function: its inputs' ranges, NumPy's expression (or SciPy's), and a text for both Numba and C."""

    ranges: dict
    numpy: str = ""
    scipy: str = ""
    #: As Cython says it, in `double`; `{f}` stands for `f` in single precision.
    c: str = ""
    numba: str = ""
    why: str = ""


X = {"x": (-4.0, 4.0)}
POSITIVE = {"x": (0.01, 100.0)}
ANGLE = {"x": (-10.0, 10.0)}
PAIR = {"x": (-4.0, 4.0), "y": (-4.0, 4.0)}


def plain(name, ranges, numpy=None, numba=None):
    """A function that has one name nearly everywhere."""
    arguments = ", ".join(ranges)
    elements = ", ".join(f"{each}[i]" for each in ranges)
    return Function(ranges, f"np.{numpy or name}({arguments}, out=out)", c=f"{name}{{f}}({elements})", numba=f"{numba or 'np.' + name}({elements})")


D = "({l}(0.12) * time[i] + log{f}(spot[i] / strike[i])) / ({l}(0.2) * sqrt{f}(time[i]))"
BLACK_SCHOLES = (
    "spot[i] * {l}(0.5) * erfc{f}(-" + D + " * {l}(0.7071067811865476)) - strike[i] * exp{f}({l}(-0.1) * time[i]) * {l}(0.5)"
    " * erfc{f}(({l}(0.2) * sqrt{f}(time[i]) - " + D + ") * {l}(0.7071067811865476))"
)
FUNCTIONS = {
    "exp": plain("exp", X),
    "log": plain("log", POSITIVE),
    "sin": plain("sin", ANGLE),
    "cos": plain("cos", ANGLE),
    "tanh": plain("tanh", X),
    "erf": Function(X, scipy="special.erf(x, out=out)", c="erf{f}(x[i])", numba="math.erf(x[i])"),
    "expm1": plain("expm1", X),
    "log1p": plain("log1p", POSITIVE),
    "atan2": plain("atan2", PAIR, numpy="arctan2", numba="math.atan2"),
    "pow": plain("pow", {"x": (0.1, 10.0), "y": (-3.0, 3.0)}, numpy="power", numba="math.pow"),
    "sin_cos": Function(ANGLE, "np.multiply(np.sin(x, out=out), np.cos(x), out=out)", c="sin{f}(x[i]) * cos{f}(x[i])",
                        numba="np.sin(x[i]) * np.cos(x[i])"),
    "logaddexp": Function(PAIR, "np.logaddexp(x, y, out=out)", c="fmax{f}(x[i], y[i]) + log1p{f}(exp{f}(-fabs{f}(x[i] - y[i])))",
                          numba="max(x[i], y[i]) + np.log1p(np.exp(-abs(x[i] - y[i])))"),
    "sigmoid": Function(X, "np.divide(1, np.add(1, np.exp(np.negative(x, out=out), out=out), out=out), out=out)",
                        "special.expit(x, out=out)", "1 / (1 + exp{f}(-x[i]))", "one / (one + np.exp(-x[i]))"),
    "black_scholes": Function({"spot": (10.0, 50.0), "strike": (10.0, 50.0), "time": (1.0, 2.0)},
                              "np_kernels.black_scholes(spot, strike, time)", c=BLACK_SCHOLES,
                              numba=BLACK_SCHOLES.replace("{l}", "T").replace("{f}", "").replace("log(", "np.log(")
                              .replace("erfc(", "math.erfc(").replace("sqrt(", "np.sqrt(").replace("exp(", "np.exp(")),
}  # fmt: skip

#: Why a function of ours is behind a peer's where it is.
WHY = {
    "log": "that of `f64` divides, for 1.2 ulps, where libmvec has tables in registers, which scalar text cannot name, and up to 4",
    "exp": "not shown: ahead in `f64`",
    "sin": "both polynomials, of sine and cosine, are computed for each element, so that results rise and fall where they should, for 1.5 ulps instead of 4",
    "cos": "as for `sin`, whose other polynomial it takes",
    "tanh": "that of `f32` is a polynomial beside an exponential and a division, for 1.6 ulps instead of 4. Without the polynomial, as `e / (e + 2)`, it would be a tenth faster, and 2.8 ulps wrong",
    "log1p": "that of `f64` divides, as `log`, for 1.8 ulps instead of 4",
    "pow": "the logarithm has as many bits more as the power can lose, 64 or 30, for 2 ulps instead of 4, and zeros and negative bases are computed as fast as others, for each of which NumPy takes some 25 or 150 ns",
    "logaddexp": "`exp` and `log1p` one after the other, a chain longer than what the CPU has in view; the division of the one and the bounds of the other are a tenth of the time each. Estrin's scheme for their polynomials makes it no faster",
    "sigmoid": "`exp` has bounds and two scales, for infinity and subnormal results, and 1.1 ulps instead of 4; a division follows",
    "black_scholes": "two `erfc`; that of `f32` has an exponential and two polynomials for 2.1 ulps, where libmvec has up to 4",
}
FUNCTIONS = {name: replace(function, why=WHY.get(name, "")) for name, function in FUNCTIONS.items()}


def cython_source():
    """All functions in both precisions, as loops of C's functions."""
    names = sorted({"exp", "log", "sin", "cos", "tanh", "erf", "erfc", "expm1", "log1p", "atan2", "pow", "fmax", "fabs", "sqrt"})
    two = {"atan2", "pow", "fmax"}
    lines = ["# cython: language_level=3, boundscheck=False, wraparound=False, cdivision=True", 'cdef extern from "math.h" nogil:']
    for name in names:
        for kind, suffix in (("double", ""), ("float", "f")):
            lines.append(f"    {kind} {name}{suffix}({', '.join([kind] * (2 if name in two else 1))})")
    for name, each in FUNCTIONS.items():
        for kind, suffix in (("double", ""), ("float", "f")):
            arguments = ", ".join(f"{kind}[::1] {x}" for x in [*each.ranges, "out"])
            text = each.c.format(f=suffix, l=f"<{kind}>")
            lines += [f"def {name}_{'f32' if suffix else 'f64'}({arguments}):", "    cdef Py_ssize_t i", "    with nogil:"]
            lines += ["        for i in range(out.shape[0]):", f"            out[i] = {text}"]
    return "\n".join(lines) + "\n"


def numba_functions():
    """All functions as loops; constants have the dtype of the loop."""
    import math

    load_svml()
    found = {}
    for name, each in FUNCTIONS.items():
        for dtype, kind in (("f64", np.float64), ("f32", np.float32)):
            text = f"def {name}({', '.join(each.ranges)}, out):\n    for i in range(out.shape[0]):\n        out[i] = {each.numba}\n"
            scope = {"np": np, "math": math, "T": kind, "one": kind(1)}
            exec(text, scope)
            found[f"{name}_{dtype}"] = jit(scope[name], 1)
    return found


def row(name, dtype):
    """A function as a row of the table."""
    each = FUNCTIONS[name]

    def inputs(n):
        rng = np.random.default_rng(0)
        kind = {"f64": np.float64, "f32": np.float32}[dtype]
        drawn = {x: rng.uniform(*bounds, n).astype(kind) for x, bounds in each.ranges.items()}
        return {**drawn, "out": np.empty(n, kind)}

    arguments = ", ".join([*each.ranges, "out"])
    ours = f"functions.{name}({', '.join(each.ranges)}, out=out)"
    return Row(f"{name}-{dtype}", f"`{name}`", inputs, 0, ours, each.numpy, f"{name}_{dtype}({arguments})", scipy=each.scipy,
               check="" if each.numpy else each.scipy, rtol=RTOL[dtype], atol=ATOL[dtype] * (50 if name == "black_scholes" else 1))  # fmt: skip


def measured(options, timed, tell):
    """Times of all functions, by name, dtype and size."""
    contenders = Contenders(1, only=("NumPy", "SciPy"))
    if not options.alone:
        contenders.add("Cython", lambda: vars(handmade.build("elementary", handmade.cython, cython_source(), False)))
        contenders.add("Numba", numba_functions)
    level = contenders.packages["functions"].show_config()["instruction_set"]
    result = {"level": level, "versions": versions(), "missing": contenders.missing, "rows": []}
    for name in options.only or FUNCTIONS:
        for dtype in ("f64", "f32"):
            for n in SIZES:
                times, wrong = timed(contenders, row(name, dtype), n, 0.1 if options.quick else 0.7)
                result["rows"].append({"name": name, "dtype": dtype, "n": n, "times": times, "wrong": wrong})
                tell(f"{name} {dtype} {n}", times, wrong)
    return result
