"""What is NumPy's: special values to try, the warnings that a call gives, and results that agree."""

import warnings

import numpy as np

#: Multiples of π are far apart from there on; the largest odd integers of double and single precision.
LARGE = [1e22, -1e22, 2.0**53 - 1, 1 - 2.0**53, 2.0**24 - 1, 1 - 2.0**24]


@np.errstate(all="ignore")
def specials(dtype):
    """Numbers at which functions have corners, and some between."""
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return np.array([False, True])
    if dtype.kind in "iu":
        info = np.iinfo(dtype)
        near = [v for v in range(-9, 70) if v >= info.min]
        return np.array([info.min, info.min + 1, info.max // 2, info.max - 1, info.max, *near], dtype)
    if dtype.kind == "c":
        # Without what stands last: NumPy's quotients by subnormal numbers are NaN.
        parts = specials(f"f{dtype.itemsize // 2}")[: -len(LARGE) : 3 if dtype == "c16" else 4]
        return np.array([complex(a, b) for a in parts for b in parts]).astype(dtype)
    info = np.finfo(dtype)
    sizes = [0, 0.1, 0.5, 1, 1.5, 2, 2.5, 3, 10, 1e3, info.smallest_subnormal, info.tiny, info.eps, 1 / info.eps, info.max]
    ends = [float(x) for x in [np.log(info.max), np.log(info.tiny), np.log(info.smallest_subnormal), np.log2(info.max)]]
    sizes = np.array([*sizes, *ends, *(np.array(ends) * 1.01), np.pi / 2, np.pi, 0.9999, np.inf])
    return np.array([*sizes, *-sizes, np.nan, *LARGE]).astype(dtype)


def told(function, *arguments):
    """The value, and the words of the warnings: invalid, divide, overflow."""
    with warnings.catch_warnings(record=True) as said, np.errstate(all="warn", under="ignore"):
        warnings.simplefilter("always")
        value = function(*arguments)
    return value, {str(each.message).split()[0] for each in said}


def parts(x):
    return np.stack([x.real, x.imag]) if x.dtype.kind == "c" else x[None]


def agree(found, wanted, arguments, *, ulps, signs=True):
    """Within `ulps` of each other; special values exactly, with their signs."""
    assert found.dtype == wanted.dtype
    if found.dtype.kind not in "fc":
        np.testing.assert_array_equal(found, wanted)
        return
    a, b = parts(np.atleast_1d(found)), parts(np.atleast_1d(wanted))
    exact = (a == b) | np.isnan(a) & np.isnan(b)
    if signs:
        exact &= (np.signbit(a) == np.signbit(b)) | np.isnan(a)
    info = np.finfo(a.dtype)
    with np.errstate(all="ignore"):
        # Of a complex number the error is that of the whole: its parts may cancel.
        size = np.abs(b).astype(float).max(axis=0)
        near = np.abs(a.astype(float) - b.astype(float)) <= ulps * float(info.eps) * size + float(info.smallest_subnormal)
    bad = ~(exact | near & np.isfinite(a) & np.isfinite(b)).all(axis=0)
    assert not bad.any(), [(x[bad][:5], found[bad][:5], wanted[bad][:5]) for x in arguments]
